"""Public pages: where to hear us, asking for a talk, and how a request stands."""

from typing import Any

from sqlalchemy import select

from portal.occasions.blocks import blocks_of
from portal.outreach import events, hosting, intake, links, request_reads, triage
from portal.outreach.action_forms import CounterAnswerForm, MoveAskForm, OwnReasonForm
from portal.outreach.events import KIND_WORDS
from portal.outreach.models import LIVE_STATES, RequestDate, RequestState, TalkRequest
from portal.outreach.public_forms import AmendForm
from portal.outreach.talk_models import CURRENT_TALKS, Presentation, TalkState
from portal.outreach.views.words import choices
from portal.permissions import NOBODY
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text


def list_talks(request: Request) -> Screen:
    """Where to hear us: coming talks that are open to the public."""
    rows = events.public_talks(request.db, request.at)
    return screen(
        "outreach/talks.html",
        rows=rows,
        what={row.talk_id: events.what_of(row, request.language) for row in rows},
        where={row.talk_id: events.place_of(row, request.language) for row in rows},
        who=events.speaker_names(request.db, [row.talk_id for row in rows], agreed=True),
    )


def show_proof(request: Request, token: str, form: Any = None) -> Screen | See:
    """What the link in the mail opens. Opening it proves nothing: mail scanners open links, too."""
    found = links.by_proof_token(request.db, token, request.at)
    request.read_by(found.language)
    if found.state != RequestState.UNPROVED:
        return See(links.status_path(request.settings, found.link_id))
    return screen("outreach/proof.html", row=found, token=token, form=form)


def prove(request: Request, form: Any, token: str) -> See:
    """Yes, that is my address, and my request."""
    found = links.by_proof_token(request.db, token, request.at)
    intake.prove(request.db, found, NOBODY, request.at)
    said = text("Thank you. We got your request.")
    return See(links.status_path(request.settings, found.link_id), said)


def _mine(request: Request, token: str) -> TalkRequest:
    found = links.by_status_token(request.db, token, request.at)
    request.read_by(found.language)
    return found


def show_status(
    request: Request, token: str, form: Any = None, talk_id: int | None = None
) -> Screen:
    """How a request stands, for whoever sent it."""
    found = _mine(request, token)
    talks = _talks(request, found, form, talk_id)
    counter = triage.open_counter(request.db, found.id)
    amending = None
    if found.state in LIVE_STATES and found.state != RequestState.BOOKED:
        values = request_reads.request_values(request.db, found)
        amending = form if isinstance(form, AmendForm) else AmendForm.filled(values)
    return screen(
        "outreach/status.html",
        row=found,
        token=token,
        talks=talks,
        counter=counter,
        dates=_dates(request, counter.id) if counter else [],
        proposed=events.proposed_name(request.db, counter.speaker_id) if counter else "",
        wanted=request_reads.dates_of(request.db, found.id),
        kind=KIND_WORDS[found.kind],
        chosen=request_reads.topic_ids(request.db, found.id),
        amending=amending,
        form=form,
        ending=(form if isinstance(form, OwnReasonForm) and not talk_id else OwnReasonForm()).apart(
            "all"
        ),
        may_withdraw=_may_withdraw(found, talks),
        **choices(request, staff=False),
    )


def _dates(request: Request, counter_id: int) -> list[RequestDate]:
    found = select(RequestDate).where(RequestDate.counter_id == counter_id)
    return [
        one
        for one in request.db.scalars(found.order_by(RequestDate.starts_at))
        if one.starts_at > request.at
    ]


def _may_withdraw(found: TalkRequest, talks: list[dict[str, Any]]) -> bool:
    """Whether to offer taking it all back: not where a talk is too near for it, and not beside the only talk,
    whose own button does the same."""
    current = [one for one in talks if one["row"].talk_state in CURRENT_TALKS]
    several = found.series or len(current) != 1
    return found.state in LIVE_STATES and several and all(one["open"] for one in current)


def _talks(
    request: Request, found: TalkRequest, form: Any, talk_id: int | None
) -> list[dict[str, Any]]:
    """The talks of a request, as their host sees them: of the speaker only what they agreed to. A `form` that
    was refused is that of the talk `talk_id`."""
    rows = request.db.execute(
        events.OF_TALK.add_columns(Presentation.online_link)
        .where(Presentation.request_id == found.id)
        .order_by(Presentation.starts_at)
        .limit(60)
    ).all()
    who = events.speaker_names(request.db, [row.talk_id for row in rows])
    until = hosting.changes_until(request.db, found)
    return [
        {
            "row": row,
            "what": events.what_of(row, request.language),
            "where": events.place_of(row, request.language),
            "who": who[row.talk_id] if row.talk_state == TalkState.CONFIRMED else "",
            "over": row.talk_state in CURRENT_TALKS and row.ends_at <= request.at,
            "open": row.talk_state in CURRENT_TALKS and request.at <= row.starts_at - until,
            **_forms_of(row.talk_id, form if row.talk_id == talk_id else None),
        }
        for row in rows
    ]


def _forms_of(talk_id: int, form: Any) -> dict[str, Any]:
    """The forms that stand by one talk; several talks may stand on the page."""
    return {
        "moving": (form_of(form, MoveAskForm)).apart(talk_id),
        "ending": (form_of(form, OwnReasonForm)).apart(talk_id),
    }


def amend(request: Request, form: AmendForm, token: str) -> See:
    """Change what one asked for."""
    found = _mine(request, token)
    values = form.values_in(found.zone)
    values["contact_address"] = found.contact_address
    intake.amend(request.act.but(by=NOBODY), found, values, form.version.data, request.settings)
    return See(f"/requests/{token}", text("Your request was changed."))


def withdraw(request: Request, form: OwnReasonForm, token: str) -> See:
    """Take the request back."""
    hosting.withdraw(
        request.act.but(by=NOBODY),
        _mine(request, token),
        form.reason.data or "",
        blocks_of(request),
    )
    return See(f"/requests/{token}", text("Your request was withdrawn."))


def answer(request: Request, form: CounterAnswerForm, token: str) -> See:
    """Answer what we proposed."""
    yes = form.answer.data == "yes"
    triage.answer_counter(
        request.act.but(by=NOBODY),
        _mine(request, token),
        form.counter.data or 0,
        form.date.data,
        yes=yes,
    )
    said = text("Thank you! We'll take it from here.") if yes else text("Thank you for telling us.")
    return See(f"/requests/{token}", said)


def _own_talk(request: Request, token: str, talk_id: int) -> Presentation:
    found = request.db.get(Presentation, talk_id)
    if found is None or found.request_id != _mine(request, token).id:
        raise NotFound
    return found


def ask_to_move(request: Request, form: MoveAskForm, token: str, talk_id: int) -> See:
    """Ask for another date."""
    talk = _own_talk(request, token, talk_id)
    moments = form.moments(talk.zone)
    hosting.ask_to_move(request.act.but(by=NOBODY), talk, moments["day"])
    return See(f"/requests/{token}", text("We'll see if we can come then and tell you."))


def cancel(request: Request, form: OwnReasonForm, token: str, talk_id: int) -> See:
    """Cancel a talk as its host."""
    talk = _own_talk(request, token, talk_id)
    hosting.cancel_by_host(
        request.act.but(by=NOBODY), talk, form.reason.data or "", blocks_of(request)
    )
    return See(
        f"/requests/{token}", text("The presentation was canceled. Thank you for telling us.")
    )

"""How did it go? One page, for the speaker as for the clerk."""

from typing import Any

from sqlalchemy import select

from portal.outreach import booking, outcomes
from portal.outreach.outcome_forms import OutcomeForm
from portal.outreach.outcome_models import FollowUp, Material, TalkOutcome
from portal.outreach.outcomes import Told
from portal.outreach.talk_models import Presentation, SpeakerOffer
from portal.outreach.views.desk import managed_talk
from portal.outreach.views.talks import back
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def outcome_screen(
    request: Request, talk: Presentation, form: OutcomeForm | None, path: str, back: str
) -> Screen:
    """How did it go? One page, for the speaker as for the clerk."""
    db = request.db
    there = db.get(TalkOutcome, talk.id)
    offers = booking.accepted(booking.offers_of(db, talk.id))
    given = outcomes.handouts_of(db, talk.id)
    if form is None:
        data: dict[str, Any] = {"held": "held", "counted": "estimated", "version": 0}
        if there:
            names = ("held", "people", "languages", "referrals", "went_well", "version")
            data = {name: getattr(there, name) for name in names}
            data["counted"] = "counted" if there.counted else "estimated"
        form = OutcomeForm(data=data)
    typed = form.typed or (
        {f"m-{number}": str(copies) for number, copies in given.items()}
        | {f"s-{row.id}": str(_minutes(talk, row)) for row in offers}
    )
    wanted = outcomes.materials(current=True)
    rows = {row.id: row for row in db.scalars(wanted)}
    missing = [number for number in given if number not in rows]
    if missing:
        old = outcomes.materials().where(Material.id.in_(missing))
        rows |= {row.id: row for row in db.scalars(old)}
    return screen(
        "outreach/outcome.html",
        talk=talk,
        form=form,
        typed=typed,
        offers=offers,
        materials=list(rows.values()),
        promises=outcomes.follow_ups_of(db, talk.id),
        path=path,
        back=back,
        begun=talk.starts_at <= request.at,
    )


def _minutes(talk: Presentation, row: SpeakerOffer) -> int:
    return outcomes.default_minutes(talk) if row.minutes is None else row.minutes


def write_outcome(request: Request, talk: Presentation, form: OutcomeForm) -> None:
    """Write down what someone told."""
    promised = (
        [(form.follow_up.data, form.follow_up_on.data)]
        if form.follow_up.data and form.follow_up_on.data
        else []
    )
    told = Told(
        form.held.data,
        form.people.data or 0,
        form.counted.data == "counted",
        form.languages.data or "",
        form.referrals.data or 0,
        form.went_well.data or "",
        form.rows("m"),
        form.rows("s"),
        promised,
    )
    outcomes.write_down(request.act, talk, told, form.version.data)


def show_outcome(request: Request, talk_id: int, form: OutcomeForm | None = None) -> Screen:
    """How did it go? For the clerk."""
    talk = managed_talk(request, talk_id)
    return outcome_screen(request, talk, form, f"{back(talk_id)}/outcome", back(talk_id))


def save_outcome(request: Request, form: OutcomeForm, talk_id: int) -> See:
    """Write it down."""
    write_outcome(request, managed_talk(request, talk_id), form)
    return See(back(talk_id), text("Thank you. Your report was saved."))


def finish_promise(request: Request, form: Any, talk_id: int, promise_id: int) -> See:
    """A promise is kept."""
    talk = managed_talk(request, talk_id)
    row = one(
        request.db,
        select(FollowUp).where(FollowUp.presentation_id == talk.id),
        FollowUp.id == promise_id,
    )
    outcomes.finish(request.act, row)
    return See(back(talk_id), text("The follow-up was marked as done."))

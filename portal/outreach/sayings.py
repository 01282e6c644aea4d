"""What messages of outreach say, while it is still true."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import (
    Envelope,
    Saying,
)
from portal.occasions.outside import is_private
from portal.occasions.telling import (
    WHAT,
    WHEN,
    WHERE,
    WHY,
    Still,
    before,
    invitation,
    moved,
    previously,
    when,
)
from portal.outreach import events
from portal.outreach.events import (
    OF_OFFER,
    OF_TALK,
    happening_of,
    host_of,
    place_of,
    what_of,
)
from portal.outreach.links import proof_token, status_path
from portal.outreach.models import (
    RequestState,
    TalkRequest,
)
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.talk_models import (
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkState,
)
from portal.settings import Settings
from portal.words import CATALOGS, Words, text

NUMBER, WHO, FOR = text("Number"), text("Speaker"), text("For")
YOUR_REQUEST = text("See, change, or withdraw your request")
YES = ("yes", text("Yes, I'll do it"))
NO = ("no", text("No, I can't"))
NEWS_WORDS: dict[str, Words] = {
    "owner": text("A request was assigned to you."),
    "amended": text("They changed their request."),
    "withdrawn": text("They withdrew their request."),
    "counter_yes": text("They accepted what you proposed."),
    "counter_no": text("They declined what you proposed."),
    "cancelled": text("They canceled the presentation."),
    "wants_move": text("They asked for another date."),
    "yes": text("The speaker said yes."),
    "no": text("The speaker said no."),
    "out": text("The speaker can't make it after all."),
    "nobody": text("No one who was asked said yes in time."),
}


def request_values(row: TalkRequest, to: Envelope) -> dict[str, str]:
    kind = CATALOGS[to.language].say(events.KIND_WORDS[row.kind])
    return {"number": row.reference, "what": kind, "reason": row.reason, "words": ""}


def to_requester(row: TalkRequest, settings: Settings, **more: Any) -> Saying:
    return Saying(link=(YOUR_REQUEST, status_path(settings, row.link_id)), **more)


def prove(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(TalkRequest, to.subject_id)
    if row is None or row.state != RequestState.UNPROVED:
        return None
    values = {"number": row.reference, "name": ""}  # nothing that a stranger typed (SECURITY F6)
    path = f"/requests/proof/{proof_token(settings, row.link_id)}"
    return Saying(values, ((NUMBER, row.reference),), (text("Yes, I sent this request"), path))


def about_request(
    states: tuple[RequestState, ...],
    db: Session,
    to: Envelope,
    settings: Settings,
    at: datetime,
) -> Saying | None:
    """Something about a request, for as long as it stands like that."""
    row = db.get(TalkRequest, to.subject_id)
    if row is None or row.state not in states:
        return None
    values = request_values(row, to)
    facts = ((NUMBER, row.reference), (WHAT, values["what"]))
    return to_requester(row, settings, values=values, facts=facts)


def talk_row(db: Session, talk_id: int) -> Any:
    return db.execute(OF_TALK.where(Presentation.id == talk_id)).one_or_none()


def _offer(db: Session, offer_id: int) -> Any:
    return db.execute(OF_OFFER.where(SpeakerOffer.id == offer_id)).one_or_none()


def talk_values(db: Session, row: Any, to: Envelope, at: datetime) -> dict[str, str]:
    language = to.language
    return {
        "what": what_of(row, language),
        "when": when(row, language, at),
        "where": place_of(row, language),
        "host": "" if is_private(row) else host_of(row),
    }


def invitation_of(row: Any, to: Envelope, settings: Settings, method: str, path: str) -> Any:
    event = happening_of(row, settings, to.language, path, canceled=method == "CANCEL")
    return invitation(event, settings, method)


ROLE_WORDS: dict[str, Words] = {
    Speaks.SPEAKER: text("speaker"),
    Speaks.CO: text("co-presenter"),
    Speaks.SHADOW: text("shadowing"),
}


def to_speaker(
    method: str,
    still: Still,
    db: Session,
    to: Envelope,
    settings: Settings,
    at: datetime,
) -> Saying | None:
    """To someone who takes part, or was asked to."""
    row = _offer(db, to.subject_id)
    if row is None or row.ends_at <= at or not still(row, at):
        return None
    saying = _speaker_saying(db, row, to, at)
    if not method:
        return saying
    invite = invitation_of(row, to, settings, method, f"/me/talks/{row.id}")
    return Saying(saying.values, saying.facts, saying.link, invite)


def _speaker_saying(db: Session, row: Any, to: Envelope, at: datetime, **more: Any) -> Saying:
    say = CATALOGS[to.language].say
    values = talk_values(db, row, to, at) | {"role": say(ROLE_WORDS[row.role])}
    why = to.told.get("why") or row.canceled_reason
    values["reason"] = "" if is_private(row) else why
    if was := before(row, to, at):
        values["before"] = was
    facts = (
        (WHAT, values["what"]),
        (FOR, values["host"]),
        (WHEN, values["when"]),
        previously(values),
        (WHERE, values["where"]),
        (WHY, values["reason"]),
    )
    values |= more.pop("values", {})
    return Saying(values, facts, (text("See the presentation"), f"/me/talks/{row.id}"), **more)


def takes_part(row: Any, at: datetime) -> bool:
    return bool(row.state == OfferState.ACCEPTED and row.talk_state == TalkState.CONFIRMED) or bool(
        row.state == OfferState.ACCEPTED and row.role != Speaks.SPEAKER
    )


def is_off(row: Any, at: datetime) -> bool:
    return bool(row.state == OfferState.RELEASED and row.talk_state != TalkState.CANCELED)


def was_canceled(row: Any, at: datetime) -> bool:
    return bool(row.state == OfferState.RELEASED and row.talk_state == TalkState.CANCELED)


def offered_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _offer(db, to.subject_id)
    if row is None or row.state != OfferState.ASKED or row.answer_by <= at:
        return None
    until = clock.moment_text(row.answer_by, row.zone, to.language, at.year)
    return _speaker_saying(db, row, to, at, values={"until": until}, answers=(YES, NO))


def reminder(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _offer(db, to.subject_id)
    if row is None or moved(row, to) or not takes_part(row, at) or row.starts_at <= at:
        return None
    return _speaker_saying(db, row, to, at)


def how_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """After a talk: how did it go? For as long as no one wrote it down."""
    row = _offer(db, to.subject_id)
    if row is None or row.state != OfferState.ACCEPTED or row.talk_state == TalkState.CANCELED:
        return None
    if row.ends_at > at or db.get(TalkOutcome, row.talk_id):
        return None
    saying = _speaker_saying(db, row, to, at)
    link = (text("Complete the report (2 minutes)"), f"/me/talks/{row.id}/outcome")
    return Saying(saying.values, saying.facts, link)


def news_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(TalkRequest, to.subject_id)
    if row is None or to.told.get("what") not in NEWS_WORDS:
        return None
    say = CATALOGS[to.language].say
    values = {"number": row.reference, "words": say(NEWS_WORDS[to.told["what"]])}
    link = (text("See the request"), f"/outreach/requests/{row.id}")
    return Saying(values, ((NUMBER, row.reference),), link)


def clerk_saying(
    method: str, state: TalkState, db: Session, to: Envelope, settings: Settings, at: datetime
) -> Saying | None:
    row = talk_row(db, to.subject_id)
    if row is None or row.talk_state != state or row.ends_at <= at:
        return None
    path = f"/outreach/talks/{row.talk_id}"
    values = talk_values(db, row, to, at)
    facts = ((WHAT, values["what"]), (WHEN, values["when"]), (WHERE, values["where"]))
    return Saying(
        values,
        facts,
        (text("See the presentation"), path),
        invitation_of(row, to, settings, method, path),
    )

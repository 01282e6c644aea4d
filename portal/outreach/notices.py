"""What people are told about talks: requesters, speakers and clerks; the words, and when each is true."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import (
    Envelope,
    Kind,
    Notice,
    Notices,
    Saying,
    Topic,
    Urgency,
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
    when,
)
from portal.outreach import events
from portal.outreach.events import (
    OF_OFFER,
    OF_TALK,
    happening_of,
    host_of,
    place_of,
    proposed_name,
    what_of,
)
from portal.outreach.links import proof_token, status_path
from portal.outreach.models import (
    LIVE_STATES,
    CounterKind,
    CounterOffer,
    CounterState,
    RequestDate,
    RequestState,
    TalkRequest,
)
from portal.outreach.talk_models import (
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkOutcome,
    TalkState,
)
from portal.settings import Settings
from portal.web.words import CATALOGS, Words, text

PROVE = Kind("outreach.prove", Urgency.NOW)
RECEIVED = Kind("outreach.received", Urgency.CAN_WAIT, calls=True)
DECLINED = Kind("outreach.declined", Urgency.SOON, calls=True)
ANSWERED = Kind("outreach.answered", Urgency.SOON, calls=True)
COUNTERED = Kind("outreach.countered", Urgency.SOON, calls=True)
CONFIRMED = Kind("outreach.confirmed", Urgency.SOON, calls=True)
OTHER_SPEAKER = Kind("outreach.other_speaker", Urgency.SOON, calls=True)
CHANGED = Kind("outreach.changed", Urgency.SOON, calls=True)
DATE_MOVED = Kind("outreach.date_moved", Urgency.SOON, calls=True)
KEPT = Kind("outreach.kept", Urgency.SOON, calls=True)
CANCELLED = Kind("outreach.cancelled", Urgency.SOON, calls=True)
OFFERED = Kind("outreach.offered", Urgency.SOON, calls=True)
LAPSED = Kind("outreach.lapsed", Urgency.SOON)
SPEAKING = Kind("outreach.speaking", Urgency.SOON, to_actor=True, calls=True)
SPEAKING_CHANGED = Kind("outreach.speaking_changed", Urgency.SOON, calls=True)
SPEAKING_CANCELLED = Kind("outreach.speaking_off", Urgency.SOON, calls=True)
SPEAKING_ENDED = Kind("outreach.speaking_ended", Urgency.SOON, to_actor=True, calls=True)
REMINDER = Kind("outreach.reminder", Urgency.SOON, Topic.REMINDERS)
HOW = Kind("outreach.how", Urgency.CAN_WAIT, Topic.REMINDERS)
NEWS = Kind("outreach.news", Urgency.CAN_WAIT)
CLERK_CONFIRMED = Kind(
    "outreach.clerk_confirmed", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True
)
CLERK_CANCELLED = Kind(
    "outreach.clerk_cancelled", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True
)

NUMBER, WHO, FOR = text("Number"), text("Who comes"), text("For")
YOUR_REQUEST = text("See, change or take back your request")
YES = ("yes", text("Yes, I'll do it"))
NO = ("no", text("No, I can't"))
NEWS_WORDS: dict[str, Words] = {
    "owner": text("A request is yours now."),
    "amended": text("They changed their request."),
    "withdrawn": text("They took their request back."),
    "counter_yes": text("They take what you proposed."),
    "counter_no": text("They do not take what you proposed."),
    "cancelled": text("They canceled the talk."),
    "wants_move": text("They ask for another date."),
    "yes": text("The speaker said yes."),
    "no": text("The speaker said no."),
    "out": text("The speaker can't make it after all."),
    "nobody": text("Nobody who was asked said yes in time."),
}
NAMES = ("number", "what", "when", "where", "who", "reason", "words", "dates")
TALK_NAMES = ("what", "when", "where", "host", "role")


def _request_values(row: TalkRequest, to: Envelope) -> dict[str, str]:
    kind = CATALOGS[to.language].say(events.KIND_WORDS[row.kind])
    return {"number": row.reference, "what": kind, "reason": row.reason, "words": ""}


def _to_requester(row: TalkRequest, settings: Settings, **more: Any) -> Saying:
    return Saying(link=(YOUR_REQUEST, status_path(settings, row.link_id)), **more)


def _prove(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(TalkRequest, to.subject_id)
    if row is None or row.state != RequestState.UNPROVED:
        return None
    values = {"number": row.reference, "name": ""}  # nothing that a stranger typed (SECURITY F6)
    path = f"/requests/proof/{proof_token(settings, row.link_id)}"
    return Saying(values, ((NUMBER, row.reference),), (text("Yes, I sent this request"), path))


def _about_request(
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
    values = _request_values(row, to)
    facts = ((NUMBER, row.reference), (WHAT, values["what"]))
    return _to_requester(row, settings, values=values, facts=facts)


def _countered(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(TalkRequest, to.subject_id)
    offer = db.scalar(
        select(CounterOffer).where(
            CounterOffer.request_id == to.subject_id, CounterOffer.state == CounterState.OPEN
        )
    )
    if row is None or offer is None:
        return None
    dates = db.scalars(
        select(RequestDate.starts_at)
        .where(RequestDate.counter_id == offer.id)
        .order_by(RequestDate.starts_at)
    )
    lines = tuple(clock.moment_text(one, row.zone, to.language, at.year) for one in dates)
    say = CATALOGS[to.language].say
    what = {
        CounterKind.DATE: text("Another date"),
        CounterKind.SPEAKER: text("Another speaker"),
        CounterKind.LITERATURE: text("Something to read instead"),
    }[CounterKind(offer.kind)]
    said = ": ".join(filter(None, (say(what), proposed_name(db, offer.speaker_id))))
    values = _request_values(row, to) | {"words": offer.words, "what": said}
    facts = ((NUMBER, row.reference), (text("We propose"), values["what"]))
    return _to_requester(row, settings, values=values, facts=facts, lines=lines)


def _talk(db: Session, talk_id: int) -> Any:
    return db.execute(OF_TALK.where(Presentation.id == talk_id)).one_or_none()


def _offer(db: Session, offer_id: int) -> Any:
    return db.execute(OF_OFFER.where(SpeakerOffer.id == offer_id)).one_or_none()


def _talk_values(db: Session, row: Any, to: Envelope, at: datetime) -> dict[str, str]:
    language = to.language
    return {
        "what": what_of(row, language),
        "when": when(row, language, at),
        "where": place_of(row, language),
        "host": "" if is_private(row) else host_of(row),
    }


def _invite(row: Any, to: Envelope, settings: Settings, method: str, path: str) -> Any:
    event = happening_of(row, settings, to.language, path, cancelled=method == "CANCEL")
    return invitation(event, settings, method)


def _host_talk(
    method: str, state: TalkState, db: Session, to: Envelope, settings: Settings, at: datetime
) -> Saying | None:
    """To the host, about a talk: on, changed or cancelled, with an invitation of this `method` if there is one.
    Of the speaker only what they agree to."""
    row = _talk(db, int(to.told.get("talk", 0)))
    request = db.get(TalkRequest, to.subject_id)
    if row is None or request is None or row.talk_state != state or row.ends_at <= at:
        return None
    values = _request_values(request, to) | _talk_values(db, row, to, at)
    values["who"] = events.speaker_names(db, [row.talk_id])[row.talk_id]
    values["reason"] = to.told.get("why") or row.cancelled_reason
    if was := before(row, to, at):
        values["before"] = was
    facts = (
        (NUMBER, request.reference),
        (WHAT, values["what"]),
        (WHEN, values["when"]),
        (WHERE, values["where"]),
        (WHO, values["who"] if method == "REQUEST" else ""),
        (WHY, values["reason"]),
    )
    invite = _invite(row, to, settings, method, "") if method else None
    return _to_requester(request, settings, values=values, facts=facts, invite=invite)


ROLE_WORDS: dict[str, Words] = {
    Speaks.SPEAKER: text("speaker"),
    Speaks.CO: text("co-presenter"),
    Speaks.SHADOW: text("coming along to learn"),
}


def _to_speaker(
    method: str,
    still: Still,
    db: Session,
    to: Envelope,
    settings: Settings,
    at: datetime,
) -> Saying | None:
    """To somebody who takes part, or was asked to."""
    row = _offer(db, to.subject_id)
    if row is None or row.ends_at <= at or not still(row, at):
        return None
    saying = _speaker_saying(db, row, to, at)
    if not method:
        return saying
    invite = _invite(row, to, settings, method, f"/me/talks/{row.id}")
    return Saying(saying.values, saying.facts, saying.link, invite)


def _speaker_saying(db: Session, row: Any, to: Envelope, at: datetime, **more: Any) -> Saying:
    say = CATALOGS[to.language].say
    values = _talk_values(db, row, to, at) | {"role": say(ROLE_WORDS[row.role])}
    why = to.told.get("why") or row.cancelled_reason
    values["reason"] = "" if is_private(row) else why
    if was := before(row, to, at):
        values["before"] = was
    facts = (
        (WHAT, values["what"]),
        (FOR, values["host"]),
        (WHEN, values["when"]),
        (WHERE, values["where"]),
        (WHY, values["reason"]),
    )
    values |= more.pop("values", {})
    return Saying(values, facts, (text("See the talk"), f"/me/talks/{row.id}"), **more)


def _takes_part(row: Any, at: datetime) -> bool:
    return bool(row.state == OfferState.ACCEPTED and row.talk_state == TalkState.CONFIRMED) or bool(
        row.state == OfferState.ACCEPTED and row.role != Speaks.SPEAKER
    )


def _is_off(row: Any, at: datetime) -> bool:
    return bool(row.state == OfferState.RELEASED and row.talk_state != TalkState.CANCELLED)


def _was_cancelled(row: Any, at: datetime) -> bool:
    return bool(row.state == OfferState.RELEASED and row.talk_state == TalkState.CANCELLED)


def _offered(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _offer(db, to.subject_id)
    if row is None or row.state != OfferState.ASKED or row.answer_by <= at:
        return None
    until = clock.moment_text(row.answer_by, row.zone, to.language, at.year)
    return _speaker_saying(db, row, to, at, values={"until": until}, answers=(YES, NO))


def _reminder(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _offer(db, to.subject_id)
    if row is None or moved(row, to) or not _takes_part(row, at) or row.starts_at <= at:
        return None
    return _speaker_saying(db, row, to, at)


def _how(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """After a talk: how did it go? For as long as nobody wrote it down."""
    row = _offer(db, to.subject_id)
    if row is None or row.state != OfferState.ACCEPTED or row.talk_state == TalkState.CANCELLED:
        return None
    if row.ends_at > at or db.get(TalkOutcome, row.talk_id):
        return None
    saying = _speaker_saying(db, row, to, at)
    link = (text("Tell how it went: two minutes"), f"/me/talks/{row.id}/outcome")
    return Saying(saying.values, saying.facts, link)


def _news(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(TalkRequest, to.subject_id)
    if row is None or to.told.get("what") not in NEWS_WORDS:
        return None
    say = CATALOGS[to.language].say
    values = {"number": row.reference, "words": say(NEWS_WORDS[to.told["what"]])}
    link = (text("See the request"), f"/outreach/requests/{row.id}")
    return Saying(values, ((NUMBER, row.reference),), link)


def _clerk(
    method: str, state: TalkState, db: Session, to: Envelope, settings: Settings, at: datetime
) -> Saying | None:
    row = _talk(db, to.subject_id)
    if row is None or row.talk_state != state or row.ends_at <= at:
        return None
    path = f"/outreach/talks/{row.talk_id}"
    values = _talk_values(db, row, to, at)
    facts = ((WHAT, values["what"]), (WHEN, values["when"]), (WHERE, values["where"]))
    return Saying(
        values, facts, (text("See the talk"), path), _invite(row, to, settings, method, path)
    )


_NOTICES = (
    Notice(
        PROVE, text("Please confirm a request for a talk (to requesters)"),
        text("Please confirm your request {number}"),
        text(
            "Hello,\n\nsomeone used this email address to request a presentation. If it was you, open "
            "the link and press the button. If it wasn't, you don't need to do anything."
        ),
        _prove, ("number",),
    ),
    Notice(
        RECEIVED, text("A request arrived (to requesters)"), text("We have your request {number}"),
        text(
            "Hello {name},\n\nthank you for asking us. We read every request and answer soon. "
            "A talk is certain only when you hear that it is confirmed."
        ),
        partial(_about_request, LIVE_STATES), NAMES,
    ),
    Notice(
        DECLINED, text("A request is declined (to requesters)"), text("About your request {number}"),
        text("Hello {name},\n\nwe are sorry that we can't come this time.\n\n{reason}"),
        partial(_about_request, (RequestState.DECLINED,)), NAMES,
    ),
    Notice(
        ANSWERED, text("A question or wish is answered (to requesters)"),
        text("An answer to your request {number}"), text("Hello {name},\n\n{reason}"),
        partial(_about_request, (RequestState.DONE,)), NAMES,
    ),
    Notice(
        COUNTERED, text("We propose something else (to requesters)"),
        text("A proposal for your request {number}"),
        text(
            "Hello {name},\n\nwhat you asked for does not work for us, but this would: {what}.\n\n{words}\n\n"
            "Please tell us by the link below."
        ),
        _countered, NAMES,
    ),
    Notice(
        CONFIRMED, text("A talk is confirmed (to requesters)"), text("Confirmed: {what}, {when}"),
        text("Hello {name},\n\nwe are coming. Please put it into your calendar, and tell us of changes."),
        partial(_host_talk, "REQUEST", TalkState.CONFIRMED), NAMES,
    ),
    Notice(
        OTHER_SPEAKER, text("Another speaker comes (to requesters)"),
        text("Who comes: {what}, {when}"),
        text("Hello {name},\n\nanother speaker comes to you. Everything else stays as it is."),
        partial(_host_talk, "REQUEST", TalkState.CONFIRMED), NAMES,
    ),
    Notice(
        CHANGED, text("A talk changed (to requesters)"), text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nthe talk changed. It was {before}. If it does not suit you, please tell us by "
            "the link below."
        ),
        partial(_host_talk, "REQUEST", TalkState.CONFIRMED), (*NAMES, "before"),
    ),
    Notice(
        DATE_MOVED, text("Another date, not confirmed yet (to requesters)"),
        text("Another date: {what}, {when}"),
        text(
            "Hello {name},\n\nwe keep {when} for you now, instead of {before}. We still look for a speaker, "
            "and write again once it is sure. If it does not suit you, please tell us by the link below."
        ),
        partial(_host_talk, "", TalkState.TENTATIVE), (*NAMES, "before"),
    ),
    Notice(
        KEPT, text("Another date is not possible (to requesters)"), text("It stays: {what}, {when}"),
        text("Hello {name},\n\nwe are sorry: we can't come on the other date. The talk stays as it is."),
        partial(_host_talk, "REQUEST", TalkState.CONFIRMED), NAMES,
    ),
    Notice(
        CANCELLED, text("A talk is canceled (to requesters)"), text("Canceled: {what}, {when}"),
        text("Hello {name},\n\nthis talk does not take place. Please ask us again if you like."),
        partial(_host_talk, "CANCEL", TalkState.CANCELLED), NAMES,
    ),
    Notice(
        OFFERED, text("Would you give a talk? (to speakers)"),
        text("Would you speak? {what}, {when}"),
        text("Hello {name},\n\nwould you give this talk? Please answer until {until}; then we ask the next."),
        _offered, (*TALK_NAMES, "until"),
    ),
    Notice(
        LAPSED, text("An offered talk went to the next (to speakers)"),
        text("We ask somebody else: {what}, {when}"),
        text("Hello {name},\n\nwe did not hear from you in time, so we ask somebody else."),
        partial(_to_speaker, "", lambda row, at: row.state == OfferState.LAPSED), TALK_NAMES,
    ),
    Notice(
        SPEAKING, text("A talk is confirmed (to speakers)"), text("You speak: {what}, {when}"),
        text("Hello {name},\n\nthank you! You are down as {role}. All you need is on the page of the talk."),
        partial(_to_speaker, "REQUEST", _takes_part), TALK_NAMES,
    ),
    Notice(
        SPEAKING_CHANGED, text("A talk changed (to speakers)"), text("Changed: {what}, now {when}"),
        text("Hello {name},\n\nthe talk changed. It was {before}. Please tell us if you can't make it now."),
        partial(_to_speaker, "REQUEST", _takes_part), (*TALK_NAMES, "before"),
    ),
    Notice(
        SPEAKING_CANCELLED, text("A talk is canceled (to speakers)"),
        text("Canceled: {what}, {when}"),
        text("Hello {name},\n\nthis talk does not take place. You don't need to go."),
        partial(_to_speaker, "CANCEL", _was_cancelled), TALK_NAMES,
    ),
    Notice(
        SPEAKING_ENDED, text("Off a talk (to speakers)"), text("You're off: {what}, {when}"),
        text("Hello {name},\n\nyou don't give this talk any more. It leaves your calendar with this mail."),
        partial(_to_speaker, "CANCEL", _is_off), TALK_NAMES,
    ),
    Notice(
        REMINDER, text("Reminder before a talk (to speakers)"), text("Reminder: {what}, {when}"),
        text("Hello {name},\n\nyour talk is coming up. Phone numbers, parking and the way are on its page."),
        _reminder, TALK_NAMES,
    ),
    Notice(
        HOW, text("How did it go? (to speakers)"), text("How did it go? {what}"),
        text("Hello {name},\n\nthank you for speaking. Please tell us how many came and what you gave out."),
        _how, TALK_NAMES,
    ),
    Notice(
        NEWS, text("News about a request (to clerks)"), text("Request {number}: news"),
        text("Hello {name},\n\n{words}"), _news, ("number", "words"),
    ),
    Notice(
        CLERK_CONFIRMED, text("A talk is on (to the clerk)"), text("On: {what}, {when}"),
        text("Hello {name},\n\nthis talk stands in the calendar like this."),
        partial(_clerk, "REQUEST", TalkState.CONFIRMED), TALK_NAMES,
    ),
    Notice(
        CLERK_CANCELLED, text("A talk is canceled (to the clerk)"), text("Canceled: {what}, {when}"),
        text("Hello {name},\n\nthis talk is canceled."),
        partial(_clerk, "CANCEL", TalkState.CANCELLED), TALK_NAMES,
    ),
)  # fmt: skip
NOTICES: Notices = {notice.kind.name: notice for notice in _NOTICES}

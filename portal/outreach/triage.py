"""What staff do with a request: take it, route it, write notes, decline it, propose something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.messages.models import Message, State
from portal.outreach import message_kinds
from portal.outreach.intake_models import BOOKED_KINDS, RequestKind
from portal.outreach.models import (
    WAITING_STATES,
    CounterKind,
    CounterOffer,
    CounterState,
    DateKind,
    RequestDate,
    RequestState,
    TalkRequest,
)
from portal.outreach.organization_models import Organization
from portal.outreach.organizations import ensure
from portal.outreach.request_events import lock_request, note_event, tell_owner, tell_requester
from portal.outreach.talk_models import CURRENT_TALKS, Presentation
from portal.people.models import Person
from portal.people.notify import notify
from portal.people.people import short_name
from portal.web.errors import Refused
from portal.words import text

ENDED = text("This request already ended.")
MOST_DATES = 3


def take(act: Act, request: TalkRequest, owner: Person | None) -> None:
    """Assign a request to a clerk, or unassign it. Notifies the new owner."""
    lock_request(act.db, request)
    if request.owner_id == (owner and owner.id):
        return
    request.owner_id = owner.id if owner else None
    note_event(act, request, "owner", owner.name if owner else "")
    record(act, "request.owned", request)
    if owner:
        notify(act, message_kinds.NEWS, request, [owner.id], told={"what": "owner"})


def route(act: Act, request: TalkRequest, program_id: int | None) -> None:
    """Send a request to a program, or back to the agency's clerks. Its talks are held before it, as where they
    are canceled."""
    talks = (
        select(Presentation)
        .where(Presentation.request_id == request.id, Presentation.state.in_(CURRENT_TALKS))
        .order_by(Presentation.id)
    )
    act.db.execute(talks.with_only_columns(Presentation.id).with_for_update(key_share=True)).all()
    lock_request(act.db, request)
    if request.program_id == program_id:
        return
    request.program_id = program_id
    for talk in act.db.scalars(talks):
        talk.program_id = program_id
    note_event(act, request, "routed")
    record(act, "request.routed", request)


def add_note(act: Act, request: TalkRequest, words: str) -> None:
    """A note for colleagues; whoever asked does not see it."""
    note_event(act, request, "note", words)
    record(act, "request.noted", request)


def link(act: Act, request: TalkRequest, organization: Organization | None) -> None:
    """The request comes from this organization; None makes a new one of what was typed."""
    lock_request(act.db, request)
    request.organization_id = organization.id if organization else None
    if organization is None and not request.organization_name:
        raise Refused(text("They gave no organization name."))
    act.db.flush()
    act.db.refresh(request, ["organization"])
    ensure(act, request)
    note_event(act, request, "linked", request.from_name)
    record(act, "request.linked", request)


def decline(act: Act, request: TalkRequest, reason: str) -> None:
    """Say no, with the reason that goes into the letter. What is booked is canceled, not declined."""
    lock_request(act.db, request)
    if request.state not in (RequestState.UNPROVED, *WAITING_STATES):
        raise Refused(ENDED if request.state != RequestState.BOOKED else _BOOKED)
    if _has_talks(act.db, request.id):
        raise Refused(_BOOKED)
    take_counter_back(act.db, request, act.at)
    proved = request.state != RequestState.UNPROVED
    request.state, request.reason, request.decided_at = RequestState.DECLINED, reason, act.at
    note_event(act, request, "declined", reason)
    record(act, "request.declined", request)
    if proved:  # nothing is mailed to an address that no one proved
        tell_requester(act, message_kinds.DECLINED, request)


def _has_talks(db: Session, request_id: int) -> bool:
    found = select(Presentation.id).where(
        Presentation.request_id == request_id, Presentation.state.in_(CURRENT_TALKS)
    )
    return db.scalar(found.limit(1)) is not None


_BOOKED = text("A presentation is already booked. Cancel the presentation instead.")


def answer(act: Act, request: TalkRequest, words: str) -> None:
    """A question, a wish for literature or from the media is answered; the words are mailed."""
    lock_request(act.db, request)
    if request.kind in BOOKED_KINDS:
        raise Refused(text("This request is answered with a presentation."))
    if request.state not in WAITING_STATES:
        raise Refused(ENDED)
    take_counter_back(act.db, request, act.at)
    request.state, request.reason, request.decided_at = RequestState.DONE, words, act.at
    ensure(act, request)
    note_event(act, request, "answered", words)
    record(act, "request.answered", request)
    tell_requester(act, message_kinds.ANSWERED, request)


@dataclass(frozen=True)
class Proposal:
    """Something else instead: of which kind (CounterKind), in our words, on which dates or with whom."""

    kind: str
    words: str = ""
    dates: Sequence[datetime] = ()
    speaker_id: int | None = None


def counter(act: Act, request: TalkRequest, proposal: Proposal) -> CounterOffer:
    """Propose another date, another speaker or something to read instead. The requester answers by link, or
    tells a clerk."""
    kind, words = proposal.kind, proposal.words
    dates = proposal.dates if kind == CounterKind.DATE else ()
    speaker_id = proposal.speaker_id if kind == CounterKind.SPEAKER else None
    lock_request(act.db, request)
    if request.state not in WAITING_STATES:
        raise Refused(text("Only an open request can get another proposal."))
    if kind == CounterKind.DATE and not dates:
        raise Refused(fields={"day": text("Propose at least one date.")})
    if kind == CounterKind.SPEAKER and not words and not speaker_id:
        raise Refused(fields={"speaker": text("Select someone, or enter who you propose.")})
    if kind == CounterKind.LITERATURE and not words:
        raise Refused(fields={"words": text("Enter what you propose.")})
    if any(one <= act.at for one in dates):
        raise Refused(fields={"day": text("This time is in the past.")})
    take_counter_back(act.db, request, act.at)
    row = CounterOffer(
        request_id=request.id,
        kind=kind,
        words=words,
        speaker_id=speaker_id,
        made_at=act.at,
        made_by_id=act.by.person_id,
    )
    act.db.add(row)
    act.db.flush()
    if kind == CounterKind.DATE:
        act.db.add_all(
            RequestDate(request_id=request.id, kind=DateKind.OURS, starts_at=one, counter_id=row.id)
            for one in sorted(set(dates))[:MOST_DATES]
        )
    request.state = RequestState.COUNTERED
    whom = short_name(act.db.get_one(Person, speaker_id).name) if speaker_id else ""
    note_event(act, request, "countered", ": ".join(filter(None, (whom, words))))
    record(act, "request.countered", request)
    tell_requester(act, message_kinds.COUNTERED, request)
    return row


def note_told(act: Act, message: Message) -> None:
    """Someone called, or put the letter into the post: the requester knows."""
    message.state, message.sent_at, message.why = State.SENT, act.at, message.channel
    request = act.db.get_one(TalkRequest, message.subject_id)
    note_event(act, request, "told")
    record(act, "message.told", message)


def open_counter(db: Session, request_id: int) -> CounterOffer | None:
    """What waits for the requester's answer."""
    return db.scalar(
        select(CounterOffer)
        .where(CounterOffer.request_id == request_id, CounterOffer.state == CounterState.OPEN)
        .execution_options(populate_existing=True)
    )


def agreed_speaker(db: Session, request_id: int) -> int | None:
    """Whom a requester wants since we proposed them; the last one counts."""
    found = select(CounterOffer.speaker_id).where(
        CounterOffer.request_id == request_id,
        CounterOffer.state == CounterState.ACCEPTED,
        CounterOffer.kind == CounterKind.SPEAKER,
    )
    return db.scalar(found.order_by(CounterOffer.id.desc()).limit(1))


def answer_counter(
    act: Act, request: TalkRequest, counter_id: int, date_id: int | None, *, yes: bool
) -> None:
    """The requester says yes (to one of the dates) or no to what we proposed. The same answer twice is one."""
    lock_request(act.db, request)
    row = open_counter(act.db, request.id)
    if row is None or row.id != counter_id or request.state != RequestState.COUNTERED:
        raise Refused(text("This proposal is no longer open. Check again."))
    if yes and row.kind == CounterKind.DATE:
        _choose_date(act.db, request, row, date_id, act.at)
    if yes and row.kind == CounterKind.LITERATURE:
        request.kind = RequestKind.LITERATURE
    row.state = CounterState.ACCEPTED if yes else CounterState.DECLINED
    row.answered_at, request.state = act.at, RequestState.OPEN
    note_event(act, request, "counter_yes" if yes else "counter_no")
    record(act, "request.counter_answered", request)
    tell_owner(act, request, "counter_yes" if yes else "counter_no")


def _choose_date(
    db: Session, request: TalkRequest, row: CounterOffer, date_id: int | None, at: datetime
) -> None:
    """The date that they take becomes the wanted one; what they wanted before would do, too, for now."""
    chosen = db.scalar(
        select(RequestDate).where(RequestDate.id == date_id, RequestDate.counter_id == row.id)
    )
    if chosen is None:
        raise Refused(text("Select one of the dates."))
    if chosen.starts_at <= at:
        raise Refused(text("This time is in the past. Choose another."))
    wanted = db.scalars(
        select(RequestDate).where(
            RequestDate.request_id == request.id,
            RequestDate.kind == DateKind.WANTED,
            RequestDate.presentation_id.is_(None),
        )
    )
    if not request.series:
        for one in wanted:
            one.kind = DateKind.ALTERNATE
    chosen.kind = DateKind.WANTED


def take_counter_back(db: Session, request: TalkRequest, at: datetime) -> None:
    """What was proposed and not answered no longer stands."""
    if row := open_counter(db, request.id):
        row.state, row.answered_at = CounterState.TAKEN_BACK, at
        db.flush()


def settle(db: Session, request: TalkRequest, at: datetime) -> None:
    """After a talk was booked or canceled: the request is booked while every wanted date has its talk."""
    if request.state not in (*WAITING_STATES, RequestState.BOOKED):
        return
    db.flush()
    talks = db.scalar(
        select(func.count()).where(
            Presentation.request_id == request.id, Presentation.state.in_(CURRENT_TALKS)
        )
    )
    left = db.scalar(
        select(func.count()).where(
            RequestDate.request_id == request.id,
            RequestDate.kind == DateKind.WANTED,
            RequestDate.presentation_id.is_(None),
            RequestDate.starts_at > at,
        )
    )
    if talks and not (request.series and left):
        request.state, request.decided_at = RequestState.BOOKED, at
    elif not talks:
        request.state, request.decided_at = RequestState.OPEN, None

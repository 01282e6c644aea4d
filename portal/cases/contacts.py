"""Visits, calls and rides of a match: entering one, taking it back, and noting that it was read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.cases import follow_ups, matches, rhythm
from portal.cases.cases import refuse_identifiers
from portal.cases.contact_models import Contact, ContactDraft, ContactKind, ContactMatch, Medium
from portal.cases.models import KNOWN, FunctionPosition, HelpRequest, Match, MatchState
from portal.cases.scopes import no_conflict, without_conflict
from portal.hours import entries
from portal.hours.entries import Work
from portal.hours.models import Source
from portal.programs.models import Placement
from portal.programs.placements import on_day
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import Words, text

LATEST = timedelta(days=31)
"""How long after the end of a match its last visits can still be entered, by staff."""


@dataclass(frozen=True)
class Told:
    """What someone tells about a visit or call. `also` are other matches of theirs that it was for, too;
    `tenths` are miles times ten."""

    day: date
    kind: ContactKind
    made: bool
    medium: Medium
    minutes: int = 0
    tenths: int = 0
    topics: str = ""
    note: str = ""
    follow_up: str = ""
    due_on: date | None = None
    also: Collection[int] = ()
    sure: bool = False


def enter(act: Act, match: Match, told: Told, today: date, settings: Settings) -> Contact:
    """Keep a visit or call. Its minutes wait for approval in the ledger of hours; if no one was there, a
    follow-up comes with it; the first one makes the match active."""
    joined = [matches.lock(act, one) for one in _joined(act, match, told.also)]
    _check(act, joined, told, today)
    row = Contact(
        program_id=match.program_id,
        person_id=match.person_id,
        day=told.day,
        kind=told.kind,
        made=told.made,
        medium=told.medium,
        minutes=told.minutes,
        tenths=told.tenths,
        topics=told.topics,
        note=told.note,
        asked=act.asked,
        at=act.at,
    )
    act.db.add(row)
    act.db.flush()
    act.db.add_all(ContactMatch(contact_id=row.id, match_id=one.id) for one in joined)
    act.db.flush()
    for one in joined:
        if told.made and one.state == MatchState.HANDED_OFF:
            matches.begin(act, one, told.day, settings)
        _settle_due(act.db, one, settings)
        if not told.made and one.state in KNOWN:
            follow_ups.after_nobody(act, one, row.id, today)
    if told.follow_up and told.due_on:
        follow_ups.add(act, match, told.follow_up, told.due_on, today, contact_id=row.id)
    _to_ledger(act, row, match)
    forget_draft(act.db, match.id, act.by.person_id)
    record(act, "case_contact.added", row, "sure" if told.sure else None)
    return row


def _joined(act: Act, match: Match, also: Collection[int]) -> list[Match]:
    """The match and the volunteer's others in the program, in the order in which they are locked."""
    others = act.db.scalars(
        select(Match).where(
            Match.id.in_(also),
            Match.id != match.id,
            Match.person_id == match.person_id,
            Match.program_id == match.program_id,
            Match.state.in_(KNOWN),
            without_conflict(Match.case_id, act.by),
            no_conflict(Match.case_id, match.person_id),
        )
    ).all()
    if {one.id for one in others} != set(also) - {match.id}:
        raise Refused(fields={"also": text("Select from the list.")})
    return sorted([match, *others], key=lambda one: (one.request_id, one.id))


def _check(act: Act, joined: Sequence[Match], told: Told, today: date) -> None:
    match = joined[0]
    own = act.by.person_id == match.person_id
    for one in joined:
        if one.state not in KNOWN and (own or not _just_ended(one, act.at)):
            raise Refused(text("This help is over. Call the office if a visit is missing."))
    wrong: dict[str, Words] = {}
    if told.day > today or any(told.day < _since(one) for one in joined):
        wrong["day"] = text("Enter the day, from the handoff on and not after today.")
    elif any(
        one.ended_at and told.day > clock.local_day(one.ended_at, one.request.zone)
        for one in joined
    ):
        wrong["day"] = text("The help had ended by that day.")
    if told.made and not told.minutes:
        wrong["minutes"] = text("Enter how many minutes it took.")
    if bool(told.follow_up) != bool(told.due_on):
        wrong["due_on"] = text("Enter both what to do and the day, or leave both blank.")
    if wrong:
        raise Refused(fields=wrong)
    words = {"note": told.note, "follow_up": told.follow_up}
    refuse_identifiers(act.db, match.program_id, words, sure=told.sure)


def _since(match: Match) -> date:
    if match.handed_off_at is None:
        raise NotFound
    return clock.local_day(match.handed_off_at, match.request.zone)


def _just_ended(match: Match, at: datetime) -> bool:
    """Whether a match that had begun ended a short while ago and its case is still open."""
    return (
        match.handed_off_at is not None
        and match.ended_at is not None
        and at - match.ended_at <= LATEST
        and match.case.closed_at is None
    )


def _settle_due(db: Session, match: Match, settings: Settings) -> None:
    """The next visit is due after the latest one that was made."""
    if match.state != MatchState.ACTIVE:
        return
    day = max(filter(None, (_latest(db, match), match.first_met_on)))
    match.next_due_on = rhythm.due_after(db, match.request, day, settings)
    db.flush()


def _latest(db: Session, match: Match) -> date | None:
    """The day of the latest visit or call of a match that took place."""
    return db.scalar(
        select(func.max(Contact.day))
        .join(ContactMatch, ContactMatch.contact_id == Contact.id)
        .where(
            ContactMatch.match_id == match.id, Contact.made.is_(True), Contact.struck_at.is_(None)
        )
    )


def _to_ledger(act: Act, row: Contact, match: Match) -> None:
    """The minutes of a volunteer who has a role for it on the day; the ledger says nothing of the case."""
    role = act.db.scalars(
        select(FunctionPosition.position_id)
        .join(HelpRequest, HelpRequest.function_id == FunctionPosition.function_id)
        .join(Placement, Placement.position_id == FunctionPosition.position_id)
        .where(
            HelpRequest.id == match.request_id,
            Placement.person_id == row.person_id,
            on_day(row.day),
        )
        .order_by(FunctionPosition.position_id)
    ).first()
    if role is None or not row.minutes:
        return
    work = Work(row.person_id, row.program_id, role, row.day, row.minutes)
    entries.propose(act, Source.CONTACT, {row.id: work})


def strike(act: Act, row: Contact, settings: Settings) -> None:
    """Take a visit or call back that was entered by mistake, its hours too. Twice is once."""
    joined = act.db.scalars(
        select(Match)
        .join(ContactMatch, ContactMatch.match_id == Match.id)
        .where(ContactMatch.contact_id == row.id)
        .order_by(Match.id)
    ).all()
    joined = [matches.lock(act, one) for one in joined]
    act.db.refresh(row, with_for_update=True)
    if row.struck_at:
        return
    if row.seen_at and act.by.person_id == row.person_id:
        raise Refused(text("Someone read this already. Tell the caseworker what is wrong."))
    row.struck_at = act.at
    act.db.flush()
    entries.propose(act, Source.CONTACT, {row.id: None})
    follow_ups.close_those_of(act, row.id)
    for one in joined:
        _never_met(act.db, one, row)
        _settle_due(act.db, one, settings)
    record(act, "case_contact.struck", row)


def _never_met(db: Session, match: Match, row: Contact) -> None:
    """A match that became active by a visit that was taken back waits for its first meeting again."""
    by_it = row.made and match.state == MatchState.ACTIVE and match.first_met_on == row.day
    if by_it and _latest(db, match) is None:
        match.state, match.first_met_on = MatchState.HANDED_OFF, None
        match.next_due_on = match.request.day or match.request.due_on or row.day
        db.flush()


def note_seen(act: Act, row: Contact) -> None:
    """Note that a supervisor or caseworker read it. Twice is once."""
    act.db.refresh(row, with_for_update=True)
    if row.seen_at is None:
        row.seen_at = act.at
        act.db.flush()
        record(act, "case_contact.seen", row)


def keep_draft(act: Act, match: Match, typed: str) -> None:
    """Keep what someone types about a contact until they save it, for them alone."""
    act.db.refresh(match, with_for_update=True)
    act.db.refresh(match.case)
    own_and_over = act.by.person_id == match.person_id and match.state not in KNOWN
    if own_and_over or match.case.closed_at is not None or match.case.program.sensitive:
        raise NotFound
    key = (match.id, act.by.person_id)
    row = act.db.get(ContactDraft, key)
    if row is None:
        row = ContactDraft(match_id=match.id, person_id=act.by.person_id)
        act.db.add(row)
    row.typed, row.at = typed, act.at
    act.db.flush()


DRAFTS_LAST = timedelta(days=14)


def _old(at: datetime) -> ColumnElement[bool]:
    return ContactDraft.at <= at - DRAFTS_LAST


def has_old_drafts(db: Session, at: datetime) -> bool:
    """Whether something was typed so long ago that no one will save it."""
    return db.scalar(select(ContactDraft.match_id).where(_old(at)).limit(1)) is not None


def forget_old_drafts(db: Session, at: datetime) -> None:
    """Forget that."""
    db.execute(delete(ContactDraft).where(_old(at)))


def forget_draft(db: Session, match_id: int, person_id: int | None) -> None:
    """Forget what was typed."""
    db.execute(
        delete(ContactDraft).where(
            ContactDraft.match_id == match_id, ContactDraft.person_id == person_id
        )
    )

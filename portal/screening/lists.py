"""The do-not-place list: making and confirming entries, finding who is alike, and comparing.

An entry counts once a second screener confirmed it. A name alone holds no one.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.db import lock_row
from portal.people.models import Person, Phone
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE, Permission
from portal.programs.application_models import Application
from portal.programs.lookalikes import Description, alike, lookalikes
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.credentials import not_own
from portal.screening.holds import hold_now
from portal.screening.list_models import ListEntry, ListMatch, Reason
from portal.screening.room_scopes import UNDER_REVIEW, active_entries
from portal.web.errors import Refused
from portal.web.fields import phone_digits
from portal.words import text

LOOKED_AGAIN = relativedelta(years=1)
LONGEST = timedelta(days=10 * 366)
EXTENSION = re.compile(r"\s*(?:ext\.?|x|#)\s*\d*", re.IGNORECASE)
FACTS = 2
"""How many facts besides the name a screener compares."""


def add_entry(
    act: Act, values: Mapping[str, Any], program_id: int | None, today: date
) -> ListEntry:
    """Write down that someone is not to be placed. It counts once another screener confirmed it."""
    if not act.by.may_in(Permission.SCREENING_HANDLE, program_id):
        raise Refused(fields={"program": text("Select one of your programs.")})
    if not today < values["expires_on"] <= today + LONGEST:
        raise Refused(fields={"expires_on": text("Enter a date after today, within ten years.")})
    _check_basis(act.db, values)
    row = ListEntry(
        program_id=program_id,
        **{name: values.get(name) or "" for name in ("name", "email", "phone", "address")},
        reason=Reason(values["reason"]),
        check_id=values.get("check_id"),
        made_at=act.at,
        made_by_id=act.by.person_id,
        review_on=min(today + LOOKED_AGAIN, values["expires_on"]),
        expires_on=values["expires_on"],
    )
    act.db.add(row)
    act.db.flush()
    record(act, "list_entry.added", row)
    return row


def _check_basis(db: Session, values: Mapping[str, Any]) -> None:
    """What rests on a background check waits for that check's own notices and their time (15 U.S.C. 1681b)."""
    check_id = values.get("check_id")
    if values["reason"] != Reason.BACKGROUND_CHECK:
        if check_id is not None:
            raise Refused(fields={"check_id": text("Only for a background check.")})
        return
    if check_id is None:
        raise Refused(fields={"check_id": text("Select the check.")})
    check = db.get(BackgroundCheck, check_id)
    if check is None or check.state != CheckState.TURNED_DOWN:
        words = text("Finish the check first: both notices, and the waiting time.")
        raise Refused(fields={"check_id": words})


def confirm(act: Act, entry: ListEntry, today: date) -> None:
    """A second screener finds that an entry is right. Who is like it now is looked for at once."""
    lock_row(act.db, entry)
    if entry.confirmed_at is not None or entry.ended_at is not None:
        raise Refused(text("Someone else already decided about this entry."))
    if entry.made_by_id == act.by.person_id:
        raise Refused(text("Another screener has to confirm this."))
    entry.confirmed_at, entry.confirmed_by_id = act.at, act.by.person_id
    entry.review_on = min(today + LOOKED_AGAIN, entry.expires_on)
    record(act, "list_entry.confirmed", entry)
    found: dict[int, bool] = {}
    described = Description(entry.name, entry.email, entry.phone)
    for one in lookalikes(act.db, COMMAND_LINE, described):
        found[one.id] = one.same_email(entry.email) or same_number(one.phone or "", entry.phone)
    for person, reached in _under_review(act.db, entry.program_id):  # also by what they typed
        firm = _is_like(entry, person, reached)
        if firm is not None:
            found[person.id] = firm or found.get(person.id, False)
    lock_people(act.db, sorted(found))
    for person_id, firm in sorted(found.items()):
        _note(act, entry.id, person_id, firm=firm)


class Reached(NamedTuple):
    """The addresses and phone numbers of someone, as they are on record and as they typed them."""

    emails: frozenset[str]
    phones: tuple[str, ...]


def reached_by(db: Session, application: Application) -> Reached:
    """How an applicant is reached, by all that is known."""
    assert application.person is not None
    phones = db.scalars(select(Phone.number).where(Phone.person_id == application.person_id))
    return _reached(application, list(phones))


def _reached(application: Application, phones: list[str]) -> Reached:
    assert application.person is not None
    emails = {application.person.email.lower(), application.email.lower()} - {""}
    return Reached(frozenset(emails), (*phones, application.phone))


def _under_review(db: Session, program_id: int | None) -> Iterator[tuple[Person, Reached]]:
    """Everyone whose application is under review, in one program or (None) in all: two statements."""
    query = (
        select(Application)
        .options(joinedload(Application.person))
        .where(Application.state.in_(UNDER_REVIEW), Application.person_id.is_not(None))
    )
    if program_id is not None:
        query = query.where(Application.program_id == program_id)
    rows = db.scalars(query).unique().all()
    phones: dict[int, list[str]] = {}
    ids = query.with_only_columns(Application.person_id).options()
    for row in db.execute(select(Phone.person_id, Phone.number).where(Phone.person_id.in_(ids))):
        phones.setdefault(row.person_id, []).append(row.number)
    for one in rows:
        assert one.person is not None
        yield one.person, _reached(one, phones.get(one.person.id, []))


def same_number(one: str, other: str) -> bool:
    """Whether two phone numbers are the same, country code and extension aside."""
    mine, theirs = (phone_digits(EXTENSION.split(number)[0])[-10:] for number in (one, other))
    return len(mine) >= 7 and mine == theirs


def keep(act: Act, entry: ListEntry, today: date) -> None:
    """Look at an entry again, and keep it for another year."""
    lock_row(act.db, entry)
    if entry.confirmed_at is None or entry.ended_at is not None:
        raise Refused(text("Someone else already decided about this entry."))
    entry.review_on = min(today + LOOKED_AGAIN, entry.expires_on)
    record(act, "list_entry.kept", entry)


def end(act: Act, entry: ListEntry) -> None:
    """End an entry: it holds no one any more."""
    lock_row(act.db, entry)
    if entry.ended_at is None:
        entry.ended_at, entry.ended_by_id = act.at, act.by.person_id
        record(act, "list_entry.ended", entry)


def find_matches(act: Act, person: Person, program_id: int, today: date, reached: Reached) -> None:
    """Note which entries of the agency and of a program someone is like, whom the caller locked; what was
    compared before stays as it was decided."""
    entries = active_entries(today).where(
        (ListEntry.program_id.is_(None)) | (ListEntry.program_id == program_id)
    )
    for entry in act.db.scalars(entries).all():
        firm = _is_like(entry, person, reached)
        if firm is not None:
            _note(act, entry.id, person.id, firm=firm)


def _is_like(entry: ListEntry, person: Person, reached: Reached) -> bool | None:
    """Whether a likeness is firm: by email or phone, or by the name alone; None where there is none."""
    same_phone = any(same_number(one, entry.phone) for one in reached.phones)
    if entry.email.lower() in reached.emails or same_phone:
        return True
    return False if alike(entry.name, person.name) else None


def _note(act: Act, entry_id: int, person_id: int, *, firm: bool) -> None:
    """Note a likeness once. One that was by the name alone and is more now has to be compared again."""
    row = act.db.scalar(
        select(ListMatch).where(ListMatch.entry_id == entry_id, ListMatch.person_id == person_id)
    )
    if row is None:
        act.db.add(ListMatch(entry_id=entry_id, person_id=person_id, firm=firm, found_at=act.at))
        act.db.flush()
    elif firm and not row.firm and row.same is None:
        row.firm = True


ON_ENTRY = ("email", "phone", "address")
"""The facts that an entry has to have to be compared."""


def compare(
    act: Act, match: ListMatch, *, same: bool, compared: Collection[str], today: date
) -> None:
    """A screener compared two facts besides the name, and found whether it is the same person. For one who is
    not, that stays so for good."""
    not_own(act.by, match.person_id)
    lock_people(act.db, [match.person_id])
    lock_row(act.db, match)
    if match.same is not None:
        raise Refused(text("Someone else already compared them."))
    facts = {one for one in compared if one not in ON_ENTRY or getattr(match.entry, one)}
    if len(facts) < FACTS:
        raise Refused(fields={"compared": text("Compare at least two facts besides the name.")})
    match.same, match.compared = same, ",".join(sorted(facts))
    match.decided_at, match.decided_by_id = act.at, act.by.person_id
    record(act, "list_match.compared", match, "same" if same else "other")
    hold_now(act, match.person_id, today)

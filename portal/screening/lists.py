"""The do-not-place list: making and confirming entries, finding who is alike, and comparing.

An entry counts once a second screener confirmed it. A name alone holds no one.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE, Permission
from portal.programs.lookalikes import Description, alike, lookalikes
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.credentials import not_own
from portal.screening.list_models import ListEntry, ListMatch, Reason
from portal.screening.room_scopes import active_entries
from portal.web.errors import Refused
from portal.web.fields import phone_digits
from portal.words import text

LOOKED_AGAIN = relativedelta(years=1)
LONGEST = timedelta(days=10 * 366)
FACTS = 2
"""How many facts besides the name a screener compares."""


def add_entry(
    act: Act, values: Mapping[str, Any], program_id: int | None, today: date
) -> ListEntry:
    """Write down that someone is not to be placed. It counts once another screener confirmed it."""
    if not act.by.may_in(Permission.SCREENING_HANDLE, program_id):
        raise Refused(fields={"program": text("Select one of your programs.")})
    if not today < values["expires_on"] <= today + LONGEST:
        raise Refused(fields={"expires_on": text("Enter a date within ten years.")})
    _check_basis(act.db, values)
    row = ListEntry(
        program_id=program_id,
        **{name: values.get(name) or "" for name in ("name", "email", "phone", "address")},
        reason=Reason(values["reason"]),
        check_id=values.get("check_id"),
        made_at=act.at,
        made_by_id=act.by.person_id,
        review_on=today + LOOKED_AGAIN,
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
    check = db.get(BackgroundCheck, check_id) if check_id else None
    if check is None or check.state != CheckState.TURNED_DOWN:
        words = text("Finish the check first: both notices, and the waiting time.")
        raise Refused(fields={"check_id": words})


def _lock(db: Session, row: Any) -> None:
    db.flush()
    db.refresh(row, with_for_update={"of": type(row), "key_share": True})


def confirm(act: Act, entry: ListEntry, today: date) -> None:
    """A second screener finds that an entry is right. Who is like it now is looked for at once."""
    _lock(act.db, entry)
    if entry.confirmed_at is not None or entry.ended_at is not None:
        raise Refused(text("Someone else already decided about this entry."))
    if entry.made_by_id == act.by.person_id:
        raise Refused(text("Another screener has to confirm this."))
    entry.confirmed_at, entry.confirmed_by_id = act.at, act.by.person_id
    entry.review_on = today + LOOKED_AGAIN
    record(act, "list_entry.confirmed", entry)
    described = Description(entry.name, entry.email, entry.phone)
    for one in lookalikes(act.db, COMMAND_LINE, described):
        firm = one.same_email(entry.email) or one.same_phone(entry.phone)
        _note(act, entry.id, one.id, firm=firm)


def keep(act: Act, entry: ListEntry, today: date) -> None:
    """Look at an entry again, and keep it for another year."""
    _lock(act.db, entry)
    if entry.confirmed_at is None or entry.ended_at is not None:
        raise Refused(text("Someone else already decided about this entry."))
    entry.review_on = today + LOOKED_AGAIN
    record(act, "list_entry.kept", entry)


def end(act: Act, entry: ListEntry) -> None:
    """End an entry: it holds no one any more."""
    _lock(act.db, entry)
    if entry.ended_at is None:
        entry.ended_at, entry.ended_by_id = act.at, act.by.person_id
        record(act, "list_entry.ended", entry)


def find_matches(act: Act, person: Person, today: date, phones: Sequence[str], email: str) -> None:
    """Note which entries someone is like; what was compared before stays as it was decided."""
    digits = {phone_digits(one)[-10:] for one in phones} - {""}
    emails = {person.email.lower(), email.lower()} - {""}
    for entry in act.db.scalars(active_entries(today)).all():
        same_phone = (
            phone_digits(entry.phone)[-10:] in digits and len(phone_digits(entry.phone)) >= 7
        )
        firm = entry.email.lower() in emails or same_phone
        if firm or alike(entry.name, person.name):
            _note(act, entry.id, person.id, firm=firm)


def _note(act: Act, entry_id: int, person_id: int, *, firm: bool) -> None:
    """Note a likeness once. One that was by the name alone and is more now has to be compared again."""
    lock_people(act.db, [person_id])
    row = act.db.scalar(
        select(ListMatch).where(ListMatch.entry_id == entry_id, ListMatch.person_id == person_id)
    )
    if row is None:
        act.db.add(ListMatch(entry_id=entry_id, person_id=person_id, firm=firm, found_at=act.at))
        act.db.flush()
    elif firm and not row.firm and row.same is None:
        row.firm = True


def compare(act: Act, match: ListMatch, *, same: bool, compared: Collection[str]) -> None:
    """A screener compared two facts besides the name, and found whether it is the same person. For one who is
    not, that stays so for good."""
    not_own(act.by, match.person_id)
    lock_people(act.db, [match.person_id])
    _lock(act.db, match)
    if match.same is not None:
        raise Refused(text("Someone else already compared them."))
    if len(set(compared)) < FACTS:
        raise Refused(fields={"compared": text("Compare at least two facts besides the name.")})
    match.same, match.compared = same, ",".join(sorted(set(compared)))
    match.decided_at, match.decided_by_id = act.at, act.by.person_id
    record(act, "list_match.compared", match, "same" if same else "other")

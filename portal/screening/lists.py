"""The do-not-place list: making and confirming entries, finding who is alike, and comparing.

An entry counts once a second screener confirmed it. A name alone holds no one.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
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
    entry.review_on = min(today + LOOKED_AGAIN, entry.expires_on)
    record(act, "list_entry.confirmed", entry)
    described = Description(entry.name, entry.email, entry.phone)
    for one in lookalikes(act.db, COMMAND_LINE, described):
        firm = one.same_email(entry.email) or same_number(one.phone or "", entry.phone)
        _note(act, entry.id, one.id, firm=firm)
    for application in act.db.scalars(_under_review()).all():  # also by what they typed
        assert application.person is not None
        _compare_with(act, entry, application.person, reached_by(act.db, application))


def _under_review() -> Select[Application]:
    return select(Application).where(
        Application.state.in_(UNDER_REVIEW), Application.person_id.is_not(None)
    )


class Reached(NamedTuple):
    """The addresses and phone numbers of someone, as they are on record and as they typed them."""

    emails: frozenset[str]
    phones: tuple[str, ...]


def reached_by(db: Session, application: Application) -> Reached:
    """How an applicant is reached, by all that is known."""
    assert application.person is not None
    phones = db.scalars(select(Phone.number).where(Phone.person_id == application.person_id))
    emails = {application.person.email.lower(), application.email.lower()} - {""}
    return Reached(frozenset(emails), (*phones, application.phone))


def same_number(one: str, other: str) -> bool:
    """Whether two phone numbers are the same, country code and extension aside."""
    mine, theirs = (phone_digits(EXTENSION.split(number)[0])[-10:] for number in (one, other))
    return len(mine) >= 7 and mine == theirs


def keep(act: Act, entry: ListEntry, today: date) -> None:
    """Look at an entry again, and keep it for another year."""
    _lock(act.db, entry)
    if entry.confirmed_at is None or entry.ended_at is not None:
        raise Refused(text("Someone else already decided about this entry."))
    entry.review_on = min(today + LOOKED_AGAIN, entry.expires_on)
    record(act, "list_entry.kept", entry)


def end(act: Act, entry: ListEntry) -> None:
    """End an entry: it holds no one any more."""
    _lock(act.db, entry)
    if entry.ended_at is None:
        entry.ended_at, entry.ended_by_id = act.at, act.by.person_id
        record(act, "list_entry.ended", entry)


def find_matches(act: Act, person: Person, today: date, reached: Reached) -> None:
    """Note which entries someone is like; what was compared before stays as it was decided."""
    for entry in act.db.scalars(active_entries(today)).all():
        _compare_with(act, entry, person, reached)


def _compare_with(act: Act, entry: ListEntry, person: Person, reached: Reached) -> None:
    same_phone = any(same_number(one, entry.phone) for one in reached.phones)
    firm = entry.email.lower() in reached.emails or same_phone
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


ON_ENTRY = ("email", "phone", "address")
"""The facts that an entry has to have to be compared."""


def compare(
    act: Act, match: ListMatch, *, same: bool, compared: Collection[str], today: date
) -> None:
    """A screener compared two facts besides the name, and found whether it is the same person. For one who is
    not, that stays so for good."""
    not_own(act.by, match.person_id)
    lock_people(act.db, [match.person_id])
    _lock(act.db, match)
    if match.same is not None:
        raise Refused(text("Someone else already compared them."))
    facts = {one for one in compared if one not in ON_ENTRY or getattr(match.entry, one)}
    if len(facts) < FACTS:
        raise Refused(fields={"compared": text("Compare at least two facts besides the name.")})
    match.same, match.compared = same, ",".join(sorted(facts))
    match.decided_at, match.decided_by_id = act.at, act.by.person_id
    record(act, "list_match.compared", match, "same" if same else "other")
    hold_now(act, match.person_id, today)

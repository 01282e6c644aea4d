"""Adults at all times: a shift may need so many who don't live together, whatever its roles need.

Too few never keeps anyone from canceling: the shift is flagged, and its coordinators are told at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import Date, String, bindparam, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.messages.kinds import Kind
from portal.people.memberships import coordinators_of
from portal.people.models import Person
from portal.people.notify import notify
from portal.reads import lowered
from portal.shifts import message_kinds
from portal.shifts.leads import leads_of
from portal.shifts.models import Shift, Signup, SignupState

BEHIND = timedelta(hours=14)
"""So long after Greenwich the day begins at the latest where a portal stands: no one counts as 18 too early."""


def _this_day() -> date:
    return (clock.now() - BEHIND).date()


_signup, _person = aliased(Signup), aliased(Person)
_home = lowered(func.trim(func.replace(_person.mailing_address, "\r", "")))
_household = case((_home == "", literal("#").concat(cast(_person.id, String))), else_=_home)
ADULTS_ON = (
    select(func.count(_household.distinct()))
    .select_from(_signup)
    .join(_person, _person.id == _signup.person_id)
    .where(
        _signup.shift_id == Shift.id,
        _signup.state == SignupState.SIGNED_UP,
        _signup.cant_at.is_(None),
        _signup.trainee.is_(False),
        or_(
            _person.adult_on.is_(None),
            _person.adult_on <= bindparam("this_day", callable_=_this_day, type_=Date()),
        ),
    )
    .correlate(Shift)
    .scalar_subquery()
)
"""How many adults are on a shift and can make it; those with one mailing address count once, and whoever is
shadowing doesn't."""

ADULTS_MISSING = case((Shift.adults == 0, 0), else_=Shift.adults - ADULTS_ON)
"""How many adults a shift still lacks; nothing or less where there are enough."""


def missing(db: Session, shift_id: int) -> int:
    """How many adults a shift lacks, 0 where there are enough."""
    return max(0, db.scalar(select(ADULTS_MISSING).where(Shift.id == shift_id)) or 0)


def an_hour(act: Act, kind: Kind, shift_id: int) -> str:
    """A key by which one kind of message about a shift is sent once within an hour of the clock."""
    return f"{kind.name}:{shift_id}:{act.at:%Y-%m-%dT%H}"


@contextmanager
def told_of_too_few(act: Act, signup: Signup) -> Iterator[None]:
    """Within it someone leaves a shift or can't come; its coordinators are told if too few adults are left."""
    shift = signup.shift
    enough = shift.adults > 0 and not missing(act.db, shift.id)
    yield
    if not enough or act.at >= shift.ends_at:
        return
    act.db.flush()
    if missing(act.db, shift.id):
        to = sorted({*coordinators_of(act.db, shift.program_id), *leads_of(act.db, shift.id)})
        key = an_hour(act, message_kinds.ADULTS, shift.id)
        notify(act, message_kinds.ADULTS, signup, to, key=key, starts_at=shift.starts_at)

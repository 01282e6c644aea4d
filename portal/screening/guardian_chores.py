"""What the worker does about parents and guardians: reminding, forgetting, and looking at minors again."""

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, literal, or_, select, update

from portal.act import Act
from portal.messages.marks import held, is_new_day
from portal.messages.models import Mark, Message
from portal.people.models import Person, Status
from portal.requirements.change_models import Affected, Cause
from portal.requirements.credentials import note_change
from portal.screening import guardians, message_kinds
from portal.screening.guardian_models import GuardianRequest, GuardianState
from portal.settings import Settings

MARK = "minors"
LAST_REMINDER = timedelta(days=14)
"""After how long without an answer someone is reminded for the last time."""
KEPT = timedelta(days=60)
"""How long after its link ended it is kept whom a minor named who did not sign."""
KEPT_SIGNED = timedelta(days=3 * 365)
"""How long after it ended it is kept who signed a consent."""


def to_remind(at: datetime) -> Select[int]:
    """Who did not sign for a week, or for another one."""
    return (
        select(GuardianRequest.id)
        .where(GuardianRequest.remind_at <= at)
        .order_by(GuardianRequest.remind_at)
    )


def remind(act: Act, request_id: int) -> None:
    """Remind someone who did not sign. Doing it twice is once."""
    found = to_remind(act.at).with_only_columns(GuardianRequest)
    row = act.db.scalar(
        found.where(GuardianRequest.id == request_id)
        .order_by(None)
        .with_for_update(of=GuardianRequest)
    )
    if row is None:
        return
    last = row.asked_at + LAST_REMINDER
    row.remind_at = last if act.at < last else None
    guardians.tell(act, row, message_kinds.GUARDIAN_REMINDER)


def to_erase(at: datetime) -> Select[int]:
    """Whom minors named: who did not sign, some time after the link ended; who did, years after the consent."""
    return (
        select(GuardianRequest.id)
        .where(
            GuardianRequest.name != "",
            or_(
                and_(
                    GuardianRequest.state != GuardianState.SIGNED,
                    GuardianRequest.ends_at <= at - KEPT,
                ),
                GuardianRequest.ends_at <= at - KEPT_SIGNED,
            ),
        )
        .order_by(GuardianRequest.ends_at)
    )


def erase(act: Act, request_id: int) -> None:
    """Erase who was named and how to reach them. Doing it twice is once."""
    blank = dict.fromkeys(("name", "relation", "email", "phone", "signed_name"), "")
    due = to_erase(act.at).order_by(None).where(GuardianRequest.id == request_id)
    if act.db.scalar(due.with_for_update(of=GuardianRequest)) is None:
        return
    which = GuardianRequest.id == request_id
    act.db.execute(update(GuardianRequest).where(which).values(**blank, entered_by_id=None))
    about = (Message.subject_kind == guardians.SOURCE, Message.subject_id == request_id)
    act.db.execute(update(Message).where(*about).values(address="", told="", shown=""))


def look_again(act: Act, settings: Settings) -> int:
    """Once on each local day: look again at what minors and employees are signed up for, since a role may ask
    for another age now, and staff may have changed a record; gives how many people that were."""
    mark = held(act.db, MARK)
    if mark is None:
        mark = Mark(name=MARK, at=act.at)
        act.db.add(mark)
    elif not is_new_day(act.db, MARK, settings.timezone, act.at):
        return 0
    mark.at = act.at
    act.db.execute(  # of adults no birthday is kept
        update(Person)
        .where(Person.adult_on <= act.at.date() - timedelta(days=30))
        .values(adult_on=None)
    )
    found = act.db.scalars(
        select(Person.id).where(
            or_(
                Person.adult_on > act.at.date(),
                Person.agency_job != literal(""),
                Person.id.in_(select(Affected.person_id).where(Affected.decision.is_(None))),
            ),
            Person.status == Status.ACTIVE,
        )
    ).all()
    note_change(act.db, found, Cause.RULE, act.at)
    return len(found)

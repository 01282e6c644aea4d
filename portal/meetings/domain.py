"""What meetings offer the rest of the portal."""

from sqlalchemy import Select, select

from portal.act import Act
from portal.domain import Answerable, Chore, Domain, once
from portal.meetings import invitees, leaving, notices, routes, views
from portal.meetings.closing import MEETINGS_CLOSED
from portal.meetings.events import feed_of
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.searches import MEETINGS_FOUND
from portal.meetings.undoable import MEETINGS
from portal.people import reminding
from portal.people.models import Person
from portal.people.reminding import Reminder

MARK = "meetings"


def _coming() -> Select[int, int, int, object]:
    return (
        select(Invitee.id, Invitee.person_id, Meeting.program_id, Meeting.starts_at)
        .join(Meeting, Meeting.id == Invitee.meeting_id)
        .join(Person, Person.id == Invitee.person_id)
        .where(Meeting.canceled_at.is_(None), Invitee.answer == Answer.YES)
    )


REMINDERS = (Reminder(notices.REMINDER, Invitee.noun, Meeting.starts_at, _coming),)


def _answer(act: Act, invitee_id: int, said: str) -> None:
    """What someone said from the page of a mail, or by phone."""
    row = act.db.get_one(Invitee, invitee_id)
    invitees.answer(act, row.meeting, row.person_id, yes=said == "yes")


DOMAIN = Domain(
    "meetings",
    pages=routes.pages,
    notices=notices.NOTICES,
    chores=(
        Chore(
            "meeting reminders",
            51,
            once(lambda db, now: reminding.due(db, MARK, now.at)),
            lambda act, _, now: reminding.remind(act.db, MARK, REMINDERS, act.at),
            counts=False,
        ),
    ),
    feed=feed_of,
    answerable={
        Invitee.noun: Answerable(
            _answer,
            views.SAID_YES,
            follow_up=lambda db, one: f"/meetings/{db.get_one(Invitee, one).meeting_id}",
        )
    },
    home=views.panels,
    release=leaving.release,
    engaged=leaving.engaged,
    undoables=(MEETINGS,),
    closables=(MEETINGS_CLOSED,),
    searches=(MEETINGS_FOUND,),
)

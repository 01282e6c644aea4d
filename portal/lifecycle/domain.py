"""What staying and leaving offers the rest of the portal: letters, and asking who stays."""

from collections.abc import Iterator
from operator import attrgetter

from sqlalchemy import func
from sqlalchemy.orm import Session

from portal.domain import Answerable, Chore, Domain, Panel, Queue, Texts, ids, once
from portal.lifecycle import (
    board,
    first_shifts,
    leaving,
    letters,
    milestones,
    past_years,
    retention,
    routes,
)
from portal.lifecycle.first_shift_models import FirstShift
from portal.lifecycle.letter_words import KIND_WORDS
from portal.lifecycle.models import IssuedLetter
from portal.lifecycle.notices import NOTICES
from portal.lifecycle.retention_models import Retention
from portal.lifecycle.views import board as board_views
from portal.messages.marks import is_new_day
from portal.permissions import Permission
from portal.web.request import Request
from portal.words import text


def _person(request: Request, person_id: int) -> Iterator[Panel]:
    """The letters someone was written, as far as the viewer reads them."""
    found = letters.visible_letters(request.viewer).where(IssuedLetter.person_id == person_id)
    rows = letters.lines(request.db, found)
    facts = {"rows": rows, "person_id": person_id, "kinds": KIND_WORDS}
    yield Panel(60, "lifecycle/person/_letters.html", facts)


def _follow_up(db: Session, retention_id: int) -> str:
    return "/people/staying"


DOMAIN = Domain(
    "lifecycle",
    pages=routes.pages,
    notices=NOTICES,
    person=_person,
    release=leaving.release,
    home=board_views.home,
    texts=(
        Texts(
            text("Notice board and handbook"),
            board.managed_pages,
            board_views.BoardForm.translated,
            lambda row: f"/board/pages/{row.id}",
            attrgetter("title"),
        ),
    ),
    settings=(retention.RETENTION, milestones.MILESTONES, first_shifts.ASKING),
    answerable={
        "retention": Answerable(
            retention.answer, text("Thank you! You stay on our list."), follow_up=_follow_up
        ),
        "first_shift": Answerable(first_shifts.answer, text("Thank you for telling us!")),
    },
    queues=(
        Queue(
            "own_first_shift",
            text("How was your first shift?"),
            "/me/first-shifts",
            "heart",
            197,
            lambda viewer, now: first_shifts.own_questions(viewer),
            oldest=func.min(FirstShift.asked_at),
        ),
        Queue(
            "first_shifts",
            text("How first shifts were"),
            "/first-shifts",
            "heart",
            198,
            lambda viewer, now: first_shifts.unseen(viewer, now.today),
            oldest=func.min(FirstShift.answered_at),
            may=Permission.SUPERVISION_SEE,
        ),
        Queue(
            "wishes",
            text("People who wish to leave"),
            "/people/staying",
            "door-open",
            191,
            lambda viewer, now: retention.wishes_to_leave(viewer),
            oldest=func.min(Retention.decided_at),
            may=Permission.PEOPLE_MANAGE,
        ),
        Queue(
            "last_year",
            text("Last year's volunteers to ask"),
            "/people/last-year",
            "arrow-repeat",
            183,
            lambda viewer, now: past_years.own_to_ask(viewer, now.today, now.zone),
            may=Permission.PEOPLE_MANAGE,
        ),
        Queue(
            "milestones",
            text("Milestones to celebrate"),
            "/people/milestones",
            "balloon",
            192,
            lambda viewer, now: milestones.due(viewer),
            may=Permission.PEOPLE_MANAGE,
        ),
    ),
    chores=(
        Chore(
            "first shifts",
            159,
            once(lambda db, now: is_new_day(db, first_shifts.MARK, now.zone, now.at)),
            lambda act, _, now: first_shifts.each_day(act, now.zone),
            counts=False,
        ),
        Chore(
            "staying",
            145,
            once(lambda db, now: is_new_day(db, retention.MARK, now.zone, now.at)),
            lambda act, _, now: retention.each_day(act, now.zone),
            counts=False,
        ),
        Chore(
            "milestones",
            147,
            once(lambda db, now: is_new_day(db, milestones.MARK, now.zone, now.at)),
            lambda act, _, now: milestones.each_day(act, now.zone),
            counts=False,
        ),
        Chore(
            "not staying",
            146,
            ids(lambda now: retention.due(now.today, now.at), retention.MOST_A_DAY),
            lambda act, question, now: retention.settle(act, question, now.zone),
        ),
    ),
)

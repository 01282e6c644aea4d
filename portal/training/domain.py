"""What training offers the rest of the portal."""

from operator import attrgetter

from sqlalchemy import Select, func, select

from portal.domain import Answerable, Chore, Domain, Now, Queue, Texts, ids, once
from portal.occasions.settings import time_to_answer
from portal.permissions import Permission, Viewer
from portal.training import leaving, offers, reminders, routes
from portal.training.closing import SESSIONS_CLOSED
from portal.training.events import feed_of
from portal.training.forms import CourseForm, QuizQuestionForm
from portal.training.models import Course, Enrolment, EnrolmentState, QuizQuestion
from portal.training.notices import NOTICES
from portal.training.proposal_models import Proposal
from portal.training.scopes import decidable_proposals, written_by
from portal.web.shared import Entry
from portal.words import text


def _offered(viewer: Viewer, now: Now) -> Select[Enrolment]:
    return select(Enrolment).where(
        Enrolment.person_id == viewer.person_id,
        Enrolment.state == EnrolmentState.OFFERED,
        Enrolment.answer_by > now.at,
    )


DOMAIN = Domain(
    "training",
    pages=routes.pages,
    closables=(SESSIONS_CLOSED,),
    texts=(
        Texts(
            text("Trainings"),
            lambda viewer: select(Course).where(written_by(viewer), Course.closed_at.is_(None)),
            CourseForm.translated,
            lambda row: f"/courses/{row.id}/edit",
        ),
        Texts(
            text("Quiz questions"),
            lambda viewer: (
                select(QuizQuestion)
                .join(Course, Course.id == QuizQuestion.course_id)
                .where(written_by(viewer), Course.closed_at.is_(None))
            ),
            QuizQuestionForm.translated,
            lambda row: f"/courses/{row.course_id}",
            attrgetter("words"),
        ),
    ),
    navigation=(
        Entry(
            text("Training"),
            "/courses",
            "mortarboard",
            Permission.TRAINING_MANAGE,
            also=("/proposals",),
            unless=Permission.PROGRAMS_MANAGE,
            rank=100,
        ),
    ),
    notices=NOTICES,
    queues=(
        Queue(
            "places",
            text("A training spot opened up for you"),
            "/training",
            "mortarboard",
            100,
            _offered,
            due=func.min(Enrolment.answer_by),
        ),
        Queue(
            "proposals",
            text("Training completions to approve"),
            "/proposals",
            "mortarboard",
            110,
            lambda viewer, now: decidable_proposals(viewer),
            oldest=func.min(Proposal.made_at),
            may=Permission.TRAINING_MANAGE,
        ),
    ),
    chores=(
        Chore(
            "training",
            50,
            once(lambda db, now: reminders.due(db, now.at)),
            lambda act, _, now: reminders.remind(act.db, act.at),
            counts=False,
        ),
        Chore(
            "places",
            140,
            ids(lambda now: offers.due(now.at)),
            lambda act, session, now: offers.make_offers(
                act.db, session, time_to_answer(act.db, now.settings), act.at
            ),
        ),
    ),
    feed=feed_of,
    answerable={
        "enrolment": Answerable(
            offers.give_answer, text("Thank you! You're signed up."), offers.reached
        )
    },
    release=leaving.release,
    engaged=leaving.engaged,
)

"""What recruitment offers the rest of the portal."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.domain import Audience, Chore, Domain, Now, Queue, Round, Texts, ids, once
from portal.permissions import Permission, Viewer
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
)
from portal.recruitment import (
    audience,
    buddy_notices,
    check_order,
    drafts,
    erasing,
    inquiries,
    leaving,
    links,
    pipeline,
    questions,
    review,
    routes,
)
from portal.recruitment.models import Inquiry, Opportunity
from portal.recruitment.notices import NOTICES
from portal.recruitment.opportunities import managed_opportunities
from portal.recruitment.opportunity_forms import OpportunityForm
from portal.recruitment.question_forms import QuestionForm
from portal.recruitment.question_models import ApplicationQuestion
from portal.recruitment.settings import FIRST_ANSWER_DAYS
from portal.recruitment.undoable import APPLICATIONS
from portal.web.shared import Entry
from portal.words import text

DECIDE = Permission.PLACEMENTS_DECIDE


def _own(viewer: Viewer, now: Now) -> Select[Application]:
    return select(Application).where(
        Application.person_id == viewer.person_id,
        Application.state.in_(OPEN_APPLICATIONS),
        Application.state != ApplicationState.ACCEPTED,
    )


def _offered(viewer: Viewer, now: Now) -> Select[Application]:
    return select(Application).where(
        Application.person_id == viewer.person_id, Application.state == ApplicationState.ACCEPTED
    )


def _unmade(db: Session, now: Round) -> bool:
    found = select(Application.id).where(links.unmade()).limit(1)
    return db.scalar(found) is not None


DOMAIN = Domain(
    "recruitment",
    pages=routes.pages,
    settings=(FIRST_ANSWER_DAYS, erasing.ERASE, erasing.YEARS),
    texts=(
        Texts(
            text("Application questions"),
            lambda viewer: questions.managed_questions(viewer).where(
                ApplicationQuestion.closed_at.is_(None)
            ),
            QuestionForm.translated,
            lambda row: f"/applications/questions/{row.id}",
            lambda row: str(row.label),
        ),
        Texts(
            text("Opportunities"),
            lambda viewer: managed_opportunities(viewer).where(Opportunity.closed_at.is_(None)),
            OpportunityForm.translated,
            lambda row: f"/postings/{row.id}",
            lambda row: str(row.title),
        ),
    ),
    navigation=(
        Entry(
            text("Applications"),
            "/applications",
            "person-plus",
            DECIDE,
            also=("/postings", "/opportunities", "/inquiries", "/interviews"),
            rank=55,
        ),
        Entry(
            text("Ways to help"),
            "/opportunities",
            "heart",
            Permission.PUBLIC,
            also=("/applying", "/applied", "/me/applications"),
            unless=DECIDE,
            rank=120,
        ),
    ),
    notices={**NOTICES, **buddy_notices.NOTICES},
    queues=(
        Queue(
            "role_offered",
            text("A role is waiting for your yes"),
            "/me/applications",
            "heart",
            5,
            _offered,
            oldest=func.min(Application.state_since),
            card=("recruitment/home/_offered.html", 10),
        ),
        Queue(
            "own",
            text("Ways to help"),
            "/me/applications",
            "heart",
            0,
            _own,
            oldest=func.min(Application.received_at),
            card=("recruitment/home/_applied.html", 80),
        ),
        Queue(
            "applications",
            text("New volunteer applications"),
            "/applications?stage=submitted",
            "person-plus",
            180,
            lambda viewer, now: pipeline.to_answer(viewer),
            oldest=func.min(Application.received_at),
            may=DECIDE,
        ),
        Queue(
            "my_applications",
            text("Your applications in review"),
            "/applications?stage=in_review&owner=me",
            "person-check",
            185,
            lambda viewer, now: pipeline.own_work(viewer),
            oldest=func.min(Application.state_since),
            may=DECIDE,
        ),
        Queue(
            "unowned_applications",
            text("Applications in review without an owner"),
            "/applications?stage=in_review&owner=none",
            "person",
            186,
            lambda viewer, now: pipeline.unowned(viewer),
            oldest=func.min(Application.state_since),
            may=DECIDE,
        ),
        Queue(
            "kept",
            text("Applications kept for an opening: time is up"),
            "/applications?stage=on_hold&due=yes",
            "hourglass-split",
            188,
            lambda viewer, now: pipeline.kept(viewer, now.today),
            oldest=func.min(Application.state_since),
            may=DECIDE,
        ),
        Queue(
            "new_questions",
            text("Application questions to approve"),
            "/applications/questions?approve=yes",
            "question-circle",
            193,
            lambda viewer, now: questions.to_approve(viewer),
            oldest=func.min(ApplicationQuestion.added_at),
            may=Permission.AGENCY_MANAGE,
        ),
        Queue(
            "inquiries",
            text("Questions from the public"),
            "/inquiries",
            "question-circle",
            187,
            lambda viewer, now: inquiries.waiting(viewer),
            oldest=func.min(Inquiry.received_at),
            may=DECIDE,
        ),
    ),
    audiences={
        "applicants": Audience(
            audience.role_of,
            audience.people_of,
            lambda position_id: f"/applications?position={position_id}",
        )
    },
    release=leaving.release,
    engaged=leaving.engaged,
    chores=(
        Chore(
            "next checks",
            157,
            ids(lambda now: check_order.next_checks(), 50),
            lambda act, one, now: check_order.ask_next_checks(act, one, now.settings),
            counts=False,
        ),
        Chore(
            "application links",
            141,
            once(_unmade),
            lambda act, _, now: links.make_anew(act.db, now.settings),
            until_nothing=True,
        ),
        Chore(
            "application answers",
            142,
            ids(lambda now: review.answers_due(now.at, now.zone), review.AT_MOST),
            lambda act, application, now: review.warn(act, application, now.zone),
        ),
        Chore(
            "application drafts",
            143,
            lambda db, now: drafts.expired(db, now.at),
            lambda act, draft, now: drafts.erase(act.db, draft, act.at),
        ),
        Chore(
            "old applications",
            148,
            lambda db, now: erasing.due(db, now.settings, now.at),
            lambda act, application, now: erasing.erase(act, application, now.settings),
        ),
        Chore(
            "old questions",
            149,
            lambda db, now: erasing.due_questions(db, now.settings, now.at),
            lambda act, inquiry, now: erasing.erase_question(act, inquiry, now.settings),
        ),
    ),
    undoables=(APPLICATIONS,),
)

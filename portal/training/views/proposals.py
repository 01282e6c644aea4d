"""Pages of what passes propose, of passes from paper, and of yearly targets."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.people.models import Person
from portal.programs.models import Position, Program
from portal.programs.scopes import in_viewers_programs, one, openable
from portal.training import learning, proposal_list, proposals, results, session_people
from portal.training.forms import DenialForm, PaperForm, TargetForm
from portal.training.proposal_models import LearningTarget, Proposal
from portal.training.scopes import (
    MANAGE,
    decidable_proposals,
    managed_programs,
    teachable_people,
)
from portal.training.views.courses import managed_course, topics_of
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text


def list_proposals(
    request: Request, form: DenialForm | None = None, proposal_id: int | None = None
) -> Screen:
    """What passes propose and someone has to confirm."""
    rows = proposal_list.waiting_proposals(request.db, request.viewer)
    return screen(
        "training/proposals.html",
        rows=rows,
        form=form,
        denying=form_of(form, DenialForm),
        proposal_id=proposal_id,
        openable=openable(request.db, request.viewer, {row.person_id for row in rows}),
    )


def _proposal(request: Request, proposal_id: int) -> Proposal:
    mine = decidable_proposals(request.viewer)
    return one(request.db, mine, Proposal.id == proposal_id)


def confirm(request: Request, form: Any, proposal_id: int) -> See:
    """Carry a proposal out."""
    proposal = _proposal(request, proposal_id)
    zone = request.settings.timezone
    if proposals.confirm(request.act, proposal, zone=zone):
        return See("/proposals", text("The completion was approved."))
    return See("/proposals", text("This couldn't be recorded. The reason is next to it."))


def deny(request: Request, form: DenialForm, proposal_id: int) -> See:
    """Say no to a proposal."""
    proposal = _proposal(request, proposal_id)
    proposals.deny(request.act, proposal, form.reason.data)
    return See("/proposals", text("The completion was declined."))


def show_paper(request: Request, course_id: int, form: PaperForm | None = None) -> Screen:
    """Write down a pass from paper: find the person, then the day."""
    course = managed_course(request, course_id)
    query = request.asked("q")
    today = clock.local_day(request.at, request.settings.timezone)
    return screen(
        "training/paper.html",
        course=course,
        query=query,
        found=session_people.candidates(request.db, request.viewer, query),
        form=form,
        writing=form or PaperForm(data={"day": today, "asked": "paper"}),
    )


def save_paper(request: Request, form: PaperForm, course_id: int) -> See:
    """Save a pass from paper."""
    course = managed_course(request, course_id)
    people = teachable_people(request.viewer)
    person = one(request.db, people, Person.id == form.person.data)
    results.from_paper(
        request.act.but(asked=form.asked.data),
        course,
        person,
        form.day.data,
        form.note.data,
        zone=request.settings.timezone,
    )
    said = text("Completion recorded for %(name)s.", name=person.name)
    return See(f"/courses/{course_id}", said)


def list_targets(request: Request, form: TargetForm | None = None) -> Screen:
    """How long people learn in a year, by topic."""
    db, viewer = request.db, request.viewer
    programs = db.execute(
        managed_programs(viewer)
        .with_only_columns(Program.id, Program.name)
        .order_by(Program.name)
        .limit(300)
    )
    positions = db.execute(
        select(Position.id, Position.name, Program.name.label("program"))
        .join(Program, Program.id == Position.program_id)
        .where(
            in_viewers_programs(Position.program_id, viewer, MANAGE), Position.closed_at.is_(None)
        )
        .order_by(Program.name, Position.name)
        .limit(500)
    )
    return screen(
        "training/targets.html",
        rows=learning.targets(db, viewer),
        form=form or TargetForm(),
        programs=[(row.id, row.name) for row in programs],
        positions=[(row.id, f"{row.name} · {row.program}") for row in positions],
        topics=topics_of(request),
        everywhere=viewer.everywhere(MANAGE),
    )


def add_target(request: Request, form: TargetForm) -> See:
    """Add a target."""
    learning.add_target(
        request.act, form.topic.data, form.minutes.data, form.program_id.data, form.position_id.data
    )
    return See("/courses/targets", text("The target was saved."))


def remove_target(request: Request, form: Any, target_id: int) -> See:
    """Take a target away."""
    mine = select(LearningTarget).where(
        in_viewers_programs(LearningTarget.program_id, request.viewer, MANAGE)
    )
    target = one(request.db, mine, LearningTarget.id == target_id)
    learning.drop_target(request.act, target)
    return See("/courses/targets", text("The target was removed."))

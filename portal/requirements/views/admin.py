"""What an agency asks for: kinds of proof with their wordings, rules, things to read, trial periods."""

from typing import Any

from sqlalchemy import select

from portal.permissions import Permission
from portal.programs.models import Position, Program
from portal.programs.scopes import managed_positions, managed_programs, one
from portal.requirements import acknowledgements, kinds, rules, trials
from portal.requirements.check_models import RequirementText, TextKind
from portal.requirements.forms import (
    KIND_WORDS,
    PATH_WORDS,
    STAGE_WORDS,
    TEXT_WORDS,
    ApproveTextForm,
    RequirementForm,
    TextForm,
    TrialForm,
    validity_of,
    values_of,
)
from portal.requirements.kind_rules import checks_to_wait_for
from portal.requirements.models import Reading, Requirement, Trial
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text


def index(request: Request, form: Any = None) -> Screen:
    """Every kind of proof one may use, and every rule one may read."""
    db, viewer = request.db, request.viewer
    found = db.scalars(
        kinds.usable_requirements(viewer).order_by(Requirement.program_id, Requirement.name)
    ).all()
    return screen(
        "requirements/index.html",
        requirements=found,
        programs=dict(program_options(request)),
        missing=kinds.lacking_texts(db, [one for one in found if kinds.texts_of(one)]),
        rules=rules.list_rules(db, viewer, today_of(request)),
        today=today_of(request),
        kinds=KIND_WORDS,
        validity_of=validity_of,
        stages=STAGE_WORDS,
        readings=_readings(request),
        agency_wide=viewer.everywhere(Permission.REQUIREMENTS_MANAGE),
        may=viewer.may_in,
        manage=Permission.REQUIREMENTS_MANAGE,
        form=form,
    )


def _readings(request: Request) -> list[tuple[Reading, Any]]:
    found = request.db.scalars(
        acknowledgements.managed_readings(request.viewer)
        .where(Reading.ended_at.is_(None))
        .order_by(Reading.due_on, Reading.id)
        .limit(100)
    ).all()
    counts = acknowledgements.counts(request.db, [one.id for one in found])
    return [(one, counts.get(one.id)) for one in found]


def program_options(request: Request) -> list[tuple[int, str]]:
    rows = request.db.execute(
        managed_programs(request.viewer)
        .with_only_columns(Program.id, Program.name)
        .where(Program.closed_at.is_(None))
        .order_by(Program.name)
    )
    return [(row.id, row.name) for row in rows]


def role_options(request: Request) -> list[tuple[int, str]]:
    rows = request.db.execute(
        managed_positions(request.viewer)
        .join(Program, Program.id == Position.program_id)
        .with_only_columns(Position.id, Position.name, Program.name.label("program"))
        .where(Position.closed_at.is_(None))
        .order_by(Program.name, Position.name)
    )
    return [(row.id, f"{row.program}: {row.name}") for row in rows]


def new_requirement(request: Request, form: RequirementForm | None = None) -> Screen:
    """Write a new kind of proof."""
    return _requirement_screen(request, form or RequirementForm(data={"strict": True}), None)


def _requirement_screen(
    request: Request, form: RequirementForm, requirement: Requirement | None
) -> Screen:
    return screen(
        "requirements/requirement_edit.html",
        form=form,
        requirement=requirement,
        programs=program_options(request),
        agency_wide=request.viewer.everywhere(Permission.REQUIREMENTS_MANAGE),
        kinds=KIND_WORDS,
        paths=PATH_WORDS,
        checks=[
            (row.id, request.written(row.name, row.translations))
            for row in request.db.scalars(
                checks_to_wait_for(request.viewer, requirement.id if requirement else None)
                .order_by(Requirement.name)
                .limit(100)
            )
        ],
    )


def create_requirement(request: Request, form: RequirementForm) -> See:
    """Add it."""
    made = kinds.add_requirement(request.act, values_of(form), form.program.data)
    return See(f"/requirements/{made.id}", text("The requirement was added."))


def requirement_of(request: Request, requirement_id: int) -> Requirement:
    """A kind of proof one may change, or NotFound."""
    mine = kinds.managed_requirements(request.viewer)
    return one(request.db, mine, Requirement.id == requirement_id)


def show_requirement(request: Request, requirement_id: int, form: Any = None) -> Screen:
    """A kind of proof with its wordings."""
    requirement = requirement_of(request, requirement_id)
    wanted = kinds.texts_of(requirement)
    texts = request.db.scalars(
        select(RequirementText)
        .where(RequirementText.requirement_id == requirement_id)
        .order_by(RequirementText.kind, RequirementText.number.desc())
    ).all()
    return screen(
        "requirements/requirement.html",
        requirement=requirement,
        kinds=KIND_WORDS,
        validity_of=validity_of,
        paths=PATH_WORDS,
        wanted=wanted,
        texts=texts,
        words=TEXT_WORDS,
        choices=[(kind.value, TEXT_WORDS[kind]) for kind in wanted],
        form=form,
        writing=form_of(form, TextForm),
        approving=form_of(form, ApproveTextForm, {"approved_on": today_of(request)}),
    )


def edit_requirement(
    request: Request, requirement_id: int, form: RequirementForm | None = None
) -> Screen:
    """Change it."""
    requirement = requirement_of(request, requirement_id)
    form = form or RequirementForm.showing(kinds.requirement_values(requirement))
    return _requirement_screen(request, form, requirement)


def update_requirement(request: Request, form: RequirementForm, requirement_id: int) -> See:
    """Save it."""
    requirement = requirement_of(request, requirement_id)
    kinds.edit_requirement(request.act, requirement, values_of(form), form.version.data)
    return See(f"/requirements/{requirement_id}", text("The requirement was saved."))


def close_requirement(request: Request, form: Any, requirement_id: int) -> See:
    """Close a requirement."""
    requirement = requirement_of(request, requirement_id)
    kinds.close_requirement(request.act, requirement, today_of(request), closed=True)
    return See(f"/requirements/{requirement_id}", text("This requirement is closed."))


def reopen_requirement(request: Request, form: Any, requirement_id: int) -> See:
    """Ask for it again."""
    requirement = requirement_of(request, requirement_id)
    kinds.close_requirement(request.act, requirement, today_of(request), closed=False)
    return See(f"/requirements/{requirement_id}", text("The requirement was reopened."))


def add_text(request: Request, form: TextForm, requirement_id: int) -> See:
    """Write a new version of a wording."""
    requirement = requirement_of(request, requirement_id)
    kind = TextKind(form.kind.data)
    kinds.add_text(request.act, requirement, kind, form.body.data, form.translations)
    return See(
        f"/requirements/{requirement_id}",
        text("The new version was saved. It's used once someone approves it."),
    )


def approve_text(request: Request, form: ApproveTextForm, requirement_id: int, text_id: int) -> See:
    """Note who approved a wording."""
    requirement = requirement_of(request, requirement_id)
    mine = select(RequirementText).where(RequirementText.requirement_id == requirement.id)
    wording = one(request.db, mine, RequirementText.id == text_id)
    if form.approved_on.data > today_of(request):
        raise Refused(fields={"approved_on": text("This date is in the future.")})
    kinds.approve_text(request.act, wording, form.approved_by.data, form.approved_on.data)
    return See(
        f"/requirements/{requirement_id}",
        text("The new version was approved. It's used from now on."),
    )


def edit_trial(request: Request, position_id: int, form: TrialForm | None = None) -> Screen:
    """A position's trial period."""
    position = one(request.db, managed_positions(request.viewer), Position.id == position_id)
    trial = request.db.get(Trial, position_id)
    data = {"months": trial.months, "shifts": trial.shifts} if trial else {}
    return screen(
        "requirements/trial.html", form=form or TrialForm(data=data), position=position, trial=trial
    )


def save_trial(request: Request, form: TrialForm, position_id: int) -> See:
    """Save it."""
    position = one(request.db, managed_positions(request.viewer), Position.id == position_id)
    trials.configure(request.act, position, form.months.data, form.shifts.data)
    return See(f"/positions/{position_id}/edit", text("The trial period was saved."))

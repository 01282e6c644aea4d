"""Pages of rules: what is asked for which role, and what a change would do."""

from portal.permissions import Permission
from portal.programs.models import Position
from portal.programs.scopes import managed_positions, one
from portal.requirements import kinds, rules
from portal.requirements.forms import (
    STAGE_WORDS,
    RuleForm,
)
from portal.requirements.models import Requirement, Rule, Stage
from portal.requirements.views.admin import program_options, role_options
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.request import Request, today_of
from portal.words import text


def new_rule(request: Request, form: RuleForm | None = None) -> Screen:
    """Ask for something."""
    data = {"effective_on": today_of(request), "position": request.asked_id("position")}
    return _rule_screen(request, form or RuleForm(data=data), None)


def _rule_screen(request: Request, form: RuleForm, rule: Rule | None) -> Screen:
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    usable = request.db.execute(
        kinds.in_rules(request.viewer)
        .with_only_columns(Requirement.id, Requirement.name, Requirement.translations)
        .order_by(Requirement.name)
    ).all()
    return screen(
        "requirements/rule.html",
        form=form,
        rule=rule,
        versions=rules.versions_of(request.db, rule) if rule else [],
        stages=STAGE_WORDS,
        requirements=usable,
        programs=program_options(request),
        roles=role_options(request),
        agency_wide=request.viewer.everywhere(Permission.REQUIREMENTS_MANAGE),
        preview=preview,
        today=today_of(request),
    )


def create_rule(request: Request, form: RuleForm) -> See:
    """Save it, once whom it touches was looked at."""
    scope = rules.Scope(form.program.data)
    if form.position.data:
        position = one(
            request.db, managed_positions(request.viewer), Position.id == form.position.data
        )
        scope = rules.Scope(position.program_id, position.id)
    rules.add_rule(
        request.act, scope, _terms(request, form), form.seen.data or "", today_of(request)
    )
    return See("/requirements", text("The rule was added."))


def _terms(request: Request, form: RuleForm) -> rules.Terms:
    usable = kinds.in_rules(request.viewer).where(Requirement.id.in_(form.requirements.data))
    binds = form.binds_all_on.data or form.effective_on.data
    return rules.Terms(
        form.effective_on.data,
        Stage(form.stage.data),
        tuple(
            request.db.scalars(usable.with_only_columns(Requirement.id).order_by(Requirement.id))
        ),
        binds if form.whom.data == "all" else None,
        form.trainees.data,
    )


def rule_of(request: Request, rule_id: int) -> Rule:
    """A rule one may change, or NotFound."""
    return one(request.db, rules.managed_rules(request.viewer), Rule.id == rule_id)


def edit_rule(request: Request, rule_id: int, form: RuleForm | None = None) -> Screen:
    """Change a rule from a day on."""
    rule = rule_of(request, rule_id)
    now = rules.versions_of(request.db, rule)[-1]
    form = form or RuleForm(
        data={
            "requirements": [option.requirement_id for option in now.options],
            "stage": now.stage,
            "trainees": now.trainees,
            "effective_on": today_of(request),
        }
    )
    return _rule_screen(request, form, rule)


def update_rule(request: Request, form: RuleForm, rule_id: int) -> See:
    """Save it, once whom it touches was looked at."""
    rules.change_rule(
        request.act,
        rule_of(request, rule_id),
        _terms(request, form),
        form.seen.data or "",
        today_of(request),
    )
    return See("/requirements", text("The rule was saved."))

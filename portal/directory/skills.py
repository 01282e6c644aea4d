"""What people can do, for staff: writing it down for someone, seeing that it is so, and the list of words."""

from typing import Any

import wtforms

from portal import clock
from portal.directory.views import managed
from portal.people import availability, skills
from portal.people.forms import AskedForm
from portal.people.skill_forms import KIND_WORDS, CanForForm, DayForForm, WeekForForm
from portal.people.traits import Skill
from portal.people.views.skills import SAVED, skills_screen
from portal.web.answers import Screen, See, screen
from portal.web.choices import choice_field
from portal.web.errors import NotFound
from portal.web.fields import hidden_number, text_field
from portal.web.forms import Form
from portal.web.request import Request
from portal.web.translated import TranslatedForm
from portal.words import text


class SkillForm(TranslatedForm):
    """A word of the agency's list."""

    translated = ("name",)

    name = text_field(text("Name"), most=80, required=True)
    version = hidden_number()


class NewSkillForm(SkillForm):
    kind = choice_field(text("Type"), KIND_WORDS)


class SeenForm(Form):
    level = wtforms.HiddenField()


def show(request: Request, person_id: int, form: Any = None) -> Screen:
    """What a person can do, and when, to be written down for them."""
    person = managed(request, person_id)
    return skills_screen(
        request,
        person,
        form,
        (CanForForm, WeekForForm, DayForForm),
        staff=True,
        base=f"/people/{person_id}",
        asking=AskedForm(),
    )


def declare(request: Request, form: CanForForm, person_id: int) -> See:
    """Write down what a person can do."""
    skills.declare(
        request.act.but(asked=form.asked.data),
        managed(request, person_id),
        form.values,
        form.version.data,
    )
    return _back(person_id)


def set_week(request: Request, form: WeekForForm, person_id: int) -> See:
    """Write down when a person could come."""
    availability.set_week(
        request.act.but(asked=form.asked.data),
        managed(request, person_id).id,
        form.week,
        form.version.data,
    )
    return _back(person_id)


def set_day(request: Request, form: DayForForm, person_id: int) -> See:
    """Write down what holds on one day."""
    today = clock.local_day(request.at, request.settings.timezone)
    availability.set_day(
        request.act.but(asked=form.asked.data),
        managed(request, person_id).id,
        form.day.data,
        form.span,
        today,
    )
    return _back(person_id)


def remove_day(request: Request, form: AskedForm, person_id: int, day_id: int) -> See:
    """Let the weekday hold again."""
    availability.remove_day(
        request.act.but(asked=form.asked.data), managed(request, person_id).id, day_id
    )
    return _back(person_id)


def verify(request: Request, form: SeenForm, person_id: int, skill_id: int) -> See:
    """Note that one has seen it, at the level that stood there."""
    person, level = managed(request, person_id), form.level.data
    skills.verify(request.act, person.id, skill_id, level)
    return _back(person_id)


def unverify(request: Request, form: Any, person_id: int, skill_id: int) -> See:
    """Take that back."""
    person = managed(request, person_id)
    skills.unverify(request.act, person.id, skill_id)
    return _back(person_id)


def _back(person_id: int) -> See:
    return See(f"/people/{person_id}/skills", SAVED)


def list_skills(request: Request, form: NewSkillForm | None = None) -> Screen:
    """The agency's languages, skills and districts, and adding one."""
    return screen(
        "directory/skills.html",
        words=skills.vocabulary(request.db, closed=True),
        form=form,
        adding=form or NewSkillForm(),
    )


def create_skill(request: Request, form: NewSkillForm) -> See:
    """Add one."""
    skills.add_skill(request.act, form.values)
    return See("/skills", text("The skill was added."))


def _skill(request: Request, skill_id: int) -> Skill:
    skill = request.db.get(Skill, skill_id)
    if skill is None:
        raise NotFound
    return skill


def edit_skill(request: Request, skill_id: int, form: SkillForm | None = None) -> Screen:
    """Change a word of the list."""
    skill = _skill(request, skill_id)
    form = form or SkillForm.showing(skills.skill_values(skill))
    return screen("directory/skill.html", skill=skill, form=form, kinds=KIND_WORDS)


def update_skill(request: Request, form: SkillForm, skill_id: int) -> See:
    """Save it."""
    skill = _skill(request, skill_id)
    skills.edit_skill(request.act, skill, form.values, form.version.data)
    return See("/skills", text("The skill was saved."))


def close_skill(request: Request, form: Any, skill_id: int) -> See:
    """Close a skill."""
    skills.close_skill(request.act, _skill(request, skill_id))
    return See("/skills", text("The skill is no longer offered."))


def reopen_skill(request: Request, form: Any, skill_id: int) -> See:
    """Offer it again."""
    skills.reopen_skill(request.act, _skill(request, skill_id))
    return See("/skills", text("The skill is offered again."))

"""What one can do, and when: one's own page, and its parts for the staff's page about someone."""

from typing import Any

from portal import clock
from portal.people import availability, skills
from portal.people.models import Person
from portal.people.skill_forms import (
    LEVEL_WORDS,
    WEEKDAY_WORDS,
    CanForm,
    DayForm,
    WeekForm,
    week_data,
)
from portal.people.views.account import me
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

SAVED = text("Skills and availability were saved.")
OWN = "/me/skills"


def skills_screen(
    request: Request,
    person: Person,
    form: Any,
    forms: tuple[type[CanForm], type[WeekForm], type[DayForm]],
    **more: Any,
) -> Screen:
    """The page with its three forms; the one that was refused as it was sent."""
    can, week, day = forms
    saved = availability.week_of(request.db, person.id)
    values = skills.can_values(request.db, person)
    return screen(
        "people/skills.html",
        person=person,
        form=form,
        can=form_of(form, can, values),
        week=form_of(form, week, week_data(saved)).apart("week"),
        day_form=form_of(form, day).apart("day"),
        words=skills.vocabulary(request.db, of=person.id),
        weekdays=WEEKDAY_WORDS,
        **traits(request, person.id),
        **more,
    )


def traits(request: Request, person_id: int) -> dict[str, Any]:
    """What a person can do and when they could come, to be read."""
    today = clock.local_day(request.at, request.settings.timezone)
    return {
        "own_skills": skills.skills_of(request.db, person_id),
        "own_week": availability.week_of(request.db, person_id),
        "own_days": availability.days_of(request.db, person_id, today),
        "level_words": LEVEL_WORDS,
        "weekday_words": WEEKDAY_WORDS,
    }


def show_own(request: Request, form: Any = None) -> Screen:
    """What one can do, and when."""
    return skills_screen(
        request, me(request), form, (CanForm, WeekForm, DayForm), staff=False, base="/me"
    )


def declare(request: Request, form: CanForm) -> See:
    """Say what one can do."""
    skills.declare(request.act, me(request), form.values, form.version.data)
    return See(OWN, SAVED)


def set_week(request: Request, form: WeekForm) -> See:
    """Say when one could come."""
    availability.set_week(request.act, me(request).id, form.week, form.version.data)
    return See(OWN, SAVED)


def set_day(request: Request, form: DayForm) -> See:
    """Say what holds on one day."""
    today = clock.local_day(request.at, request.settings.timezone)
    availability.set_day(request.act, me(request).id, form.day.data, form.span, today)
    return See(OWN, SAVED)


def remove_day(request: Request, form: Any, day_id: int) -> See:
    """Let the weekday hold again."""
    availability.remove_day(request.act, me(request).id, day_id)
    return See(OWN, text("The date was removed."))

"""Employees who volunteer: asking whether one works for the agency, and what HR says of their roles."""

from typing import Any

import wtforms

from portal.people.models import Person
from portal.recruitment.public_forms import JOB, JOB_HELP
from portal.requirements.employee_models import SameWork
from portal.screening import employees
from portal.web.answers import Screen, See, screen
from portal.web.fields import text_field
from portal.web.forms import Form, form_of
from portal.web.request import Request, today_of
from portal.words import text


class JobForm(Form):
    """What one does for the agency."""

    agency_job = text_field(JOB, most=120, help=JOB_HELP)


class DecideForm(Form):
    """What HR said: `other` is "yes" or "no", of the job that was shown."""

    kept = False

    job = wtforms.HiddenField()
    other = wtforms.HiddenField()


def show_own(request: Request, form: Any = None) -> Screen:
    """The job one has with the agency, as it is on record."""
    person = request.db.get_one(Person, request.viewer.person_id)
    typed = form_of(form, JobForm, {"agency_job": person.agency_job})
    return screen("screening/job.html", form=typed)


def say_own(request: Request, form: JobForm) -> See:
    """Say which job one has."""
    person = request.db.get_one(Person, request.viewer.person_id)
    employees.say_job(request.act, person, form.agency_job.data or "", today_of(request))
    return See("/me", text("Thank you! We saved your answer."))


def show(request: Request, form: Any = None) -> Screen:
    """The roles about which HR was not asked yet, or those that were decided."""
    done = request.asked("done") == "yes"
    scope = employees.to_decide(request.viewer)
    if done:
        scope = employees.roles_of_employees(request.viewer).where(SameWork.id.is_not(None))
    rows = employees.lines(request.db, scope)
    return screen("screening/work_checks.html", rows=rows, done=done, form=form)


def decide(request: Request, form: DecideForm, employee_id: int, role_id: int) -> See:
    """Write down what HR said."""
    other = form.other.data == "yes"
    employees.decide(
        request.act,
        employee_id,
        role_id,
        form.job.data or "",
        other=other,
        on=today_of(request),
    )
    return See("/work-checks", text("HR's answer was saved."))

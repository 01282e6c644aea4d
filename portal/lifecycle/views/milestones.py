"""Milestones: which programs list them, whose wait, and writing certificates."""

from typing import Any

import wtforms

from portal.agency.settings import change
from portal.lifecycle import milestones
from portal.lifecycle.milestone_models import Milestone, MilestoneState
from portal.lifecycle.switched import switched_on
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import managed_programs, one
from portal.programs.views.choices import program_options
from portal.web.answers import Screen, See, screen
from portal.web.forms import Form
from portal.web.request import Request
from portal.words import text


class OnForm(Form):
    """Whether a program lists milestones."""

    on = wtforms.HiddenField()


def show(request: Request, form: Any = None) -> Screen:
    """The milestones that wait, those that are done, and the programs that list them."""
    db = request.db
    return screen(
        "lifecycle/milestones.html",
        form=form,
        rows=milestones.lines(db, milestones.due(request.viewer)),
        past=milestones.lines(db, milestones.done(request.viewer)),
        words=milestones.words_for,
        states=MilestoneState,
        programs=program_options(request, Permission.PEOPLE_MANAGE),
        on=set(switched_on(db, milestones.MILESTONES)),
        hours=", ".join(map(str, milestones.HOURS)),
        years=", ".join(map(str, milestones.YEARS)),
    )


def switch(request: Request, form: OnForm, program_id: int) -> See:
    """Let a program list milestones, or stop."""
    program = one(request.db, managed_programs(request.viewer), Program.id == program_id)
    on = form.on.data == "yes"
    change(request.act, milestones.MILESTONES, on, request.settings, program.id)
    said = (
        text("Milestones are on for this program. What people reach from today on is listed.")
        if on
        else text("Milestones are off for this program.")
    )
    return See("/people/milestones", said)


def _due(request: Request, milestone_id: int) -> Milestone:
    return one(request.db, milestones.due(request.viewer), Milestone.id == milestone_id)


def celebrate(request: Request, form: Any, milestone_id: int) -> See:
    """Write a certificate."""
    row = milestones.celebrate(
        request.act, _due(request, milestone_id), request.viewer.name, request.settings
    )
    said = (
        text("The certificate was written. We emailed %(name)s.", name=row.person.name)
        if row.person.mailable
        else text("The certificate was written. Print it for %(name)s.", name=row.person.name)
    )
    return See("/people/milestones", said)


def skip(request: Request, form: Any, milestone_id: int) -> See:
    """Take one off the list."""
    milestones.skip(request.act, _due(request, milestone_id))
    return See("/people/milestones", text("The milestone was skipped."))

"""What applicants say of themselves that asks more of them: that they are minors, or work for the agency."""

from datetime import date

from portal.act import Act
from portal.people.models import Person
from portal.programs.application_models import Application
from portal.programs.models import Position
from portal.requirements.built_in import turns
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.web.errors import Refused
from portal.words import text


def check_age(position: Position, adult_on: date | None, today: date) -> None:
    """Raise Refused for someone who is too young for a role, today."""
    if adult_on is None or today >= adult_on or today >= turns(adult_on, position.youngest):
        return
    words = text("This role is for people who are %(age)s or older.", age=position.youngest)
    raise Refused(fields={"adult_on": words})


def note_said(act: Act, person: Person, application: Application, today: date) -> None:
    """Keep on a record what asks more of a person: that they are a minor, the later day where two were said,
    and the job they have with the agency."""
    before = (person.adult_on, person.agency_job)
    if application.adult_on is not None and application.adult_on > today:
        person.adult_on = max(person.adult_on or application.adult_on, application.adult_on)
    if application.agency_job:
        person.agency_job = application.agency_job
    person.job_asked_on = today
    if before != (person.adult_on, person.agency_job):
        note_change(act.db, [person.id], Cause.RULE, act.at)

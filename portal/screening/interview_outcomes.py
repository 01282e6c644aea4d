"""What comes of an interview."""

from datetime import date

from portal import clock
from portal.act import Act
from portal.permissions import Permission
from portal.programs.application_models import OPEN_APPLICATIONS, Hold
from portal.recruitment import review
from portal.requirements import credentials
from portal.requirements.models import Kind, Requirement, Validity, Verifier
from portal.screening import interviews
from portal.screening.interview_models import Interview, InterviewState
from portal.screening.wanted import requirement_lacking
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text


def decide(act: Act, row: Interview, good: bool, notes: str, settings: Settings) -> None:
    """Write down what came of an interview. A good one is the proof that the role asks for, and ends a hold for
    it."""
    interviews.lock(act, row, InterviewState.BOOKED)
    if not interviews.has_begun(row, act.at):
        raise Refused(text("This interview hasn't begun yet."))
    interviews.free(act.db, row)
    row.state, row.good, row.notes = InterviewState.HELD, good, notes
    row.decided_by_id = act.by.person_id
    interviews.note(act, row, "held")
    application = row.application
    if not good or application.state not in OPEN_APPLICATIONS:
        return
    today = clock.local_day(act.at, settings.timezone)
    if application.person_id is not None:
        row.requirement_id = requirement_lacking(act.db, application, Kind.INTERVIEW, today)
        _prove(act, application.person_id, row, today)
    if application.hold == Hold.INTERVIEW:
        review.resume(act, application)


def _prove(act: Act, person_id: int, row: Interview, today: date) -> None:
    """Write the proof that the role asks for. One that only screeners review waits for a screener to write it,
    and so does one with a date on the paper."""
    if row.requirement_id is None:
        return
    requirement = act.db.get_one(Requirement, row.requirement_id)
    screened = requirement.verifier == Verifier.SCREENER
    if screened and not act.by.may_in(Permission.SCREENING_HANDLE, row.program_id):
        return
    if requirement.validity != Validity.DATED:
        credentials.write_down(act, person_id, requirement, credentials.Paper(today))


def missed(act: Act, row: Interview) -> None:
    """The applicant did not come. Staff may offer times again."""
    interviews.lock(act, row, InterviewState.BOOKED)
    if not interviews.has_begun(row, act.at):
        raise Refused(text("This interview hasn't begun yet."))
    interviews.free(act.db, row)
    row.state = InterviewState.MISSED
    interviews.note(act, row, "missed")

"""Pages of who came."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs, one
from portal.requirements.records import Question, clearances
from portal.shifts import attendance, roster
from portal.shifts.attendance_forms import ATTENDANCE_WORDS, AttendanceForm
from portal.shifts.models import Shift, Signup
from portal.shifts.views.shifts import managed_shift
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import count_text

MOST_ROSTERS = 200


def list_rosters(request: Request) -> Screen:
    """The rosters that no one has filled in."""
    rows = attendance.unmarked_rosters(request.db, request.viewer, request.at, MOST_ROSTERS)
    return screen("shifts/rosters.html", rows=rows)


def show(request: Request, shift_id: int, form: AttendanceForm | None = None) -> Screen:
    """Who was on the shift, and whether they came."""
    shift = managed_shift(request, shift_id)
    current, _ = roster.roster(request.db, shift_id)
    wrong: Any = dict(form.wrong) if form else {}
    if form and isinstance(form.refusal, attendance.WrongMarks):
        wrong |= form.refusal.lines
    return screen(
        "shifts/attendance.html",
        shift=shift,
        current=current,
        hours=attendance.hours_of(request.db, [row.id for row in current]),
        length=attendance.length_of(shift),
        options=ATTENDANCE_WORDS,
        open=sum(row.attendance is None for row in current),
        begun=shift.starts_at <= request.at,
        seen=attendance.seen_mark,
        lacking=_not_cleared(request, shift, current),
        form=form,
        typed=form.typed if form else {},
        wrong=wrong,
    )


def _not_cleared(request: Request, shift: Shift, current: Any) -> set[int]:
    """Whose signup stands on a roster without everything the role asks on its day."""
    day = clock.local_day(shift.starts_at, shift.zone)
    asked = {row.id: Question(row.person_id, row.position_id, day, row.trainee) for row in current}
    judged = clearances(request.db, set(asked.values()))
    return {number for number, question in asked.items() if not judged[question].clear}


def save(request: Request, form: AttendanceForm, shift_id: int) -> See:
    """Write down who came."""
    shift = managed_shift(request, shift_id)
    current, _ = roster.roster(request.db, shift_id)
    marks = form.marks([row.id for row in current if row.attendance is None])
    if form.wrong:
        raise attendance.WrongMarks({})
    changed = attendance.mark(request.act, shift, marks)
    said = count_text(
        "Attendance recorded for %(n)s person.", "Attendance recorded for %(n)s people.", changed
    )
    whole = {row.id for row in current if row.attendance is None} <= set(marks)
    more = whole and attendance.unmarked_rosters(request.db, request.viewer, request.at, 1)
    return See("/attendance" if more else f"/shifts/{shift_id}/attendance", said)


def to_the_roster(request: Request, signup_id: int) -> See:
    """From a signup, as the hours ledger names it, to its shift's roster."""
    mine = (
        select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(in_viewers_programs(Shift.program_id, request.viewer, Permission.SHIFTS_MANAGE))
    )
    return See(f"/shifts/{one(request.db, mine, Signup.id == signup_id).shift_id}/attendance")

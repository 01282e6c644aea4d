"""A roster filled in."""

from collections.abc import Sequence
from typing import Any

import wtforms

from portal.shifts.attendance import Mark
from portal.shifts.models import Attendance
from portal.web.durations import WRONG_DURATION, read_duration
from portal.web.rows import RowsForm
from portal.words import Words, text

ATTENDANCE_WORDS = {
    Attendance.ATTENDED: text("Attended"),
    Attendance.LEFT_EARLY: text("Part of the shift"),
    Attendance.NO_SHOW: text("No-show"),
    Attendance.EXCUSED: text("Excused"),
}


class AttendanceForm(RowsForm):
    """A roster filled in: for each signup whether they came, and how long if it was not all of it."""

    all_came = wtforms.HiddenField()
    longest = 40

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.wrong: dict[int, Words] = {}

    def marks(self, unmarked: Sequence[int]) -> dict[int, Mark]:
        """What was marked, by signup. Those of `unmarked` who are not, have come if all did."""
        found: dict[int, Mark] = {}
        for signup_id, value in self.row_values("a").items():
            if value in set(Attendance):
                self._mark(found, signup_id, Attendance(value))
        if self.all_came.data:
            for one in set(unmarked) - set(found) - set(self.wrong):
                self._mark(found, one, Attendance.ATTENDED)
        no_answer = set(unmarked) - set(found)
        for number, value in self.row_values("m").items():
            if value and number in no_answer:
                self.wrong.setdefault(
                    number, text("You entered a time. Did they attend? Select one.")
                )
        return found

    def _mark(self, found: dict[int, Mark], number: int, attendance: Attendance) -> None:
        try:
            minutes = read_duration(self.typed.get(f"m-{number}", ""))
            travel = read_duration(self.typed.get(f"t-{number}", "")) or 0
        except ValueError:
            self.wrong[number] = WRONG_DURATION
            return
        found[number] = Mark(attendance, minutes, travel, self.typed.get(f"v-{number}", ""))

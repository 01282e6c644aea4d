"""Addresses of rosters: who is on a shift, who can't come, and who came."""

from portal.people.forms import AskedForm
from portal.permissions import Permission
from portal.shifts.attendance_forms import AttendanceForm
from portal.shifts.forms import AwayForForm, RegularForForm
from portal.shifts.roster import MOST
from portal.shifts.roster_forms import CantForForm, LineAnswerForm, RemovalForm, RosterForm
from portal.shifts.views import attendance, calls, signups
from portal.web.page import Post, get

MANAGE = Permission.SHIFTS_MANAGE

roster = get(
    "/shifts/{shift_id:id}/roster", signups.show_roster, MANAGE, fragments=("candidates", "roster")
)
attended = get("/shifts/{shift_id:id}/attendance", attendance.show, MANAGE)
regular_for = get("/shifts/{shift_id:id}/roster/regular", calls.ask_regular, MANAGE)
person_regulars = get("/people/{person_id:id}/regulars", calls.show_regulars, MANAGE)

pages = [
    roster,
    Post(
        "/shifts/{shift_id:id}/roster", signups.add_to_roster, MANAGE, form=RosterForm, again=roster
    ),
    Post(
        "/shifts/{shift_id:id}/signups/{signup_id:id}/removal",
        signups.remove_from_roster,
        MANAGE,
        form=RemovalForm,
        again=roster,
    ),
    Post(
        "/shifts/{shift_id:id}/signups/{signup_id:id}/cover-request",
        signups.cant_make_it_for,
        MANAGE,
        form=CantForForm,
        again=roster,
    ),
    Post(
        "/shifts/{shift_id:id}/roster/line",
        calls.join_line,
        MANAGE,
        form=RosterForm,
        again=roster,
    ),
    Post(
        "/shifts/{shift_id:id}/waiting/{waiting_id:id}/answer",
        calls.answer_offer,
        MANAGE,
        form=LineAnswerForm,
        again=roster,
    ),
    regular_for,
    Post(
        "/shifts/{shift_id:id}/roster/regular",
        calls.take_regular,
        MANAGE,
        form=RegularForForm,
        again=regular_for,
    ),
    person_regulars,
    Post(
        "/people/{person_id:id}/away",
        calls.go_away,
        MANAGE,
        form=AwayForForm,
        again=person_regulars,
    ),
    Post(
        "/people/{person_id:id}/absences/{absence_id:id}/end",
        calls.come_back,
        MANAGE,
        form=AskedForm,
        again=person_regulars,
    ),
    Post(
        "/people/{person_id:id}/regulars/{regular_id:id}/stop",
        calls.stop,
        MANAGE,
        form=AskedForm,
        again=person_regulars,
    ),
    Post(
        "/people/{person_id:id}/regulars/{regular_id:id}/resumption",
        calls.resume,
        MANAGE,
        form=AskedForm,
        again=person_regulars,
    ),
    get("/attendance", attendance.list_rosters, MANAGE),
    attended,
    Post(
        "/shifts/{shift_id:id}/attendance",
        attendance.save,
        MANAGE,
        form=AttendanceForm,
        again=attended,
        fields=4 * MOST + 10,
    ),
    get("/signups/{signup_id:id}/attendance", attendance.to_the_roster, MANAGE),
    get("/shifts/{shift_id:id}/roster.csv", signups.download_roster, MANAGE),
]

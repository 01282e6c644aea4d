"""Addresses of rosters: who is on a shift, who can't come, and who came."""

from portal.people.forms import AskedForm
from portal.permissions import Permission
from portal.shifts.attendance_forms import AttendanceForm
from portal.shifts.forms import AwayForForm, RegularForForm
from portal.shifts.roster import MOST
from portal.shifts.roster_forms import (
    CantForForm,
    CheckForm,
    LineAnswerForm,
    RemovalForm,
    RosterForm,
)
from portal.shifts.routes import show
from portal.shifts.views import attendance, calls, check_in, coming, roster_files, signups
from portal.web.page import Post, get

MANAGE, SIGNED_IN = Permission.SHIFTS_MANAGE, Permission.SIGNED_IN

roster = get(
    "/shifts/{shift_id:id}/roster", signups.show_roster, MANAGE, fragments=("candidates", "roster")
)
attended = get("/shifts/{shift_id:id}/attendance", attendance.show, MANAGE)
regular_for = get("/shifts/{shift_id:id}/roster/regular", calls.ask_regular, MANAGE)
person_regulars = get("/people/{person_id:id}/regulars", calls.show_regulars, MANAGE)

checking = get("/shifts/{shift_id:id}/check-in", check_in.show, SIGNED_IN)

pages = [
    checking,
    Post(
        "/shifts/{shift_id:id}/check-in", check_in.check, SIGNED_IN, form=CheckForm, again=checking
    ),
    Post("/shifts/{shift_id:id}/start", check_in.start, SIGNED_IN, again=checking),
    get("/shifts/{shift_id:id}/signups/{signup_id:id}/emergency", check_in.emergency, SIGNED_IN),
    Post(
        "/shifts/{shift_id:id}/signups/{signup_id:id}/lead", check_in.set_lead, MANAGE, again=roster
    ),
    Post(
        "/shifts/{shift_id:id}/signups/{signup_id:id}/coming",
        coming.confirm_for,
        MANAGE,
        form=AskedForm,
        again=roster,
    ),
    Post("/shifts/{shift_id:id}/coming", coming.confirm, SIGNED_IN, again=show),
    Post("/shifts/{shift_id:id}/in", check_in.check_oneself_in, SIGNED_IN, again=show),
    Post("/shifts/{shift_id:id}/out", check_in.check_oneself_out, SIGNED_IN, again=show),
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
    get("/shifts/{shift_id:id}/roster.csv", roster_files.download_roster, MANAGE),
]

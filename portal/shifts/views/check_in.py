"""Pages of the day of a shift: the lead's roster, and checking oneself in."""

from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.act import Ref
from portal.audit.log import record
from portal.people.models import Person
from portal.requirements.records import Question, clearances
from portal.shifts import check_in as verbs
from portal.shifts import leads, own_check_in, roster
from portal.shifts.check_in import How
from portal.shifts.group_spots import groups_on
from portal.shifts.models import Shift, Signup
from portal.shifts.roster_forms import CheckForm
from portal.shifts.viewer_scope import managed_signup
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.request import Request
from portal.words import Words, text


def show(request: Request, shift_id: int, form: CheckForm | None = None) -> Screen:
    """Who is on the shift, with phones, and who is there; for its lead on the day, and its coordinators."""
    shift = leads.led_shift(request.db, request.viewer, shift_id, request.at)
    current, _ = roster.roster(request.db, shift_id)
    day = clock.local_day(shift.starts_at, shift.zone)
    asked = {row.id: Question(row.person_id, row.position_id, day, row.trainee) for row in current}
    judged = clearances(request.db, set(asked.values()))
    return screen(
        "shifts/check_in.html",
        shift=shift,
        current=current,
        lacking={number for number, one in asked.items() if not judged[one].clear},
        there=sum(row.in_at is not None and row.out_at is None for row in current),
        adults=verbs.adults_there(request.db, shift) if shift.adults else 0,
        groups=groups_on(request.db, shift_id),
        begun=shift.starts_at <= request.at,
        slips={row.id for row in current if verbs.can_take_back(row, request.at)},
        form=form,
    )


def check(request: Request, form: CheckForm, shift_id: int) -> See:
    """Write down that someone came, left, or wasn't there; or undo that."""
    shift = leads.led_shift(request.db, request.viewer, shift_id, request.at)
    if form.said is None:
        raise Refused(text("Select what happened."))
    ago = min(timedelta(seconds=form.ago.data or 0), leads.AFTER)
    said = _checked(request, shift, *form.said, request.at - ago)
    return See(f"/shifts/{shift_id}/check-in", said)


def _checked(request: Request, shift: Shift, what: str, signup_id: int, pressed: datetime) -> Words:
    act = request.act
    if what == "in":
        verbs.check_in(act, shift, signup_id, How.LEAD, pressed)
        said = text("%(name)s is checked in.", name=_name(request, signup_id))
    elif what == "out":
        verbs.check_out(act, shift, signup_id, How.LEAD, pressed)
        said = text("%(name)s is checked out.", name=_name(request, signup_id))
    elif what == "no_show":
        verbs.not_there(act, shift, signup_id)
        said = text("%(name)s is marked as a no-show.", name=_name(request, signup_id))
    elif what == "undo":
        verbs.take_back(act, shift, signup_id)
        said = text("The check-in of %(name)s was undone.", name=_name(request, signup_id))
    else:
        raise Refused(text("Select what happened."))
    return said


def _name(request: Request, signup_id: int) -> str:
    return request.db.get_one(Signup, signup_id).person.name


def start(request: Request, form: Any, shift_id: int) -> See:
    """Begin a shift that needs adults."""
    shift = leads.led_shift(request.db, request.viewer, shift_id, request.at)
    verbs.start(request.act, shift)
    return See(f"/shifts/{shift_id}/check-in", text("The shift has started."))


def emergency(request: Request, shift_id: int, signup_id: int) -> Screen:
    """The emergency contact of someone on the shift; that it was read is noted (SECURITY U1)."""
    shift = leads.led_shift(request.db, request.viewer, shift_id, request.at)
    signup = request.db.get(Signup, signup_id)
    if signup is None or signup.shift_id != shift.id or not leads.is_led_now(shift, request.at):
        raise NotFound
    about = Ref("signup", signup.id, signup.person_id, shift.program_id)
    request.trail(lambda db: record(request.act.but(db=db), "emergency.read", about), must=True)
    person = request.db.get_one(Person, signup.person_id)
    return screen("shifts/emergency.html", shift=shift, person=person)


def set_lead(request: Request, form: Any, shift_id: int, signup_id: int) -> See:
    """Have someone lead the shift, or no longer."""
    signup = managed_signup(request.db, request.viewer, signup_id)
    if signup.shift_id != shift_id:
        raise NotFound
    leads.set_lead(request.act, signup, lead=not signup.lead)
    if signup.lead:
        said = text("%(name)s leads this shift.", name=signup.person.name)
    else:
        said = text("%(name)s no longer leads this shift.", name=signup.person.name)
    return See(f"/shifts/{shift_id}/roster", said)


def check_oneself_in(request: Request, form: Any, shift_id: int) -> See:
    """Check oneself in, where the program has that."""
    signup = own_check_in.own_signup(request.db, request.viewer.person_id, shift_id)
    verbs.check_in(request.act, signup.shift, signup.id, How.SELF)
    return See(f"/shifts/{shift_id}", text("You're checked in. Thank you for coming!"))


def check_oneself_out(request: Request, form: Any, shift_id: int) -> See:
    """Check oneself out."""
    signup = own_check_in.own_signup(request.db, request.viewer.person_id, shift_id)
    verbs.check_out(request.act, signup.shift, signup.id, How.SELF)
    return See(f"/shifts/{shift_id}", text("You're checked out. Thank you!"))

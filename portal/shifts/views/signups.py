"""Signing up and taking oneself off; and a coordinator's roster."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.people.finding import finding, wish_of
from portal.people.models import Person
from portal.people.skills import vocabulary
from portal.programs.scopes import one, visible_people
from portal.shifts import adults, asks, cover, releases, roster, signups, waiting
from portal.shifts.candidates import Candidate, candidates
from portal.shifts.forms import AskForm, SignupForm
from portal.shifts.group_spots import groups_on
from portal.shifts.leads import is_led_now
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.roster_forms import (
    CantForForm,
    CantForm,
    LineAnswerForm,
    RemovalForm,
    RosterForm,
)
from portal.shifts.viewer_scope import managed_signup
from portal.shifts.views.shifts import managed_shift, show_shift
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Preview, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import count_text, text

MOST_ASKED = 200


def create_signup(request: Request, form: SignupForm, shift_id: int) -> See:
    """Take a spot."""
    viewer = request.viewer
    assert viewer.person_id
    signups.sign_up(
        request.act,
        viewer.person_id,
        shift_id,
        slot_id=form.slot.data,
        trainee=bool(form.trainee.data),
    )
    return See(f"/shifts/{shift_id}", text("You're signed up. Thank you!"))


def create_withdrawal(request: Request, form: Any, shift_id: int) -> See:
    """Take oneself off a shift."""
    assert request.viewer.person_id
    signups.withdraw(request.act, request.viewer.person_id, shift_id)
    said = text("You canceled your spot. Thank you for telling us early.")
    return See(f"/shifts/{shift_id}", said)


def show_slot(request: Request, slot_id: int, form: Any = None) -> Screen:
    """A slot is shown on the page of its shift."""
    shift_id = request.db.scalar(select(Slot.shift_id).where(Slot.id == slot_id))
    if shift_id is None:
        raise NotFound
    return show_shift(request, shift_id, form)


def cant_make_it(request: Request, form: CantForm, shift_id: int) -> See:
    """Say that one can't come."""
    assert request.viewer.person_id
    person_id, reason = request.viewer.person_id, form.cant_reason.data or ""
    stays = releases.cant_make_it(request.act, person_id, shift_id, reason, keep=form.keep.data)
    said = text("Thank you for telling us. You're still on this shift until we find someone.")
    if not stays:
        said = text(
            "Thank you for telling us. You're off this shift. If you're needed, we ask others."
        )
    return See(f"/shifts/{shift_id}", said)


def cant_make_it_for(request: Request, form: CantForForm, shift_id: int, signup_id: int) -> See:
    """Write down that someone on the roster can't come."""
    signup = managed_signup(request.db, request.viewer, signup_id)
    if signup.shift_id != shift_id:
        raise NotFound
    name, reason = signup.person.name, form.cant_reason.data or ""
    act = request.act.but(asked=form.asked.data)
    if releases.cant_make_it(act, signup.person_id, shift_id, reason, keep=form.keep.data):
        said = text("We're asking others. %(name)s stays until someone says yes.", name=name)
    else:
        said = text(
            "%(name)s is off this shift. If someone is needed, we're asking others.", name=name
        )
    return See(f"/shifts/{shift_id}/roster", said)


def can_after_all(request: Request, form: Any, shift_id: int) -> See:
    """Take that back."""
    assert request.viewer.person_id
    cover.can_after_all(request.act, request.viewer.person_id, shift_id)
    return See(f"/shifts/{shift_id}", text("Great! You're still on the shift."))


def ask_for_help(request: Request, shift_id: int, form: AskForm | None = None) -> Screen:
    """Whom one could ask, and who was asked and what they said."""
    shift = managed_shift(request, shift_id)
    open_slots = asks.short_slots(request.db, shift)
    form = form or AskForm(data={"slot": open_slots[0].id if open_slots else None})
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    slot = next((slot for slot in open_slots if slot.id == form.slot.data), None)
    found = _askable(request, shift, slot) if slot else []
    asked = asks.asked_about(request.db, shift_id)
    before = {row.person_id for row in asked}
    found = [row for row in found if row.id not in before]
    everyone = {row.id for row in found}
    return screen(
        "shifts/asks.html",
        shift=shift,
        form=form,
        roles=[
            (slot.id, request.written(slot.position.name, slot.position.translations))
            for slot in open_slots
        ],
        found=found,
        selected=everyone & set(form.people.data) or everyone,
        asked=asked,
        number=len(preview.changes) - 1 if preview else 0,
        finding=finding(request, vocabulary(request.db)),
    )


def _askable(request: Request, shift: Shift, slot: Slot) -> Sequence[Candidate]:
    return candidates(request.db, request.viewer, shift, "", MOST_ASKED, slot, wish_of(request))


def send_asks(request: Request, form: AskForm, shift_id: int) -> See:
    """Ask those who were checked."""
    shift = managed_shift(request, shift_id)
    slots = {slot.id: slot for slot in asks.short_slots(request.db, shift)}
    slot = slots.get(form.slot.data)
    if slot is None:
        raise Refused(text("No spot is open. Remove someone first, or add spots."))
    chosen = [row.id for row in _askable(request, shift, slot) if row.id in form.people.data]
    number = asks.ask_others(request.act, shift, slot.id, chosen, form.seen.data or "")
    said = count_text("We asked %(n)s person.", "We asked %(n)s people.", number)
    return See(f"/shifts/{shift_id}/asks", said)


def show_ask(request: Request, ask_id: int, form: Any = None) -> Screen:
    """What one is asked is answered on the page of its shift."""
    ask = cover.own_ask(request.db, request.viewer.person_id, ask_id)
    return show_shift(request, ask.shift_id, form)


def decline_ask(request: Request, form: Any, ask_id: int) -> See:
    """Say no to an ask."""
    assert request.viewer.person_id
    cover.decline(request.act, request.viewer.person_id, ask_id)
    return See("/me", text("Thank you for your reply."))


def join_line(request: Request, form: Any, slot_id: int) -> See:
    """Get in line for a full slot."""
    assert request.viewer.person_id
    shift_id = waiting.join(request.act, request.viewer.person_id, slot_id)
    return See(
        f"/shifts/{shift_id}", text("You're on the waitlist. We'll tell you when a spot opens up.")
    )


def leave_line(request: Request, form: Any, slot_id: int) -> See:
    """Get out of line, with or without an offer."""
    assert request.viewer.person_id
    shift_id = waiting.leave(request.act, request.viewer.person_id, slot_id)
    return See(f"/shifts/{shift_id}", text("You left the waitlist."))


def pass_on(request: Request, form: Any, slot_id: int) -> See:
    """Say no to this spot and stay in line."""
    assert request.viewer.person_id
    shift_id = waiting.pass_on(request.act, request.viewer.person_id, slot_id)
    return See(f"/shifts/{shift_id}", text("OK. You keep your place on the waitlist."))


def to_the_shift(request: Request, shift_id: int) -> See:
    """A reload of what a form answered leads to the shift's own page."""
    return See(f"/shifts/{shift_id}")


def show_signup(request: Request, signup_id: int) -> See:
    """From a signup to its shift, for the person it belongs to."""
    signup = request.db.get(Signup, signup_id)
    if signup is None or signup.person_id != request.viewer.person_id:
        raise NotFound
    return See(f"/shifts/{signup.shift_id}")


def show_roster(
    request: Request,
    shift_id: int,
    form: Any = None,
    signup_id: int | None = None,
) -> Screen:
    """Who is on a shift, with phone numbers; and whom to add."""
    shift = managed_shift(request, shift_id)
    current, before = roster.roster(request.db, shift_id)
    query = request.asked("q")
    found = (
        []
        if shift.canceled_at
        else candidates(request.db, request.viewer, shift, query, wish=wish_of(request))
    )
    return screen(
        "shifts/roster.html",
        shift=shift,
        begun=shift.starts_at <= request.at,
        today=is_led_now(shift, request.at),
        current=current,
        before=before,
        line=waiting.in_line(request.db, shift_id),
        found=found,
        query=query,
        form=form,
        adding=form_of(form, RosterForm),
        removing=form_of(form, RemovalForm),
        cant_form=form_of(form, CantForForm),
        signup_id=signup_id,
        slots=shift.wanted_slots,
        any_full=any(slot.filled + slot.held >= slot.maximum for slot in shift.wanted_slots),
        answering=LineAnswerForm(),
        finding=finding(request, vocabulary(request.db)),
        over=_over(request),
        adults_missing=adults.missing(request.db, shift_id) if shift.adults else 0,
        groups=groups_on(request.db, shift_id),
    )


def _over(request: Request) -> Person | None:
    """Whom the page is asked to add although they are at a limit."""
    number, visible = request.asked_id("over"), visible_people(request.viewer)
    return request.db.scalar(visible.where(Person.id == number)) if number else None


def add_to_roster(request: Request, form: RosterForm, shift_id: int) -> See:
    """Add a person for a coordinator."""
    shift = managed_shift(request, shift_id)
    if request.asked_id("over") and not form.over_limit.data:
        raise Refused(fields={"over_limit": text("Enter a reason.")})
    person = one(request.db, visible_people(request.viewer), Person.id == form.person.data)
    signups.sign_up(
        request.act.but(asked=form.asked.data),
        person.id,
        shift.id,
        slot_id=form.slot.data,
        staff=True,
        trainee=form.trainee.data,
        over_limit=form.over_limit.data,
    )
    back = f"/shifts/{shift_id}/roster{wish_of(request).query}"
    return See(back, text("%(name)s was added to the shift.", name=person.name))


def remove_from_roster(request: Request, form: RemovalForm, shift_id: int, signup_id: int) -> See:
    """Take a person off for a coordinator, with a reason."""
    signup = managed_signup(request.db, request.viewer, signup_id)
    if signup.shift_id != shift_id:
        raise NotFound
    name = signup.person.name
    signups.remove(request.act.but(asked=form.asked.data), signup, form.reason.data)
    said = text("%(name)s was removed from the shift.", name=name)
    return See(f"/shifts/{shift_id}/roster", said)

"""What a coordinator does on the list of unfilled shifts: add, ask, and note how a call went."""

from datetime import timedelta
from typing import Any

from starlette.responses import HTMLResponse, Response

from portal import clock
from portal.audit.log import Asked
from portal.messages.kinds import Topic
from portal.people.models import Person
from portal.programs.scopes import one, visible_people
from portal.shifts import asks, gaps, releases, shift_calls, signups, still_coming
from portal.shifts.candidates import on_shift_named, people_named, the_one_named
from portal.shifts.gap_forms import (
    AddForm,
    AskManyForm,
    CallForm,
    ConfirmForm,
    PauseForm,
    PersonForm,
)
from portal.shifts.gaps import Which
from portal.shifts.helper_facts import opened_by_others
from portal.shifts.models import SignupState, Slot
from portal.shifts.shift_calls import managed_call, managed_pause
from portal.shifts.viewer_scope import managed_slot
from portal.shifts.views.gaps import CALL_WORDS, query_of
from portal.web.answers import See
from portal.web.errors import Refused
from portal.web.request import Request, today_of
from portal.words import Words, count_text, text


def _back(request: Request) -> str:
    """The list as it was narrowed."""
    return f"/gaps{query_of(request)}"


def add(request: Request, form: AddForm, slot_id: int) -> See:
    """Give a spot to whoever is on the phone."""
    return See(_back(request), add_to(request, form, slot_id))


def add_to(request: Request, form: AddForm, slot_id: int) -> Words:
    """Give a spot to the person of a form; says who has it now, whose it was, and what they are told."""
    slot = managed_slot(request.db, request.viewer, slot_id)
    visible = visible_people(request.viewer)
    person = one(request.db, visible, Person.id == chosen_for(request, slot, form))
    freed = releases.cant_come(request.db, slot_id)
    act = request.act.but(asked=form.asked.data)
    signups.sign_up(act, person.id, slot.shift_id, slot_id=slot_id, staff=True)
    shift_calls.close_call(request.act)
    values = {
        "name": person.name,
        "role": request.written(slot.position.name, slot.position.translations),
        "when": clock.span_text(
            slot.shift.starts_at,
            slot.shift.ends_at,
            slot.shift.zone,
            request.language,
            request.at.year,
        ),
    }
    if freed and freed.state != SignupState.SIGNED_UP:
        return text(
            "%(name)s was added: %(role)s, %(when)s. %(other)s is off the shift.",
            other=freed.person.name,
            **values,
        )
    if person.mailable and Topic.CONFIRMATIONS not in person.mail_off.split(","):
        return text("%(name)s was added: %(role)s, %(when)s. We'll email them.", **values)
    return text("%(name)s was added: %(role)s, %(when)s.", **values)


def chosen_for(request: Request, slot: Slot, form: AddForm) -> int:
    """Whose button was pressed, or whom the typed name can only mean."""
    if form.person.data:
        return int(form.person.data)
    if not form.who.data:
        if not form.first.data:
            raise Refused(fields={"who": text("Enter a name.")})
        return int(form.first.data)
    found = people_named(request.db, request.viewer, slot, form.who.data)
    if not found:
        if there := on_shift_named(request.db, slot.shift_id, form.who.data):
            return there  # a second press
        raise Refused(fields={"who": text("No one you can see has this name.")})
    the_one = the_one_named(found, form.who.data)
    if the_one is None:
        raise Refused(fields={"who": text("This fits several people. Select one.")})
    return the_one.id


def release(request: Request, form: PersonForm, slot_id: int) -> See:
    """Take someone off a shift who said that they can't make it."""
    managed_slot(request.db, request.viewer, slot_id)
    name = releases.release(request.act, slot_id, form.person.data).person.name
    return See(_back(request), text("%(name)s is off the shift.", name=name))


def confirm(request: Request, form: ConfirmForm, slot_id: int) -> See:
    """Write down that someone on a shift comes."""
    slot = managed_slot(request.db, request.viewer, slot_id)
    act = request.act.but(asked=form.asked.data or Asked.PHONE)
    still_coming.confirm(act, form.person.data, slot.shift_id)
    name = request.db.get_one(Person, form.person.data).name
    return See(_back(request), text("%(name)s is confirmed.", name=name))


def ask(request: Request, form: PersonForm, slot_id: int) -> See:
    """Ask one person about one gap."""
    managed_slot(request.db, request.viewer, slot_id)
    person = one(request.db, visible_people(request.viewer), Person.id == form.person.data)
    asks.ask_one(request.act, _any_day(request), slot_id, person.id)
    return See(_back(request), text("We asked %(name)s by email.", name=person.name))


def _any_day(request: Request) -> Which:
    """All gaps ahead, however the list is narrowed."""
    zone = request.settings.timezone
    last = clock.local_day(request.at, zone) + timedelta(days=gaps.MOST_AHEAD)
    return Which(request.at, last, zone)


def ask_many(request: Request, form: AskManyForm) -> See:
    """Ask everyone who fits the selected gaps."""
    number = asks.ask_for_gaps(request.act, _any_day(request), form.chosen, form.seen.data or "")
    said = count_text("We asked %(n)s person by email.", "We asked %(n)s people by email.", number)
    return See(_back(request), said)


def note_call(request: Request, form: CallForm, slot_id: int) -> See:
    """Note how a call went."""
    slot = managed_slot(request.db, request.viewer, slot_id)
    if form.said is None:
        raise Refused(text("Select how the call went."))
    outcome, number = form.said
    person = one(request.db, visible_people(request.viewer), Person.id == number)
    shift_calls.note_call(request.act, slot, person, outcome)
    said = text("%(name)s: %(what)s.", name=person.name, what=request.said(CALL_WORDS[outcome]))
    return See(_back(request), said)


def undo_call(request: Request, form: Any, shift_call_id: int) -> See:
    """Take a noted call back."""
    call = managed_call(request.db, request.viewer, shift_call_id)
    name = call.person.name
    shift_calls.undo_call(request.act, call)
    return See(_back(request), text("The call with %(name)s was removed.", name=name))


def pause(request: Request, form: PauseForm, shift_call_id: int) -> See:
    """Note what someone is not to be asked for."""
    call = managed_call(request.db, request.viewer, shift_call_id)
    name = call.person.name
    if form.what.data == "day":
        its = shift_calls.pause_day(request.act, call)
        day = clock.day_text(its.day or request.at.date(), request.language, request.at.year)
        said = text("We won't suggest %(name)s on %(day)s.", name=name, day=day)
    elif form.what.data == "role":
        shift_calls.pause_role(request.act, call)
        said = text("We won't suggest %(name)s for this role.", name=name)
    else:
        its = shift_calls.pause_until(request.act, call, form.until.data, today_of(request))
        day = clock.day_text(its.until or request.at.date(), request.language, request.at.year)
        said = text("We won't suggest %(name)s until %(day)s.", name=name, day=day)
    return See(_back(request), said)


def end_pause(request: Request, form: Any, ask_pause_id: int) -> See:
    """Let someone be asked again."""
    row = managed_pause(request.db, request.viewer, ask_pause_id)
    shift_calls.end_pause(request.act, row)
    return See(f"/people/{row.person_id}", text("We can ask them about shifts again."))


def open_call(request: Request, form: PersonForm, slot_id: int) -> Response:
    """Note whom the viewer has open; says who else is calling that person."""
    slot = managed_slot(request.db, request.viewer, slot_id)
    shift_calls.open_call(request.act, slot, form.person.data)
    others = opened_by_others(request.db, request.viewer, [form.person.data], request.at)
    html = request.portal.renderer.render(
        "shifts/gaps/_calling.html", {"names": list(others.values())}, request.language
    )
    return HTMLResponse(html)


def close_call(request: Request, form: Any) -> Response:
    """The viewer left the list: no one is being called."""
    shift_calls.close_call(request.act)
    return Response(status_code=204)

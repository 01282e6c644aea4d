"""The page on which one takes another day instead."""

from portal.shifts import another_day, schedule
from portal.shifts.facts import facts_of
from portal.shifts.headings import said_of
from portal.shifts.moving_forms import AnotherDayForm
from portal.shifts.schedule import Wanted
from portal.shifts.viewer_scope import insight_for
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request, today_of
from portal.words import text

SHOWN = 20


def ask(request: Request, shift_id: int, form: AnotherDayForm | None = None) -> Screen:
    """The open shifts of the same role that one could take."""
    db, viewer, at = request.db, request.viewer, request.at
    assert viewer.person_id
    facts = facts_of(db, viewer, shift_id, viewer.person_id, at)
    if facts is None or facts.person is None or facts.person.own_slot_id is None:
        raise NotFound
    spot = facts.spot(facts.person.own_slot_id)
    assert spot
    zone = request.settings.timezone
    wanted = Wanted(position=spot.position_id, fits=True)
    found = schedule.coming_shifts(db, viewer, insight_for(request), wanted, at, zone, size=SHOWN)
    return screen(
        "shifts/another_day.html",
        shift_id=shift_id,
        said=said_of(facts, request.language, today_of(request).year),
        choices=[
            (slot.id, line)
            for line in found.rows
            for slot in line.slots
            if slot.position_id == spot.position_id and line.id != shift_id
        ],
        form=form or AnotherDayForm(),
        refused=form,
    )


def change(request: Request, form: AnotherDayForm, shift_id: int) -> See:
    """Take it."""
    assert request.viewer.person_id
    taken = another_day.change_day(request.act, request.viewer.person_id, shift_id, form.slot.data)
    said = text("You're signed up for this shift instead of the other one. Thank you!")
    return See(f"/shifts/{taken}", said)

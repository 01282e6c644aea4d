"""Pages of groups: their members and how they are scheduled, and their spots on a shift."""

from typing import Any

from sqlalchemy import select

from portal.programs.models import Program
from portal.programs.naming import the_one
from portal.programs.scopes import managed_programs, one
from portal.shifts import group_names, group_signups, group_spots, groups, leads
from portal.shifts.endings import current_signups
from portal.shifts.facts import Facts, facts_of
from portal.shifts.group_forms import (
    KEEP_WORDS,
    CameForm,
    GroupForm,
    MemberForm,
    NameForm,
    NewGroupForm,
    SpotsForm,
    WhoForm,
)
from portal.shifts.group_models import Group, GroupSpots, Keep
from portal.shifts.models import Slot
from portal.shifts.views.check_in import show as show_check_in
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import count_text, text


def index(request: Request) -> Screen:
    """The groups of one's programs."""
    found = groups.group_lines(request.db, request.viewer, request.at)
    return screen("shifts/groups/list.html", groups=found, words=KEEP_WORDS)


def new(request: Request, form: NewGroupForm | None = None) -> Screen:
    """Write a group."""
    programs = request.db.scalars(
        managed_programs(request.viewer)
        .where(Program.closed_at.is_(None))
        .order_by(Program.name)
        .limit(200)
    ).all()
    options = [(one.id, request.written(one.name, one.translations)) for one in programs]
    return screen("shifts/groups/new.html", form=form or NewGroupForm(), programs=options)


def create(request: Request, form: NewGroupForm) -> See:
    """Write it."""
    open_ones = managed_programs(request.viewer).where(Program.closed_at.is_(None))
    program = request.db.scalar(open_ones.where(Program.id == form.program.data))
    if program is None:
        raise Refused(fields={"program": text("Select a program.")})
    contact = the_one(request, form.who.data)
    group = groups.add_group(request.act, program, form.name.data, contact.id, form.keep.data)
    return See(f"/groups/{group.id}", text("%(name)s was added.", name=group.name))


def show(request: Request, group_id: int, form: Any = None) -> Screen:
    """A group for its contact and its coordinators: who belongs to it, and its spots."""
    group = groups.group_of(request.db, request.viewer, group_id)
    return screen(
        "shifts/groups/show.html",
        group=group,
        staff=groups.schedules(request.viewer, group),
        words=KEEP_WORDS,
        coming=groups.coming_spots(request.db, group, request.at),
        form=form,
        editing=form_of(form, GroupForm, {"name": group.name, "keep": group.keep}),
        adding=form_of(form, WhoForm),
    )


def _managed(request: Request, group_id: int) -> Group:
    return one(request.db, groups.managed_groups(request.viewer), Group.id == group_id)


def save(request: Request, form: GroupForm, group_id: int) -> See:
    """Change what it is called and how it is scheduled."""
    group = _managed(request, group_id)
    groups.edit_group(request.act, group, form.name.data, form.keep.data)
    return See(f"/groups/{group_id}", text("%(name)s was saved.", name=group.name))


def add_member(request: Request, form: WhoForm, group_id: int) -> See:
    """Add a member."""
    group = _managed(request, group_id)
    person = the_one(request, form.who.data)
    groups.add_member(request.act, group, person.id)
    return See(f"/groups/{group_id}", text("%(name)s belongs to the group.", name=person.name))


def take_member_off(request: Request, form: Any, group_id: int, person_id: int) -> See:
    """Take a member off."""
    group = _managed(request, group_id)
    groups.take_member_off(request.act, group, person_id)
    return See(f"/groups/{group_id}", text("They no longer belong to the group."))


def set_contact(request: Request, form: Any, group_id: int, person_id: int) -> See:
    """Make a member its contact."""
    group = _managed(request, group_id)
    groups.set_contact(request.act, group, person_id)
    return See(f"/groups/{group_id}", text("The group has a new contact."))


def end(request: Request, form: Any, group_id: int) -> See:
    """End a group."""
    group = _managed(request, group_id)
    groups.end_group(request.act, group)
    return See("/groups", text("%(name)s was ended.", name=group.name))


def show_spots(
    request: Request, shift_id: int, form: Any = None, refused_id: int | None = None
) -> Screen:
    """The spots of groups on a shift: for its coordinators all of them, for a contact those of their groups."""
    viewer = request.viewer
    facts = facts_of(request.db, viewer, shift_id, viewer.person_id, request.at)
    if facts is None:
        raise NotFound
    mine = groups.groups_for(request.viewer).where(Group.program_id == facts.row.program_id)
    found = request.db.scalars(
        mine.options(groups.WITH_MEMBERS).order_by(Group.name, Group.id).limit(200)
    ).all()
    if not (facts.row.runs or found):
        raise NotFound
    by_group, over = {one.id: one for one in found}, facts.row.ends_at <= request.at
    rows = [row for row in group_spots.groups_on(request.db, shift_id) if row.group_id in by_group]
    return screen(
        "shifts/groups/spots.html",
        row=facts.row,
        staff=facts.row.runs,
        groups=found,
        rows=rows,
        new=[one for one in found if one.id not in {row.group_id for row in rows}],
        together=[
            one
            for one in found
            if one.keep == Keep.TOGETHER and not over and not facts.row.canceled_at
        ],
        there={one.person_id for one in current_signups(request.db, shift_id)},
        roles=[(spot.id, _role(request, facts, spot.id)) for spot in facts.spots],
        open=sum(max(0, spot.maximum - spot.taken) for spot in facts.spots),
        form=form,
        refused_id=refused_id,
        taking=form_of(form, SpotsForm),
        naming=form_of(form, NameForm),
        over=over,
    )


def _role(request: Request, facts: Facts, slot_id: int) -> str:
    spot = facts.spot(slot_id)
    assert spot
    return request.written(spot.position, spot.position_translations)


def show_row(request: Request, spots_id: int, form: Any = None) -> Screen:
    """A group's spots are shown on the page of their shift."""
    row = groups.spots_of(request.db, request.viewer, spots_id)
    return show_spots(request, row.shift_id, form, row.id)


def show_slot_spots(request: Request, slot_id: int, form: Any = None) -> Screen:
    """The same for those of a slot."""
    shift_id = request.db.scalar(select(Slot.shift_id).where(Slot.id == slot_id))
    if shift_id is None:
        raise NotFound
    return show_spots(request, shift_id, form)


def take(request: Request, form: SpotsForm, shift_id: int) -> See:
    """Give a group so many spots."""
    group = groups.group_of(request.db, request.viewer, form.group.data)
    slots = {one.id: one for one in groups.slots_for_group(request.db, group, shift_id)}
    slot = slots.get(form.slot.data)
    if slot is None:
        raise Refused(fields={"slot": text("Select a role.")})
    staff = groups.schedules(request.viewer, group)
    without_records = form.without_records.data if staff else None
    group_spots.set_spots(
        request.act, group, slot, form.spots.data, staff=staff, without_records=without_records
    )
    said = count_text(
        "%(name)s has %(n)s spot.", "%(name)s has %(n)s spots.", form.spots.data, name=group.name
    )
    return See(f"/shifts/{shift_id}/groups", said)


def add_name(request: Request, form: NameForm, spots_id: int) -> See:
    """Say who comes."""
    row = groups.spots_of(request.db, request.viewer, spots_id)
    names = [one.strip() for one in form.name.data.split(",") if one.strip()]
    for name in names:  # several, as one writes them
        group_names.add_name(request.act, row, name)
    said = count_text(
        "%(names)s is on the list.",
        "%(names)s are on the list.",
        len(names),
        names=", ".join(names),
    )
    return See(f"/shifts/{row.shift_id}/groups", said)


def take_name_off(request: Request, form: Any, spots_id: int, name_id: int) -> See:
    """Take a name off."""
    row = groups.spots_of(request.db, request.viewer, spots_id)
    group_names.take_name_off(request.act, row, name_id)
    return See(f"/shifts/{row.shift_id}/groups", text("The name is off the list."))


def sign_up_member(request: Request, form: MemberForm, spots_id: int) -> See:
    """Sign a member up on one of the spots."""
    row = groups.spots_of(request.db, request.viewer, spots_id)
    staff = groups.schedules(request.viewer, row.group)
    person = group_signups.sign_up_member(request.act, row, form.person.data, staff=staff)
    return See(
        f"/shifts/{row.shift_id}/groups", text("%(name)s was added to the shift.", name=person.name)
    )


def sign_up_together(request: Request, form: Any, slot_id: int, group_id: int) -> See:
    """Sign up all members of a group."""
    group = groups.group_of(request.db, request.viewer, group_id)
    slot = request.db.get(Slot, slot_id)
    if slot is None:
        raise NotFound
    staff = groups.schedules(request.viewer, group)
    number = group_signups.sign_up_together(request.act, group, slot, staff=staff)
    said = count_text("%(n)s person was signed up.", "%(n)s people were signed up.", number)
    return See(f"/shifts/{slot.shift_id}{'/roster' if staff else ''}", said)


def show_came(request: Request, spots_id: int, form: Any = None) -> Screen:
    """How many came is asked on the check-in page of the shift."""
    return show_check_in(request, _led(request, spots_id).shift_id, form)


def note_came(request: Request, form: CameForm, spots_id: int) -> See:
    """Record how many came; for the shift's lead on the day, and its coordinators."""
    row = _led(request, spots_id)
    group_names.note_came(request.act, row, form.came.data)
    return See(f"/shifts/{row.shift_id}/check-in", text("Saved."))


def _led(request: Request, spots_id: int) -> GroupSpots:
    """A group's spots on a shift that one leads today, or manages."""
    row = request.db.get(GroupSpots, spots_id)
    if row is None or row.ended_at:
        raise NotFound
    leads.led_shift(request.db, request.viewer, row.shift_id, request.at)
    return row

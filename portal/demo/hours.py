"""What the demo agency knows of who came: rosters filled in up to three days ago, months of hours on
paper, a few things that wait, and who pays."""

import random
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.hours import decisions, entries, ledger, questions, rates, reporting
from portal.hours.models import HoursEntry, HoursState
from portal.people.identity_models import Identity
from portal.people.models import Membership, Person
from portal.permissions import COMMAND_LINE, Viewer
from portal.programs import funding
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.placements import covers, on_day
from portal.shifts import attendance
from portal.shifts.attendance import Mark
from portal.shifts.models import Attendance, Shift, Signup, SignupState

OPEN_DAYS = 3
APPROVED_BEFORE = timedelta(days=7)
MONTHS = 4
SHEETS = 60
OUTCOMES = [Attendance.ATTENDED] * 17 + [
    Attendance.LEFT_EARLY,
    Attendance.NO_SHOW,
    Attendance.EXCUSED,
]


def give_hours(db: Session, chance: random.Random, zone: str, at: datetime) -> None:
    """Fill the rosters of past shifts in, and the ledger with them."""
    act = Act(db, COMMAND_LINE, at)
    for year, cents in ((at.year - 1, 3349), (at.year, 3479)):
        rates.set_rate(act, year, None, cents, f"Independent Sector, national value, {year}")
    _pay(db, at)
    past = db.scalars(
        select(Shift)
        .where(Shift.ends_at < at - timedelta(days=OPEN_DAYS))
        .order_by(Shift.starts_at, Shift.id)
    ).all()
    for shift in past:
        signups = db.scalars(
            select(Signup.id).where(
                Signup.shift_id == shift.id, Signup.state == SignupState.SIGNED_UP
            )
        ).all()
        marks = {signup: _mark(shift, chance.choice(OUTCOMES)) for signup in signups}
        attendance.mark(Act(db, COMMAND_LINE, shift.ends_at + clock.ONE_DAY), shift, marks)
    _paper(db, chance, clock.local_day(past[0].starts_at, zone), zone, at)
    week_ago = clock.local_day(at - APPROVED_BEFORE, zone)
    old = ledger.waiting_ids(db, COMMAND_LINE, ledger.Which(last=week_ago), 10**9)
    decisions.approve(Act(db, COMMAND_LINE, at), old)
    _own_report(db, zone, at)
    _question(db, at)


def _mark(shift: Shift, outcome: Attendance) -> Mark:
    half = attendance.length_of(shift) // 2
    return Mark(outcome, half if outcome is Attendance.LEFT_EARLY else None)


def _paper(db: Session, chance: random.Random, rosters: date, zone: str, at: datetime) -> None:
    """Hours of the months before the first of the rosters, as typed in from sheets."""
    placements = db.scalars(
        select(Placement).where(Placement.state == PlacementState.ACTIVE).order_by(Placement.id)
    ).all()
    month = rosters.replace(day=1)
    for _ in range(MONTHS):
        month = (month - clock.ONE_DAY).replace(day=1)
        there = [one for one in placements if covers(one, month)]
        for one in chance.sample(there, min(SHEETS, len(there))):
            work = entries.Work(
                one.person_id,
                one.program_id,
                one.position_id,
                month + timedelta(days=chance.randint(0, 27)),
                chance.choice((60, 90, 120, 180, 240)),
            )
            reporting.report(Act(db, COMMAND_LINE, at, "paper"), work, zone=zone)


def _pay(db: Session, at: datetime) -> None:
    first = at.date().replace(month=1, day=1)
    labels = ("Older Americans Act, Title III", "County general fund", "State court grant")
    programs = db.scalars(select(Program).order_by(Program.id)).all()
    for index, program in enumerate(programs):
        values: dict[str, object] = {
            "name": labels[index % len(labels)],
            "position_id": None,
            "first_day": first - timedelta(days=365),
            "last_day": None,
        }
        funding.save_label(Act(db, COMMAND_LINE, at), program.id, None, values)
    position = db.scalars(select(Position).order_by(Position.id).limit(1)).one()
    values = {
        "name": "Community foundation",
        "position_id": position.id,
        "first_day": first,
        "last_day": None,
    }
    funding.save_label(Act(db, COMMAND_LINE, at), position.program_id, None, values)


def _own_report(db: Session, zone: str, at: datetime) -> None:
    """The first volunteer tells of an afternoon that was no shift."""
    yesterday = clock.local_day(at, zone) - clock.ONE_DAY
    one = db.scalars(
        select(Placement)
        .where(on_day(yesterday), Placement.state == PlacementState.ACTIVE)
        .order_by(Placement.person_id, Placement.id)
        .limit(1)
    ).one()
    work = entries.Work(
        one.person_id,
        one.program_id,
        one.position_id,
        yesterday,
        120,
        note="Sorted donated books at home",
    )
    reporting.report(Act(db, Viewer(person_id=one.person_id), at), work, zone=zone)


def _question(db: Session, at: datetime) -> None:
    """One person says that they were there."""
    own = (
        select(Membership.program_id)
        .join(Identity, Identity.person_id == Membership.person_id)
        .where(Identity.address == "coordinator@demo.example")
    )
    entry = db.scalars(
        select(HoursEntry)
        .join(Person, Person.id == HoursEntry.person_id)
        .where(HoursEntry.state == HoursState.APPROVED, HoursEntry.program_id.in_(own))
        .order_by(HoursEntry.minutes, HoursEntry.id)
        .limit(1)
    ).first()
    if entry:
        words = "I was there the whole evening, and signed the sheet."
        questions.ask(Act(db, Viewer(person_id=entry.person_id), at), entry, words)

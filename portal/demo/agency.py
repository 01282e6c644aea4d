"""The demo agency, Cedar County Human Services: the same people and weeks every time, around today."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portal import clock, migrating, schema
from portal.audit.models import AuditEntry
from portal.commitments.kinds import SHIFT
from portal.commitments.models import Commitment
from portal.db import Database
from portal.demo.cases import give_cases
from portal.demo.closings import give_closing
from portal.demo.data import (
    ADMINISTRATOR,
    COORDINATORS,
    FIRST_NAMES,
    LAST_NAMES,
    PROGRAMS,
    SITES,
    VOLUNTEER,
    DemoPosition,
)
from portal.demo.drafts import give_draft
from portal.demo.events import give_events
from portal.demo.fill import give_fill
from portal.demo.first_shifts import give_first_shifts
from portal.demo.gaps import give_gaps
from portal.demo.groups import give_groups
from portal.demo.hours import give_hours
from portal.demo.kiosk import give_kiosk
from portal.demo.last_year import give_last_year
from portal.demo.limits import give_limits
from portal.demo.meetings import give_meetings
from portal.demo.messages import tell_some
from portal.demo.milestones import give_milestones
from portal.demo.minors import give_minors
from portal.demo.on_call import give_on_call
from portal.demo.one_time import give_one_time
from portal.demo.opening import give_opening
from portal.demo.outreach import give_outreach
from portal.demo.papers import give_papers
from portal.demo.people import (
    give_board,
    give_incidents,
    give_letters,
    give_people,
    give_staying,
)
from portal.demo.recruitment import give_recruitment
from portal.demo.room import give_review
from portal.demo.screening import give_screening
from portal.demo.skills import give_skills
from portal.demo.spanish import in_spanish
from portal.demo.still_coming import give_still_coming
from portal.demo.swaps import give_swaps
from portal.demo.today import give_today
from portal.demo.training import give_training
from portal.guests import guests
from portal.lifecycle import letters
from portal.outreach import links
from portal.people import passwords, search
from portal.people.identity_models import Identity, ProvedAddress, ProvedHow
from portal.people.models import Membership, Person, Phone, Status
from portal.permissions import Role
from portal.programs.models import Closure, Placement, PlacementState, Position, Program, Site
from portal.recruitment import links as applicants
from portal.screening import guardian_links
from portal.screening import reference_links as referees
from portal.settings import Settings
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.pattern_models import Pattern, PatternSlot, Regular
from portal.shifts.recurrence import days_of, occurrence, rule_of
from portal.shifts.waiting_models import Waiting, WaitingState

NAME = "Cedar County Human Services"
PHONE = "(555) 555-0100"
PASSWORD = "cedar-county-demo"  # noqa: S105 - it is printed at every start of the demo
ZONE = "America/New_York"
PEOPLE = 300
WEEKS_BEFORE, WEEKS_AHEAD = 2, 6
REGULARS = 60
GOES_STALE = timedelta(days=14)
"""With less than this ahead, the demo's weeks are too old to look at, and are made anew."""


def welcome(port: int) -> str:
    """What the demo prints when it starts."""
    return (
        f"\n  {NAME} — demo\n\n"
        f"  Open        http://127.0.0.1:{port}/\n"
        f"  Sign in as  coordinator@demo.example, volunteer@demo.example or admin@demo.example\n"
        f"              or outreach@demo.example (talks)\n"
        f"              (or volunteer001@demo.example ... volunteer{PEOPLE}@demo.example)\n"
        f"  Password    {PASSWORD}\n"
        f"  Design      http://127.0.0.1:{port}/design\n\n"
        f"  Stop with Ctrl-C.\n"
    )


def prepare(path: str, *, fresh: bool) -> None:
    """Make sure a demo database with coming weeks is there."""
    if not fresh and Path(path).exists() and _is_good(path):
        return
    for ending in ("", "-wal", "-shm", ".lock"):
        Path(path + ending).unlink(missing_ok=True)
    database = Database(f"sqlite:///{path}")
    migrating.migrate(database)
    with database.writing() as db:
        fill(db, clock.now())
    database.dispose()


def renew_links(settings: Settings) -> None:
    """Make the links of the demo's requests with the secret of this start."""
    database = Database(settings.database_url)
    with database.writing() as db:
        links.make_anew(db, settings)
        applicants.make_anew(db, settings, every=True)
        letters.make_anew(db, settings)
        referees.make_anew(db, settings)
        guardian_links.make_anew(db, settings)
        guests.make_anew(db, settings)
    database.dispose()


def _is_good(path: str) -> bool:
    database = Database(f"sqlite:///{path}")
    try:
        with database.reading() as db:
            if schema.version_of(db.connection()) != schema.newest():
                return False
            last = db.scalar(select(func.max(Shift.starts_at)))
            return last is not None and last > clock.now() + GOES_STALE
    finally:
        database.dispose()


def fill(db: Session, at: datetime, people: int = PEOPLE, seed: int = 7) -> None:
    """Write the agency into an empty database."""
    chance = random.Random(seed)
    programs = _programs(db)
    positions = _positions(db, programs)
    sites = _sites(db, programs)
    volunteers = _people(db, chance, people, at)
    staff = _staff(db, programs, at)
    everyone = [*volunteers, *staff]
    db.flush()
    search.index(db, everyone)
    _accounts(db, everyone, at)
    placed = _placements(db, chance, volunteers, positions, at)
    _weeks(db, chance, positions, sites, placed, at)
    db.flush()
    tell_some(db, at)
    give_hours(db, chance, ZONE, at)
    give_skills(db, chance, ZONE, PASSWORD, at)
    give_papers(db, chance, ZONE, PASSWORD, at)
    give_training(db, ZONE, PASSWORD, at)
    give_outreach(db, chance, ZONE, PASSWORD, at)
    give_recruitment(db, ZONE, at, people / PEOPLE)
    give_screening(db, ZONE, at)
    give_people(db, ZONE, at)
    give_incidents(db, ZONE, at)
    give_letters(db, ZONE, at)
    give_staying(db, ZONE, at)
    give_board(db, ZONE, at)
    give_on_call(db, ZONE, at)
    give_last_year(db, ZONE, at)
    give_milestones(db, ZONE, at)
    give_first_shifts(db, ZONE, at)
    give_minors(db, ZONE, at)
    give_review(db, ZONE, at)
    give_events(db, ZONE, at)
    give_one_time(db, ZONE, at)
    give_gaps(db, ZONE, at)
    give_draft(db, ZONE, at)
    give_limits(db, ZONE, at)
    give_closing(db, ZONE, at)
    give_today(db, ZONE, at)
    give_groups(db, ZONE, at)
    give_still_coming(db, ZONE, at)
    give_kiosk(db, ZONE, at)
    give_fill(db, ZONE, at)
    give_swaps(db, ZONE, at)
    give_opening(db, ZONE, at)
    give_meetings(db, ZONE, at)
    give_cases(db, chance, ZONE, PASSWORD, at)


def _programs(db: Session) -> dict[str, Program]:
    rows = {
        one.name: Program(
            name=one.name,
            visibility=one.visibility,
            public_label=one.label,
            description=one.description,
            contact_name=one.contact,
            contact_phone=one.phone,
            withdrawal_hours=24,
            translations={
                "es": {"name": one.name_es, "public_label": one.label_es}
                | in_spanish(description=one.description)
            },
        )
        for one in PROGRAMS
    }
    db.add_all(rows.values())
    db.flush()
    return rows


def _positions(
    db: Session, programs: Mapping[str, Program]
) -> dict[str, tuple[Position, DemoPosition]]:
    rows = {
        role.name: (
            Position(
                program_id=programs[program.name].id,
                name=role.name,
                description=role.description,
                color=role.color,
                icon=role.icon,
                translations={
                    "es": {"name": role.name_es} | in_spanish(description=role.description)
                },
            ),
            role,
        )
        for program in PROGRAMS
        for role in program.positions
    }
    db.add_all(position for position, _ in rows.values())
    db.flush()
    return rows


def _sites(db: Session, programs: Mapping[str, Program]) -> dict[str, Site]:
    owner = {site: programs[one.name].id for one in PROGRAMS for site in one.sites}
    rows = {
        name: Site(
            name=name,
            address=site.address,
            directions=site.directions,
            translations={"es": in_spanish(directions=site.directions, access_notes=site.access)},
            access_notes=site.access,
            confidential=site.confidential,
            program_id=owner.get(name),
        )
        for name, site in SITES.items()
    }
    db.add_all(rows.values())
    db.flush()
    return rows


def _people(db: Session, chance: random.Random, number: int, at: datetime) -> list[Person]:
    rows = [_person(*VOLUNTEER[:2], at, 0)]
    for index in range(1, number + 1):
        first = FIRST_NAMES[index % len(FIRST_NAMES)]
        last = LAST_NAMES[(index * 7 + index // len(FIRST_NAMES)) % len(LAST_NAMES)]
        person = _person(f"{first} {last}", f"volunteer{index:03}@demo.example", at, index)
        if index % 12 == 0:
            person.email = ""  # they call the office
        if index % 9 == 0:
            person.language = "es"
        if index % 25 == 0:
            person.status = chance.choice((Status.ON_LEAVE, Status.PROSPECT))
        rows.append(person)
    db.add_all(rows)
    return rows


def _person(name: str, email: str, at: datetime, index: int) -> Person:
    return Person(
        name=name,
        email=email,
        language="en",
        status=Status.ACTIVE,
        created_at=at - timedelta(days=30 + index),
        emergency_name=f"{LAST_NAMES[index % len(LAST_NAMES)]} family",
        emergency_relation="family",
        emergency_phone=f"(555) 555-{2000 + index:04}",
        phones=[Phone(number=f"(555) 555-{1000 + index:04}", label="Mobile")],
    )


def _staff(db: Session, programs: Mapping[str, Program], at: datetime) -> list[Person]:
    rows = {name: _person(name, email, at, 900) for name, (email, _) in COORDINATORS.items()}
    administrator = _person(*ADMINISTRATOR, at, 901)
    db.add_all([*rows.values(), administrator])
    db.flush()
    db.add(Membership(person_id=administrator.id, role=Role.ADMINISTRATOR, since=at))
    db.add_all(
        Membership(
            person_id=rows[name].id,
            role=Role.COORDINATOR,
            program_id=programs[program].id,
            since=at,
        )
        for name, (_, own) in COORDINATORS.items()
        for program in own
    )
    return [*rows.values(), administrator]


def _accounts(db: Session, people: Iterable[Person], at: datetime) -> None:
    """One sign-in each, all with one hash: 300 argon2 hashes would take twelve seconds."""
    shared = passwords.hash_password(PASSWORD)
    addresses = {person.id: person.email for person in people}
    missing = {
        person.id: f"volunteer{index:03}@demo.example" for index, person in enumerate(people)
    }
    rows = [
        {
            "person_id": person_id,
            "address": address or missing[person_id],
            "password_hash": shared,
            "created_at": at,
        }
        for person_id, address in addresses.items()
    ]
    db.execute(insert(Identity), rows)
    proved = [
        {
            "person_id": row["person_id"],
            "address": row["address"],
            "how": ProvedHow.CODE,
            "proved_at": row["created_at"],
        }
        for row in rows
    ]
    db.execute(insert(ProvedAddress), proved)


def _placements(
    db: Session,
    chance: random.Random,
    people: Sequence[Person],
    positions: Mapping[str, tuple[Position, DemoPosition]],
    at: datetime,
) -> dict[int, list[int]]:
    """Give people roles. Gives the active people of each position."""
    rows: list[dict[str, Any]] = []
    placed: dict[int, list[int]] = {position.id: [] for position, _ in positions.values()}
    names = list(positions)
    today = clock.local_day(at, ZONE)
    for index, person in enumerate(people):
        wanted = VOLUNTEER[2] if index == 0 else chance.sample(names, k=chance.choice((1, 2, 2, 3)))
        if index and index % 20 == 0:
            continue  # new: no role yet
        person.placed_at = at
        for name in wanted:
            position = positions[name][0]
            waits = index > 0 and chance.random() < 0.04
            if waits:
                continue  # they apply, later
            rows.append(_placement(person.id, position, today, at))
            if person.status == Status.ACTIVE:
                placed[position.id].append(person.id)
    db.execute(insert(Placement), rows)
    db.flush()
    return placed


def _placement(person_id: int, position: Position, today: date, at: datetime) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "position_id": position.id,
        "program_id": position.program_id,
        "state": PlacementState.ACTIVE,
        "starts_on": today - timedelta(days=180),
        "decided_at": at,
        "reason": "",
    }


def _weeks(
    db: Session,
    chance: random.Random,
    positions: Mapping[str, tuple[Position, DemoPosition]],
    sites: Mapping[str, Site],
    placed: Mapping[int, list[int]],
    at: datetime,
) -> None:
    """Write eight weeks of shifts around today by patterns, and fill them as free people allow."""
    today = clock.local_day(at, ZONE)
    monday = today - timedelta(days=today.weekday() + 7 * WEEKS_BEFORE)
    last = monday + timedelta(weeks=WEEKS_BEFORE + WEEKS_AHEAD, days=-1)
    holiday = monday + timedelta(weeks=WEEKS_BEFORE + 2, days=4)
    db.add(Closure(first_day=holiday, last_day=holiday, reason="County holiday"))
    patterns = [
        _pattern(position, sites.get(role.site), times, weekdays, monday, last)
        for position, role in positions.values()
        for times, weekdays in _by_times(role)
    ]
    db.add_all(patterns)
    db.flush()
    shifts: list[tuple[Shift, Slot]] = []
    for pattern in patterns:
        for day in days_of(pattern.rule, monday, monday, last):
            if day != holiday:
                wish = pattern.slots[0]
                slot = Slot(
                    position_id=wish.position_id,
                    minimum=wish.minimum,
                    maximum=wish.maximum,
                    filled=0,
                )
                shifts.append((_shift(pattern, day, slot), slot))
    shifts.sort(key=lambda pair: pair[0].starts_at)
    db.add_all(shift for shift, _ in shifts)
    db.flush()
    _sign_people_up(db, chance, shifts, placed, at)


Times = tuple[float, float, int, int]
"""Hour it starts, hours it lasts, how many are needed, how many spots."""


def _by_times(role: DemoPosition) -> list[tuple[Times, list[int]]]:
    """What each pattern of a role is: busy roles recur on several days, others have one each."""
    if len(role.times) < 4:
        return [((hour, *rest), [weekday]) for weekday, hour, *rest in role.times]  # type: ignore[misc]
    found: dict[Times, list[int]] = {}
    for weekday, hour, hours, minimum, maximum in role.times:
        found.setdefault((hour, hours, minimum, maximum), []).append(weekday)
    return list(found.items())


def _pattern(
    position: Position,
    site: Site | None,
    times: Times,
    weekdays: list[int],
    first: date,
    last: date,
) -> Pattern:
    hour, hours, minimum, maximum = times
    starts = datetime.combine(first, time(int(hour), int(hour % 1 * 60)))
    return Pattern(
        program_id=position.program_id,
        site_id=site.id if site else None,
        title="",
        note="",
        rule=rule_of("1", weekdays),
        first_day=first,
        starts=starts.time(),
        ends=(starts + timedelta(hours=hours)).time(),
        zone=ZONE,
        withdrawal_hours=24,
        closes_hours=0,
        written_until=last,
        slots=[PatternSlot(position_id=position.id, minimum=minimum, maximum=maximum)],
    )


def _shift(pattern: Pattern, day: date, slot: Slot) -> Shift:
    on = occurrence(day, pattern.starts, pattern.ends, ZONE)
    return Shift(
        program_id=pattern.program_id,
        site_id=pattern.site_id,
        pattern_id=pattern.id,
        pattern_day=day,
        zone=ZONE,
        starts_at=on.starts_at,
        ends_at=on.ends_at,
        closes_at=on.starts_at,
        withdraw_until=on.starts_at - timedelta(hours=24),
        slots=[slot],
    )


def _sign_people_up(
    db: Session,
    chance: random.Random,
    shifts: Sequence[tuple[Shift, Slot]],
    placed: Mapping[int, list[int]],
    at: datetime,
) -> None:
    busy: dict[int, list[tuple[datetime, datetime]]] = {}
    signups: list[dict[str, Any]] = []
    for index, (shift, slot) in enumerate(shifts):
        if index % 97 == 50 and shift.starts_at > at:
            shift.canceled_at, shift.canceled_reason = at, "The building is closed that day."
            continue
        share = 1.0 if shift.starts_at < at else chance.choice((0.0, 0.34, 0.5, 0.67, 1.0, 1.0))
        free = [
            person_id
            for person_id in placed[slot.position_id]
            if all(
                shift.ends_at <= start or shift.starts_at >= end
                for start, end in busy.get(person_id, ())
            )
        ]
        chosen = chance.sample(free, k=min(len(free), round(slot.maximum * share)))
        slot.filled = len(chosen)
        for person_id in chosen:
            busy.setdefault(person_id, []).append((shift.starts_at, shift.ends_at))
            since = min(at, shift.starts_at) - timedelta(days=chance.randint(1, 20))
            signups.append(
                {
                    "slot_id": slot.id,
                    "shift_id": shift.id,
                    "person_id": person_id,
                    "state": SignupState.SIGNED_UP,
                    "since": since,
                    "reason": "",
                }
            )
    db.flush()
    _write_signups(db, shifts, signups, at)
    _regulars(db, shifts, at)
    _lines(db, chance, shifts, placed, busy, at)


def _regulars(db: Session, shifts: Sequence[tuple[Shift, Slot]], at: datetime) -> None:
    """Who is on a pattern's coming shifts most often is there every week; the demo's volunteer surely is."""
    own = db.scalar(select(Person.id).where(Person.email == VOLUNTEER[1]))
    coming = {shift.id: shift for shift, _ in shifts if shift.starts_at > at}
    often: Counter[tuple[int, int, int]] = Counter()
    signups = db.scalars(select(Signup).order_by(Signup.id)).all()
    position = {slot.shift_id: slot.position_id for _, slot in shifts}
    for signup in signups:
        if shift := coming.get(signup.shift_id):
            often[(shift.pattern_id or 0, signup.person_id, position[shift.id])] += 1
    today = clock.local_day(at, ZONE)
    until = max(shift.pattern_day or today for shift, _ in shifts)
    made: dict[tuple[int, int], Regular] = {}
    favorite = next((which for which, _ in often.most_common() if which[1] == own), None)
    if favorite:
        often[favorite] += often.total()
    for (pattern_id, person_id, position_id), _ in often.most_common(REGULARS):
        made[pattern_id, person_id] = Regular(
            pattern_id=pattern_id,
            position_id=position_id,
            person_id=person_id,
            every=1,
            first_day=today,
            carried_until=until,
            since=at,
        )
    db.add_all(made.values())
    db.flush()
    for signup in signups:
        shift = coming.get(signup.shift_id)
        regular = made.get((shift.pattern_id or 0, signup.person_id)) if shift else None
        signup.regular_id = regular.id if regular else None


def _lines(
    db: Session,
    chance: random.Random,
    shifts: Sequence[tuple[Shift, Slot]],
    placed: Mapping[int, list[int]],
    busy: Mapping[int, list[tuple[datetime, datetime]]],
    at: datetime,
) -> None:
    """Behind every third full shift someone waits who would be free."""
    full = [
        (shift, slot)
        for shift, slot in shifts
        if shift.starts_at > at + timedelta(days=2) and 0 < slot.maximum == slot.filled
    ]
    for shift, slot in full[::3]:
        free = [
            person_id
            for person_id in placed[slot.position_id]
            if all(
                shift.ends_at <= start or shift.starts_at >= end
                for start, end in busy.get(person_id, ())
            )
        ]
        for person_id in chance.sample(free, k=min(len(free), chance.choice((1, 2)))):
            db.add(
                Waiting(
                    shift_id=shift.id,
                    slot_id=slot.id,
                    person_id=person_id,
                    state=WaitingState.WAITING,
                    since=at,
                )
            )


def _write_signups(
    db: Session, shifts: Sequence[tuple[Shift, Slot]], signups: list[dict[str, Any]], at: datetime
) -> None:
    """Signups with their commitments and audit entries, as the verbs would have left them."""
    by_id = {shift.id: shift for shift, _ in shifts}
    rows = db.execute(
        insert(Signup).returning(Signup.id, Signup.shift_id, Signup.person_id, Signup.since),
        signups,
    ).all()
    db.execute(
        insert(Commitment),
        [
            {
                "person_id": row.person_id,
                "kind": SHIFT,
                "source_id": row.id,
                "starts_at": by_id[row.shift_id].starts_at,
                "ends_at": by_id[row.shift_id].ends_at,
            }
            for row in rows
        ],
    )
    entries = [
        {
            "at": row.since,
            "actor_id": row.person_id,
            "action": "signup.made",
            "subject_kind": "signup",
            "subject_id": row.id,
            "person_id": row.person_id,
            "program_id": by_id[row.shift_id].program_id,
        }
        for row in rows
    ]
    entries += [
        {
            "at": at,
            "action": "shift.added",
            "subject_kind": SHIFT,
            "subject_id": shift.id,
            "program_id": shift.program_id,
            "actor_id": None,
            "person_id": None,
        }
        for shift, _ in shifts
    ]
    db.execute(insert(AuditEntry), sorted(entries, key=lambda entry: entry["at"]))

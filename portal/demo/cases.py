"""The demo agency's cases: what volunteers do for clients, districts, and what a caseworker asks for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.cases import (
    candidates,
    cases,
    contacts,
    emergency,
    follow_ups,
    functions,
    letters,
    matches,
    requests,
)
from portal.cases.contact_models import ContactKind, Medium
from portal.cases.models import (
    AgeBand,
    Case,
    CaseEnd,
    HelpFunction,
    HelpRequest,
    Match,
    RequestState,
    Said,
    Unmet,
)
from portal.demo.skills import staff_person
from portal.people import supervision
from portal.people.identity_models import Identity
from portal.people.models import Membership
from portal.people.traits import Skill, SkillKind, Supervision
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.programs.models import Placement, Position, Program, Visibility
from portal.settings import Settings
from portal.web.errors import Refused

CASEWORKER = ("Lee Abara", "caseworker@demo.example")
PRIVACY_OFFICER = ("Pat Ochoa", "privacy@demo.example")
CASES = 80
RESIDENTS = (31_000, 27_500, 18_000, 9_800)
NEEDS = ("", "", "Hard of hearing, please speak up.", "Uses a walker.", "Prefers mornings.")
"""What is typed about a client: nothing that tells who it is."""
TIMES = ("Tuesday mornings", "Weekday afternoons", "Any evening", "")
ASKED = {"Ride": None, "Friendly visitor": 7, "Court companion": None, "Help with forms": 7}


def give_cases(db: Session, chance: Random, zone: str, password: str, at: datetime) -> None:
    """Write a caseworker, and eighty cases that ask for someone, are closed or found no one."""
    today, settings = clock.local_day(at, zone), Settings(timezone=zone)
    program = _program(db)
    lee = staff_person(db, *CASEWORKER, password, at)
    db.add(Membership(person_id=lee.id, role=Role.CASEWORKER, program_id=program.id, since=at))
    db.flush()
    held = frozenset({(Role.CASEWORKER, program.id)})
    viewer = Viewer(lee.id, memberships=held, today=today)
    kinds = _functions(db, program, at)
    districts = _districts(db, at)
    languages = db.scalars(select(Skill.id).where(Skill.kind == SkillKind.LANGUAGE)).all()
    for number in range(CASES):
        then = at - timedelta(days=CASES - number, hours=chance.randrange(8))
        act = Act(db, viewer, then)
        values = {
            "language_id": chance.choice([None, *languages]),
            "district_id": chance.choice(districts),
            "age": chance.choice(list(AgeBand)),
            "needs": chance.choice(NEEDS),
            "safety": chance.choice(["", "", "stairs", "pets", "stairs pairs"]),
            "contact_ways": chance.choice(["", "", "call", "call voicemail"]),
            "contact_from": None,
            "contact_until": None,
        }
        reference = f"{then.year % 100}-{1200 + number}"
        case = cases.open_case(act, program, lee.id, reference, values, settings)
        _ask(act, case, chance, chance.choice(kinds), lee.id, zone, at, number)
    _match(db, viewer, zone, at)
    _emergency(db, program, password, at)
    _supervise(db, program, today, at)


def _match(db: Session, lee: Viewer, zone: str, at: datetime) -> None:
    """Ask the demo's volunteer for one request and others for more, each at another step."""
    today, act = clock.local_day(at, zone), Act(db, lee, at)
    settings = Settings(timezone=zone)
    volunteer = db.scalars(
        select(Identity.person_id).where(Identity.address == "volunteer@demo.example")
    ).one()
    rows = db.scalars(
        select(HelpRequest).where(HelpRequest.state == RequestState.OPEN).order_by(HelpRequest.id)
    ).all()
    for number, row in enumerate(rows[-9:]):
        able = sorted(candidates.able(db, row, today, settings))
        if not able:
            continue
        mine = number in (7, 8) and volunteer in able
        person = volunteer if mine else able[number % len(able)]
        match = matches.propose(act, row, person, today, settings)
        own = Act(db, Viewer(person), at)
        if number % 8 == 0:
            continue  # the first, and the volunteer's last, wait for an answer
        with suppress(Refused):  # something else then
            matches.accept(own, match)
            if number > 2:
                matches.client_said(act, match, yes=True, on=today, how=Said.SPOKEN, today=today)
            if number > 4:
                matches.hand_off(act, match, knows=False, settings=settings)
            if number > 5:
                _visit(act, own, match, number, settings)


def _supervise(db: Session, program: Program, today: date, at: datetime) -> None:
    """The demo's supervisor looks after the demo's volunteer in this program, too."""
    ids = {
        who: db.scalars(
            select(Identity.person_id).where(Identity.address == f"{who}@demo.example")
        ).one()
        for who in ("supervisor", "volunteer")
    }
    boss = ids["supervisor"]
    held = select(Membership.id).where(
        Membership.person_id == boss,
        Membership.role == Role.SUPERVISOR,
        Membership.program_id == program.id,
    )
    if db.scalar(held) is None:
        db.add(Membership(person_id=boss, role=Role.SUPERVISOR, program_id=program.id, since=at))
        db.flush()
    theirs = select(Supervision.id).where(
        Supervision.person_id == ids["volunteer"], Supervision.supervisor_id == boss
    )
    if db.scalar(theirs.where(Supervision.program_id == program.id)) is None:
        supervision.give(Act(db, COMMAND_LINE, at), ids["volunteer"], boss, program.id, today)


def _emergency(db: Session, program: Program, password: str, at: datetime) -> None:
    """A privacy officer, and a coordinator who opened a case in an emergency an hour ago."""
    pat = staff_person(db, *PRIVACY_OFFICER, password, at)
    db.add(Membership(person_id=pat.id, role=Role.PRIVACY_OFFICER, since=at))
    db.flush()
    coordinator = db.scalars(
        select(Identity.person_id).where(Identity.address == "coordinator@demo.example")
    ).one()
    held = frozenset({(Role.COORDINATOR, program.id)})
    act = Act(db, Viewer(coordinator, memberships=held), at - timedelta(hours=1))
    row = db.scalars(
        select(Case).where(Case.program_id == program.id, Case.closed_at.is_(None))
    ).first()
    if row is not None:
        reason = "A volunteer didn't come back from a visit, and the caseworker is away."
        emergency.open_access(act, row, reason, 30)


def _visit(act: Act, own: Act, match: Match, number: int, settings: Settings) -> None:
    """Someone visits, or finds no one; promises something, and writes to the caseworker."""
    today = clock.local_day(act.at, settings.timezone)
    told = contacts.Told(
        today, ContactKind.VISIT, made=True, medium=Medium.IN_PERSON, minutes=50 + number,
        tenths=85, topics="company forms", note="Went well. Wants to try the library next time.",
    )  # fmt: skip
    contacts.enter(own, match, told, today, settings)
    if number % 2:
        nobody = replace(told, made=False, minutes=0, tenths=0, topics="", note="")
        contacts.enter(own, match, nobody, today, settings)
    due = today + timedelta(days=3)
    follow_ups.add(act, match, "Bring the library form", due, today)
    letters.write(own, match, "Is another day all right next week?", today, sure=False)


def _ask(
    act: Act,
    case: Case,
    chance: Random,
    kind: HelpFunction,
    caseworker_id: int,
    zone: str,
    at: datetime,
    number: int,
) -> None:
    """Ask for someone: the last cases still look, earlier ones were withdrawn, closed or unmet."""
    open_now = number >= CASES - 24
    then = clock.local_day(act.at, zone)
    day = clock.local_day(at, zone) + timedelta(days=2 + number % 12) if open_now else then
    lasting = number % 3 == 0
    values = {
        "lasting": lasting, "day": None if lasting else day, "starts": None, "ends": None, "zone": zone,
        "times": chance.choice(TIMES), "every_days": 7 if lasting else None, "review_on": None,
        "due_on": None, "people": 1,
    }  # fmt: skip
    asked = "phone" if number % 5 == 0 else None
    row = requests.ask(act.but(asked=asked), case, kind.id, caseworker_id, values, then)
    later = act.but(at=act.at + timedelta(days=1))
    if open_now:
        return
    if number % 4 == 0:
        requests.give_up(later, row, chance.choice(list(Unmet)))
    else:
        cases.close_case(later, case, chance.choice(list(CaseEnd)))


def _program(db: Session) -> Program:
    """A public program of the demo's coordinator in which the demo's volunteer serves."""
    own = (
        select(Membership.program_id)
        .join(Identity, Identity.person_id == Membership.person_id)
        .where(Identity.address == "coordinator@demo.example")
    )
    serves = (
        select(Placement.program_id)
        .join(Identity, Identity.person_id == Placement.person_id)
        .where(Identity.address == "volunteer@demo.example")
    )
    return db.scalars(
        select(Program).where(
            Program.id.in_(own), Program.id.in_(serves), Program.visibility == Visibility.PUBLIC
        )
    ).all()[0]


def _functions(db: Session, program: Program, at: datetime) -> Sequence[HelpFunction]:
    """What volunteers of the program do, each by any of its roles."""
    roles = db.scalars(select(Position.id).where(Position.program_id == program.id)).all()
    act = Act(db, COMMAND_LINE, at)
    return [functions.add_function(act, program, name, days, roles) for name, days in ASKED.items()]


def _districts(db: Session, at: datetime) -> Sequence[int]:
    """The districts of the list, with their residents."""
    found = db.scalars(
        select(Skill.id).where(Skill.kind == SkillKind.DISTRICT).order_by(Skill.id)
    ).all()
    for number, skill_id in enumerate(found):
        functions.set_residents(
            Act(db, COMMAND_LINE, at), skill_id, RESIDENTS[number % len(RESIDENTS)]
        )
    return found

"""What the demo agency asks of its people, and how they stand: every state of paperwork, checks, exceptions,
things to read, trial periods, and coming shifts that someone has to decide on."""

import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.demo.data import VOLUNTEER
from portal.demo.papers_text import LETTERS, QUIET, QUIET_ES
from portal.demo.skills import staff_person
from portal.demo.spanish import in_spanish
from portal.people.models import Membership, Person, Status
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.requirements import (
    acknowledgements,
    checks,
    clearance_recheck,
    credentials,
    decisions,
    evidence,
    expiry_warnings,
    kinds,
    rules,
    trials,
    waivers,
)
from portal.requirements.check_models import TextKind
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.models import (
    CheckPath,
    Kind,
    Requirement,
    Rule,
    RuleOption,
    RuleVersion,
    Stage,
    Validity,
    Verifier,
)
from portal.shifts.affected_signups import coming_work
from portal.shifts.models import Shift, Slot

COURT, AGING, FAMILY = (
    "Victim-Witness Services", "Aging and Disability Services", "Family Services",
)  # fmt: skip
AGO = timedelta(days=200)
BUSINESS_WEEKS = timedelta(days=16)


@dataclass(frozen=True)
class Asked:
    """A kind of proof of the demo: its names, what sort it is, how long it counts, and who needs it."""

    name: str
    spanish: str
    kind: Kind
    validity: Validity = Validity.NONE
    months: int | None = None
    path: CheckPath | None = None
    words: str = ""
    stage: Stage = Stage.ALWAYS
    program: str = ""
    positions: tuple[str, ...] = field(default=())


REGISTER, EXCLUSIONS = "Statewide Central Register check", "Staff Exclusion List check"
ASKED = (
    Asked(
        "Confidentiality agreement", "Acuerdo de confidencialidad", Kind.AGREEMENT,
        words="What you hear here stays here. You read and sign it in the portal.",
    ),
    Asked(
        "Orientation", "Orientación", Kind.COURSE, stage=Stage.FIRST,
        words="Two hours about who we are and how we work.",
    ),
    Asked(
        REGISTER, "Consulta del Registro Central Estatal",
        Kind.BACKGROUND_CHECK, Validity.MONTHS, 24, CheckPath.REGISTER, program=COURT,
        words="New York's register of child abuse and maltreatment. Form LDSS-3370.",
    ),
    Asked(
        EXCLUSIONS, "Consulta de la Lista de Exclusión de Personal",
        Kind.BACKGROUND_CHECK, Validity.MONTHS, 24, CheckPath.REGISTER, program=COURT,
        words="The Justice Center's list of people who can't work with people in care.",
    ),
    Asked(
        "Driver's license", "Licencia de conducir", Kind.LICENSE, Validity.DATED,
        program=AGING, positions=("Driver",),
        words="Valid on every day you drive. A photo of both sides is fine.",
    ),
    Asked(
        "Car insurance", "Seguro del automóvil", Kind.INSURANCE, Validity.DATED,
        program=AGING, positions=("Driver",), words="The card your insurance company sent you.",
    ),
    Asked(
        "Driving record", "Historial de manejo", Kind.BACKGROUND_CHECK, Validity.MONTHS, 12,
        CheckPath.DRIVING, program=AGING, positions=("Driver",),
        words="We order it once a year, after you sign.",
    ),
    Asked(
        "TB test", "Prueba de tuberculosis", Kind.HEALTH, Validity.MONTHS, 12, program=AGING,
        positions=("Home visits", "Friendly visitor"),
        words="A test from the last twelve months. The county clinic does it free of charge.",
    ),
    Asked(
        "Mandated reporter training", "Capacitación para informantes obligatorios", Kind.COURSE,
        Validity.MONTHS, 36, program=FAMILY,
        words="Two hours online. You learn when and how to report that a child may be in danger.",
    ),
)  # fmt: skip


def give_papers(db: Session, chance: random.Random, zone: str, password: str, at: datetime) -> None:
    """Write rules, what people have, and one of every state."""
    today = clock.local_day(at, zone)
    gil = staff_person(db, "Gil Moreau", "screener@demo.example", password, at)
    db.add(Membership(person_id=gil.id, role=Role.SCREENER, since=at))
    db.flush()
    made = {one.name: _requirement(db, one, at) for one in ASKED}
    register, before = made[REGISTER], made[EXCLUSIONS]
    values = kinds.requirement_values(register) | {"after_id": before.id}
    kinds.edit_requirement(Act(db, COMMAND_LINE, at), register, values, register.version)
    for one in ASKED:
        for scope in _scopes(db, one):
            _rule(db, scope, [made[one.name].id], one.stage, today, at)
    _either_or(db, today, at)
    _have(db, chance, today, at)
    _trial(db, chance, today, at)
    _learners(db, at)
    by = Viewer(person_id=gil.id, memberships=frozenset({(Role.SCREENER, None)}))
    _checks(Act(db, by, at), made, zone)
    _handed_in(db, made, today, at)
    _change_of_mind(db, made, today, at)
    _readings(db, today, at)
    while clearance_recheck.look(db, (coming_work,), zone, at):
        pass
    expiry_warnings.each_day(db, zone, at)


def _scopes(db: Session, one: Asked) -> Sequence[rules.Scope]:
    if not one.program:
        return [rules.Scope()]
    program_id = db.scalars(select(Program.id).where(Program.name == one.program)).one()
    if not one.positions:
        return [rules.Scope(program_id)]
    found = db.scalars(
        select(Position.id).where(
            Position.program_id == program_id, Position.name.in_(one.positions)
        )
    )
    return [rules.Scope(program_id, position_id) for position_id in found]


def _requirement(db: Session, one: Asked, at: datetime) -> Requirement:
    program_id = db.scalar(select(Program.id).where(Program.name == one.program))
    screened = one.kind in (Kind.BACKGROUND_CHECK, Kind.HEALTH)
    values = {
        "kind": one.kind,
        "name": one.name,
        "description": one.words,
        "validity": one.validity,
        "months": one.months,
        "yearly": "",
        "strict": one.kind != Kind.INSURANCE,
        "verifier": Verifier.SCREENER if screened else Verifier.COORDINATOR,
        "check_path": one.path,
        "translations": {"es": {"name": one.spanish} | in_spanish(description=one.words)},
    }
    made = kinds.add_requirement(Act(db, COMMAND_LINE, at), values, program_id)
    for kind in kinds.texts_of(made):
        english, spanish = LETTERS.get(kind, ("", ""))
        if kind == TextKind.AGREEMENT:
            english, spanish = QUIET, QUIET_ES
        text = kinds.add_text(
            Act(db, COMMAND_LINE, at),
            made,
            kind,
            english.replace("{check}", one.name),
            {"es": {"body": spanish.replace("{check}", one.spanish)}} if spanish else {},
        )
        kinds.approve_text(Act(db, COMMAND_LINE, at), text, "County counsel", at.date())
    return made


def _rule(
    db: Session, scope: rules.Scope, options: Sequence[int], stage: Stage, today: date, at: datetime
) -> Rule:
    """A rule that has bound everyone for a while."""
    version = RuleVersion(
        effective_on=today - AGO,
        binds_all_on=today - AGO,
        stage=stage,
        made_at=at,
        trainees=stage == Stage.ALWAYS,
        options=[RuleOption(requirement_id=one) for one in options],
    )
    rule = Rule(program_id=scope.program_id, position_id=scope.position_id, versions=[version])
    db.add(rule)
    db.flush()
    return rule


def _either_or(db: Session, today: date, at: datetime) -> None:
    """A degree, or two years of experience, to answer the phone line."""
    position = db.scalars(select(Position).where(Position.name == "Phone line helper")).one()
    options = [
        kinds.add_requirement(
            Act(db, COMMAND_LINE, at),
            {
                "kind": Kind.DOCUMENT,
                "name": name,
                "description": "",
                "validity": Validity.NONE,
                "months": None,
                "yearly": "",
                "strict": False,
                "verifier": Verifier.COORDINATOR,
                "check_path": None,
                "translations": {"es": {"name": spanish}},
            },
            position.program_id,
        ).id
        for name, spanish in (
            ("Degree in social work", "Título en trabajo social"),
            ("Two years of experience", "Dos años de experiencia"),
        )
    ]
    _rule(db, rules.Scope(position.program_id, position.id), options, Stage.APPLY, today, at)


def _have(db: Session, chance: random.Random, today: date, at: datetime) -> None:
    """Everyone placed has what their roles ask; a few lack something, or it ends soon."""
    placed = db.execute(
        select(Placement.person_id, Placement.position_id, Placement.program_id)
        .where(Placement.state == PlacementState.ACTIVE)
        .order_by(Placement.person_id, Placement.id)
    ).all()
    asked = db.execute(
        select(Rule.program_id, Rule.position_id, RuleOption.requirement_id)
        .join(RuleVersion, RuleVersion.rule_id == Rule.id)
        .join(RuleOption, RuleOption.rule_version_id == RuleVersion.id)
        .order_by(RuleOption.id)
    ).all()
    known = {one.id: one for one in db.scalars(select(Requirement))}
    first = min(row.person_id for row in placed)
    needs = {
        (row.person_id, rule.requirement_id): None
        for row in placed
        for rule in asked
        if rule.program_id in (None, row.program_id) and rule.position_id in (None, row.position_id)
    }
    rows = [
        _credential(known[requirement_id], person_id, chance, person_id == first, today, at)
        for person_id, requirement_id in needs
    ]
    db.execute(insert(Credential), [row for row in rows if row])


def _credential(
    requirement: Requirement,
    person_id: int,
    chance: random.Random,
    known: bool,
    today: date,
    at: datetime,
) -> Mapping[str, Any] | None:
    issued = today - timedelta(days=chance.randint(20, 190))
    luck = chance.random()
    if luck < 0.015 and not known:
        return None
    expires = None
    if requirement.validity == Validity.MONTHS:
        expires = credentials.months_after(issued, requirement.months or 0)
    elif requirement.validity == Validity.DATED:
        expires = today + timedelta(days=chance.randint(90, 1200))
        if known:
            expires = today + timedelta(days=24)
        elif luck < 0.05:
            expires = today + timedelta(days=chance.randint(-9, 40))
    return {
        "person_id": person_id,
        "requirement_id": requirement.id,
        "outcome": Outcome.ACCEPTED,
        "issued_on": issued,
        "effective_on": issued,
        "expires_on": expires,
        "recorded_at": at,
        "asked": "paper" if luck > 0.8 else None,
    }


def _trial(db: Session, chance: random.Random, today: date, at: datetime) -> None:
    """Court volunteers begin with six months and ten shifts beside a supervisor; most have passed."""
    position = db.scalars(select(Position).where(Position.name == "Court accompaniment")).one()
    trials.configure(Act(db, COMMAND_LINE, at), position, 6, 10)
    running = trials.on_trial(db, trials.ON_TRIAL)
    for one in running:
        placement = db.get_one(Placement, one.row.id)
        if chance.random() < 0.75:
            trials.review(Act(db, COMMAND_LINE, at), placement, trials.Review("pass"), today)
        elif chance.random() < 0.3:
            placement.starts_on = today - timedelta(days=190)
    if not running:
        return
    last = db.get_one(Placement, running[-1].row.id)
    if any(one.row.id == last.id for one in trials.on_trial(db, trials.ON_TRIAL)):
        until = today + timedelta(days=240)
        judged = trials.Review("extend", "Missed two shifts, doing well since", until)
        trials.review(Act(db, COMMAND_LINE, at), last, judged, today)


def _learners(db: Session, at: datetime) -> None:
    """Coming court shifts and rides take someone along to learn."""
    positions = select(Position.id).where(Position.name.in_(("Court accompaniment", "Driver")))
    coming = select(Shift.id).where(Shift.starts_at > at, Shift.canceled_at.is_(None))
    db.execute(
        update(Slot)
        .where(Slot.position_id.in_(positions), Slot.shift_id.in_(coming))
        .values(trainees=1)
    )


def _checks(act: Act, made: Mapping[str, Requirement], zone: str) -> None:
    """A check at every step, of people who serve in court."""
    register = made["Statewide Central Register check"]
    people = act.db.scalars(
        select(Person)
        .join(Placement, Placement.person_id == Person.id)
        .join(Program, Program.id == Placement.program_id)
        .where(Program.name == COURT, Person.status == Status.ACTIVE)
        .distinct()
        .order_by(Person.id.desc())
        .limit(7)
    ).all()
    _own_check(act, made["Driving record"])
    past = act.at - BUSINESS_WEEKS - timedelta(days=14)
    for steps, person in enumerate(people):
        when = past if steps == 6 else act.at - timedelta(days=9)
        day = clock.local_day(when, zone)
        check = checks.ask(act.but(at=when), person.id, register)
        if steps >= 1:
            checks.authorize_on_paper(act.but(at=when), check, person.name)
        if steps >= 2:
            checks.order(act.but(at=when), check, day, zone)
        if steps >= 3:
            checks.came_back(act.but(at=when), check, day, day)
        if steps == 4:
            checks.clear(act.but(at=when), check, credentials.Paper(day))
        if steps >= 5:
            checks.send_first_notice(act.but(at=when), check, zone)
        if steps == 6 and check.decide_from:
            checks.turn_down(act, check, check.decide_from)


def _own_check(act: Act, record: Requirement) -> None:
    """The volunteer of the demo is asked for next year's driving record, and has read the first page."""
    ana = act.db.scalars(select(Person.id).where(Person.email == VOLUNTEER[1])).one()
    check = checks.ask(act, ana, record)
    shown = checks.wordings_of(act.db, check)[TextKind.DISCLOSURE].id
    checks.see_disclosure(act.but(by=Viewer(person_id=ana)), check, shown)


def _handed_in(db: Session, made: Mapping[str, Requirement], today: date, at: datetime) -> None:
    """Some licenses wait for review, one was sent back, one was taken away."""
    driving = made["Driver's license"]
    drivers = db.scalars(
        select(Placement.person_id)
        .join(Position, Position.id == Placement.position_id)
        .where(Position.name == "Driver", Placement.state == PlacementState.ACTIVE)
        .order_by(Placement.person_id)
        .limit(6)
    ).all()
    for index, person_id in enumerate(drivers[1:5]):
        own = Viewer(person_id=person_id)
        kept = evidence.keep(Act(db, own, at), person_id, _picture(f"NY {4410 + index}"))
        paper = credentials.Paper(
            today - timedelta(days=3), today + timedelta(days=1400), evidence_id=kept
        )
        handed = credentials.hand_in(Act(db, own, at), person_id, driving, paper)
        if index == 3:
            decisions.send_back(
                Act(db, COMMAND_LINE, at),
                handed,
                "The date is cut off. Please take another photo.",
            )
    for held in credentials.standing(db, drivers[-1], driving.id, today):
        decisions.revoke(
            Act(db, COMMAND_LINE, at), held, today, "The person told us it was suspended"
        )


def _picture(number: str) -> evidence.File:
    """A made-up license."""
    picture = Image.new("RGB", (640, 400), "#e8eef2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 620, 80), fill="#2a5588")
    draw.text((40, 40), "SAMPLE - NOT A REAL LICENSE", fill="white", font_size=24)
    draw.text((40, 130), number, fill="black", font_size=40)
    draw.rectangle((430, 120, 600, 340), outline="#2a5588", width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return evidence.judge(out.getvalue())


def _change_of_mind(
    db: Session, made: Mapping[str, Requirement], today: date, at: datetime
) -> None:
    """Exceptions, running and ended; and a rule that gets stricter next month."""
    cy = db.scalars(select(Person.id).where(Person.email == "coordinator@demo.example")).one()
    by = Viewer(person_id=cy, memberships=frozenset({(Role.COORDINATOR, None)}))
    driver = db.scalars(select(Position).where(Position.name == "Driver")).one()
    held = db.scalars(
        select(Placement.person_id)
        .where(Placement.position_id == driver.id, Placement.state == PlacementState.ACTIVE)
        .order_by(Placement.person_id.desc())
        .limit(2)
    ).all()
    for index, person_id in enumerate(held):
        terms = waivers.Terms(
            today - timedelta(days=5),
            today + timedelta(days=30),
            "The new card is in the mail",
            driver.id,
        )
        waiver = waivers.give(Act(db, by, at), person_id, made["Car insurance"], terms)
        if index:
            waivers.end(Act(db, by, at), waiver, today)
    rule = db.scalars(
        select(Rule)
        .join(RuleVersion, RuleVersion.rule_id == Rule.id)
        .join(RuleOption, RuleOption.rule_version_id == RuleVersion.id)
        .where(RuleOption.requirement_id == made["Orientation"].id)
    ).one()
    db.add(
        RuleVersion(
            rule_id=rule.id,
            effective_on=today + timedelta(days=40),
            stage=Stage.ALWAYS,
            made_at=at,
            options=[RuleOption(requirement_id=made["Orientation"].id)],
        )
    )


def _readings(db: Session, today: date, at: datetime) -> None:
    """A page that most court companions have read."""
    program_id = db.scalars(select(Program.id).where(Program.name == COURT)).one()
    page = acknowledgements.Page(
        "New security check at the courthouse",
        "Starting next month, everyone shows a photo ID at the side door. Please come ten minutes "
        "earlier, and leave large bags at home.",
        today + timedelta(days=10),
        program_id,
        None,
        {
            "es": {
                "title": "Nuevo control de seguridad en la corte",
                "body": "Desde el próximo mes, todas las personas muestran una identificación con foto en "
                "la puerta lateral. Por favor venga diez minutos antes y deje los bolsos grandes en casa.",
            }
        },
    )
    reading = acknowledgements.send(Act(db, COMMAND_LINE, at), page, today)
    people = db.scalars(
        acknowledgements.holders(reading.id).with_only_columns(Person.id).order_by(Person.id)
    ).all()
    for person_id in people[len(people) // 3 :]:
        acknowledgements.have_read(Act(db, Viewer(person_id=person_id), at), person_id, reading)

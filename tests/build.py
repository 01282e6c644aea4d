"""Things for tests to work with: plain functions with defaults."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.agency.settings import change
from portal.cases import cases, functions, requests
from portal.cases.models import Case, HelpFunction, HelpRequest
from portal.hours import entries
from portal.incidents import reporting
from portal.incidents.models import Incident
from portal.incidents.settings import ADULT_HOTLINE, CHILD_HOTLINE
from portal.meetings import invitees, meetings
from portal.meetings.models import Meeting, MeetingKind
from portal.outreach import booking, intake, speakers
from portal.outreach.intake_models import Topic
from portal.outreach.models import TalkRequest
from portal.outreach.talk_models import Presentation, Speaker
from portal.people import addresses, memberships, people, skills
from portal.people.identity_models import ProvedHow
from portal.people.models import Person, Status
from portal.people.traits import Absence, Skill, SkillKind
from portal.permissions import NOBODY, Role, Viewer
from portal.programs import placements, programs
from portal.programs.application_models import Application
from portal.programs.models import Closure, Position, Program, Site, Visibility
from portal.recruitment import applications, opportunities
from portal.recruitment.models import Opportunity
from portal.requirements import credentials, kinds, rules
from portal.requirements.evidence_models import Credential
from portal.requirements.models import Kind, Requirement, Rule, Stage
from portal.settings import Settings
from portal.shifts import patterns, shifts, signups
from portal.shifts.models import Attendance, Shift, Signup, Slot
from portal.shifts.pattern_models import Pattern
from portal.shifts.shift_slots import SlotWish
from portal.training import courses, sessions
from portal.training.models import Course, CourseSession
from portal.web.errors import Preview
from tests.cast import Cast

NOON = datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
"""Noon in New York on Thursday, December 10, 2026, when shifts start unless told otherwise."""

SECRET = "test-only-secret-key-0123456789-abcdefgh"
"""The secret of every test's application; it is part of some links."""

SETTINGS = Settings(secret_key=SECRET)
"""Enough of an agency's settings for verbs that make links or read a zone."""

OFFICE = Viewer(memberships=frozenset({(Role.ADMINISTRATOR, None)}))
"""An administrator's rights without a person, for building."""


def person(db: Session, name: str, at: datetime, **values: Any) -> Person:
    email = values.pop("email", f"{name.split()[0].lower()}@example.org")
    phones = [{"number": values.pop("phone", "(555) 555-1234"), "label": "Mobile"}]
    given = {"name": name, "email": email, "status": Status.ACTIVE, "phones": phones}
    return people.add_person(Act(db, NOBODY, at), given | values)


def program(db: Session, name: str, at: datetime, **values: Any) -> Program:
    given = {
        "name": name,
        "visibility": Visibility.PUBLIC,
        "public_label": "",
        "description": "",
        "contact_name": "Cy Ortega",
        "contact_phone": "(555) 555-0101",
        "withdrawal_hours": 24,
        "translations": {},
    }
    return programs.add_program(Act(db, OFFICE, at), given | values)


def position(db: Session, of: Program, name: str, at: datetime, **values: Any) -> Position:
    given = {"name": name, "description": "", "color": "teal", "icon": "person", "translations": {}}
    return programs.add_position(Act(db, OFFICE, at), of, given | values)


def site(db: Session, name: str, at: datetime, **values: Any) -> Site:
    given = {
        "name": name,
        "address": "",
        "directions": "",
        "access_notes": "",
        "program_id": None,
        "confidential": False,
        "translations": {},
    }
    return programs.add_site(Act(db, OFFICE, at), given | values)


def place(
    db: Session, person_id: int, position_id: int, at: datetime, starts_on: date | None = None
) -> None:
    placements.place(
        Act(db, NOBODY, at),
        db.get_one(Person, person_id),
        db.get_one(Position, position_id),
        starts_on or date(2026, 1, 1),
    )


def opportunity(db: Session, position_id: int, at: datetime, **values: Any) -> Opportunity:
    """An opportunity that everyone sees, if its program is one they may know of."""
    position = db.get_one(Position, position_id)
    given = {"title": position.name, "translations": {}} | values
    row = opportunities.add_opportunity(Act(db, OFFICE, at), position, given)
    if not position.program.sensitive:
        opportunities.publish(Act(db, OFFICE, at), row)
    return row


def application(
    db: Session, who: int | str, position_id: int, at: datetime, **values: Any
) -> Application:
    """What someone with a record (an id), or a stranger of that name, applied for."""
    known = None if isinstance(who, str) else db.get_one(Person, who)
    given = {"name": "" if known else who, "language": "en", "email": "", "phone": ""}
    if not known:
        given["email"] = f"{str(who).split()[0].lower()}@example.com"
    act = Act(db, Viewer(person_id=known.id) if known else NOBODY, at)
    position = db.get_one(Position, position_id)
    return applications.submit(act, position, given | values, SETTINGS, person=known)


def closure(db: Session, first: date, last: date, reason: str, site_id: int | None = None) -> None:
    """Days on which the agency, or a site, is closed."""
    db.add(Closure(first_day=first, last_day=last, reason=reason, site_id=site_id))
    db.flush()


def absence(db: Session, person_id: int, day: date, at: datetime) -> None:
    """A day on which someone is away."""
    db.add(Absence(person_id=person_id, first_day=day, last_day=day, since=at))
    db.flush()


def shift(
    db: Session,
    position_id: int,
    *,
    starts: datetime = NOON,
    hours: float = 2,
    places: int = 2,
    needed: int = 1,
    others: tuple[tuple[int, int, int], ...] = (),
    **values: Any,
) -> Shift:
    """A shift with one slot, or more through `others` (position, needed, places)."""
    role = db.get_one(Position, position_id)
    given = {
        "title": "",
        "site_id": None,
        "note": "",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=hours),
        "zone": "America/New_York",
        "opens_at": None,
        "closes_at": starts,
        "withdraw_until": starts - timedelta(hours=24),
    }
    wishes = [SlotWish(position_id, needed, places), *(SlotWish(*other) for other in others)]
    return shifts.add_shift(
        Act(db, OFFICE, starts - timedelta(days=30)), role.program, given | values, wishes
    )


def meeting(
    db: Session,
    program_id: int,
    people: Sequence[int] = (),
    *,
    starts: datetime = NOON,
    **values: Any,
) -> Meeting:
    """A meeting of two hours, to which some people are invited."""
    given = {
        "kind": MeetingKind.MEETING, "title": "Monthly meeting", "note": "", "online_link": "",
        "site_id": None, "starts_at": starts, "ends_at": starts + timedelta(hours=2),
        "zone": "America/New_York",
    }  # fmt: skip
    act = Act(db, OFFICE, starts - timedelta(days=30))
    made = meetings.plan(act, db.get_one(Program, program_id), given | values)
    for person_id in people:
        invite(act, made, None, person_id)
    return made


def invite(act: Act, meeting: Meeting, whom: int | None, person_id: int | None = None) -> None:
    """Invite people to a meeting, once the list of them was looked at."""
    try:
        invitees.invite(act, meeting, whom, person_id, "")
    except Preview as preview:
        invitees.invite(act, meeting, whom, person_id, preview.seen)


def function(
    db: Session, position_id: int, name: str, at: datetime, due_days: int | None = None
) -> HelpFunction:
    """Something that people in a role do for clients."""
    role = db.get_one(Position, position_id)
    return functions.add_function(Act(db, OFFICE, at), role.program, name, due_days, [position_id])


CASE = {
    "language_id": None,
    "district_id": None,
    "age": None,
    "needs": "Uses a walker.",
    "safety": "",
    "contact_ways": "",
    "contact_from": None,
    "contact_until": None,
}
REQUEST = {
    "lasting": False, "day": None, "starts": None, "ends": None, "zone": "America/New_York", "times": "", "every_days": None,
    "review_on": None, "due_on": None, "people": 1,
}  # fmt: skip


def case(act: Act, program_id: int, reference: str = "24-0117", **values: Any) -> Case:
    """A case of a program, whose caseworker acts."""
    assert act.by.person_id
    program = act.db.get_one(Program, program_id)
    return cases.open_case(act, program, act.by.person_id, reference, CASE | values, SETTINGS)


def help_request(
    act: Act, function_id: int, day: date, reference: str = "24-0117", **values: Any
) -> HelpRequest:
    """A case for which its caseworker asks for someone on a day."""
    assert act.by.person_id
    wanted = act.db.get_one(HelpFunction, function_id)
    made = case(act, wanted.program_id, reference)
    given = REQUEST | {"day": day} | values
    return requests.ask(act, made, function_id, act.by.person_id, given, act.at.date())


PATTERN = {
    "title": "Evening rides", "site_id": None, "note": "", "rule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,TH;WKST=MO",
    "first_day": date(2026, 12, 1), "last_day": None, "starts": time(18), "ends": time(20),
    "zone": "America/New_York", "on_closures": False, "withdrawal_hours": 24, "closes_hours": 0, "adults": 0,
}  # fmt: skip
"""Every Tuesday and Thursday, 6 to 8 pm, from December 1, 2026."""


def served(db: Session, person_id: int, position_id: int, starts: datetime) -> None:
    """Someone was on a shift that is over."""
    made = shift(db, position_id, starts=starts)
    act = Act(db, OFFICE, starts - timedelta(days=20))
    signups.sign_up(act, person_id, made.id, staff=True, quiet=True)
    db.execute(
        update(Signup).where(Signup.shift_id == made.id).values(attendance=Attendance.ATTENDED)
    )


def pattern(
    db: Session, position_id: int, at: datetime, until: date = date(2026, 12, 31), **values: Any
) -> Pattern:
    """A pattern with its shifts, as if its preview had been looked at."""
    program = db.get_one(Position, position_id).program
    columns, wishes = PATTERN | values, [SlotWish(position_id, 1, 2)]
    try:
        patterns.add_pattern(Act(db, OFFICE, at), program, columns, wishes, until, "")
    except Preview as preview:
        return patterns.add_pattern(
            Act(db, OFFICE, at), program, columns, wishes, until, preview.seen
        )
    raise AssertionError("a pattern was saved without a preview")


def course_proof(db: Session, name: str, **values: Any) -> Requirement:
    """A requirement that a course meets."""
    row = Requirement(**{"kind": Kind.COURSE, "name": name, "translations": {}} | values)
    db.add(row)
    db.flush()
    return row


COURSE = {
    "program_id": None, "name": "Boundaries", "description": "", "topic": "Safety", "minutes": 90,
    "requirement_id": None, "position_id": None, "confirm": "person", "pass_percent": None,
    "translations": {},
}  # fmt: skip


def course(db: Session, at: datetime, **values: Any) -> Course:
    """A course of the agency, about safety, of an hour and a half."""
    return courses.add_course(Act(db, OFFICE, at), COURSE | values)


def session(
    db: Session, of: Course, *, starts: datetime = NOON, hours: float = 2, **values: Any
) -> CourseSession:
    """A session online for ten people, published a month before."""
    given = {
        "site_id": None, "online_link": "https://meet.example.org/boundaries", "note": "",
        "starts_at": starts, "ends_at": starts + timedelta(hours=hours),
        "zone": "America/New_York", "capacity": 10, "per_trainer": None,
    }  # fmt: skip
    return sessions.add_session(Act(db, OFFICE, starts - timedelta(days=30)), of, given | values)


def slot_of(db: Session, shift_id: int) -> int:
    """The first slot of a shift."""
    return (
        db.scalars(select(Slot.id).where(Slot.shift_id == shift_id).order_by(Slot.id)).first() or 0
    )


def prove(db: Session, person_id: int, at: datetime) -> None:
    """Let a person have proved the address they have."""
    address = db.get_one(Person, person_id).email
    addresses.prove_address(Act(db, NOBODY, at), person_id, address, ProvedHow.CODE)


def viewer(person_id: int, *memberships: tuple[Role, int | None]) -> Viewer:
    return Viewer(person_id=person_id, memberships=frozenset(memberships))


def cast(db: Session, at: datetime) -> Cast:
    """The named people; see tests/cast.py."""
    found = Cast()
    names = {
        "ana": "Ana Reyes",
        "bo": "Bo Tanaka",
        "sol": "Sol Vance",
        "cy": "Cy Ortega",
        "mara": "Mara Quill",
        "hana": "Hana Weiss",
        "noel": "Noel Abara",
        "wes": "Wes Lund",
        "ada": "Ada Novak",
    }
    for key, name in names.items():
        setattr(found, key, person(db, name, at).id)
    rides = program(db, "Rides", at)
    shelter = program(
        db,
        "Safe Haven Shelter",
        at,
        visibility=Visibility.HIDDEN,
        public_label="Family Support",
        contact_name="Mara Quill",
    )
    testing = program(
        db,
        "HIV Testing",
        at,
        visibility=Visibility.LABEL,
        public_label="Wellness",
        contact_name="Noel Abara",
    )
    found.rides, found.shelter, found.testing = rides.id, shelter.id, testing.id
    found.driver = position(db, rides, "Driver", at, description="Drive two people.").id
    found.desk = position(db, rides, "Desk greeter", at, icon="door-open").id
    found.host = position(db, shelter, "Night host", at).id
    found.greeter = position(db, testing, "Test-day greeter", at).id
    found.office = site(db, "Main office", at, address="200 Cedar Street").id
    found.house = site(
        db,
        "Willow House",
        at,
        address="27 Larkspur Lane 14850",
        directions="Use the green gate",
        access_notes="Ring twice",
        program_id=shelter.id,
        confidential=True,
    ).id
    for person_id, position_id in (
        (found.ana, found.driver),
        (found.ana, found.desk),
        (found.bo, found.driver),
        (found.hana, found.host),
        (found.wes, found.greeter),
    ):
        place(db, person_id, position_id, at)
    memberships.grant(Act(db, NOBODY, at), found.cy, Role.COORDINATOR, rides.id)
    memberships.grant(Act(db, NOBODY, at), found.mara, Role.COORDINATOR, shelter.id)
    memberships.grant(Act(db, NOBODY, at), found.noel, Role.COORDINATOR, testing.id)
    memberships.grant(Act(db, NOBODY, at), found.ada, Role.ADMINISTRATOR, None)
    return found


def work(cast: Cast, **values: Any) -> entries.Work:
    """What someone did: Ana drove for an hour and a half, unless said otherwise."""
    given = {
        "person_id": cast.ana, "program_id": cast.rides, "position_id": cast.driver,
        "day": "2026-11-30", "minutes": 90,
    } | values  # fmt: skip
    given["day"] = date.fromisoformat(given["day"])
    return entries.Work(**given)


def skill(db: Session, kind: SkillKind, name: str, at: datetime) -> Skill:
    """A word of the agency's list."""
    return skills.add_skill(
        Act(db, OFFICE, at), {"kind": kind.value, "name": name, "translations": {}}
    )


def can(
    db: Session,
    person_id: int,
    levels: dict[int, str],
    others: list[int],
    at: datetime,
    **values: Any,
) -> None:
    """A person says what they can do."""
    found = db.get_one(Person, person_id)
    now = skills.can_values(db, found)
    given = {"levels": levels, "skills": others} | values
    skills.declare(Act(db, viewer(person_id), at), found, now | given, now["version"])


def requirement(db: Session, at: datetime, **values: Any) -> Requirement:
    """A kind of proof of the agency: a driving license, dated and strict, unless said otherwise."""
    program_id = values.pop("program_id", None)
    given = {
        "kind": "license", "name": "Driver's license", "description": "", "validity": "dated",
        "months": None, "yearly": "", "strict": True, "verifier": "coordinator",
        "translations": {}, "check_path": None,
    }  # fmt: skip
    return kinds.add_requirement(Act(db, OFFICE, at), given | values, program_id)


def rule(
    db: Session,
    at: datetime,
    *asked: Requirement,
    position_id: int | None = None,
    program_id: int | None = None,
    **terms: Any,
) -> Rule:
    """A rule that binds everyone from today on, as if whom it touches had been looked at."""
    today = at.date()
    given: dict[str, Any] = {
        "effective_on": today, "stage": Stage.ALWAYS, "binds_all_on": today,
    } | terms  # fmt: skip
    if position_id:
        program_id = db.get_one(Position, position_id).program_id
    scope = rules.Scope(program_id, position_id)
    said = rules.Terms(requirement_ids=tuple(one.id for one in asked), **given)
    try:
        return rules.add_rule(Act(db, OFFICE, at), scope, said, "", today)
    except Preview as preview:
        return rules.add_rule(Act(db, OFFICE, at), scope, said, preview.seen, today)


def has(
    db: Session, person_id: int, what: Requirement, first: date, last: date | None, at: datetime
) -> Credential:
    """Someone has proof, as the office saw it."""
    paper = credentials.Paper(first, last)
    return credentials.write_down(Act(db, OFFICE, at), person_id, what, paper)


def check_texts(db: Session, what: Requirement, at: datetime) -> None:
    """Every wording that a requirement needs, approved."""
    for kind in kinds.texts_of(what):
        made = kinds.add_text(Act(db, OFFICE, at), what, kind, f"The {kind.value} in full.", {})
        kinds.approve_text(Act(db, OFFICE, at), made, "Counsel", at.date())


def topic(db: Session, at: datetime, name: str = "Safe at home", **values: Any) -> Topic:
    """Something to talk about, of the agency, for three quarters of an hour."""
    given = {
        "name": name, "description": "", "minutes": 45, "program_id": None, "position_id": None,
        "translations": {},
    }  # fmt: skip
    return speakers.save_topic(Act(db, OFFICE, at), None, given | values, None)


ASKED_FOR: dict[str, Any] = {
    "organization_name": "St. Brigid's seniors", "organization_kind": "seniors",
    "contact_name": "Rosa Diaz", "contact_email": "rosa@parish.example",
    "contact_phone": "(555) 555-0177", "contact_address": "", "language": "en", "audience": 35,
    "ages": "65 and over", "open_to_public": False, "place": "Parish hall",
    "address": "40 Mill Road", "town": "Cedar Falls", "district_id": None, "online": False,
    "online_link": "", "minutes": 45, "needs": "microphone", "door": "Sexton, 1:30 pm",
    "parking": "Behind the hall", "words": "", "series": False, "topics": [], "languages": [],
    "needed_by": None, "alternates": [], "fields": {},
}  # fmt: skip
TALK_AT = NOON + timedelta(days=20)
"""When a talk is asked for unless told otherwise: noon in New York on December 30, 2026."""


def talk_request(
    db: Session,
    at: datetime,
    settings: Settings,
    *,
    kind: str = "presentation",
    source: str = "phone",
    by: Viewer = OFFICE,
    **values: Any,
) -> TalkRequest:
    """A request for one talk, written down by a clerk."""
    given = ASKED_FOR | {"dates": [TALK_AT]} | values
    return intake.submit_request(Act(db, by, at), kind, source, given, settings)


def speaker(db: Session, person_id: int, topics: list[int], at: datetime, **values: Any) -> Speaker:
    """Someone speaks about some topics, up to three times a month."""
    given = {"per_month": 3, "rest_days": 2, "shows_name": False} | values
    return speakers.set_speaker(
        Act(db, OFFICE, at), db.get_one(Person, person_id), given, topics, None
    )


def talk(
    db: Session, at: datetime, settings: Settings, *, starts: datetime = TALK_AT, **values: Any
) -> Presentation:
    """A booked talk that no one gives yet."""
    by = values.get("by", OFFICE)
    request = talk_request(db, at, settings, dates=[starts], **values)
    return booking.book(Act(db, by, at), request, starts)


def hotlines(db: Session, at: datetime) -> None:
    """Set both hotlines, without which no report can be sent."""
    for setting, number in ((CHILD_HOTLINE, "(555) 555-0190"), (ADULT_HOTLINE, "(555) 555-0191")):
        change(Act(db, OFFICE, at), setting, number, SETTINGS)


REPORT = {
    "kind": "injury", "called": "no", "called_time": None, "callback": "", "happened_on": None,
    "happened_at": "", "place": "Front steps", "who": "Two of us", "what": "Slipped on ice.", "done": "",
}  # fmt: skip


def incident(
    db: Session,
    person_id: int,
    program_id: int | None,
    at: datetime,
    about: Collection[int] = (),
    **values: Any,
) -> Incident:
    """A report that someone sent."""
    of = db.get_one(Program, program_id) if program_id else None
    act = Act(db, viewer(person_id), at)
    return reporting.report(act, person_id, of, REPORT | values, about, SETTINGS)

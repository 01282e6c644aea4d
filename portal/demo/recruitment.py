"""Recruitment of the demo agency: opportunities, and a year of applications in every state."""

import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.demo.data import FIRST_NAMES, LAST_NAMES, PROGRAMS, SITES, DemoPosition
from portal.demo.questions import answer_questions, compose_questions
from portal.demo.spanish import in_spanish
from portal.messages.models import Message, State
from portal.outreach.talk_models import Presentation
from portal.people.models import Membership, Person
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs.application_models import (
    Application,
    ApplicationState,
    DeclineReason,
    Heard,
    Hold,
)
from portal.programs.models import Position, Site, Visibility
from portal.recruitment import (
    applications,
    drafts,
    erasing,
    families,
    inquiries,
    opportunities,
    question_files,
    questions,
    review,
)
from portal.recruitment.models import ApplicationDraft, Cause, Opportunity
from portal.recruitment.posters import talk_source
from portal.recruitment.question_models import QuestionKind
from portal.requirements import checks, credentials
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.evidence import File
from portal.requirements.models import Kind, Requirement, Validity
from portal.requirements.records import clearance_of
from portal.settings import Settings
from portal.web.errors import Refused

PARTS = (
    ("morning", "mornings", "por la mañana", 0, 12),
    ("afternoon", "afternoons", "por la tarde", 12, 17),
    ("evening", "evenings", "por la noche", 17, 24),
)
CAUSES = {
    "Victim-Witness Services": Cause.JUSTICE,
    "Housing Support": Cause.HOUSING,
    "Aging and Disability Services": Cause.SENIORS,
    "Family Services": Cause.CHILDREN,
}
WHY = (
    "I have time since I retired, and I'd like to meet people.",
    "My neighbor volunteers with you and loves it.",
    "You helped my family once. I'd like to give something back.",
    "I'm new in town.",
    "",
)
TIMES = ("Weekday mornings", "Tuesdays and Thursdays", "Weekends", "Any evening", "")
NEEDS = "Patience and good humor. No experience needed: we train you."
GETS = "Training, free parking, and a thank-you dinner in spring."
POPULAR = ("Driver", "Front desk", "Homework helper", "Lunch server")
"""What most people apply for, so that there is something to say of how long it takes."""
LONG_TIME = "A shift a week, for at least 3 months"


@dataclass(frozen=True)
class _Path:
    """How far an application goes, and how many do."""

    end: str
    number: int
    first_day: int
    last_day: int


PATHS = (
    _Path("placed", 48, 60, 360),
    _Path("declined", 14, 30, 300),
    _Path("withdrawn", 12, 10, 250),
    _Path("held", 10, 12, 60),
    _Path("review", 16, 5, 30),
    _Path("offered", 6, 20, 45),
    _Path("new", 14, 0, 4),
)
"""Ago, in days, at least and at most, when those of each kind came in."""


def give_recruitment(db: Session, zone: str, at: datetime, share: float = 1) -> None:
    """Write opportunities, and let people apply for them through the year: 120, or a share of them."""
    chance = random.Random(18)
    settings = Settings(timezone=zone)
    postings = _postings(db, at)
    weights = [8 if one.title in POPULAR else 1 for one in postings]
    coordinators = _coordinators(db)
    compose_questions(db, coordinators, at)
    answering = random.Random(36)
    story = sorted(
        (
            (at - timedelta(days=chance.uniform(path.first_day, path.last_day + 1)), path.end)
            for path in PATHS
            for _ in range(max(1, round(path.number * share)))
        ),
        key=lambda one: one[0],
    )
    for number, (came, end) in enumerate(story):
        (posting,) = chance.choices(postings, weights)
        coordinator = coordinators.get(posting.program_id)
        if coordinator is not None:
            made = _apply(
                db, chance, posting, coordinator, settings, number, min(came, at), end, at
            )
            answer_questions(Act(db, coordinator, min(came, at)), made, answering)
    _came_by_talks(db, at)
    _drafts(db, postings, settings, at)
    _questions(db, postings, coordinators, settings, at)
    _keep_one(db, Act(db, next(iter(coordinators.values())), at))
    change(Act(db, COMMAND_LINE, at), erasing.ERASE, True, settings)
    db.execute(
        update(Message)
        .where(Message.kind.startswith("application."), Message.created_at < at - timedelta(days=1))
        .values(state=State.SENT, why="shown", sent_at=Message.created_at)
    )


def _coordinators(db: Session) -> dict[int, Viewer]:
    rows = db.execute(
        select(Membership.program_id, Membership.person_id)
        .where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
        .order_by(Membership.id.desc())
    )
    return {
        row.program_id: Viewer(
            person_id=row.person_id,
            memberships=frozenset({(Role.COORDINATOR, row.program_id)}),
        )
        for row in rows
    }


def _postings(db: Session, at: datetime) -> list[Opportunity]:
    """One for each public role and each part of the day in which it has shifts."""
    positions = {row.name: row for row in db.scalars(select(Position))}
    sites = {row.name: row for row in db.scalars(select(Site))}
    found = []
    for program in PROGRAMS:
        if program.visibility != Visibility.PUBLIC:
            continue
        for role in program.positions:
            parts = [part for part in PARTS if _times_in(role, part)]
            for part in parts:
                values = _values(role, part, len(parts) > 1, sites.get(role.site))
                values["cause"] = CAUSES.get(program.name, Cause.COMMUNITY)
                act = Act(db, COMMAND_LINE, at - timedelta(days=370))
                row = opportunities.add_opportunity(act, positions[role.name], values)
                opportunities.publish(act, row)
                found.append(row)
    return found


def _times_in(role: DemoPosition, part: Any) -> Sequence[Any]:
    return [one for one in role.times if part[3] <= one[1] < part[4]]


def _values(role: DemoPosition, part: Any, several: bool, site: Site | None) -> dict[str, Any]:
    name, plural, spanish = part[:3]
    times = _times_in(role, part)
    days = tuple(sorted({one[0] for one in times}))
    town = SITES[role.site].address.rpartition(", ")[2] if role.site else ""
    return {
        "title": f"{role.name}, {plural}" if several else role.name,
        "summary": role.description,
        "description": role.description,
        "schedule": _schedule(times, days, "en"),
        "commitment": LONG_TIME,
        "qualifications": NEEDS,
        "benefits": GETS,
        "site_id": site.id if site and not site.confidential else None,
        "area": town,
        "online": not role.site,
        "weekdays": sum(1 << day for day in days),
        "daytimes": 1 << [one[0] for one in PARTS].index(name),
        "needed": sum(one[3] for one in times),
        "listed_until": None,
        "translations": {
            "es": {
                "title": f"{role.name_es}, {spanish}" if several else role.name_es,
                "schedule": _schedule(times, days, "es"),
                **in_spanish(
                    summary=role.description,
                    description=role.description,
                    commitment=LONG_TIME,
                    qualifications=NEEDS,
                    benefits=GETS,
                ),
            }
        },
    }


def _schedule(times: Sequence[Any], days: tuple[int, ...], language: str) -> str:
    """The weekdays, and the hours where they are the same on each."""
    names = clock.weekday_names(days, language)
    hours = {one[1:3] for one in times}
    if len(hours) > 1:
        return names
    ((first, lasts),) = hours
    spans = [time(int(at), round(at % 1 * 60)) for at in (first, first + lasts)]
    return f"{names}, {clock.wall_text(spans[0], spans[1], language)}"


def _apply(
    db: Session,
    chance: random.Random,
    posting: Opportunity,
    coordinator: Viewer,
    settings: Settings,
    number: int,
    came: datetime,
    end: str,
    at: datetime,
) -> Application:
    """One application, from its sending to where it ends."""
    phone_only = chance.random() < 0.15
    values = {
        "name": f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
        "email": "" if phone_only else f"applicant{number:03}@demo.example",
        "phone": f"(555) 555-{2000 + number:04}",
        "why": chance.choice(WHY),
        "times": chance.choice(TIMES),
        "heard": chance.choice(list(Heard)),
        "language": "es" if chance.random() < 0.2 else "en",
    }
    asked = "phone" if phone_only else None
    by = coordinator if phone_only else NOBODY
    act = Act(db, by, came, asked)
    made = applications.submit(act, posting.position, values, settings, opportunity=posting)
    if made.email and chance.random() < 0.85:
        applications.prove_email(Act(db, NOBODY, came + timedelta(hours=1)), made)
    _go_on(db, chance, made, coordinator, settings, came, end, at)
    return made


def _go_on(
    db: Session,
    chance: random.Random,
    made: Application,
    coordinator: Viewer,
    settings: Settings,
    came: datetime,
    end: str,
    at: datetime,
) -> None:
    """What became of an application, each step some days after the one before."""

    def staff(least: float, most: float) -> Act:
        nonlocal came
        came = min(at, came + timedelta(days=chance.uniform(least, most)))
        return Act(db, coordinator, came)

    zone = settings.timezone
    if end == "new":
        return
    if end == "withdrawn" and chance.random() < 0.4:
        applications.withdraw(Act(db, NOBODY, came + timedelta(days=1)), made)
        return
    review.start_review(staff(0.3, 4), made, None, settings)
    applicant = Viewer(person_id=made.person_id)
    if end == "withdrawn":
        applications.withdraw(Act(db, applicant, staff(2, 10).at), made)
    elif end == "declined":
        _decline(staff(3, 15), made, chance)
    elif end == "held":
        why = chance.choice([one for one in Hold if one != Hold.GUARDIAN])
        today = clock.local_day(at, zone)
        until = today + timedelta(days=90) if why == Hold.NO_OPENING else None
        review.hold(staff(1, 6), made, why, until)
    elif end in ("placed", "offered"):
        if chance.random() < 0.3:
            review.hold(staff(1, 4), made, Hold.REFERENCES, None)
            review.resume(staff(3, 12), made)
        _have_papers(staff, made, zone)
        act = staff(1, 6)
        review.accept(act, made, clock.local_day(act.at, zone))
        if end == "placed":
            _say_yes(Act(db, applicant, staff(0.2, 4).at), made, zone)


def _have_papers(staff: Callable[[float, float], Act], made: Application, zone: str) -> None:
    """What the role asks for, one after the other, each some days after the one before."""
    act = staff(1, 3)
    assert made.person_id is not None
    today = clock.local_day(act.at, zone)
    found = clearance_of(act.db, made.person_id, made.position_id, today)
    asked = [
        act.db.get_one(Requirement, item.options[0].id) for item in found.missing if item.options
    ]
    for requirement in sorted(asked, key=lambda one: one.after_id is not None):
        act = staff(1, 5)
        day = clock.local_day(act.at, zone)
        if requirement.kind == Kind.BACKGROUND_CHECK:
            _pass_check(act.but(by=COMMAND_LINE), made.person_id, requirement, day, zone)
            continue
        dated = requirement.validity == Validity.DATED
        until = day + timedelta(days=900) if dated else None
        credentials.write_down(act, made.person_id, requirement, credentials.Paper(day, until))


def _pass_check(act: Act, person_id: int, requirement: Requirement, day: date, zone: str) -> None:
    """A background check that was asked for when the review began, through all its steps."""
    check = act.db.scalar(
        select(BackgroundCheck).where(
            BackgroundCheck.person_id == person_id,
            BackgroundCheck.requirement_id == requirement.id,
            BackgroundCheck.state == CheckState.ASKED,
        )
    )
    if check is None and requirement.after_id is not None:
        check = checks.ask(act, person_id, requirement)
    if check is None:
        return
    name = act.db.get_one(Person, person_id).name
    checks.authorize_on_paper(act, check, name)
    checks.order(act, check, day, zone)
    checks.came_back(act, check, day, day)
    checks.clear(act, check, credentials.Paper(day))


def _decline(act: Act, made: Application, chance: random.Random) -> None:
    """Decline an application; one whose background check is open stays in review."""
    reason = chance.choice((DeclineReason.TIMES, DeclineReason.NO_ANSWER, DeclineReason.OTHER_ROLE))
    try:
        review.decline(act, made, reason, "")
    except Refused:
        return


def _say_yes(act: Act, made: Application, zone: str) -> None:
    """Accept the role; one that lacks what is asked before stays offered."""
    try:
        applications.accept_role(act, made, zone)
    except Refused:
        return


def _came_by_talks(db: Session, at: datetime) -> None:
    """Those who heard of us at a presentation came by the poster of the last one before they applied."""
    talks = db.execute(
        select(Presentation.id, Presentation.starts_at)
        .where(Presentation.starts_at < at, Presentation.canceled_at.is_(None))
        .order_by(Presentation.starts_at.desc())
    ).all()
    found = select(Application).where(Application.heard == Heard.PRESENTATION)
    for row in db.scalars(found.order_by(Application.id)):
        before = next((talk.id for talk in talks if talk.starts_at < row.received_at), None)
        if before is not None:
            row.source = talk_source(before)


QUESTIONS = (
    "Do I need my own car?",
    "Can I bring my daughter? She is 16.",
    "I only have Saturdays. Is that all right?",
)


def _keep_one(db: Session, act: Act) -> None:
    """One application that was declined is kept from being erased; the agency erases after three years."""
    found = select(Application).where(Application.state == ApplicationState.DECLINED)
    row = db.scalars(found.order_by(Application.id).limit(1)).first()
    if row is not None:
        erasing.keep(act, row, "A records request of June is still open.")


def _questions(
    db: Session,
    postings: Sequence[Opportunity],
    coordinators: Mapping[int, Viewer],
    settings: Settings,
    at: datetime,
) -> None:
    """Questions from the public, one answered, and an offer of help."""
    asked = [(words, posting) for words, posting in zip(QUESTIONS, postings, strict=False)]
    for number, (words, posting) in enumerate([*asked, ("I can fix bicycles.", None)]):
        act = Act(db, NOBODY, at - timedelta(days=number + 1))
        values = {"words": words, "name": f"{FIRST_NAMES[number]} {LAST_NAMES[-number - 1]}"}
        values |= {"email": f"asks{number}@demo.example", "phone": "", "language": "en"}
        row = inquiries.take_in(act, values, posting, settings)
        if number == 2 and (by := coordinators.get(row.program_id or 0)):
            inquiries.answer(
                Act(db, by, at), row, "Yes, we'd be glad to have you on Saturdays.", None
            )
        if posting is None and (by := next(iter(coordinators.values()), None)):
            inquiries.become_prospect(Act(db, by, at), row, None)


def _drafts(db: Session, postings: Sequence[Opportunity], settings: Settings, at: datetime) -> None:
    """A few applications that are not sent yet."""
    for number, posting in enumerate(postings[:3]):
        act = Act(db, NOBODY, at - timedelta(days=number + 2))
        values = {"name": "Noor Haddad", "email": f"draft{number}@demo.example", "phone": ""}
        drafts.start_draft(act, posting, values, settings, "en")
    _family(db, next(one for one in postings if families.may_bring(one)), settings, at)


def _family(db: Session, posting: Opportunity, settings: Settings, at: datetime) -> None:
    """A couple who applied together, and their son, whom we call."""
    act = Act(db, NOBODY, at - timedelta(days=1))
    values = {"name": "Ines Calder", "email": "ines@demo.example", "phone": ""}
    first = drafts.start_draft(act, posting, values, settings, "en")
    along = [
        families.Companion("Hugo Calder", "hugo@demo.example", ""),
        families.Companion("Tim Calder", "", "(555) 555-0188"),
    ]
    families.bring_along(act, first, along, settings)
    both = select(ApplicationDraft).where(ApplicationDraft.together == first.together)
    names = ("Ines Calder", "Hugo Calder")
    for name, draft in zip(names, db.scalars(both.order_by(ApplicationDraft.id)), strict=True):
        said = {"name": name, "language": "en", "why": "We have time on weekends."}
        typed = drafts.typed_in(draft) | said
        _add_certificate(db, draft, at)
        applications.send_draft(act, draft, typed, settings)


def _add_certificate(db: Session, draft: ApplicationDraft, at: datetime) -> None:
    """The papers that an applicant is asked for, as the reader leaves them."""
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(picture, "PNG")
    paper = File("image/png", picture.getvalue())
    for one in questions.asked_for(db, draft.opportunity.position):
        if one.kind == QuestionKind.FILE:
            question_files.add_file(db, draft, one.id, paper, at)

"""The pipeline: applications by stage, for whoever works on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.people.models import Person
from portal.permissions import Viewer
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationEvent,
    ApplicationState,
    DeclineReason,
    Heard,
    Hold,
)
from portal.programs.models import Position, Program
from portal.programs.scopes import visible_applications
from portal.reads import read
from portal.recruitment.questions import answers_so
from portal.web.ids import as_id
from portal.web.paging import Listing, PageOf
from portal.web.request import Request
from portal.words import Words, text

STATE_WORDS: Mapping[ApplicationState, Words] = {
    ApplicationState.SUBMITTED: text("New"),
    ApplicationState.IN_REVIEW: text("In review"),
    ApplicationState.ON_HOLD: text("On hold"),
    ApplicationState.ACCEPTED: text("Offered"),
    ApplicationState.PLACED: text("Placed"),
    ApplicationState.DECLINED: text("Not selected"),
    ApplicationState.WITHDRAWN: text("Withdrawn"),
}
HOLD_WORDS: Mapping[Hold, Words] = {
    Hold.REFERENCES: text("References"),
    Hold.CHECK: text("Background check"),
    Hold.INTERVIEW: text("Interview"),
    Hold.GUARDIAN: text("A parent or guardian"),
    Hold.TRAINING: text("Training"),
    Hold.APPLICANT: text("The applicant"),
    Hold.NO_OPENING: text("No opening right now"),
}
DECLINE_WORDS: Mapping[DeclineReason, Words] = {
    DeclineReason.NO_OPENING: text("No opening for this role"),
    DeclineReason.TIMES: text("Times don't fit"),
    DeclineReason.REQUIREMENTS: text("Doesn't meet a requirement"),
    DeclineReason.NO_ANSWER: text("Didn't answer us"),
    DeclineReason.OTHER_ROLE: text("Another role fits better"),
    DeclineReason.NOT_A_MATCH: text("Not a match for this role"),
    DeclineReason.DUPLICATE: text("Sent twice (no letter)"),
    DeclineReason.NOT_REAL: text("Not a real application (no letter)"),
}
"""The reasons staff choose from; EARLIER is from before there were any."""
EARLIER_WORDS = text("Declined before reasons were kept")
HEARD_WORDS: Mapping[Heard, Words] = {
    Heard.FRIEND: text("From a friend or family member"),
    Heard.PRESENTATION: text("At a presentation or event"),
    Heard.POSTER: text("From a poster or flyer"),
    Heard.WEBSITE: text("On our website"),
    Heard.SOCIAL: text("On social media"),
    Heard.SCHOOL_OR_WORK: text("Through school or work"),
    Heard.OTHER: text("Somewhere else"),
}
STEP_WORDS: Mapping[str, Words] = {
    "submitted": text("Applied"),
    "recognized": text("Matched to a record"),
    "reviewed": text("Review started"),
    "held": text("Put on hold"),
    "resumed": text("Hold ended"),
    "accepted": text("Role offered"),
    "taken_back": text("Offer withdrawn"),
    "placed": text("Role assigned"),
    "declined": text("Not selected"),
    "withdrawn": text("Withdrawn by the applicant"),
    "assigned": text("Owner changed"),
    "confirmed": text("Email confirmed"),
    "closed": text("Closed: the person is inactive"),
    "noted": text("Note"),
    "answered": text("Answers entered"),
    "interview_offered": text("Interview times offered"),
    "interview_booked": text("Interview booked"),
    "interview_moved": text("Interview moved"),
    "interview_canceled": text("Interview canceled"),
    "interview_none_fits": text("Other interview times asked for"),
    "interview_held": text("Interview held"),
    "interview_missed": text("Interview missed"),
}


def kept(viewer: Viewer, today: date) -> Select[Application]:
    """The applications that were kept for an opening, and whose day has come."""
    return visible_applications(viewer).where(
        Application.state == ApplicationState.ON_HOLD, Application.hold_until <= today
    )


def to_answer(viewer: Viewer) -> Select[Application]:
    """The new applications to one's programs."""
    return visible_applications(viewer).where(Application.state == ApplicationState.SUBMITTED)


def own_work(viewer: Viewer) -> Select[Application]:
    """The applications that one looks after oneself and that wait for the agency."""
    return visible_applications(viewer).where(
        Application.owner_id == viewer.person_id, Application.state == ApplicationState.IN_REVIEW
    )


def unowned(viewer: Viewer) -> Select[Application]:
    """The applications in review that no one looks after, since whoever did left."""
    return visible_applications(viewer).where(
        Application.owner_id.is_(None), Application.state == ApplicationState.IN_REVIEW
    )


OPEN = "open"
MINE = "me"


@dataclass(frozen=True)
class Filter:
    """Which applications a list shows, as its address says."""

    stage: str = OPEN
    owner: str = ""
    program: int | None = None
    position: int | None = None
    kept_until: date | None = None
    answer: tuple[int, str] | None = None

    def conditions(self, viewer: Viewer) -> list[Any]:
        """The same inside a query."""
        states = OPEN_APPLICATIONS if self.stage == OPEN else (ApplicationState(self.stage),)
        found: list[Any] = [Application.state.in_(states)]
        if self.owner == MINE:
            found.append(Application.owner_id == viewer.person_id)
        elif self.owner == "none":
            found.append(Application.owner_id.is_(None))
        if self.kept_until is not None:
            found.append(Application.hold_until <= self.kept_until)
        if self.program is not None:
            found.append(Application.program_id == self.program)
        if self.position is not None:
            found.append(Application.position_id == self.position)
        if self.answer is not None:
            found.append(answers_so(*self.answer))
        return found


def filter_of(request: Request, today: date) -> Filter:
    """What the address asks for; nonsense asks for what is open."""
    stage, owner = request.asked("stage"), request.asked("owner")
    return Filter(
        stage if stage in set(ApplicationState) else OPEN,
        owner if owner in (MINE, "none") else "",
        request.asked_id("program"),
        request.asked_id("position"),
        today if request.asked("due") == "yes" else None,
        _answer(request.asked("answer")),
    )


def _answer(asked: str) -> tuple[int, str] | None:
    """A question's id and an answer, as one word of an address has them: "12.Yes"."""
    number, _, value = asked.partition(".")
    question_id = as_id(number)
    return (question_id, value) if question_id is not None and value else None


class Line(NamedTuple):
    """An application as the list prints it."""

    id: int
    person_id: int | None
    position_id: int
    program_id: int
    state: ApplicationState
    state_since: datetime
    received_at: datetime
    answer_by: date | None
    answered_at: datetime | None
    hold: Hold | None
    hold_until: date | None
    name: str
    times: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]
    owner: str | None


_applicant, _owner = aliased(Person), aliased(Person)
AT_ONCE = 25
"""How many a page has, since all of it can be changed at once: more would keep the other writers waiting
(SECURITY V5)."""
LISTING = Listing(Line, (Application.received_at, Application.id), size=AT_ONCE)


def lines(db: Session, viewer: Viewer, asked: Filter, after: str) -> PageOf[Line]:
    """A page of applications one may see, the longest wait first."""
    query: Any = (
        visible_applications(viewer)
        .where(*asked.conditions(viewer))
        .outerjoin(_applicant, _applicant.id == Application.person_id)
        .outerjoin(_owner, _owner.id == Application.owner_id)
        .join(Position, Position.id == Application.position_id)
        .join(Program, Program.id == Application.program_id)
        .with_only_columns(
            Application.id,
            Application.person_id,
            Application.position_id,
            Application.program_id,
            Application.state,
            Application.state_since,
            Application.received_at,
            Application.answer_by,
            Application.answered_at,
            Application.hold,
            Application.hold_until,
            func.coalesce(_applicant.name, Application.name).label("name"),
            Application.times,
            Position.name.label("position"),
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            _owner.name.label("owner"),
        )
    )
    return LISTING.page(db, query, after)


def counts(db: Session, viewer: Viewer, asked: Filter) -> Mapping[str, int]:
    """How many open applications there are at each stage, with the list's other filters."""
    rows: Any = db.execute(
        visible_applications(viewer)
        .where(*replace(asked, stage=OPEN, kept_until=None).conditions(viewer))
        .with_only_columns(Application.state, func.count())
        .group_by(Application.state)
    )
    return dict(rows.all())


class StepLine(NamedTuple):
    """One step of an application's history."""

    at: datetime
    done: str
    note: str
    name: str | None


def history(db: Session, application_id: int) -> list[StepLine]:
    """What happened to an application, the newest first."""
    return read(
        db,
        StepLine,
        select(ApplicationEvent.at, ApplicationEvent.done, ApplicationEvent.note, Person.name)
        .outerjoin(Person, Person.id == ApplicationEvent.by_id)
        .where(ApplicationEvent.application_id == application_id)
        .order_by(ApplicationEvent.at.desc(), ApplicationEvent.id.desc())
        .limit(200),
    )


def step_note(one: StepLine) -> Words | str:
    """What stands beside a step: the words of a named reason, or the note as written."""
    if one.done == "held" and one.note in set(Hold):
        return HOLD_WORDS[Hold(one.note)]
    if one.done == "declined" and one.note in set(DeclineReason):
        return DECLINE_WORDS.get(DeclineReason(one.note), EARLIER_WORDS)
    return one.note


def others_of(db: Session, viewer: Viewer, application: Application) -> Sequence[Application]:
    """The other applications of the same person that one may see, the newest first."""
    if application.person_id is None:
        return []
    return db.scalars(
        visible_applications(viewer)
        .options(joinedload(Application.position), joinedload(Application.person))
        .where(Application.person_id == application.person_id, Application.id != application.id)
        .order_by(Application.id.desc())
        .limit(20)
    ).all()

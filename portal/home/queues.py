"""What waits for a coordinator: every queue they own, with how many, since when, and what is next due."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.db import UtcDateTime
from portal.hours import ledger
from portal.hours.models import HoursEntry, HoursQuestion
from portal.messages.models import Message
from portal.outreach import desk
from portal.outreach.models import RequestState, TalkRequest
from portal.outreach.scopes import visible_requests
from portal.outreach.talk_models import (
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkOutcome,
    TalkState,
)
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState
from portal.programs.scopes import call_list, decidable_placements, held
from portal.requirements.checks import handled_checks
from portal.requirements.models import Affected, BackgroundCheck, CheckState, Credential
from portal.requirements.scopes import waiting_papers
from portal.shifts.attendance import unmarked
from portal.shifts.models import (
    CANT_COME,
    CANT_SINCE,
    LONGEST,
    Shift,
    Signup,
    Slot,
    Waiting,
    WaitingState,
)
from portal.shifts.reach import affected
from portal.training.models import Enrolment, EnrolmentState, Proposal
from portal.training.scopes import decidable_proposals
from portal.web.words import Words, text

AHEAD = 14 * clock.ONE_DAY
_said = aliased(Signup)
_NEVER = cast(null(), UtcDateTime())


@dataclass(frozen=True)
class Queue:
    """One queue: what it is, where it is worked off, its icon; how many wait, the oldest since when, and
    when the next is due."""

    name: str
    words: Words
    path: str
    icon: str
    number: int = 0
    oldest: datetime | None = None
    due: datetime | None = None


QUEUES = (
    Queue("howtalk", text("Talks: how did they go?"), "/outreach", "check2-square"),
    Queue("speak", text("Would you give a talk?"), "/me/talks", "megaphone"),
    Queue("mytalks", text("Talks you give"), "/me/talks", "megaphone"),
    Queue("told", text("Your talks: how did they go?"), "/me/talks", "check2-square"),
    Queue("rosters", text("Rosters to fill in: who came?"), "/attendance", "check2-square"),
    Queue("cant", text("People who can't make it"), "/schedule?view=list", "exclamation-triangle"),
    Queue(
        "gaps", text("Shifts short of people, next two weeks"), "/schedule?view=list", "calendar-x"
    ),
    Queue(
        "offers", text("Spots offered to people in line"), "/schedule?view=list", "hourglass-split"
    ),
    Queue(
        "affected",
        text("People on coming shifts who are not cleared"),
        "/affected",
        "shield-exclamation",
    ),
    Queue("places", text("A place in a course is free for you"), "/training", "mortarboard"),
    Queue("proposals", text("Passes to confirm"), "/proposals", "mortarboard"),
    Queue("reviews", text("Paperwork to review"), "/reviews", "file-earmark-check"),
    Queue("checks", text("Background checks: a step to take"), "/checks", "shield-check"),
    Queue("talks", text("Requests for talks to answer"), "/outreach", "megaphone"),
    Queue("bare", text("Talks without a speaker"), "/outreach", "exclamation-triangle"),
    Queue("letters", text("Requesters to call or write to"), "/outreach", "telephone"),
    Queue("calls", text("People to call"), "/calls", "telephone"),
    Queue("requests", text("People who ask to join"), "/placements", "person-plus"),
    Queue("questions", text("Questions about hours"), "/hours", "question-circle"),
    Queue("hours", text("Hours to approve"), "/hours", "clock"),
)
"""Every queue, the most pressing first."""


def queues_of(db: Session, viewer: Viewer, zone: str, at: datetime) -> tuple[list[Queue], int]:
    """A viewer's queues that are not empty, and how many of their own requests to join wait for an
    answer: one statement for all."""
    today = clock.local_day(at, zone)
    own = select(Placement).where(
        Placement.state == PlacementState.ASKED, Placement.person_id == viewer.person_id
    )
    places = select(Enrolment).where(
        Enrolment.person_id == viewer.person_id,
        Enrolment.state == EnrolmentState.OFFERED,
        Enrolment.answer_by > at,
    )
    parts = _own_talks(viewer, at) | {
        "own": _counted(own, func.min(Placement.asked_at), _NEVER),
        "places": _counted(places, _NEVER, func.min(Enrolment.answer_by)),
    }
    if viewer.may(Permission.SHIFTS_MANAGE):
        parts |= _parts(viewer, at)
    if viewer.may(Permission.OUTREACH_MANAGE):
        parts |= _talk_parts(viewer, zone, at)
    parts |= _paperwork_parts(viewer, today)
    rows = db.execute(
        union_all(
            *(
                select(
                    cast(literal(name), String()).label("name"),
                    part.c.number, part.c.oldest, part.c.due,
                )
                for name, part in ((name, part.subquery()) for name, part in parts.items())
            )
        )
    )  # fmt: skip
    found = {row.name: row for row in rows if row.number}
    queues = [
        Queue(
            one.name, one.words, one.path, one.icon, found[one.name].number,
            found[one.name].oldest, found[one.name].due,
        )
        for one in QUEUES
        if one.name in found
    ]  # fmt: skip
    return queues, found["own"].number if "own" in found else 0


def _parts(viewer: Viewer, at: datetime) -> dict[str, Select[Any]]:
    """For each queue a query for its number, its oldest and its next due moment."""
    mine = held(Shift.program_id, viewer, Permission.SHIFTS_MANAGE)
    coming = (mine, Shift.starts_at > at, Shift.called_off_at.is_(None))
    on_shifts = select(Signup).join(Shift, Shift.id == Signup.shift_id)
    return {
        "rosters": _counted(
            on_shifts.where(*unmarked(viewer, at)),  # type: ignore[arg-type]
            func.min(Shift.ends_at), _NEVER, func.count(Shift.id.distinct()),
        ),
        "cant": _counted(
            on_shifts.where(
                mine, CANT_COME, Shift.ends_at > at, Shift.starts_at > at - LONGEST,
                Signup.id.in_(select(_said.id).where(_said.cant_at > at - CANT_SINCE)),
            ),
            func.min(Signup.cant_at), func.min(Shift.starts_at),
        ),
        "gaps": _counted(
            select(Slot)
            .join(Shift, Shift.id == Slot.shift_id)
            .where(*coming, Shift.starts_at < at + AHEAD, Slot.filled < Slot.minimum),
            _NEVER, func.min(Shift.starts_at), func.count(Shift.id.distinct()),
        ),
        "offers": _counted(
            select(Waiting)
            .join(Shift, Shift.id == Waiting.shift_id)
            .where(*coming, Waiting.state == WaitingState.OFFERED),
            func.min(Waiting.offered_at), func.min(Waiting.answer_by),
        ),
        "affected": _counted(
            affected(viewer, at), func.min(Affected.found_at), func.min(Shift.starts_at)
        ),
        "calls": _counted(call_list(viewer), func.min(Message.created_at), _NEVER),
        "requests": _counted(
            decidable_placements(viewer).where(Placement.state == PlacementState.ASKED),
            func.min(Placement.asked_at), _NEVER,
        ),
        "questions": _counted(
            ledger.answerable(viewer).where(HoursQuestion.answered_at.is_(None)),
            func.min(HoursQuestion.asked_at), _NEVER,
        ),
        "hours": _counted(
            ledger.waiting(viewer, ledger.Which()), func.min(HoursEntry.recorded_at), _NEVER
        ),
    }  # fmt: skip


def _own_talks(viewer: Viewer, at: datetime) -> dict[str, Select[Any]]:
    """What a speaker is asked, and of which talks they have not told yet how it went."""
    mine = (
        select(SpeakerOffer)
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .where(SpeakerOffer.person_id == viewer.person_id)
    )
    asked = mine.where(SpeakerOffer.state == OfferState.ASKED, SpeakerOffer.answer_by > at)
    told = exists().where(TalkOutcome.presentation_id == Presentation.id)
    untold = mine.where(
        SpeakerOffer.state == OfferState.ACCEPTED,
        SpeakerOffer.role == Speaks.SPEAKER,
        Presentation.state != TalkState.CANCELLED,
        Presentation.ends_at <= at,
        Presentation.starts_at > at - desk.LOOKS_BACK,
        ~told,
    )
    coming = mine.where(
        SpeakerOffer.state == OfferState.ACCEPTED,
        Presentation.state != TalkState.CANCELLED,
        Presentation.starts_at > at,
    )
    return {
        "mytalks": _counted(coming, _NEVER, func.min(Presentation.starts_at)),
        "speak": _counted(asked, _NEVER, func.min(SpeakerOffer.answer_by)),
        "told": _counted(untold, func.min(Presentation.ends_at), _NEVER),
    }


def _talk_parts(viewer: Viewer, zone: str, at: datetime) -> dict[str, Select[Any]]:
    """The queues of whoever books talks."""
    to_answer = visible_requests(viewer).where(TalkRequest.state == RequestState.OPEN)
    bare = desk.without_speaker(viewer, at)
    return {
        "howtalk": _counted(
            desk.unanswered(viewer, zone, at), func.min(Presentation.ends_at), _NEVER
        ),
        "talks": _counted(to_answer, func.min(TalkRequest.received_at), _NEVER),
        "bare": _counted(bare, _NEVER, func.min(Presentation.starts_at)),
        "letters": _counted(desk.to_tell(viewer), func.min(Message.created_at), _NEVER),
    }


def _paperwork_parts(viewer: Viewer, today: date) -> dict[str, Select[Any]]:
    """The queues of screeners, supervisors, and whoever else looks at paperwork."""
    parts = {}
    if viewer.may(Permission.CREDENTIALS_VERIFY):
        oldest = func.min(Credential.recorded_at)
        parts["reviews"] = _counted(waiting_papers(viewer), oldest, _NEVER)
    if viewer.may(Permission.TRAINING_MANAGE):
        oldest = func.min(Proposal.made_at)
        parts["proposals"] = _counted(decidable_proposals(viewer), oldest, _NEVER)
    if viewer.may(Permission.SCREENING_HANDLE):
        next_step = BackgroundCheck.state.in_((CheckState.AUTHORIZED, CheckState.RETURNED))
        over = and_(
            BackgroundCheck.state == CheckState.NOTICE_SENT,
            BackgroundCheck.decide_from <= today,
        )
        parts["checks"] = _counted(
            handled_checks(viewer).where(or_(next_step, over)),
            func.min(BackgroundCheck.asked_at), _NEVER,
        )  # fmt: skip
    return parts


def _counted(rows: Select[Any], oldest: Any, due: Any, number: Any = None) -> Select[Any]:
    number = func.count() if number is None else number
    return rows.with_only_columns(
        number.label("number"), oldest.label("oldest"), due.label("due")
    ).order_by(None)

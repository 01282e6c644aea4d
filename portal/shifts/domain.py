"""What shifts offer the rest of the portal."""

from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.domain import AT_ONCE, Answerable, Audience, Chore, Domain, Now, Queue, Round, ids, once
from portal.occasions.blocks import Blocks
from portal.occasions.settings import OFFER_HOURS, time_to_answer
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.requirements.change_models import Affected
from portal.shifts import (
    answers,
    blocks,
    cant_reasons,
    check_in,
    check_in_settings,
    cover_requests,
    draft_routes,
    drafts,
    gaps,
    group_names,
    group_routes,
    group_spots,
    leaving,
    limits,
    opening_routes,
    patterns,
    regulars,
    reminders,
    roster,
    roster_routes,
    routes,
    settings,
    still_coming,
    waiting,
)
from portal.shifts.affected_signups import affected, coming_work
from portal.shifts.attendance import unmarked
from portal.shifts.closing import SHIFTS_CLOSED
from portal.shifts.events import feed_of
from portal.shifts.figures import ATTENDANCE
from portal.shifts.group_notices import GROUP_NOTICES
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.notices import NOTICES
from portal.shifts.pattern_models import Pattern
from portal.shifts.searches import PATTERNS_FOUND, SHIFTS_FOUND
from portal.shifts.undoable import UNDOABLES
from portal.shifts.views import home
from portal.shifts.views.shifts import managed_shift
from portal.shifts.waiting_models import Waiting, WaitingState
from portal.web.shared import Entry
from portal.words import text

MANAGE = Permission.SHIFTS_MANAGE


def _rosters(viewer: Viewer, now: Now) -> Select[Signup]:
    on_shifts = select(Signup).join(Shift, Shift.id == Signup.shift_id)
    return on_shifts.where(*unmarked(viewer, now.at))  # type: ignore[arg-type]


def _gaps(viewer: Viewer, now: Now) -> Select[Slot]:
    return gaps.short_slots(viewer, gaps.coming(now.at, now.zone))


def _offers(viewer: Viewer, now: Now) -> Select[Waiting]:
    return (
        select(Waiting)
        .join(Shift, Shift.id == Waiting.shift_id)
        .where(
            in_viewers_programs(Shift.program_id, viewer, MANAGE),
            *_coming(now.at),
            Waiting.state == WaitingState.OFFERED,
        )
    )


def _coming(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Shift.starts_at > at, Shift.canceled_at.is_(None)


def _horizon(db: Session, now: Round) -> date:
    return now.today + settings.horizon(db, now.settings)


DOMAIN = Domain(
    "shifts",
    searches=(SHIFTS_FOUND, PATTERNS_FOUND),
    closables=(SHIFTS_CLOSED,),
    pages=[
        *routes.pages,
        *roster_routes.pages,
        *draft_routes.pages,
        *group_routes.pages,
        *opening_routes.pages,
    ],
    figures=(ATTENDANCE,),
    navigation=(
        Entry(
            text("Shifts"),
            "/shifts",
            "calendar-week",
            Permission.PUBLIC,
            also=("/swaps", "/swap-offers"),
            rank=20,
        ),
        Entry(
            text("Schedule"),
            "/schedule",
            "calendar3",
            MANAGE,
            also=(
                "/gaps",
                "/patterns",
                "/closures",
                "/groups",
                "/opening",
                "/meetings",
                "/early-lists",
                "/calls",
                "/imports",
                "/attendance",
                "/affected",
            ),
            rank=30,
        ),
    ),
    notices=NOTICES | GROUP_NOTICES,
    queues=(
        Queue(
            "rosters",
            text("Attendance to record"),
            "/attendance",
            "check2-square",
            50,
            _rosters,
            oldest=func.min(Shift.ends_at),
            number=func.count(Shift.id.distinct()),
            may=MANAGE,
            card=("shifts/home/_rosters.html", 10),
        ),
        Queue(
            "gaps",
            text("Unfilled shifts, next two weeks"),
            "/gaps",
            "calendar-x",
            60,
            _gaps,
            due=func.min(Shift.starts_at),
            may=MANAGE,
        ),
        Queue(
            "offers",
            text("Spots offered to people on the waitlist"),
            "/schedule?view=list",
            "hourglass-split",
            80,
            _offers,
            oldest=func.min(Waiting.offered_at),
            due=func.min(Waiting.answer_by),
            may=MANAGE,
        ),
        Queue(
            "affected",
            text("People on upcoming shifts who aren't cleared"),
            "/affected",
            "shield-exclamation",
            90,
            lambda viewer, now: affected(viewer, now.at),
            oldest=func.min(Affected.found_at),
            due=func.min(Shift.starts_at),
            may=MANAGE,
        ),
    ),
    chores=(
        Chore(
            "reminders",
            10,
            once(lambda db, now: reminders.due(db, now.zone, now.at)),
            lambda act, _, now: reminders.remind(act.db, act.at),
            counts=False,
        ),
        Chore(
            "digest",
            20,
            once(lambda db, now: reminders.due(db, now.zone, now.at)),
            lambda act, _, now: reminders.digest(act.db, now.zone, act.at),
            counts=False,
        ),
        Chore(
            "still coming",
            15,
            once(lambda db, now: still_coming.due(db, now.at)),
            lambda act, _, now: still_coming.ask(act.db, act.at),
            counts=False,
        ),
        Chore(
            "offers",
            110,
            ids(lambda now: waiting.due(now.at)),
            lambda act, slot, now: waiting.make_offers(
                act.db, slot, time_to_answer(act.db, now.settings), act.at
            ),
        ),
        Chore(
            "patterns",
            120,
            lambda db, now: db.scalars(patterns.due(_horizon(db, now)).limit(AT_ONCE)).all(),
            lambda act, one, now: patterns.extend(
                act, act.db.get_one(Pattern, one), _horizon(act.db, now)
            ),
        ),
        Chore(
            "cover requests",
            115,
            ids(lambda now: cover_requests.due(now.at)),
            lambda act, one, now: cover_requests.ask_next(act, one, now.zone, now.settings),
        ),
        Chore(
            "forgotten check-outs",
            117,
            ids(lambda now: check_in.forgotten(now.at)),
            lambda act, one, now: check_in.close_forgotten(act.db, one, act.at),
        ),
        Chore(
            "group spots",
            118,
            ids(lambda now: group_spots.due(now.at)),
            lambda act, one, now: group_spots.settle(act, one),
        ),
        Chore(
            "names of groups",
            119,
            ids(lambda now: group_names.over(now.at)),
            lambda act, one, now: group_names.erase(act.db, one),
            counts=False,
        ),
        Chore(
            "reasons",
            116,
            ids(lambda now: cant_reasons.over(now.at)),
            lambda act, one, now: cant_reasons.erase(act.db, one),
            counts=False,
        ),
        Chore(
            "drafts",
            135,
            ids(lambda now: drafts.over(now.today)),
            lambda act, one, now: drafts.forget(act, one),
            counts=False,
        ),
        Chore(
            "regulars",
            130,
            ids(lambda now: regulars.due()),
            lambda act, one, now: regulars.carry_on(act.db, one, act.at),
        ),
    ),
    feed=feed_of,
    answerable={
        noun: Answerable(
            partial(answers.answer, noun),
            answers.THANKS[noun],
            partial(answers.reached, noun),
            partial(answers.roster_of, noun),
        )
        for noun in answers.SUBJECTS
    },
    release=leaving.release,
    engaged=leaving.engaged,
    coming_work=coming_work,
    home=home.panels,
    settings=(
        OFFER_HOURS,
        still_coming.ASK_ALL,
        settings.HORIZON_WEEKS,
        cover_requests.WAVE,
        cover_requests.PAUSE,
        *limits.SETTINGS,
        *check_in_settings.SETTINGS,
    ),
    person=home.of_person,
    audiences={
        "shift": Audience(
            managed_shift, roster.people_on, lambda shift_id: f"/shifts/{shift_id}/roster"
        )
    },
    gives={Blocks: blocks},
    undoables=(*UNDOABLES, drafts.DRAFTS),
)

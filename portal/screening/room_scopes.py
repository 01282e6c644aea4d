"""What screeners alone see: who waits for the screening review, entries of the do-not-place list, and
matches."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.agency.models import AgencySetting
from portal.agency.settings import Setting
from portal.people.models import Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.application_models import Application, ApplicationState
from portal.programs.models import Placement, PlacementState
from portal.programs.scopes import in_viewers_programs
from portal.requirements.review_models import ScreeningHold, ScreeningReview
from portal.requirements.review_settings import LIST_REVIEW, SAFETY_CHECK
from portal.screening.list_models import ListEntry, ListMatch, SafetyCheck

SCREEN = Permission.SCREENING_HANDLE
AT_LEAST = timedelta(days=1)
"""How long the review takes at least, for everyone: how long it took says nothing."""


def is_on(setting: Setting[bool], program_id: Any) -> ColumnElement[bool]:
    """Inside a query: whether a setting is on for a program, by its own value or else the agency's."""
    own, agency = aliased(AgencySetting), aliased(AgencySetting)
    for_all = exists().where(
        agency.name == setting.name,
        agency.program_id.is_(None),
        agency.value == setting.written(True),
    )
    mine = (own.name == setting.name, own.program_id == program_id)
    return or_(
        exists().where(*mine, own.value == setting.written(True)),
        and_(for_all, ~exists().where(*mine)),
    )


def active_entries(today: date) -> Select[ListEntry]:
    """The entries that count: confirmed, not ended, not expired."""
    return select(ListEntry).where(
        ListEntry.confirmed_at.is_not(None),
        ListEntry.ended_at.is_(None),
        ListEntry.expires_on > today,
    )


def holding_match(person_id: Any, program_id: Any, today: date) -> ColumnElement[bool]:
    """Inside a query: whether a likeness holds what someone applies for: a firm one that no one compared yet,
    or one that is them."""
    return exists().where(
        ListMatch.person_id == person_id,
        or_(and_(ListMatch.firm, ListMatch.same.is_(None)), ListMatch.same.is_(True)),
        ListEntry.id == ListMatch.entry_id,
        or_(ListEntry.program_id.is_(None), ListEntry.program_id == program_id),
        ListEntry.ended_at.is_(None),
        ListEntry.expires_on > today,
    )


UNDER_REVIEW = (ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD, ApplicationState.ACCEPTED)


def _review(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(ScreeningReview.application_id == Application.id, *conditions)


def unreviewed() -> Select[Application]:
    """The open applications whose review is not done, where one is wanted."""
    return select(Application).where(
        Application.state.in_(UNDER_REVIEW),
        Application.person_id.is_not(None),
        or_(
            is_on(LIST_REVIEW, Application.program_id),
            is_on(SAFETY_CHECK, Application.program_id),
        ),
        ~_review(ScreeningReview.cleared_at.is_not(None)),
    )


def to_clear(at: datetime, today: date) -> Select[Application]:
    """Those of them that a screener passed a day or more after it was looked who is like them, and nothing
    holds."""
    return unreviewed().where(
        _review(ScreeningReview.passed_at.is_not(None), ScreeningReview.looked_at <= at - AT_LEAST),
        ~holding_match(Application.person_id, Application.program_id, today),
    )


def to_reopen(today: date) -> Select[Application]:
    """The open applications that were cleared before something was found that holds them."""
    return select(Application).where(
        Application.state.in_(UNDER_REVIEW),
        _review(ScreeningReview.cleared_at.is_not(None)),
        holding_match(Application.person_id, Application.program_id, today),
    )


def to_check(viewer: Viewer) -> Select[Application]:
    """The applications that no screener passed yet: each is looked up, whatever was found."""
    return unreviewed().where(
        in_viewers_programs(Application.program_id, viewer, SCREEN),
        Application.person_id.is_distinct_from(viewer.person_id),
        ~_review(ScreeningReview.passed_at.is_not(None)),
    )


def same_person(today: date) -> ColumnElement[bool]:
    """Inside a query about people: whether a screener found that they are on the agency's list now."""
    return exists().where(
        ListMatch.person_id == Person.id,
        ListMatch.same.is_(True),
        ListEntry.id == ListMatch.entry_id,
        ListEntry.program_id.is_(None),
        ListEntry.ended_at.is_(None),
        ListEntry.expires_on > today,
    )


def wrongly_held(today: date) -> Select[Person]:
    """The people whose hold has to be set or lifted: what was found of them, or an entry's end, came since."""
    held = exists().where(ScreeningHold.person_id == Person.id)
    by_match = Person.id.in_(select(ListMatch.person_id).where(ListMatch.same.is_(True)))
    by_hold = Person.id.in_(select(ScreeningHold.person_id))
    return select(Person).where(
        or_(and_(by_match, same_person(today), ~held), and_(by_hold, ~same_person(today)))
    )


def to_repeat(viewer: Viewer, today: date) -> Select[Placement]:
    """The volunteers of programs with safety checks whose next one is due."""
    lately = exists().where(
        SafetyCheck.person_id == Placement.person_id,
        SafetyCheck.program_id == Placement.program_id,
        SafetyCheck.repeat_on > today,
    )
    earlier = aliased(Placement)
    twice = exists().where(  # one line for two roles in a program
        earlier.person_id == Placement.person_id,
        earlier.program_id == Placement.program_id,
        earlier.state == PlacementState.ACTIVE,
        earlier.id < Placement.id,
    )
    return (
        select(Placement)
        .join(Person, Person.id == Placement.person_id)
        .where(
            ~twice,
            Placement.state == PlacementState.ACTIVE,
            Person.status != Status.ENDED,
            in_viewers_programs(Placement.program_id, viewer, SCREEN),
            Placement.person_id.is_distinct_from(viewer.person_id),
            is_on(SAFETY_CHECK, Placement.program_id),
            ~lately,
        )
    )


def visible_entries(viewer: Viewer) -> Select[ListEntry]:
    """The entries of a screener's programs, never about themselves; those of the agency take the agency."""
    if not viewer.may(SCREEN):
        return select(ListEntry).where(false())
    themselves = or_(
        exists().where(
            Person.id == viewer.person_id,
            Person.email != literal(""),
            func.lower(Person.email) == func.lower(ListEntry.email),
        ),
        exists().where(
            ListMatch.entry_id == ListEntry.id,
            ListMatch.person_id == viewer.person_id,
            ListMatch.same.is_not(False),
        ),
    )
    return select(ListEntry).where(
        in_viewers_programs(ListEntry.program_id, viewer, SCREEN), ~themselves
    )


def entries_to_do(viewer: Viewer, today: date) -> Select[ListEntry]:
    """Those that wait for a second screener who did not make them, or are due to be looked at again."""
    return visible_entries(viewer).where(
        ListEntry.ended_at.is_(None),
        or_(
            and_(
                ListEntry.confirmed_at.is_(None),
                ListEntry.made_by_id.is_distinct_from(viewer.person_id),
            ),
            and_(ListEntry.confirmed_at.is_not(None), ListEntry.review_on <= today),
        ),
    )


def visible_matches(viewer: Viewer) -> Select[ListMatch]:
    """The likenesses of which a screener sees both sides: the entry, and a program of the person."""
    theirs = [
        exists().where(
            kind.person_id == ListMatch.person_id,
            in_viewers_programs(kind.program_id, viewer, SCREEN),
        )
        for kind in (Application, Placement)
    ]
    return (
        select(ListMatch)
        .join(ListEntry, ListEntry.id == ListMatch.entry_id)
        .where(
            in_viewers_programs(ListEntry.program_id, viewer, SCREEN),
            ListMatch.person_id.is_distinct_from(viewer.person_id),
            or_(*theirs),
        )
    )


def to_compare(viewer: Viewer, today: date) -> Select[ListMatch]:
    """Those that no one compared yet."""
    return visible_matches(viewer).where(
        ListMatch.same.is_(None), ListEntry.ended_at.is_(None), ListEntry.expires_on > today
    )

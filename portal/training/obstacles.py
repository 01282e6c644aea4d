"""What stands between a person and a session: every reason at once, each with what to do about it.

The page shows these before anyone presses; `enrol` asks again under the lock.
"""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from portal import clock
from portal.occasions.obstacles import Obstacle, Remedy
from portal.people.models import Status
from portal.training.facts import Facts
from portal.training.models import EnrolmentState
from portal.words import in_language, text


class Kind(StrEnum):
    CANCELED = "canceled"
    STARTED = "started"
    CLOSED = "closed"
    ALREADY_IN = "already_in"
    FULL = "full"
    NOT_ACTIVE = "not_active"
    PREREQUISITE = "prerequisite"
    OVERLAP = "overlap"


AWAY = (Status.ON_LEAVE, Status.ENDED)
"""Who takes no courses. Whoever is only interested or applying may: many courses come before the start."""


def enrolment_obstacles(facts: Facts, at: datetime, *, staff: bool = False) -> list[Obstacle]:
    """Every reason why the person of these facts cannot take part. Empty means they can.

    With `staff` the sentences speak about the person, and once a session has begun, its time and places
    do not bind: someone simply came.
    """
    session, person = facts.session, facts.person
    assert person
    own = facts.own is not None and facts.own.state == EnrolmentState.ENROLLED
    begun = at >= session.starts_at
    found = (
        (Kind.CANCELED, session.canceled_at is not None),
        (Kind.STARTED, begun and not staff),
        (Kind.CLOSED, facts.course.closed_at is not None and not begun),
        (Kind.ALREADY_IN, own),
        (Kind.FULL, not own and not facts.free and not facts.offered(at) and not (staff and begun)),
        (Kind.NOT_ACTIVE, person.status in AWAY),
        (Kind.PREREQUISITE, bool(facts.missing)),
        (Kind.OVERLAP, facts.clash is not None and not own),
    )
    kinds = [kind for kind, stands in found if stands]
    say = (_AboutThem if staff else _ToYou)(facts, at)
    say.only_full = kinds == [Kind.FULL]
    return [obstacle for kind in kinds for obstacle in say.obstacles(kind)]


class _ToYou:
    """Obstacles in words for the person who wants to take part."""

    def __init__(self, facts: Facts, at: datetime) -> None:
        self.facts, self.session, self.at = facts, facts.session, at
        self.only_full = False
        assert facts.person
        self.person = facts.person

    def obstacles(self, kind: Kind) -> list[Obstacle]:
        if kind is Kind.PREREQUISITE:
            return [self._missing(row) for row in self.facts.missing]
        words, *remedies = getattr(self, kind.value)()
        return [Obstacle(kind, words, tuple(remedies))]

    def canceled(self) -> tuple[Any, ...]:
        return text("This session was canceled."), self.others()

    def started(self) -> tuple[Any, ...]:
        return text("This session already started."), self.others()

    def closed(self) -> tuple[Any, ...]:
        return text("This training is closed."), self.others()

    def already_in(self) -> tuple[Any, ...]:
        return (text("You're already registered for this session."),)

    def full(self) -> tuple[Any, ...]:
        path = f"/training/sessions/{self.session.id}"
        if self.facts.own:
            words = text(
                "All spots are taken. You're number %(place)s on the waitlist.",
                place=self.facts.place_in_line or 1,
            )
            leave = Remedy(text("Leave waitlist"), f"{path}/withdrawal", press=True)
            return words, leave, self.others()
        words = text("All spots are taken.")
        if self.only_full and self.at < self.session.starts_at:
            return (
                words,
                Remedy(text("Join waitlist"), f"{path}/waiting", press=True),
                self.others(),
            )
        return words, self.others()

    def not_active(self) -> tuple[Any, ...]:
        return (text("You aren't active right now. Call us when you'd like to start."),)

    def _missing(self, row: Any) -> Obstacle:
        words = text("Complete this training first: %(course)s.", course=self._name(row))
        see = Remedy(text("See that training"), f"/training/courses/{row.id}")
        return Obstacle(Kind.PREREQUISITE, words, (see,) if row.public else ())

    def _name(self, row: Any) -> Any:
        if not row.public:
            return text("ask us which")  # a course of a sensitive program is not named (P2)
        return lambda language: in_language(language, row.name, row.translations, "name")

    def overlap(self) -> tuple[Any, ...]:
        assert self.facts.clash
        until = partial(clock.time_text, self.facts.clash.ends_at, self.session.zone)
        words = text("You have something else at that time, until %(time)s.", time=until)
        return words, Remedy(text("See your calendar"), "/me"), self.others()

    def others(self) -> Remedy:
        return Remedy(
            text("See other sessions of this training"),
            f"/training/courses/{self.session.course_id}",
        )


class _AboutThem(_ToYou):
    """The same for staff who want to enrol someone."""

    def already_in(self) -> tuple[Any, ...]:
        return (text("%(name)s is already registered for this session.", name=self.person.name),)

    def full(self) -> tuple[Any, ...]:
        return (text("All spots are taken or held for people on the waitlist."),)

    def not_active(self) -> tuple[Any, ...]:
        return (text("%(name)s isn't active right now.", name=self.person.name),)

    def _missing(self, row: Any) -> Obstacle:
        words = text(
            "%(name)s needs to complete this training first: %(course)s.",
            name=self.person.name,
            course=self._name(row),
        )
        see = Remedy(text("See that training"), f"/training/courses/{row.id}")
        return Obstacle(Kind.PREREQUISITE, words, (see,) if row.public else ())

    def overlap(self) -> tuple[Any, ...]:
        assert self.facts.clash
        hours = partial(
            clock.hours_text,
            self.facts.clash.starts_at,
            self.facts.clash.ends_at,
            self.session.zone,
            this_year=self.at.year,
        )
        return (text("%(name)s is busy then: %(hours)s.", name=self.person.name, hours=hours),)

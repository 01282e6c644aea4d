"""What stands between a person and a spot: every reason at once, each with what to do about it.

The page shows these before anyone presses; `sign_up` asks again under the lock.
"""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.kinds import INTERVIEW, INTERVIEW_TIME, INTERVIEWER, SHIFT
from portal.commitments.models import Commitment
from portal.occasions.obstacles import Obstacle, Remedy
from portal.people.models import Status
from portal.requirements import explain
from portal.shifts import limit_words
from portal.shifts.facts import Facts, Spot
from portal.shifts.limits import Broken
from portal.words import Words, in_language, text

PRESENTATION = "talk"
"""The kind under which outreach, which stands beside shifts, engages a speaker's time."""


class Kind(StrEnum):
    CANCELED = "canceled"
    STARTED = "started"
    ALREADY_IN = "already_in"
    FULL = "full"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    NOT_ACTIVE = "not_active"
    NOT_PLACED = "not_placed"
    NOT_CLEARED = "not_cleared"
    OVERLAP = "overlap"
    OVER_LIMIT = "over_limit"


STAFF_MAY = {Kind.NOT_OPEN, Kind.CLOSED, Kind.STARTED}
"""Sign-up times bind volunteers; a coordinator may add people outside them."""

ONCE_BEGUN = {Kind.FULL, Kind.OVER_LIMIT}
"""What does not bind staff once a shift has begun: someone simply came."""


def signup_obstacles(
    facts: Facts,
    spot: Spot,
    at: datetime,
    clash: Commitment | None,
    *,
    staff: bool = False,
    trainee: bool = False,
    override: bool = False,
) -> list[Obstacle]:
    """Every reason why the person of these facts cannot take a spot now. Empty means they can.

    With `staff` the sentences speak about the person instead of to them, name nothing of
    what else they do, and the times of sign-up do not bind. A `trainee` takes a place to learn. With
    `override` limits do not bind an adult.
    """
    row, person = facts.row, facts.person
    assert person
    own = person.own_slot_id is not None
    # A sensitive role's requirements reveal the role (P2), so show them only to holders and applicants; others
    # have no page on which to hand anything in for it.
    knows = spot.placed or spot.asked or (staff and not facts.sensitive)
    found = (
        (Kind.CANCELED, row.canceled_at is not None),
        (Kind.STARTED, at >= row.starts_at),
        (Kind.ALREADY_IN, own),
        (Kind.FULL, (spot.learning >= spot.trainees if trainee else spot.full(at)) and not own),
        (Kind.NOT_OPEN, row.opens_at is not None and at < row.opens_at),
        (Kind.CLOSED, _takes_nobody(facts, spot) or _too_late_to_sign_up(facts, spot, at)),
        (Kind.NOT_ACTIVE, person.status != Status.ACTIVE),
        (Kind.NOT_PLACED, not spot.placed and not own),
        (Kind.NOT_CLEARED, not own and knows and not spot.cleared(trainee=trainee)),
        (Kind.OVERLAP, clash is not None and not own),
        (Kind.OVER_LIMIT, not own and not (override and not facts.minor) and bool(facts.too_much)),
    )
    kinds = [kind for kind, stands in found if stands]
    if staff:
        may = STAFF_MAY | ONCE_BEGUN if at >= row.starts_at else STAFF_MAY
        kinds = [kind for kind in kinds if kind not in may]
    if not kinds:
        return []
    say = (_AboutThem if staff else _ToYou)(facts, spot, at, clash)
    say.only_full, say.trainee = kinds == [Kind.FULL], trainee
    return [obstacle for kind in kinds for obstacle in say.obstacles(kind)]


def clash_of(db: Session, facts: Facts) -> Commitment | None:
    """What engages the person during the shift, if anything does."""
    person = facts.person
    return db.get(Commitment, person.clash_id) if person and person.clash_id else None


def too_late(withdraw_until: datetime, zone: str, name: str, phone: str) -> Words:
    """What people read who cannot take themselves off any more: until when, and whom to call."""
    until = partial(clock.moment_text, withdraw_until, zone, this_year=withdraw_until.year)
    if phone:
        return text(
            "You could cancel online until %(when)s. It's too late now. Call %(name)s, %(phone)s.",
            when=until,
            name=name,
            phone=phone,
        )
    return text(
        "You could cancel online until %(when)s. It's too late now. Call the office.", when=until
    )


def _too_late_to_sign_up(facts: Facts, spot: Spot, at: datetime) -> bool:
    """Whether sign-up closed. Whoever was asked to help may still say yes."""
    return not spot.ask_id and facts.row.closes_at <= at < facts.row.starts_at


def _takes_nobody(facts: Facts, spot: Spot) -> bool:
    return facts.row.program_closed_at is not None or spot.closed


def _ways(reason: explain.Reason) -> tuple[Remedy, ...]:
    return tuple(Remedy(words, path) for words, path in reason.ways)


class _ToYou:
    """Obstacles in words for the person who wants the spot."""

    def __init__(self, facts: Facts, spot: Spot, at: datetime, clash: Commitment | None) -> None:
        self.facts, self.spot, self.at, self.clash = facts, spot, at, clash
        assert facts.person
        self.row, self.person = facts.row, facts.person
        self.only_full = self.trainee = False

    def obstacles(self, kind: Kind) -> list[Obstacle]:
        if kind == Kind.NOT_CLEARED:
            return self.not_cleared()
        if kind == Kind.OVER_LIMIT:
            return list({str(one.words): one for one in self.over_limits()}.values())
        words, *remedies = getattr(self, kind.value)()
        return [Obstacle(kind, words, tuple(remedies))]

    def over_limits(self) -> list[Obstacle]:
        return [self.over_limit(one) for one in self.facts.too_much]

    def over_limit(self, broken: Broken) -> Obstacle:
        words = limit_words.to_you(broken)
        return Obstacle(Kind.OVER_LIMIT, words, (self.other_shifts(),))

    def canceled(self) -> tuple[Any, ...]:
        return text("This shift was canceled."), self.other_shifts()

    def started(self) -> tuple[Any, ...]:
        return text("This shift already started."), self.other_shifts()

    def already_in(self) -> tuple[Any, ...]:
        return (text("You're already signed up for this shift."),)

    def full(self) -> tuple[Any, ...]:
        if self.trainee:
            return text("All shadowing spots are taken."), self.other_shifts()
        if self.spot.waiting_id:
            words = text(
                "All spots are taken. You're number %(place)s on the waitlist.",
                place=self.spot.place_in_line,
            )
            leave = Remedy(text("Leave waitlist"), f"/slots/{self.spot.id}/waiting/end", press=True)
            return words, leave, self.other_shifts()
        if self.only_full and self.at < self.row.closes_at:
            join = Remedy(text("Join waitlist"), f"/slots/{self.spot.id}/waiting", press=True)
            return text("All spots are taken."), join, self.other_shifts()
        return text("All spots are taken."), self.other_shifts()

    def not_open(self) -> tuple[Any, ...]:
        assert self.row.opens_at
        when = self.moment(self.row.opens_at)
        return text("Sign-up opens %(when)s.", when=when), self.other_shifts()

    def closed(self) -> tuple[Any, ...]:
        if _takes_nobody(self.facts, self.spot):
            return text("This role isn't open to new volunteers."), self.other_shifts()
        when = self.moment(self.row.closes_at)
        return text("Sign-up closed %(when)s.", when=when), self.other_shifts()

    def not_active(self) -> tuple[Any, ...]:
        return (text("You aren't active right now. Call us when you'd like to start."),)

    def not_placed(self) -> tuple[Any, ...]:
        if self.facts.sensitive:  # its roles are not named to outsiders (P2)
            return text("You don't have this role yet. Call us about it."), self.other_shifts()
        if self.spot.asked:
            words = text(
                "You applied for %(role)s. The coordinator will get back to you.", role=self.role
            )
            return words, self.other_shifts()
        ask = Remedy(
            text("Apply for this role"), f"/opportunities?position={self.spot.position_id}"
        )
        return (
            text("You don't have the role %(role)s yet.", role=self.role),
            ask,
            self.other_shifts(),
        )

    def not_cleared(self) -> list[Obstacle]:
        return [
            Obstacle(Kind.NOT_CLEARED, one.words, (*_ways(one), self.other_shifts()))
            for one in explain.to_you(self.spot.judged(trainee=self.trainee))
        ]

    def overlap(self) -> tuple[Any, ...]:
        assert self.clash
        until = partial(clock.time_text, self.clash.ends_at, self.row.zone)
        if self.clash.kind == PRESENTATION:
            words = text(
                "You have a presentation, or a request to give one, at that time, until %(time)s.",
                time=until,
            )
            return words, Remedy(text("See your presentations"), "/me/talks"), self.other_shifts()
        if self.clash.kind in (INTERVIEW, INTERVIEWER, INTERVIEW_TIME):
            words = text("You have an interview at that time, until %(time)s.", time=until)
            return words, self.other_shifts()
        if self.clash.kind != SHIFT:
            words = text("You have a training at that time, until %(time)s.", time=until)
            return words, Remedy(text("See your training"), "/training"), self.other_shifts()
        words = text("You have another shift at that time, until %(time)s.", time=until)
        return words, Remedy(text("See that shift"), f"/signups/{self.clash.source_id}")

    def other_shifts(self) -> Remedy:
        return Remedy(text("See shifts you can take"), "/shifts")

    def role(self, language: str) -> str:
        return in_language(language, self.spot.position, self.spot.position_translations, "name")

    def moment(self, at: datetime) -> Any:
        return partial(clock.moment_text, at, self.row.zone, this_year=self.at.year)


class _AboutThem(_ToYou):
    """The same for a coordinator who wants to add someone."""

    def already_in(self) -> tuple[Any, ...]:
        return (text("%(name)s is already signed up for this shift.", name=self.person.name),)

    def full(self) -> tuple[Any, ...]:
        return text("All spots are taken or held for people on the waitlist."), self.other_shifts()

    def not_active(self) -> tuple[Any, ...]:
        words = text("%(name)s isn't active right now.", name=self.person.name)
        return words, Remedy(text("Open their profile"), f"/people/{self.person.id}")

    def not_placed(self) -> tuple[Any, ...]:
        words = text(
            "%(name)s doesn't have the role %(role)s.", name=self.person.name, role=self.role
        )
        return words, Remedy(text("Assign them the role"), f"/people/{self.person.id}")

    def not_cleared(self) -> list[Obstacle]:
        judged = self.spot.judged(trainee=self.trainee)
        found = explain.about_them(judged, self.person.id, self.person.name)
        return [Obstacle(Kind.NOT_CLEARED, one.words, _ways(one)) for one in found]

    def overlap(self) -> tuple[Any, ...]:
        return (text("%(name)s is busy then.", name=self.person.name),)  # not with what (Z5)

    def over_limit(self, broken: Broken) -> Obstacle:
        words = limit_words.about_them(broken, self.person.name, self.facts.may_know)
        if self.facts.minor:
            return Obstacle(Kind.OVER_LIMIT, words, ())
        path = f"/shifts/{self.row.shift_id}/roster?over={self.person.id}#over"
        return Obstacle(Kind.OVER_LIMIT, words, (Remedy(text("Add them with a reason"), path),))

    def other_shifts(self) -> Remedy:
        return Remedy(text("Back to the schedule"), "/schedule")

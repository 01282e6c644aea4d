"""What stands between a person and a spot, in words: to them, or to a coordinator about them."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from portal import clock
from portal.commitments.kinds import INTERVIEW, INTERVIEW_TIME, INTERVIEWER, MATCH, MEETING, SHIFT
from portal.commitments.models import Commitment
from portal.occasions.obstacles import Obstacle, Remedy
from portal.requirements import explain
from portal.shifts import limit_words
from portal.shifts.companions import KeptFrom
from portal.shifts.facts import Facts
from portal.shifts.group_models import Keep
from portal.shifts.limits import Broken
from portal.shifts.spots import Spot
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
    KEPT = "kept"


def _ways(reason: explain.Reason) -> tuple[Remedy, ...]:
    return tuple(Remedy(words, path) for words, path in reason.ways)


class ToYou:
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
        if kind == Kind.KEPT:
            return [Obstacle(kind, *self.kept(one)) for one in self.facts.kept]
        words, *remedies = getattr(self, kind.value)()
        return [Obstacle(kind, words, tuple(remedies))]

    def over_limits(self) -> list[Obstacle]:
        return [self.over_limit(one) for one in self.facts.too_much]

    def over_limit(self, broken: Broken) -> Obstacle:
        words = limit_words.to_you(broken)
        return Obstacle(Kind.OVER_LIMIT, words, (self.other_shifts(),))

    def kept(self, one: KeptFrom) -> tuple[Words, tuple[Remedy, ...]]:
        if one.keep == Keep.APART:
            words = text(
                "%(name)s is on a shift at that time. You two aren't scheduled at the same time.",
                name=one.other,
            )
            return words, (self.other_shifts(),)
        words = text("You come together with %(name)s.", name=one.other)
        if one.contact_id == self.person.id:
            return words, (self.all_of(one, text("Sign up all of you")),)
        return text(
            "You come together with %(name)s. %(contact)s signs up all of you.",
            name=one.other,
            contact=one.contact,
        ), (self.other_shifts(),)

    def all_of(self, one: KeptFrom, words: Words) -> Remedy:
        return Remedy(words, f"/slots/{self.spot.id}/groups/{one.group_id}/signup", press=True)

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
        assert self.facts.opens_at
        when = self.moment(self.facts.opens_at)
        return text("Sign-up opens %(when)s.", when=when), self.other_shifts()

    def closed(self) -> tuple[Any, ...]:
        if self.facts.takes_none(self.spot):
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
        if self.clash.kind == MATCH:
            words = text("You help someone at that time, until %(time)s.", time=until)
            return (
                words,
                Remedy(text("See your help for clients"), "/me/matches"),
                self.other_shifts(),
            )
        if self.clash.kind == MEETING:
            words = text("You said yes to a meeting at that time, until %(time)s.", time=until)
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


class AboutThem(ToYou):
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
        return Obstacle(Kind.OVER_LIMIT, words, () if self.facts.minor else (self.with_reason(),))

    def with_reason(self) -> Remedy:
        path = f"/shifts/{self.row.shift_id}/roster?over={self.person.id}#over"
        return Remedy(text("Add them with a reason"), path)

    def kept(self, one: KeptFrom) -> tuple[Words, tuple[Remedy, ...]]:
        names = {"name": self.person.name, "other": one.other}
        if one.keep == Keep.APART:
            words = text("%(name)s isn't scheduled at the same time as %(other)s.", **names)
            return words, (self.with_reason(),)
        words = text("%(name)s comes together with %(other)s.", **names)
        path = f"/shifts/{self.row.shift_id}/groups"
        return words, (Remedy(text("Add all of them"), path), self.with_reason())

    def other_shifts(self) -> Remedy:
        return Remedy(text("Back to the schedule"), "/schedule")

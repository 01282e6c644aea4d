"""Who could give a talk, best first, and why: pure. What it judges is loaded by outreach/speaker_candidates.py.

The order, most weighty first: cleared on the day; free; at a time they said they could come; under their
monthly cap; speaks the audience's languages; no other presentation that week; knows that part of the county;
gave fewer talks lately, and longest ago; has never been there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from portal.people.availability import DAY, Span

LATELY = timedelta(days=180)
LEVELS = {"basic": 0, "conversational": 1, "fluent": 2, "native": 3}
ENOUGH = LEVELS["conversational"]
"""From this level on, a language counts."""

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Engagement:
    """A talk to find someone for. `starts` and `ends` are minutes of the wall clock after `day`'s midnight."""

    id: int
    starts_at: datetime
    ends_at: datetime
    day: date
    starts: int
    ends: int
    topic_id: int | None = None
    position_id: int | None = None
    languages: frozenset[int] = frozenset()
    district_id: int | None = None
    organization_id: int | None = None
    closed: tuple[str, ...] = ()
    """Why we are closed then, if we are: whoever is asked all the same is asked with a reason."""


@dataclass(frozen=True)
class Facts:
    """A speaker, as far as it matters. `busy` are spans that do not touch, in order; `talks` their talks in
    order, with where; `cleared` the days on which they are placed in and cleared for a position. A day in
    `days` stands instead of its weekday in `week`."""

    id: int
    name: str
    topics: frozenset[int] = frozenset()
    languages: Mapping[int, str] = field(default_factory=dict)
    districts: frozenset[int] = frozenset()
    per_month: int = 3
    rest_days: int = 2
    staff: bool = False
    placed: Mapping[int, Sequence[Days]] = field(default_factory=dict)
    cleared: Mapping[int, Sequence[Days]] = field(default_factory=dict)
    busy: Sequence[tuple[datetime, datetime]] = ()
    away: Sequence[Days] = ()
    week: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    days: Mapping[date, Sequence[Span]] = field(default_factory=dict)
    talks: Sequence[tuple[date, int | None]] = ()

    @cached_property
    def talk_days(self) -> list[date]:
        return [day for day, _ in self.talks]

    @cached_property
    def per_months(self) -> Mapping[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = {}
        for day in self.talk_days:
            key = (day.year, day.month)
            found[key] = found.get(key, 0) + 1
        return found

    @cached_property
    def visits(self) -> Mapping[int | None, int]:
        found: dict[int | None, int] = {}
        for _, where in self.talks:
            found[where] = found.get(where, 0) + 1
        return found

    @cached_property
    def speaks(self) -> frozenset[int]:
        return frozenset(
            number for number, level in self.languages.items() if LEVELS.get(level, 0) >= ENOUGH
        )

    @cached_property
    def busy_starts(self) -> list[datetime]:
        return [starts for starts, _ in self.busy]

    def may(self, position_id: int | None, day: date) -> bool:
        """Whether they are in the pool for a role: placed in it on the day, or staff who present."""
        return self.staff or position_id is None or _within(self.placed.get(position_id, ()), day)

    def clear(self, position_id: int | None, day: date) -> bool:
        return self.staff or position_id is None or _within(self.cleared.get(position_id, ()), day)

    def is_busy(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether something overlaps, here or in their own calendar."""
        place = bisect_left(self.busy_starts, ends_at)
        return bool(place) and self.busy[place - 1][1] > starts_at

    def free(self, engagement: Engagement) -> bool:
        """Whether they are neither busy nor away then."""
        busy = self.is_busy(engagement.starts_at, engagement.ends_at)
        return not busy and not _within(self.away, engagement.day)

    def could_come(self, engagement: Engagement) -> bool | None:
        """Whether they say that they could come then; None if they said nothing about their times."""
        if not self.week and not self.days:
            return None
        day = engagement.day
        spans = self.days[day] if day in self.days else self.week.get(day.weekday(), ())
        return any(one.starts <= engagement.starts and one.ends >= engagement.ends for one in spans)


def _within(spans: Iterable[Days], day: date) -> bool:
    return any(first <= day <= last for first, last in spans)


class Why(StrEnum):
    """What speaks for or against someone; the words are the page's."""

    TOPIC = "topic"
    NOT_CLEARED = "not_cleared"
    FREE = "free"
    BUSY = "busy"
    AWAY = "away"
    CLOSED = "closed"
    NOT_THEN = "not_then"
    LANGUAGES = "languages"
    NO_LANGUAGE = "no_language"
    THIS_MONTH = "this_month"
    AT_CAP = "at_cap"
    FREE_WEEK = "free_week"
    BUSY_WEEK = "busy_week"
    DISTRICT = "district"
    LAST_TALK = "last_talk"
    NEVER_SPOKE = "never_spoke"
    NEVER_THERE = "never_there"
    BEEN_THERE = "been_there"


BAD = {
    Why.NOT_CLEARED, Why.BUSY, Why.AWAY, Why.CLOSED, Why.NOT_THEN, Why.NO_LANGUAGE, Why.AT_CAP,
    Why.BUSY_WEEK,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with the number or the ids that it is about."""

    why: Why
    number: int = 0
    of: int = 0
    ids: tuple[int, ...] = ()
    day: date | None = None

    @property
    def good(self) -> bool:
        return self.why not in BAD


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Someone who could give a talk. `clear` and `free` say whether asking needs nothing else."""

    person_id: int
    name: str
    clear: bool
    free: bool
    reasons: tuple[Reason, ...]


Key = tuple[bool, bool, bool, bool, int, bool, bool, int, int, int, str, int]


def ranked(
    engagement: Engagement, speakers: Sequence[Facts], most: int | None = 12
) -> list[Suggestion]:
    """The best of some speakers for a talk, in order. Who does not know the topic, or is neither placed in
    the role nor staff, is left out."""
    return _ranked(engagement, [one for one in speakers if _knows(one, engagement)], most)


def ranked_all(
    engagements: Iterable[Engagement], speakers: Sequence[Facts], most: int = 12
) -> dict[int, list[Suggestion]]:
    """The same for many talks at once: by topic, only those who know it are looked at."""
    by_topic: dict[int, list[Facts]] = {}
    for one in speakers:
        for topic in one.topics:
            by_topic.setdefault(topic, []).append(one)
    return {
        one.id: _ranked(
            one, by_topic.get(one.topic_id, []) if one.topic_id is not None else speakers, most
        )
        for one in engagements
    }


def _knows(one: Facts, engagement: Engagement) -> bool:
    return engagement.topic_id is None or engagement.topic_id in one.topics


def _ranked(
    engagement: Engagement, speakers: Sequence[Facts], most: int | None
) -> list[Suggestion]:
    position, day = engagement.position_id, engagement.day
    keyed = sorted(
        ((_key(engagement, one), one) for one in speakers if one.may(position, day)),
        key=lambda pair: pair[0],
    )
    return [
        Suggestion(
            one.id,
            one.name,
            not key[0],
            not (key[1] or engagement.closed),
            _reasons(engagement, one, key),
        )
        for key, one in keyed[:most]
    ]


def _key(engagement: Engagement, one: Facts) -> Key:
    day = engagement.day
    talks, place = one.talk_days, bisect_right(one.talk_days, day)
    lately = place - bisect_left(talks, day - LATELY)
    before = (day - talks[place - 1]).days if place else 100_000
    after = (talks[place] - day).days if place < len(talks) else 100_000
    wanted = engagement.languages
    return (
        not one.clear(engagement.position_id, day),
        not one.free(engagement),
        one.could_come(engagement) is False,
        one.per_months.get((day.year, day.month), 0) >= one.per_month,
        len(wanted - one.speaks) if wanted else 0,
        min(before, after) <= one.rest_days,
        engagement.district_id is not None and engagement.district_id not in one.districts,
        lately,
        -before,
        one.visits.get(engagement.organization_id, 0) if engagement.organization_id else 0,
        one.name,
        one.id,
    )


def _reasons(engagement: Engagement, one: Facts, key: Key) -> tuple[Reason, ...]:
    """Why someone stands where they stand, what is against them last."""
    _, _, not_then, at_cap, missing, tired, far, lately, before, visits, _, _ = key
    day, wanted = engagement.day, engagement.languages
    month = one.per_months.get((day.year, day.month), 0)
    found = [Reason(Why.TOPIC)] if engagement.topic_id is not None else []
    if key[0]:
        found.append(Reason(Why.NOT_CLEARED))
    if wanted & one.speaks:
        found.append(Reason(Why.LANGUAGES, ids=tuple(sorted(wanted & one.speaks))))
    if missing:
        found.append(Reason(Why.NO_LANGUAGE, ids=tuple(sorted(wanted - one.speaks))))
    found.append(Reason(_time(engagement, one, free=not key[1])))
    if engagement.closed:
        found.append(Reason(Why.CLOSED))
    if not_then:
        found.append(Reason(Why.NOT_THEN))
    found.append(Reason(Why.AT_CAP if at_cap else Why.THIS_MONTH, month, one.per_month))
    if engagement.district_id is not None and not far:
        found.append(Reason(Why.DISTRICT))
    if tired:
        found.append(Reason(Why.BUSY_WEEK))
    elif lately:
        found.append(Reason(Why.LAST_TALK, lately, day=day + timedelta(days=before)))
    else:
        found.append(Reason(Why.FREE_WEEK if one.talks else Why.NEVER_SPOKE))
    if engagement.organization_id:
        found.append(Reason(Why.BEEN_THERE, visits) if visits else Reason(Why.NEVER_THERE))
    return tuple(sorted(found, key=lambda reason: not reason.good))


def _time(engagement: Engagement, one: Facts, *, free: bool) -> Why:
    if free:
        return Why.FREE
    busy = one.is_busy(engagement.starts_at, engagement.ends_at)
    return Why.BUSY if busy else Why.AWAY


def minutes_after_midnight(at: datetime, day: date) -> int:
    """A local time as minutes after a day's midnight; the next morning counts on."""
    return at.hour * 60 + at.minute + DAY * (at.date() - day).days

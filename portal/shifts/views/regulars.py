"""Pages of regular volunteers: taking a pattern's shifts again and again, being away, stopping."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal.commitments.kinds import MATCH, MEETING
from portal.people.traits import Absence
from portal.programs.scopes import one
from portal.shifts import absences, regulars
from portal.shifts.dates import absences_of, dates_of
from portal.shifts.facts import Facts, facts_of
from portal.shifts.forms import AwayForm, RegularForm
from portal.shifts.headings import said_of
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.recurrence import rule_words
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Preview
from portal.web.request import Request
from portal.words import Words, count_text, text

COURSE = (text("A training"), "/training")
ELSEWHERE = {
    "talk": (text("A presentation"), "/me/talks"),
    MEETING: (text("A meeting"), "/shifts"),
    MATCH: (text("Helping someone"), "/me/matches"),
}
"""What else someone may be engaged by, besides shifts, and where they say that they can't come."""


def _facts(request: Request, shift_id: int) -> Facts:
    """The facts of a shift that a pattern wrote and the viewer may know of."""
    viewer = request.viewer
    facts = facts_of(request.db, viewer, shift_id, viewer.person_id, request.at)
    if facts is None or facts.row.pattern_id is None or facts.outside:
        raise NotFound
    return facts


def ask_regular(request: Request, shift_id: int, form: RegularForm | None = None) -> Screen:
    """How often, until when; then date by date what will happen."""
    assert request.viewer.person_id
    facts = _facts(request, shift_id)
    return regular_screen(
        request, facts, request.viewer.person_id, form or RegularForm(data={"every": "1"})
    )


def regular_screen(
    request: Request, facts: Facts, person_id: int, form: RegularForm, **more: Any
) -> Screen:
    """The page on which a pattern's shifts are taken, for oneself or (`more` says whom) another."""
    assert facts.row.pattern_id  # `_facts` gives no other
    position = form.position.data or (facts.spots[0].position_id if facts.spots else 0)
    form.position.data = position
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    checking = form.every.data == "0"
    return screen(
        "shifts/regular.html",
        row=facts.row,
        said=said_of(facts, request.language, request.at.year),
        roles=[
            (spot.position_id, request.written(spot.position, spot.position_translations))
            for spot in facts.spots
        ],
        form=form,
        dates=preview.changes if preview else None,
        choices=dates_of(request.act, person_id, facts.row.pattern_id, position, staff=bool(more))
        if checking
        else [],
        **{"person": None, "action": f"/shifts/{facts.row.shift_id}/regular"} | more,
    )


def take_regular(request: Request, form: RegularForm, shift_id: int) -> See:
    """Take the dates that were looked at."""
    assert request.viewer.person_id
    _facts(request, shift_id)
    return See("/me", take_dates(request, form, shift_id, request.viewer.person_id))


def take_dates(
    request: Request, form: RegularForm, shift_id: int, person_id: int, asked: str | None = None
) -> Words:
    """Take the dates of a form for a person, and say how many were taken."""
    taken, joined = regulars.take(
        request.act.but(asked=asked),
        person_id,
        shift_id,
        form.position.data or 0,
        int(form.every.data),
        form.last_day.data,
        form.dates.data,
        bool(form.lines.data),
        form.seen.data or "",
    )
    if joined:
        return text(
            "Signed up for %(taken)s dates. Waitlisted for %(joined)s.",
            taken=taken,
            joined=joined,
        )
    return count_text("Signed up for %(n)s date.", "Signed up for %(n)s dates.", taken)


def own_regular(request: Request, regular_id: int) -> Regular:
    """A regular of the viewer's own, or NotFound."""
    mine = select(Regular).where(Regular.person_id == request.viewer.person_id)
    return one(request.db, mine, Regular.id == regular_id)


def show_regular(request: Request, regular_id: int) -> Screen:
    """Its coming dates: which are one's own, and what stands in the way of the others."""
    regular = own_regular(request, regular_id)
    dates = dates_of(request.act, regular.person_id, regular.pattern_id, regular.position_id)
    return screen(
        "shifts/regular_show.html",
        regular=regular,
        pattern=regular.pattern,
        words=rule_words(regular.pattern.rule),
        dates=dates,
    )


def stop(request: Request, form: object, regular_id: int) -> See:
    """Stop, and give the coming dates back."""
    regular = own_regular(request, regular_id)
    given, stay = regulars.stop(request.act, regular)
    return See(f"/regulars/{regular_id}", given_back(given, stay))


def resume(request: Request, form: object, regular_id: int) -> See:
    """Take the stop back."""
    taken = regulars.resume(request.act, own_regular(request, regular_id))
    return See(f"/regulars/{regular_id}", taken_again(taken))


def show_away(request: Request, form: AwayForm | None = None) -> Screen:
    """When one is away, and how often one comes."""
    person_id = request.viewer.person_id
    assert person_id
    found = absences_of(request.db, person_id)
    engaged = absences.still_engaged(
        request.db, person_id, found, request.settings.timezone, request.at
    )
    return screen(
        "shifts/away.html",
        form=form or AwayForm(),
        absences=found,
        engaged=[(*ELSEWHERE.get(one.kind, COURSE), one) for one in engaged],
    )


def go_away(request: Request, form: AwayForm) -> See:
    """Be away for some days."""
    assert request.viewer.person_id
    given, stay = absences.go_away(
        request.act, request.viewer.person_id, form.first_day.data, form.last_day.data
    )
    return See("/me/away", given_back(given, stay))


def come_back(request: Request, form: object, absence_id: int) -> See:
    """Take an absence back."""
    mine = select(Absence).where(Absence.person_id == request.viewer.person_id)
    absence = one(request.db, mine, Absence.id == absence_id)
    return See(
        "/me/away",
        taken_again(absences.come_back(request.act, absence)),
    )


def own_regulars(request: Request) -> list[tuple[Regular, Words]]:
    """What the viewer takes regularly, with its rhythm in words."""
    mine = Regular.person_id == request.viewer.person_id
    return regulars_where(request, mine, Regular.ended_at.is_(None))


def regulars_where(request: Request, *conditions: Any) -> list[tuple[Regular, Words]]:
    """Regular shifts, with their rhythm in words."""
    found = (
        select(Regular)
        .join(Pattern, Pattern.id == Regular.pattern_id)
        .where(*conditions)
        .options(contains_eager(Regular.pattern), joinedload(Regular.position))
        .order_by(Regular.id)
        .limit(20)
    )
    return [(row, rule_words(row.pattern.rule)) for row in request.db.scalars(found)]


def given_back(given: int, stay: int) -> Words:
    """How many shifts were given back, and how many are too near for that."""
    if stay:
        return text(
            "Spots canceled: %(given)s. Too soon to cancel online: %(stay)s. Call the "
            "office about those.",
            given=given,
            stay=stay,
        )
    if not given:
        return text("Time away saved. You have no shifts on these days.")
    return count_text("%(n)s spot was canceled.", "%(n)s spots were canceled.", given)


def taken_again(taken: int) -> Words:
    """How many shifts were taken again."""
    return count_text(
        "Signed up again for %(n)s shift.", "Signed up again for %(n)s shifts.", taken
    )

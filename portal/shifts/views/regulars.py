"""Pages of regular volunteers: taking a pattern's shifts again and again, being away, stopping."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.programs.scopes import one
from portal.shifts import regulars
from portal.shifts.facts import Facts, facts_of, said_of
from portal.shifts.forms import AwayForm, RegularForm
from portal.shifts.models import Absence, Regular
from portal.shifts.recurrence import rule_words
from portal.web.errors import NotFound, Preview
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import Words, count_text, text


def _facts(request: Request, shift_id: int) -> Facts:
    """The facts of a shift that a pattern wrote and the viewer may know of."""
    viewer = request.viewer
    facts = facts_of(request.db, viewer, shift_id, viewer.person_id, request.at)
    if facts is None or facts.row.pattern_id is None or facts.outside:
        raise NotFound
    return facts


def ask_regular(request: Request, shift_id: int, form: RegularForm | None = None) -> Screen:
    """How often, until when; then date by date what will happen."""
    facts = _facts(request, shift_id)
    position = facts.spots[0].position_id if facts.spots else 0
    form = form or RegularForm(data={"every": "1", "position": position})
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    assert request.viewer.person_id
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
        choices=regulars.dates_of(
            request.db, request.viewer, request.viewer.person_id, facts.row.pattern_id,
            form.position.data or position, request.at,
        )
        if form.every.data == "0"
        else [],
    )  # fmt: skip


def take_regular(request: Request, form: RegularForm, shift_id: int) -> See:
    """Take the dates that were looked at."""
    assert request.viewer.person_id
    _facts(request, shift_id)
    taken, joined = regulars.take(
        request.db, request.viewer, request.viewer.person_id, shift_id, form.position.data or 0,
        int(form.every.data), form.last_day.data, form.dates.data, bool(form.lines.data),
        form.seen.data or "", request.at,
    )  # fmt: skip
    if joined:
        said = text(
            "%(taken)s dates are yours, and you are in line for %(joined)s.",
            taken=taken,
            joined=joined,
        )
    else:
        said = count_text("%(n)s date is yours.", "%(n)s dates are yours.", taken)
    return See("/me", said)


def own_regular(request: Request, regular_id: int) -> Regular:
    """A regular of the viewer's own, or NotFound."""
    mine = select(Regular).where(Regular.person_id == request.viewer.person_id)
    return one(request.db, mine, Regular.id == regular_id)


def show_regular(request: Request, regular_id: int) -> Screen:
    """Its coming dates: which are one's own, and what stands in the way of the others."""
    regular = own_regular(request, regular_id)
    dates = regulars.dates_of(
        request.db, request.viewer, regular.person_id, regular.pattern_id, regular.position_id,
        request.at,
    )  # fmt: skip
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
    given, stay = regulars.stop(request.db, request.viewer, regular, request.at)
    return See(f"/regulars/{regular_id}", _given_back(given, stay))


def resume(request: Request, form: object, regular_id: int) -> See:
    """Take the stop back."""
    taken = regulars.resume(
        request.db, request.viewer, own_regular(request, regular_id), request.at
    )
    return See(f"/regulars/{regular_id}", _taken_again(taken))


def show_away(request: Request, form: AwayForm | None = None) -> Screen:
    """When one is away, and how often one comes."""
    assert request.viewer.person_id
    return screen(
        "shifts/away.html",
        form=form or AwayForm(),
        absences=regulars.absences(request.db, request.viewer.person_id),
    )


def go_away(request: Request, form: AwayForm) -> See:
    """Be away for some days."""
    assert request.viewer.person_id
    given, stay = regulars.go_away(
        request.db, request.viewer, request.viewer.person_id, form.first_day.data,
        form.last_day.data, request.at,
    )  # fmt: skip
    return See("/me/away", _given_back(given, stay))


def come_back(request: Request, form: object, absence_id: int) -> See:
    """Take an absence back."""
    mine = select(Absence).where(Absence.person_id == request.viewer.person_id)
    absence = one(request.db, mine, Absence.id == absence_id)
    return See(
        "/me/away",
        _taken_again(regulars.come_back(request.db, request.viewer, absence, request.at)),
    )


def own_regulars(request: Request) -> list[tuple[Regular, Words]]:
    """What the viewer takes regularly, with its rhythm in words."""
    mine = select(Regular).where(
        Regular.person_id == request.viewer.person_id, Regular.ended_at.is_(None)
    )
    mine = mine.options(joinedload(Regular.pattern), joinedload(Regular.position)).limit(20)
    return [(row, rule_words(row.pattern.rule)) for row in request.db.scalars(mine)]


def _given_back(given: int, stay: int) -> Words:
    if stay:
        return text(
            "%(given)s shifts are given back. %(stay)s are too near: please call the office about them.",
            given=given, stay=stay,
        )  # fmt: skip
    return count_text("%(n)s shift is given back.", "%(n)s shifts are given back.", given)


def _taken_again(taken: int) -> Words:
    return count_text("%(n)s shift is yours again.", "%(n)s shifts are yours again.", taken)

"""The words at the top of a shift's page."""

from dataclasses import dataclass

from portal import clock
from portal.shifts.facts import Facts
from portal.shifts.lines import VOLUNTEER
from portal.words import CATALOGS, in_language


@dataclass(slots=True)
class Said:
    """A shift's head in a language: what outsiders of a sensitive program may read of it."""

    title: str
    when: str
    program: str


def said_of(facts: Facts, language: str, this_year: int) -> Said:
    """The words at the top of a shift's page."""
    row, own = facts.row, facts.row.program_translations
    when = clock.span_text(row.starts_at, row.ends_at, row.zone, language, this_year)
    if facts.outside:
        program = in_language(language, row.public_label, own, "public_label")
        return Said(CATALOGS[language].say(VOLUNTEER), when, program)
    roles = [
        in_language(language, spot.position, spot.position_translations, "name")
        for spot in facts.spots
    ]
    program = in_language(language, row.program, own, "name")
    return Said(row.title or ", ".join(roles), when, program)

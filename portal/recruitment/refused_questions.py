"""Questions that an application must not ask, told by their words.

What they ask about belongs to a step with its own notices, such as a background check (15 U.S.C. 1681b), or
decides nothing about a volunteer. The words find the plain cases; an administrator looks at every question
besides.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from portal.people.search import folded
from portal.words import Words, text


class Kind(NamedTuple):
    """Something that is not asked: the beginnings of words and the phrases it is known by, in English and
    Spanish, and why it is refused."""

    starts: tuple[str, ...]
    why: Words


KINDS = (
    Kind(
        (
            "arrest", "convict", "felon", "misdemeanor", "criminal", "probation", "parole",
            "jail", "prison", "incarcerat", "condena", "delito", "antecedentes penales",
            "carcel", "libertad condicional",
        ),
        text(
            "You can't ask about arrests or convictions here. Require a background check instead; it has its "
            "own notices and time to answer."
        ),
    ),
    Kind(
        ("social security", "ssn", "seguro social", "taxpayer id", "itin "),
        text("You can't ask for Social Security numbers. A background check asks for what it needs."),
    ),
    Kind(
        (
            "health", "medical", "medication", "illness", "disease", "diagnos", "disab", "pregnan",
            "therap", "psychiatr", "hiv ", "surger", "salud", "medic", "enferm", "discapac",
            "embaraz", "cirugia",
        ),
        text(
            "You can't ask about health or disability. Ask if they can do the task instead: “Can you lift 25 "
            "pounds?”"
        ),
    ),
    Kind(
        (
            "citizen", "immigra", "green card", "visa status", "work permit", "where were you born",
            "country of birth", "birthplace", "national origin", "ciudadan", "inmigra", "tarjeta verde",
            "pais de nacimiento", "donde nacio", "naturaliz",
        ),
        text("You can't ask about citizenship or immigration."),
    ),
    Kind(
        (
            "religio", "your faith", "worship", "denomination", "do you pray", "your church", "culto",
            "su fe ", "su iglesia",
        ),
        text("You can't ask about religion."),
    ),
    Kind(
        (
            "married", "marital", "spouse", "husband", "your wife", "single parent", "divorc",
            "your children", "have children", "have kids", "your kids", "any kids", "any children",
            "your family", "casad", "esposo", "esposa", "estado civil", "sus hijos", "tiene hijos",
            "su familia",
        ),
        text("You can't ask about family."),
    ),
)  # fmt: skip


def why_refused(words: Iterable[str]) -> Words | None:
    """Why a question with these words is not asked, or None for one that may be."""
    said = " " + " ".join(re.sub(r"[^a-z0-9]+", " ", folded(one)) for one in words) + " "
    for kind in KINDS:
        if any(f" {start}" in said for start in kind.starts):
            return kind.why
    return None

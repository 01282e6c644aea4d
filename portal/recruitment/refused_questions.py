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
            "arrest", "convict", "felon", "misdemeanor", "criminal", "crime", "charged with",
            "probation", "parole", "jail", "prison", "prision", "incarcerat", "trouble with the police",
            "police record", "condena", "delito", "crimen", "antecedentes", "carcel",
            "libertad condicional", "problemas con la policia",
        ),
        text(
            "You can't ask about arrests or convictions here. Require a background check instead; it has its "
            "own notices and time to answer."
        ),
    ),
    Kind(
        (
            "social security", "ssn", "ss number", "seguro social", "seguridad social",
            "taxpayer id", "itin ",
        ),
        text("You can't ask for Social Security numbers. A background check asks for what it needs."),
    ),
    Kind(
        (
            "health", "medical", "medication", "medicine", "illness", "disease", "diagnos", "disab",
            "handicap", "wheelchair", "pregnan", "therap", "psychiatr", "cancer", "hiv ", "surger",
            "salud", "medic", "enferm", "discapac", "minusval", "silla de ruedas", "embaraz", "cirugia",
        ),
        text(
            "You can't ask about health or disability. Ask if they can do the task instead: “Can you lift 25 "
            "pounds?”"
        ),
    ),
    Kind(
        (
            "citizen", "immigra", "green card", "visa status", "work permit", "where were you born",
            "country of birth", "birthplace", "national origin", "nationality", "what country are you",
            "which country are you", "where are you from", "where are you originally", "your accent",
            "ciudadan", "inmigra", "tarjeta verde", "pais de nacimiento", "donde nacio", "naturaliz",
            "nacionalidad", "que pais es", "de donde es",
        ),
        text("You can't ask about citizenship or immigration."),
    ),
    Kind(
        (
            "religio", "your faith", "worship", "denomination", "do you pray", "your church",
            "church do you", "parish", "catholic", "jewish", "muslim", "christian", "bapti",
            "culto", "su fe ", "su iglesia", "iglesia va", "catolic", "cristian", "judi", "musulman",
            "parroquia",
        ),
        text("You can't ask about religion."),
    ),
    Kind(
        (
            "married", "marital", "spouse", "husband", "a wife", "your wife", "are you single",
            "single parent", "divorc", "your children", "have children", "children do you", "have kids",
            "kids do you", "your kids", "any kids", "any children", "your family", "casad", "solter",
            "esposo", "esposa", "estado civil", "sus hijos", "tiene hijos", "hijos tiene", "su familia",
        ),
        text("You can't ask about family."),
    ),
    Kind(
        (
            "how old are you", "your age", "birth date", "birthday", "date of birth", "your race",
            "ethnic", "skin color", "your gender", "sexual", "are you gay", "your sex ", "cuantos anos tiene",
            "su edad", "fecha de nacimiento", "cumpleanos", "su raza", "etnia", "su genero", "su sexo",
        ),
        text("You can't ask about age, race, or gender. Every applicant says if they're 18 or older."),
    ),
)  # fmt: skip
HARMLESS = (
    "senior citizen", "medicare", "medicaid", "health fair", "health insurance", "home health aide",
    "therapy dog", "therapy animal", "people with disabilities", "person with a disability",
    "persons with disabilities", "children with disabilities", "mental health first aid", "medical rides",
    "medical appointment", "health department", "ciudadanos mayores", "feria de salud",
    "seguro de salud", "personas con discapacidad", "citas medicas", "enfermos de la familia",
)  # fmt: skip
"""What an agency's own work is called, also where a kind's words begin it."""


def why_refused(words: Iterable[str]) -> Words | None:
    """Why a question with these words is not asked, or None for one that may be."""
    bare = (re.sub(r"[\u200c\u200d]", "", folded(one)) for one in words)
    said = " " + " ".join(re.sub(r"[^a-z0-9]+", " ", one).strip() for one in bare) + " "
    for phrase in HARMLESS:
        said = said.replace(f" {phrase}", " ")
    for kind in KINDS:
        if any(f" {start}" in said for start in kind.starts):
            return kind.why
    return None

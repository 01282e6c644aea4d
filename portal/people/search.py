"""Finding people by part of a name, phone or email, at a cost that does not grow with their number."""

import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from portal.people.models import Person, SearchKey
from portal.web.fields import phone_digits

SHORTEST = 2
LONGEST_KEY = 40
MOST_WORDS = 6


APOSTROPHES = "'’ʼ`´‘ʻ"
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
"""Letters that are no letter with an accent, as people type them on a keyboard without."""
PARTICLES = frozenset(
    (
        "al",
        "bin",
        "d",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
    )
) | frozenset(("la", "le", "los", "mac", "mc", "o", "san", "st", "ten", "ter", "van", "von", "zu"))
"""Words that people also write together with the next one."""


def folded(text: str) -> str:
    """Text as it is compared: lower case, without accents ("José" is found by "jose")."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text: runs of letters and digits, folded."""
    spaced = "".join(letter if letter.isalnum() else " " for letter in folded(text))
    return spaced.split()


def written_together(name: str) -> list[str]:
    """The words of a name that some write as one: "O'Brien" as obrien, "van der Berg" as vanderberg,
    "Smith-Jones" as smithjones."""
    found = []
    for sign in (*APOSTROPHES, "-", "‐", "‑"):
        if sign in name:
            found += words_of(name.replace(sign, ""))
    words = words_of(name)
    for start, word in enumerate(words):
        end = start
        while words[end] in PARTICLES and end + 1 < len(words):
            end += 1
        if end > start and word in PARTICLES:
            found.append("".join(words[start : end + 1]))
    return found


def keys_of(person: Person) -> set[str]:
    """Every ending of every word by which a person can be found."""
    words = words_of(person.name) + words_of(person.goes_by) + words_of(person.email)
    words += written_together(person.name) + written_together(person.goes_by)
    words += [phone_digits(phone.number) for phone in person.phones]
    return {
        word[start : start + LONGEST_KEY]
        for word in words
        for start in range(max(1, len(word) - SHORTEST + 1))
    }


def reindex(db: Session, person: Person) -> None:
    """Write a person's search keys anew, after a change."""
    db.execute(delete(SearchKey).where(SearchKey.person_id == person.id))
    index(db, [person])


def index(db: Session, people: Iterable[Person]) -> None:
    """Write the search keys of new people."""
    rows = [{"key": key, "person_id": person.id} for person in people for key in keys_of(person)]
    if rows:
        db.execute(insert(SearchKey), rows)


def matches(query: str) -> ColumnElement[bool] | None:
    """The condition that a person matches every word of a query; None when nothing was asked.

    A query that looks like a phone number is compared by its digits alone.
    """
    digits = phone_digits(query)
    looks_dialed = len(digits) >= 3 and not any(letter.isalpha() for letter in query)
    words = [digits] if looks_dialed else words_of(query)[:MOST_WORDS]
    if not words:
        return None
    return and_(*(Person.id.in_(_with_part(word[:LONGEST_KEY])) for word in words))


def _with_part(word: str) -> Select[int]:
    return select(SearchKey.person_id).where(or_(*map(_begins, _spellings(word))))


def _spellings(word: str) -> list[str]:
    """A word as it is typed, and with Mc for Mac or Mac for Mc."""
    if word.startswith("mac"):
        return [word, f"mc{word[3:]}"]
    return [word, f"mac{word[2:]}"] if word.startswith("mc") else [word]


def _begins(word: str) -> ColumnElement[bool]:
    return and_(SearchKey.key >= word, SearchKey.key < word[:-1] + chr(ord(word[-1]) + 1))

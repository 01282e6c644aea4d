"""Finding people by part of a name, phone or email, at a cost that does not grow with their number."""

import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, delete, insert, select
from sqlalchemy.orm import Session

from portal.people.models import Person, SearchKey
from portal.web.fields import phone_digits

SHORTEST = 2
LONGEST_KEY = 40
MOST_WORDS = 6


def folded(text: str) -> str:
    """Text as it is compared: lower case, without accents ("José" is found by "jose")."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text: runs of letters and digits, folded."""
    spaced = "".join(letter if letter.isalnum() else " " for letter in folded(text))
    return spaced.split()


def keys_of(person: Person) -> set[str]:
    """Every ending of every word by which a person can be found."""
    words = words_of(person.name) + words_of(person.goes_by) + words_of(person.email)
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
    return select(SearchKey.person_id).where(
        SearchKey.key >= word, SearchKey.key < word[:-1] + chr(ord(word[-1]) + 1)
    )

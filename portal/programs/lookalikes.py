"""Who someone may be already: the same email, the same phone, or a name that looks or sounds the same.

A likeness is shown to a person, and joins nothing by itself.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.people.models import Person, SearchKey, Status
from portal.people.people import BEST_PHONE
from portal.people.search import folded, words_of
from portal.permissions import Viewer
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.programs.scopes import placeable_people, visible_applications
from portal.reads import read
from portal.web.errors import Refused
from portal.web.fields import phone_digits
from portal.words import text

NICKNAMES = (
    ("william", "bill", "billy", "will", "willie", "liam"),
    ("robert", "bob", "bobby", "rob", "robbie"),
    ("richard", "dick", "rick", "ricky", "rich"),
    ("james", "jim", "jimmy", "jamie"),
    ("john", "jack", "johnny", "jon"),
    ("jonathan", "jon"),
    ("michael", "mike", "mick", "mickey"),
    ("thomas", "tom", "tommy"),
    ("charles", "charlie", "chuck"),
    ("edward", "ed", "eddie", "ted", "ned"),
    ("joseph", "joe", "joey"),
    ("daniel", "dan", "danny"),
    ("david", "dave"),
    ("anthony", "tony"),
    ("theodore", "ted", "theo"),
    ("samuel", "samantha", "sam"),
    ("alexander", "alexandra", "alex", "sandy"),
    ("elizabeth", "liz", "beth", "betty", "eliza", "lisa", "libby"),
    ("margaret", "peggy", "meg", "maggie", "greta", "rita"),
    ("katherine", "catherine", "kate", "katie", "kathy", "cathy", "kay"),
    ("patricia", "pat", "patty", "trish"),
    ("patrick", "pat", "paddy"),
    ("susan", "sue", "susie", "suzanne"),
    ("deborah", "debra", "deb", "debbie"),
    ("barbara", "barb", "babs"),
    ("dorothy", "dot", "dottie"),
    ("rebecca", "becky"),
    ("jennifer", "jen", "jenny"),
    ("christine", "christina", "chris", "tina"),
    ("christopher", "chris", "kit"),
    ("francisco", "paco", "pancho", "frank"),
    ("jose", "pepe"),
    ("guadalupe", "lupe", "lupita"),
    ("maria", "mari", "mary", "marie"),
    ("concepcion", "concha", "conchita"),
    ("ignacio", "nacho"),
    ("jesus", "chuy"),
    ("enrique", "quique", "henry", "hank"),
    ("manuel", "manny", "manolo"),
    ("rosario", "charo", "chayo"),
)
"""First names and what people with them are called, in English and Spanish."""

_SAME: dict[str, frozenset[str]] = {}
for _names in NICKNAMES:
    for _name in _names:
        _SAME[_name] = _SAME.get(_name, frozenset()) | frozenset(_names)

MOST = 8


def name_words(name: str) -> list[str]:
    """The words of a name as names are compared: folded, without apostrophes; a hyphen splits a word, and Mc is
    written Mac."""
    joined = folded(name)
    for sign in "'’ʼ`´‘":
        joined = joined.replace(sign, "")
    return [_mac(word) for word in words_of(joined)]


def _mac(word: str) -> str:
    return f"mac{word[2:]}" if word.startswith("mc") and len(word) > 3 else word


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same words in any order, or the same last name with first
    names that stand for each other."""
    first, second = name_words(one), name_words(other)
    if len(first) < 2 or len(second) < 2:
        return first == second and bool(first)
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return True
    if {*first} <= {*second} or {*second} <= {*first}:  # a middle name, or one of two last names
        return True
    ends, others = {first[0], first[-1]}, {second[0], second[-1]}
    shared = ends & others
    rest, rests = ends - shared, others - shared
    return len(shared) == 1 and all(a in _SAME.get(b, ()) for a in rest for b in rests)


def _variants(word: str) -> set[str]:
    """The ways a word of a name may be written in the search keys."""
    found = {word, *_SAME.get(word, ())}
    if word.startswith("mac"):
        found.add(f"mc{word[3:]}")
    if len(word) > 2 and word[0] in "od":  # O'Brien is kept as o and brien
        found.add(word[1:])
    return found


class Likeness(NamedTuple):
    """Someone who may be the applicant, and how to tell."""

    id: int
    name: str
    email: str
    status: Status
    phone: str | None
    known: bool
    """Whether they have the address, or any of their phones has the digits."""

    def same_email(self, email: str) -> bool:
        """Whether they have this address."""
        return bool(email) and self.email.lower() == email.lower()

    def same_phone(self, phone: str) -> bool:
        """Whether their first phone has these digits, a country code aside."""
        digits = phone_digits(phone)[-10:]
        return len(digits) >= 7 and phone_digits(self.phone or "")[-10:] == digits


class Described(Protocol):
    """Someone as a form, a file or an application describes them."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...


class Description(NamedTuple):
    """Someone by what was typed of them."""

    name: str
    email: str
    phone: str


def lookalikes(
    db: Session, viewer: Viewer, someone: Described, *, but: int | None = None
) -> list[Likeness]:
    """People the viewer may assign roles to who may be the one described; the surest first, at most eight.
    `but` leaves out a person."""
    same = _same_contact(someone)
    words = name_words(someone.name)[:4]
    named = [
        Person.id.in_(_keyed(_variants(one))) & Person.id.in_(_keyed(_variants(other)))
        for one, other in combinations(words, 2)
    ]
    if not same and not named:
        return []
    found = read(
        db,
        Likeness,
        placeable_people(viewer)
        .where(
            or_(*same, *named),
            Person.id.is_distinct_from(viewer.person_id),
            Person.id.is_distinct_from(but),
        )
        .with_only_columns(
            Person.id,
            Person.name,
            Person.email,
            Person.status,
            BEST_PHONE.label("phone"),
            or_(false(), *same).label("known"),
        )
        # whoever has the address or phone comes first, so that they are not cut off
        .order_by(case((or_(false(), *same), 0), else_=1), Person.name, Person.id)
        .limit(100),
    )
    good = [one for one in found if _likeness(one, someone)]
    return sorted(good, key=lambda one: -_likeness(one, someone))[:MOST]


NEW = "new"
"""What a form says of someone without a record."""


def recognized(request: Any, form: Any, likely: Sequence[Likeness]) -> Person | None:
    """Whom a form chose of those who look alike, by `form.person`; None for someone new. Raises Refused if it
    chose no one."""
    found = {str(one.id): one.id for one in likely}
    chosen = form.person.data
    if chosen not in (NEW, *found):
        raise Refused(text("Select who this is."))
    return None if chosen == NEW else request.db.get_one(Person, found[chosen])


def _same_contact(someone: Described) -> list[ColumnElement[bool]]:
    """The conditions that a person has the address, and the phone, of the one described."""
    same: list[ColumnElement[bool]] = []
    if someone.email:
        same.append(func.lower(Person.email) == someone.email.lower())
    digits = phone_digits(someone.phone)[-10:]
    if len(digits) >= 7:
        same.append(Person.id.in_(_keyed([digits])))
    return same


def _likeness(one: Likeness, someone: Described) -> int:
    """How much speaks for it: an address or a phone and the name, any of them, or nothing."""
    return 2 * one.known + alike(one.name, someone.name)


def twins_of(db: Session, viewer: Viewer, application: Application) -> Sequence[Application]:
    """Other open applications from the same address or phone that a viewer may see."""
    same: list[ColumnElement[bool]] = []
    if application.email:
        same.append(func.lower(Application.email) == application.email.lower())
    if application.phone:
        same.append(Application.phone == application.phone)
    if not same:
        return []
    return db.scalars(
        visible_applications(viewer)
        .options(joinedload(Application.position), joinedload(Application.person))
        .where(
            or_(*same),
            Application.state.in_(OPEN_APPLICATIONS),
            Application.id != application.id,
        )
        .order_by(Application.id)
        .limit(MOST)
    ).all()


def _keyed(keys: Iterable[str]) -> Select[int]:
    return select(SearchKey.person_id).where(SearchKey.key.in_(sorted(keys)))

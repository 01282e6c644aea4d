"""Outreach of the demo agency: sixty talks in every state, requests that wait, speakers, and what they give
out."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.demo.data import VOLUNTEER
from portal.demo.skills import staff_person
from portal.demo.spanish import in_spanish
from portal.messages.models import Message, State
from portal.outreach import (
    booking,
    hosting,
    intake,
    intake_policy,
    organizations,
    outcomes,
    speaker_offers,
    speakers,
    tables,
    triage,
)
from portal.outreach.intake_models import RequestKind, Topic
from portal.outreach.models import RequestSource, TalkRequest
from portal.outreach.outcome_models import Material
from portal.outreach.outcomes import Told
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.talk_models import Presentation
from portal.people.identity_models import Identity
from portal.people.models import Membership, Person, Status
from portal.people.traits import Skill, SkillKind
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs.models import Placement, PlacementState, Position
from portal.settings import Settings
from portal.shifts import blocks
from portal.web.errors import Refused

CLERK = ("Dee Walker", "outreach@demo.example")
STAFF = ("Jo Bell", "Theo Kim")
PAST, COMING = 33, 25
"""How many talks are over, and how many are to come."""

GROUPS = (
    ("St. Brigid's seniors group", "faith", "40 Mill Road", "Millbrook", "Behind the hall, by the side door"),
    ("Northfield Senior Center", "seniors", "12 Station Street", "Northfield", "Lot B; they stamp the ticket"),
    ("Elm Street Middle School", "school", "200 Elm Street", "Cedar Falls", "Visitors' spaces by the flagpole"),
    ("Southport Library", "library", "5 Harbor Lane", "Southport", "On the street, two hours free"),
    ("Rotary Club of Cedar Falls", "neighbors", "88 Main Street", "Cedar Falls", "Garage on Second Street"),
    ("Millbrook Food Pantry", "agency", "3 Depot Road", "Millbrook", "In the yard, mind the truck"),
    ("Cedar Valley College", "school", "1 College Hill", "Cedar Falls", "Lot 4, pass at the gate"),
    ("First Baptist Church", "faith", "71 Oak Avenue", "Southport", "Gravel lot"),
    ("Harvest Foods", "business", "900 Route 9", "Northfield", "Staff lot at the back"),
    ("Iglesia La Esperanza", "faith", "18 Pine Street", "Cedar Falls", "Detrás de la iglesia"),
)  # fmt: skip
CONTACTS = (
    "Rosa Diaz",
    "Walter Hobbs",
    "Nina Petrov",
    "Grace Obi",
    "Sam Delgado",
    "June Whitfield",
)
TOPICS = (
    ("Safe at home: fraud and falls", "Seguridad en casa: fraudes y caídas", 45,
     "How to tell a fake call from a real one, and how not to fall."),
    ("Help with the rent", "Ayuda con la renta", 30, "Who can get help, and how to ask for it."),
    ("Finding work again", "Volver a encontrar trabajo", 60,
     "Where to look, and what to say about time without work."),
    ("Caring for someone at home", "Cuidar a alguien en casa", 60,
     "What helps people who care for a parent or a partner."),
    ("Volunteer with us", "Haga voluntariado con nosotros", 30, "What our volunteers do, and how to start."),
)  # fmt: skip
LEAFLETS = (
    ("Stop the call", "English", "ed. 2"), ("Stop the call", "English", "ed. 3"),
    ("Corte la llamada", "Spanish", "ed. 3"), ("Help with the rent", "English", "2026"),
    ("Ayuda con la renta", "Spanish", "2026"), ("Ways to help", "English", "2026"),
)  # fmt: skip


@dataclass(frozen=True)
class _Scene:
    """What the talks are made of."""

    settings: Settings
    chance: random.Random
    clerk: Viewer
    topics: Sequence[Topic]
    table_topic: Topic
    people: Sequence[Person]
    leaflets: Sequence[Material]
    languages: Mapping[str, int]
    districts: Mapping[str, int]


def give_outreach(
    db: Session, chance: random.Random, zone: str, password: str, at: datetime
) -> None:
    """Write topics, speakers, requests and talks, as a year of booking leaves them."""
    dee = staff_person(db, *CLERK, password, at)
    db.add(Membership(person_id=dee.id, role=Role.OUTREACH_CLERK, since=at))
    db.flush()
    clerk = Viewer(
        person_id=dee.id, name=dee.name, memberships=frozenset({(Role.OUTREACH_CLERK, None)})
    )
    presenter, host = (
        db.scalars(select(Position).where(Position.name == name)).one()
        for name in ("Presenter", "Table host")
    )
    topics = [_topic(db, *words, presenter, at) for words in TOPICS]
    topics[-1].position_id = None  # any speaker may tell about volunteering
    table = _topic(db, "Information table", "Mesa informativa", 240, "", host, at)
    people = _speakers(db, chance, presenter, [one.id for one in topics], clerk, password, at)
    leaflets = [outcomes.add_material(Act(db, clerk, at), *one) for one in LEAFLETS]
    names = {
        kind: {row.name: row.id for row in db.scalars(select(Skill).where(Skill.kind == kind))}
        for kind in (SkillKind.LANGUAGE, SkillKind.DISTRICT)
    }
    scene = _Scene(
        Settings(timezone=zone),
        chance,
        clerk,
        topics,
        table,
        people,
        leaflets,
        names[SkillKind.LANGUAGE],
        names[SkillKind.DISTRICT],
    )
    intake_policy.set_routes(
        Act(db, clerk, at), {scene.districts["Southport"]: presenter.program_id}
    )
    _past(db, scene, at)
    _coming(db, scene, at)
    _waiting(db, scene, at)
    _answered(db, scene, at)
    _offered(db, scene, at)
    _own(db, scene, at)
    about = ("talk_request", "speaker_offer", "presentation")
    db.execute(
        update(Message)
        .where(Message.subject_kind.in_(about), Message.created_at < at - timedelta(days=2))
        .values(state=State.SENT, sent_at=Message.created_at, why="before the demo")
    )


def _topic(
    db: Session, name: str, name_es: str, minutes: int, words: str, position: Position, at: datetime
) -> Topic:
    values = {
        "name": name,
        "description": words,
        "minutes": minutes,
        "program_id": position.program_id,
        "position_id": position.id,
        "translations": {"es": {"name": name_es} | in_spanish(description=words)},
    }
    return speakers.save_topic(Act(db, COMMAND_LINE, at), None, values, None)


def _speakers(
    db: Session,
    chance: random.Random,
    presenter: Position,
    topics: Sequence[int],
    clerk: Viewer,
    password: str,
    at: datetime,
) -> list[Person]:
    """Everyone who is placed as a presenter, and two of the staff."""
    placed = db.scalars(
        select(Person)
        .join(Placement, Placement.person_id == Person.id)
        .where(
            Placement.position_id == presenter.id,
            Placement.state == PlacementState.ACTIVE,
            Person.status == Status.ACTIVE,
        )
        .order_by(Person.id)
        .limit(14)
    ).all()
    for index, person in enumerate(placed):
        own = [one for one in topics if chance.random() < 0.6] or [topics[0]]
        values = {"per_month": 2 + index % 3, "rest_days": 2, "shows_name": index % 3 == 0}
        speakers.set_speaker(Act(db, clerk, at - timedelta(days=400)), person, values, own, None)
    staff = [
        staff_person(db, name, f"{name.split()[0].lower()}@demo.example", password, at)
        for name in STAFF
    ]
    for person in staff:
        db.add(Membership(person_id=person.id, role=Role.PRESENTER, since=at))
        db.flush()
        values = {"per_month": 6, "rest_days": 1, "shows_name": True}
        speakers.set_speaker(Act(db, clerk, at - timedelta(days=400)), person, values, topics, None)
    return [*placed, *staff]


def _values(scene: _Scene, index: int, day: date, hour: int, **more: Any) -> dict[str, Any]:
    name, kind, address, town, parking = GROUPS[index % len(GROUPS)]
    topic = scene.topics[index % len(scene.topics)]
    spanish = index % 4 == 1
    starts_at = clock.as_calendars_do(day, time(hour), scene.settings.timezone)
    contact = CONTACTS[index % len(CONTACTS)]
    return {
        "organization_name": name,
        "organization_kind": kind,
        "contact_name": contact,
        "contact_email": "" if index % 5 == 4 else f"{contact.split()[0].lower()}@host.example",
        "contact_phone": f"(555) 555-02{index % 100:02}",
        "contact_address": "",
        "language": "es" if name.startswith("Iglesia") else "en",
        "audience": 15 + 5 * (index % 8),
        "ages": "65 and over" if kind == "seniors" else "",
        "open_to_public": index % 3 == 0,
        "place": "",
        "address": address,
        "town": town,
        "district_id": scene.districts.get(town),
        "online": False,
        "online_link": "",
        "minutes": topic.minutes,
        "needs": "microphone,wheelchair" if index % 2 else "projector",
        "door": "The office opens half an hour before",
        "parking": parking,
        "words": "",
        "series": False,
        "topics": [topic.id],
        "languages": [scene.languages["Spanish"]] if spanish else [],
        "needed_by": None,
        "dates": [starts_at],
        "alternates": [],
        "fields": {},
    } | more


def _ask(
    db: Session, scene: _Scene, values: Mapping[str, Any], when: datetime, **how: Any
) -> TalkRequest:
    return intake.submit_request(
        Act(db, how.get("by", scene.clerk), when),
        how.get("kind", RequestKind.PRESENTATION),
        how.get("source", RequestSource.PHONE),
        values,
        scene.settings,
    )


def _book(db: Session, scene: _Scene, values: Mapping[str, Any], when: datetime) -> Presentation:
    request = _ask(db, scene, values, when)
    return booking.book(Act(db, scene.clerk, when), request, values["dates"][0])


def _confirm(db: Session, scene: _Scene, talk: Presentation, index: int, when: datetime) -> bool:
    """Someone who can give it does; whether anyone could."""
    for turn in range(len(scene.people)):
        person = scene.people[(index + turn) % len(scene.people)]
        own = speakers.topics_of(db, person.id)
        if talk.topic_id not in own:
            continue
        try:
            yes = OfferTerms(mode="yes", asked="phone")
            speaker_offers.ask(Act(db, scene.clerk, when), talk, person, yes)
        except Refused:
            continue
        return True
    return False


def _weekday(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def _past(db: Session, scene: _Scene, at: datetime) -> None:
    """Talks of the last year: held, not held, canceled, and some of yesterday of which no one wrote yet."""
    today = clock.local_day(at, scene.settings.timezone)
    for index in range(PAST):
        day = (
            today - timedelta(days=1 + index % 2)
            if index < 2
            else today - timedelta(days=6 + 10 * index)
        )
        day = day if index < 2 else _weekday(day)
        values = _values(scene, index, day, 10 + index % 6)
        when = values["dates"][0] - timedelta(days=40)
        talk = _book(db, scene, values, when)
        if index % 11 == 7:
            then = when + timedelta(days=30)
            booking.cancel(Act(db, scene.clerk, then), talk, "Snow", blocks, host=index % 2 == 0)
            hosting.withdraw(
                Act(db, scene.clerk, then), talk.request, "They will ask again next year", blocks
            )
            continue
        there = _confirm(db, scene, talk, index, when + timedelta(days=1))
        if index < 2 or not there:
            continue
        held = (
            "nobody_came" if index % 13 == 12 else "host_cancelled" if index % 17 == 16 else "held"
        )
        people = 10 + scene.chance.randrange(40)
        given = {
            one.id: scene.chance.randrange(5, 40) for one in scene.leaflets[1::2][: 1 + index % 3]
        }
        told = Told(
            held,
            people,
            index % 3 != 0,
            "English, Spanish" if index % 4 == 1 else "English",
            scene.chance.randrange(4),
            "They asked a lot about fake calls." if index % 5 == 0 else "",
            given,
            None,
            [("Send the slides", today + timedelta(days=3))] if index == 3 else (),
        )
        outcomes.write_down(
            Act(db, scene.clerk, talk.ends_at + timedelta(hours=3)), talk, told, None
        )


def _coming(db: Session, scene: _Scene, at: datetime) -> None:
    """Talks to come: confirmed, asked, held, bare, tables, and one that its host would like to move."""
    today = clock.local_day(at, scene.settings.timezone)
    for index in range(COMING):
        day = _weekday(today + timedelta(days=2 + 3 * index))
        values = _values(scene, index + 3, day, 9 + index % 8)
        when = at - timedelta(days=20)
        if index in (5, 14):
            _table(db, scene, values, when, blocks_too=index == 5)
            continue
        talk = _book(db, scene, values, when)
        if index % 6 == 4:
            _ask_some(db, scene, talk, index, at)
        elif index == 11:
            _hold(db, scene, talk, index, at)
        elif index % 8 != 7:
            _confirm(db, scene, talk, index, when + timedelta(days=1))
        if index == 8:
            other = talk.starts_at + timedelta(days=7)
            hosting.ask_to_move(Act(db, NOBODY, at - timedelta(hours=5)), talk, other)


def _ask_some(db: Session, scene: _Scene, talk: Presentation, index: int, at: datetime) -> None:
    """Two are asked, one after the other."""
    asked = 0
    for turn in range(len(scene.people)):
        person = scene.people[(index + turn) % len(scene.people)]
        if talk.topic_id in speakers.topics_of(db, person.id):
            try:
                speaker_offers.ask(
                    Act(db, scene.clerk, at - timedelta(hours=4)), talk, person, OfferTerms()
                )
            except Refused:
                continue
            asked += 1
        if asked == 2:
            return


def _hold(db: Session, scene: _Scene, talk: Presentation, index: int, at: datetime) -> None:
    """Someone's time is kept free while the clerk calls the host."""
    for turn in range(len(scene.people)):
        person = scene.people[(index + turn) % len(scene.people)]
        try:
            speaker_offers.ask(Act(db, scene.clerk, at), talk, person, OfferTerms(mode="hold"))
        except Refused:
            continue
        return


def _table(
    db: Session, scene: _Scene, values: dict[str, Any], when: datetime, *, blocks_too: bool
) -> None:
    """A table at a fair, with blocks to sign up for or not yet."""
    values |= {"topics": [scene.table_topic.id], "minutes": 240, "open_to_public": True}
    request = _ask(db, scene, values, when, kind=RequestKind.TABLE)
    talk = booking.book(Act(db, scene.clerk, when), request, values["dates"][0])
    if blocks_too:
        tables.add_blocks(Act(db, COMMAND_LINE, when), talk, 120, 2, blocks)


def _own(db: Session, scene: _Scene, at: datetime) -> None:
    """The volunteer of the demo speaks, too: one talk to answer, and one to tell about."""
    own = select(Person).join(Identity, Identity.person_id == Person.id)
    person = db.scalars(own.where(Identity.address == VOLUNTEER[1])).one()
    values = {"per_month": 2, "rest_days": 2, "shows_name": False}
    topic = scene.topics[-1].id
    speakers.set_speaker(
        Act(db, scene.clerk, at - timedelta(days=90)), person, values, [topic], None
    )
    today = clock.local_day(at, scene.settings.timezone)
    for index, (days, mode, asked_at) in enumerate(
        ((-2, "yes", at - timedelta(days=30)), (16, "ask", at - timedelta(hours=3)))
    ):
        day = today + timedelta(days=days)
        values = _values(scene, index + 1, day, 8, topics=[topic], needs="projector")
        talk = _book(db, scene, values, asked_at)
        how = OfferTerms(
            mode=mode,
            asked="phone" if mode == "yes" else None,
            clash_reason="They offered to come back early",
        )
        speaker_offers.ask(Act(db, scene.clerk, asked_at), talk, person, how)


def _soon(scene: _Scene, at: datetime, days: int) -> date:
    """A weekday in about that many days."""
    return _weekday(clock.local_day(at, scene.settings.timezone) + timedelta(days=days))


def _waiting(db: Session, scene: _Scene, at: datetime) -> None:
    """Requests from the public page: proved ones, one of them a series, and one no one proved yet."""
    sent = {"by": NOBODY, "source": RequestSource.PUBLIC}
    new = _ask(
        db,
        scene,
        _values(scene, 0, _soon(scene, at, 24), 14, audience=35),
        at - timedelta(days=2),
        **sent,
    )
    intake.prove(db, new, NOBODY, at - timedelta(days=2, hours=-1))
    new.owner_id = scene.clerk.person_id
    again = _values(scene, 6, _soon(scene, at, 30), 11, organization_name="Cedar Valley Colege")
    intake.prove(
        db,
        _ask(db, scene, again, at - timedelta(hours=20), **sent),
        NOBODY,
        at - timedelta(hours=19),
    )
    first = _soon(scene, at, 35)
    weekly = [
        clock.as_calendars_do(first + timedelta(weeks=week), time(10), scene.settings.timezone)
        for week in range(3)
    ]
    series = _values(
        scene,
        1,
        first,
        10,
        series=True,
        dates=weekly,
        words="One for each of our coffee mornings, please.",
    )
    intake.prove(
        db,
        _ask(db, scene, series, at - timedelta(hours=30), **sent),
        NOBODY,
        at - timedelta(hours=29),
    )
    _ask(db, scene, _values(scene, 9, _soon(scene, at, 40), 18), at - timedelta(hours=6), **sent)


def _answered(db: Session, scene: _Scene, at: datetime) -> None:
    """A proposal of ours, a question, something to read; and a declined request."""
    countered = _ask(db, scene, _values(scene, 8, _soon(scene, at, 21), 9), at - timedelta(days=4))
    later = clock.as_calendars_do(_soon(scene, at, 28), time(9), scene.settings.timezone)
    proposal = triage.Proposal("date", "Our speaker is away that week.", [later])
    triage.counter(Act(db, scene.clerk, at - timedelta(days=3)), countered, proposal)
    day, ago = _soon(scene, at, 20), at - timedelta(days=1)
    asks = "How many people did you help with the rent last year?"
    question = _values(scene, 4, day, 9, words=asks, dates=[], topics=[])
    _ask(db, scene, question, ago, kind=RequestKind.QUESTION)
    read = _values(scene, 5, day, 9, words="40 leaflets about false calls, please.", dates=[])
    _ask(db, scene, read, ago, kind=RequestKind.LITERATURE)
    no = _ask(db, scene, _values(scene, 2, day, 8), at - timedelta(days=9))
    why = "All our speakers are at the county fair that day."
    triage.decline(Act(db, scene.clerk, at - timedelta(days=8)), no, why)


def _offered(db: Session, scene: _Scene, at: datetime) -> None:
    """A talk that we offered ourselves."""
    if group := organizations.known(db, "Harvest Foods"):
        values = {
            "topic_id": scene.topics[2].id,
            "whom": "Human resources",
            "note": "",
            "asked_on": clock.local_day(at, scene.settings.timezone) - timedelta(days=12),
        }
        organizations.offer_talk(Act(db, scene.clerk, at), group.id, values)

"""A populated agency for tests of pages: the cast, some shifts, and something of every kind."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.calendars import feeds
from portal.db import Database
from portal.hours import entries, questions
from portal.imports.models import ImportJob
from portal.messages.envelopes import token_hash
from portal.messages.models import Message
from portal.people import identities
from portal.people.models import Membership, Person, Proof, SignIn
from portal.people.sessions import start_session
from portal.permissions import NOBODY, Role
from portal.programs import funding, placements
from portal.programs.models import Funding, Placement, Position
from portal.shifts import signups
from portal.shifts.models import Absence, Ask, Closure, Regular, Shift, Signup, Waiting
from tests import build
from tests.cast import Cast

NAMED = {
    "shift_id": "shift", "signup_id": "signup", "person_id": "bo", "program_id": "rides",
    "position_id": "driver", "site_id": "office", "placement_id": "placement",
    "membership_id": "membership", "session_id": "session", "token": "token",
    "pattern_id": "pattern", "closure_id": "closure", "slot_id": "slot",
    "regular_id": "regular", "job_id": "job", "feed_id": "feed", "call_id": "call", "kind": "kind", "language": "es", "waiting_id": "waiting", "absence_id": "absence", "ask_id": "ask",
    "entry_id": "entry", "question_id": "question", "funding_id": "funding", "name": "volunteers",
}  # fmt: skip
"""What stands for each part of an address."""


@dataclass
class Ids:
    """What addresses in the tests name, besides the cast."""

    shift: int = 0
    hidden: int = 0
    labeled: int = 0
    slot: int = 0
    hidden_slot: int = 0
    signup: int = 0
    request: int = 0
    placement: int = 0
    membership: int = 0
    session: int = 0
    pattern: int = 0
    hidden_pattern: int = 0
    patterned: int = 0
    regular: int = 0
    waiting: int = 0
    ask: int = 0
    absence: int = 0
    closure: int = 0
    call: int = 0
    job: int = 0
    prove: str = "a-token-to-prove-an-address"
    feed: int = 0
    feed_token: str = ""
    token: str = ""
    mail_token: str = "a-token-from-a-mail"
    kind: str = "signup.made"
    es: str = "es"
    over: int = 0
    over_signup: int = 0
    entry: int = 0
    own_entry: int = 0
    asked_entry: int = 0
    question: int = 0
    funding: int = 0
    volunteers: str = "volunteers"
    picture: str = "home.png"


def populate(database: Database, cast: Cast, at) -> Ids:  # type: ignore[no-untyped-def]
    """Add shifts in the open, the labeled and the hidden program, a request, and an invitation."""
    ids = Ids()
    with database.writing() as db:
        ids.shift = build.shift(db, cast.driver, site_id=cast.office, note="Bring a coat.").id
        ids.hidden = build.shift(db, cast.host, site_id=cast.house, places=1).id
        ids.labeled = build.shift(db, cast.greeter, starts=build.NOON + timedelta(hours=5)).id
        ids.slot, ids.hidden_slot = (build.slot_of(db, one) for one in (ids.shift, ids.hidden))
        signups.sign_up(db, build.viewer(cast.ana), cast.ana, ids.shift, at)
        ids.signup = db.scalars(select(Signup.id)).one()
        driver = db.get_one(Position, cast.driver)
        asked = placements.ask_to_join(db, build.viewer(cast.sol), cast.sol, driver, at)
        ids.request = asked.id
        ids.placement = db.scalars(
            select(Placement.id).filter_by(person_id=cast.bo, position_id=cast.driver)
        ).one()
        ids.membership = db.scalars(
            select(Membership.id).filter_by(person_id=cast.cy, role=Role.COORDINATOR)
        ).one()
        ids.token = identities.invite(db, NOBODY, db.get_one(Person, cast.bo), at)
        ids.pattern = build.pattern(db, cast.driver, at).id
        ids.patterned = db.scalars(
            select(Shift.id)
            .filter_by(pattern_id=ids.pattern)
            .order_by(Shift.starts_at)
            .limit(1)
            .offset(2)
        ).one()
        regular = Regular(
            pattern_id=ids.pattern, position_id=cast.driver, person_id=cast.ana, every=1,
            first_day=date(2026, 12, 1), carried_until=date(2027, 12, 31), since=at,
        )  # fmt: skip
        away = Absence(
            person_id=cast.ana, first_day=date(2026, 12, 29), last_day=date(2026, 12, 30), since=at
        )
        waits = Waiting(
            shift_id=ids.shift, slot_id=ids.slot, person_id=cast.noel, state="waiting", since=at
        )
        ask = Ask(shift_id=ids.shift, slot_id=ids.slot, person_id=cast.ada, asked_at=at)
        db.add_all([regular, away, ask, waits])
        db.flush()
        ids.regular, ids.absence, ids.ask = regular.id, away.id, ask.id
        ids.waiting = waits.id
        ids.hidden_pattern = build.pattern(db, cast.host, at, site_id=cast.house).id
        closed = Closure(first_day=date(2027, 1, 1), last_day=date(2027, 1, 1), reason="New Year")
        db.add(closed)
        db.flush()
        ids.closure = closed.id
        told = db.scalars(select(Message).filter_by(kind="signup.made")).first()
        told.token_hash = token_hash(ids.mail_token)
        call = Message(
            kind="signup.removed", person_id=cast.bo, program_id=cast.rides, subject_kind="signup",
            subject_id=ids.signup, channel="call", created_at=at, next_at=at, mail_id="call",
        )  # fmt: skip
        db.add(call)
        db.flush()
        ids.call = call.id
        ids.feed_token = feeds.add_feed(db, build.viewer(cast.ana), at)
        ids.feed = feeds.feeds_of(db, cast.ana)[0].id
        proof = Proof(
            purpose="sign_in", address="bo@example.org", browser_hash="other", created_at=at,
            ends_at=at + timedelta(minutes=15), data="{}",
        )  # fmt: skip
        db.add(proof)
        db.flush()
        db.add(
            Message(
                kind="proof", address=proof.address, subject_kind="proof", subject_id=proof.id,
                channel="mail", created_at=at, next_at=at, mail_id="prove",
                token_hash=token_hash(ids.prove),
            )
        )  # fmt: skip
        _hours(db, cast, ids, at)
        job = ImportJob(
            kind="shifts", by_id=cast.ada, program_id=cast.rides, name="shifts.csv", state="ready",
            data=b"title,start,end\nRide,2026-12-20T10:00,2026-12-20T12:00\n", created_at=at,
            asked='{"hours": "", "map": {}}',
            report='{"sums": {"made": 1, "changed": 0, "unchanged": 0, "left out": 0},'
            ' "made": [], "lines": [[2, "made", "Ride"]]}',
        )  # fmt: skip
        db.add(job)
        db.flush()
        ids.job = job.id
        ids.session = build_session(db, cast.sol, at)
    return ids


def build_session(db, person_id: int, at) -> int:  # type: ignore[no-untyped-def]
    start_session(db, person_id, "Chrome on Android", at)
    return db.scalars(select(SignIn.id).filter_by(person_id=person_id)).one()  # type: ignore[no-any-return]


def _hours(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """A shift that is over, hours that wait, one's own, and a question about some; and who pays."""
    starts = at - timedelta(days=3)
    ids.over = build.shift(db, cast.driver, starts=starts, places=3, title="Last week").id
    signups.sign_up(db, build.OFFICE, cast.bo, ids.over, at, staff=True)
    ids.over_signup = db.scalars(select(Signup.id).filter_by(shift_id=ids.over)).one()
    day = at.date() - timedelta(days=8)
    made = {
        name: entries.report(
            db, NOBODY, entries.Work(person, cast.rides, cast.driver, day, 90), at, zone="UTC"
        )
        for name, person in {
            "entry": cast.bo,
            "own_entry": cast.ana,
            "asked_entry": cast.noel,
        }.items()
    }
    asked = questions.ask(db, build.viewer(cast.noel), made["asked_entry"], "It was more.", at)
    label = {"name": "Grant", "position_id": None, "first_day": day, "last_day": None}
    funding.save_label(db, NOBODY, cast.rides, None, label, at)
    db.flush()
    ids.entry, ids.own_entry = made["entry"].id, made["own_entry"].id
    ids.asked_entry, ids.question = made["asked_entry"].id, asked.id
    ids.funding = db.scalars(select(Funding.id)).one()

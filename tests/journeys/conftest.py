"""Real servers with the demo agency, and a real browser."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from portal import clock
from portal.db import Database
from portal.demo import agency
from portal.demo.routes import PEOPLE
from portal.guests.guests import guest_token
from portal.outreach.links import proof_token, status_token
from portal.people.identity_models import Identity
from portal.people.sessions import start_session
from portal.people.tokens import hashed
from portal.recruitment.links import application_token, draft_token
from portal.screening.guardian_links import guardian_token
from portal.screening.reference_links import reference_token
from portal.settings import Settings
from tests.once import made_once
from tests.server import Server, free_port, running_server

COUNTY = f"http://127.0.0.1:{free_port()}"
"""The county's own site, which shows opportunities in a frame: tests/journeys/test_embedded.py."""


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo agency's database, made once for all workers."""

    def make(path: Path) -> None:
        clock.use_source(None)
        agency.prepare(str(path), fresh=False)
        agency.renew_links(demo_settings(path))
        with closing(sqlite3.connect(path)) as database:  # closed, it is all in the one file
            database.execute("UPDATE kiosk SET token_hash = ?", [hashed("kiosk-link")])
            database.commit()

    return made_once(tmp_path_factory, "demo.db", make)


@pytest.fixture(scope="session")
def demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo agency, served to a real browser."""
    path = tmp_path_factory.mktemp("served") / "demo.db"
    shutil.copy(demo_file, path)
    path.chmod(0o600)
    port = free_port()
    with running_server(demo_settings(path), port, workers=1) as server:
        yield server


def demo_settings(path: Path) -> Settings:
    return Settings(
        secret_key="test-only-secret-key-0123456789-abcdefgh",
        database_url=f"sqlite:///{path}",
        agency_name=agency.NAME,
        agency_phone=agency.PHONE,
        embed_sites=COUNTY,
        demo=True,
    )


class Visitor:
    """A person at a real browser; keeps what the console complained about."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context = context
        self.server = server
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message) -> None:  # type: ignore[no-untyped-def]
        refused = (
            "status of 4" in message.text
        )  # an answer that says no is not an error of the page
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        self.page.goto(self.server.address + path)
        return self.page

    def sign_in(self, role: str) -> "Visitor":
        """Come back signed in as one of the demo's people, to Home: pressing their button every time would take a
        minute of all journeys."""
        token = _session_of(self.server.settings.database_url, role)
        self.context.add_cookies([{"name": "session", "value": token, "url": self.server.address}])
        self.go("/me")
        return self

    def press_to_sign_in(self, role: str) -> "Visitor":
        """Press one of the demo's sign-in buttons."""
        self.go("/session/new")
        self.page.get_by_role("button", name=role, exact=True).click()
        self.page.wait_for_url("**/me")
        return self


@cache
def _database(url: str) -> Database:
    return Database(url)


def _session_of(url: str, role: str) -> str:
    """The token of a new session of one of the demo's people, by what their button says."""
    name = next(name for name, words in PEOPLE.items() if words.source == role)
    with _database(url).writing() as db:
        person_id = select(Identity.person_id).where(Identity.address == f"{name}@demo.example")
        now = datetime.now(UTC)  # the server's clock, whatever the test's says
        return start_session(db, db.scalars(person_id).one(), "Journey", now)[0]


@pytest.fixture(scope="session")
def as_role(chromium: Browser, demo: Server) -> Callable[[str], Visitor]:
    """One visitor for each role, to look at pages with: as_role("Coordinator")."""

    @cache
    def visitor(role: str) -> Visitor:
        found = Visitor(chromium.new_context(locale="en-US"), demo)
        return found if role == "public" else found.sign_in(role)

    return visitor


@pytest.fixture
def visit(chromium: Browser, demo: Server) -> Iterator[Callable[..., Visitor]]:
    """New visitors, each with a browser profile of their own; none may see a console error."""
    opened: list[Visitor] = []

    def made(width: int = 390, **options: object) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, locale="en-US", **options
        )
        visitor = Visitor(context, demo)
        opened.append(visitor)
        return visitor

    yield made
    complaints = [said for visitor in opened for said in visitor.complaints]
    for visitor in opened:
        visitor.context.close()
    assert not complaints


_OF_CY = (
    "JOIN requirement q ON q.id = {table}.requirement_id JOIN membership m ON m.program_id = q.program_id "
    "JOIN identity i ON i.person_id = m.person_id WHERE i.address = 'coordinator@demo.example'"
)
_APPLICATION = (
    "SELECT a.id FROM application a JOIN membership m ON m.program_id = a.program_id JOIN identity i "
    "ON i.person_id = m.person_id WHERE i.address = 'coordinator@demo.example' AND a.state = "
)
PAPERS = {
    "license": "SELECT id FROM requirement WHERE name = 'Driver''s license'",
    "supervised": "SELECT min(s.person_id) FROM supervision s JOIN identity i ON i.person_id = s.supervisor_id "
    "WHERE i.address = 'supervisor@demo.example'",
    "on_call": "SELECT min(d.program_id) FROM on_call_day d JOIN identity i ON i.person_id = d.person_id "
    "WHERE i.address = 'supervisor@demo.example' AND d.day > date('now', '+2 days')",
    "other": "SELECT max(id) FROM person WHERE status = 'active'",
    "board": "SELECT min(b.id) FROM board_page b JOIN membership m ON m.program_id = b.program_id "
    "JOIN identity i ON i.person_id = m.person_id WHERE i.address = 'coordinator@demo.example'",
    "own_board": "SELECT min(id) FROM board_page WHERE program_id IS NULL",
    "issued": "SELECT min(id) FROM issued_letter",
    "own_issued": "SELECT min(l.id) FROM issued_letter l JOIN identity i ON i.person_id = l.person_id WHERE i.address = 'volunteer@demo.example'",
    "incident": "SELECT min(id) FROM incident",
    "reading": "SELECT min(id) FROM reading",
    "own_check": "SELECT k.id FROM background_check k JOIN identity i ON i.person_id = k.person_id "
    "WHERE i.address = 'volunteer@demo.example'",
    "check": "SELECT min(id) FROM background_check WHERE state = 'notice_sent'",
    "text": "SELECT first_notice_id FROM background_check WHERE state = 'notice_sent' ORDER BY id",
    "credential": "SELECT c.id FROM credential c " + _OF_CY.format(table="c") + " AND q.verifier = 'coordinator' "
    "AND c.outcome = 'accepted' ORDER BY c.id",
    "handed": "SELECT c.id FROM credential c " + _OF_CY.format(table="c") + " AND c.outcome = 'submitted' ORDER BY c.id",
    "waiver": "SELECT w.id FROM waiver w " + _OF_CY.format(table="w") + " ORDER BY w.id",
    "rule": "SELECT r.id FROM rule r JOIN membership m ON m.program_id = r.program_id JOIN identity i "
    "ON i.person_id = m.person_id WHERE i.address = 'coordinator@demo.example' ORDER BY r.id",
    "reference": "SELECT min(id) FROM reference WHERE state = 'answered' AND accepted IS NULL",
    "reference_call": "SELECT min(id) FROM reference WHERE state = 'asked' AND email = ''",
    "reference_link": "SELECT link_id FROM reference WHERE state = 'asked' AND email <> ''",
    "match": "SELECT min(id) FROM list_match WHERE firm",
    "leaver": "SELECT p.id FROM person p JOIN speaker_offer o ON o.person_id = p.id JOIN signup s ON s.person_id = p.id "
    "JOIN shift h ON h.id = s.shift_id JOIN presentation t ON t.id = o.presentation_id "
    "WHERE o.state = 'accepted' AND t.starts_at > datetime('now', '+5 days') "
    "AND s.state = 'signed_up' AND h.starts_at > datetime('now', '+3 days') AND p.id > 3 ORDER BY p.id DESC",
    "placed_minor": "SELECT a.id FROM application a JOIN person p ON p.id = a.person_id WHERE p.adult_on IS NOT NULL AND a.state = 'placed'",
    "list_entry": "SELECT min(id) FROM list_entry WHERE confirmed_at IS NULL",
    "event": "SELECT max(id) FROM open_event",
    "canceled": "SELECT min(id) FROM shift WHERE canceled_at IS NOT NULL",
    "draft": "SELECT min(id) FROM draft",
    "fill": "SELECT min(id) FROM fill",
    "meeting": "SELECT min(id) FROM meeting",
    "case": "SELECT max(id) FROM client_case",
    "case_match": "SELECT max(m.id) FROM case_match m JOIN identity i ON i.person_id = m.person_id "
    "WHERE i.address = 'volunteer@demo.example' AND m.state IN ('handed_off', 'active')",
    "followed": "SELECT max(id) FROM case_match WHERE state = 'active'",
    "help_request": "SELECT max(id) FROM help_request",
    "early_list": "SELECT min(id) FROM early_list",
    "swap_offer": "SELECT o.id FROM swap_offer o JOIN identity i ON i.address = 'volunteer@demo.example' "
    "JOIN signup s ON s.id = o.signup_id JOIN slot t ON t.id = s.slot_id JOIN placement p ON p.position_id = t.position_id "
    "AND p.person_id = i.person_id WHERE o.ended_at IS NULL AND o.person_id <> i.person_id ORDER BY o.id DESC",
    "crew": "SELECT group_id FROM group_spots ORDER BY id",
    "crew_shift": "SELECT shift_id FROM group_spots ORDER BY id",
    "event_shift": "SELECT max(shift_id) FROM open_event",
    "past_event": "SELECT min(shift_id) FROM open_event",
    "guest_link": "SELECT link_id FROM guest WHERE email <> '' ORDER BY id DESC",
    "guardian_link": "SELECT link_id FROM guardian_request WHERE state = 'asked' AND email <> ''",
    "minor": "SELECT min(person_id) FROM guardian_request WHERE state = 'asked' AND email = ''",
    "referenced": "SELECT min(r.application_id) FROM reference r",
    "interview": "SELECT min(i.id) FROM interview i JOIN membership m ON m.program_id = i.program_id JOIN identity d "
    "ON d.person_id = m.person_id WHERE d.address = 'coordinator@demo.example' AND i.state = 'booked'",
    "to_interview": "SELECT a.link_id FROM interview i JOIN application a ON a.id = i.application_id WHERE i.state = 'offered'",
    "asking": "SELECT min(id) FROM application_question",
    "trial": "SELECT l.id FROM placement l JOIN trial t ON t.position_id = l.position_id WHERE l.state = 'active' "
    "AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.person_id = l.person_id AND c.requirement_id = t.requirement_id "
    "AND c.outcome = 'accepted') ORDER BY l.id",
    "course": "SELECT id FROM course WHERE name LIKE 'Mandated%'",
    "quiz": "SELECT id FROM course WHERE pass_percent IS NOT NULL",
    "course_session": "SELECT s.id FROM course_session s JOIN course c ON c.id = s.course_id WHERE c.name LIKE 'Mandated%' "
    "ORDER BY s.starts_at DESC",
    "over_session": "SELECT s.id FROM course_session s JOIN course c ON c.id = s.course_id WHERE c.name LIKE 'Mandated%' "
    "ORDER BY s.starts_at",
    "passed": "SELECT e.id FROM enrolment e JOIN course c ON c.id = e.course_id WHERE e.result = 'passed' AND c.name LIKE 'Mandated%'",
}  # fmt: skip
"""Paperwork and courses of the demo agency, by the name that the addresses above give them."""


_OF_VOLUNTEER = (
    "SELECT o.id FROM speaker_offer o JOIN identity i ON i.person_id = o.person_id "
    "WHERE i.address = 'volunteer@demo.example' AND o.state = "
)
TALKS = {
    "status": "SELECT r.link_id FROM talk_request r JOIN presentation p ON p.request_id = r.id "
    "WHERE p.state = 'confirmed' AND p.starts_at > datetime('now', '+7 days') ORDER BY p.id",
    "countered": "SELECT link_id FROM talk_request WHERE state = 'countered'",
    "proof": "SELECT link_id FROM talk_request WHERE state = 'unproved'",
    "waits": "SELECT id FROM talk_request WHERE state = 'open' AND kind = 'presentation' ORDER BY id DESC",
    "question": "SELECT id FROM talk_request WHERE kind = 'question'",
    "talk": "SELECT p.id FROM presentation p JOIN speaker_offer o ON o.presentation_id = p.id "
    "WHERE o.state = 'waits' ORDER BY p.id",
    "table": "SELECT presentation_id FROM talk_block",
    "told": "SELECT presentation_id FROM handout ORDER BY presentation_id",
    "first": "SELECT date(starts_at) FROM presentation WHERE starts_at > datetime('now', '+1 day') ORDER BY starts_at",
    "last": "SELECT date(starts_at, '+9 days') FROM presentation WHERE starts_at > datetime('now', '+1 day') "
    "ORDER BY starts_at",
    "group": "SELECT organization_id FROM approach",
    "topic": "SELECT min(id) FROM topic",
    "speaker": "SELECT min(person_id) FROM speaker",
    "letter": "SELECT min(id) FROM message WHERE subject_kind = 'talk_request' AND channel = 'call' "
    "AND state = 'queued'",
    "opportunity": "SELECT id FROM opportunity WHERE title = 'Driver'",
    "inquiry": "SELECT min(id) FROM inquiry WHERE answered_at IS NULL",
    "draft": "SELECT link_id FROM application_draft WHERE application_id IS NULL",
    "together": "SELECT max(id) FROM application WHERE together <> ''",
    "applied": "SELECT link_id FROM application WHERE state = 'submitted'",
    "offered": "SELECT link_id FROM application WHERE state = 'accepted'",
    "new_application": _APPLICATION + "'submitted'",
    "reviewed": _APPLICATION + "'in_review'",
    "held": _APPLICATION + "'on_hold'",
    "offer": _OF_VOLUNTEER + "'asked'",
    "spoke": _OF_VOLUNTEER + "'accepted'",
}  # fmt: skip
"""Requests and talks of the demo agency."""


@pytest.fixture(scope="session")
def ids(demo_file) -> dict[str, int]:
    """Things of the demo agency that its coordinator works with."""
    database = sqlite3.connect(demo_file)
    program, pattern, position, shift, person, placement = database.execute(
        "SELECT s.program_id, s.pattern_id, o.position_id, s.id, l.person_id, l.id FROM shift s "
        "JOIN slot o ON o.shift_id = s.id JOIN placement l ON l.position_id = o.position_id "
        "JOIN membership m ON m.program_id = s.program_id "
        "JOIN identity i ON i.person_id = m.person_id "
        "JOIN signup u ON u.shift_id = s.id AND u.person_id = l.person_id "
        "WHERE i.address = 'coordinator@demo.example' AND s.starts_at > datetime('now', '+3 days') "
        "AND s.canceled_at IS NULL AND l.state = 'active' AND o.filled > 1 "
        "ORDER BY s.starts_at LIMIT 1"
    ).fetchone()
    (site,) = database.execute("SELECT min(id) FROM site").fetchone()
    (skill,) = database.execute("SELECT min(id) FROM skill").fetchone()
    (regular,) = database.execute(
        "SELECT min(r.id) FROM regular r JOIN identity i ON i.person_id = r.person_id "
        "WHERE i.address = 'volunteer@demo.example'"
    ).fetchone()
    (over,) = database.execute(
        "SELECT min(s.id) FROM shift s JOIN signup u ON u.shift_id = s.id JOIN membership m "
        "ON m.program_id = s.program_id JOIN identity i ON i.person_id = m.person_id "
        "WHERE i.address = 'coordinator@demo.example' AND u.attendance IS NOT NULL"
    ).fetchone()
    (entry,) = database.execute(
        "SELECT min(h.id) FROM hours_entry h JOIN membership m ON m.program_id = h.program_id "
        "JOIN identity i ON i.person_id = m.person_id "
        "WHERE i.address = 'coordinator@demo.example' AND h.source = 'own'"
    ).fetchone()
    own_entry, day = database.execute(
        "SELECT h.id, h.day FROM hours_entry h JOIN identity i ON i.person_id = h.person_id "
        "WHERE i.address = 'volunteer@demo.example' AND h.source = 'own' AND h.state = 'submitted'"
    ).fetchone()
    more = {
        name: database.execute(query).fetchone()[0] for name, query in {**PAPERS, **TALKS}.items()
    }
    settings = demo_settings(demo_file)
    more |= {name: status_token(settings, more[name]) for name in ("status", "countered")}
    more["proof"] = proof_token(settings, more["proof"])
    more["reference_link"] = reference_token(settings, more["reference_link"])
    more["guardian_link"] = guardian_token(settings, more["guardian_link"])
    more["guest_link"] = guest_token(settings, more["guest_link"])
    more["draft"] = draft_token(settings, more["draft"])
    more |= {
        name: application_token(settings, more[name])
        for name in ("applied", "offered", "to_interview")
    }
    database.close()
    return more | {
        "over": over, "entry": entry, "own_entry": own_entry, "month": day[:7],
        "regular": regular,
        "program": program, "pattern": pattern, "position": position, "shift": shift, "person": person,
        "placement": placement, "site": site, "skill": skill,
    }  # fmt: skip

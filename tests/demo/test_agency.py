"""The demo agency: what it holds, the same each time, and for this machine alone."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from portal import clock
from portal.app import create_app
from portal.db import Database
from portal.demo import agency
from portal.outreach.models import RequestState, TalkRequest
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.talk_models import Presentation, SpeakerOffer, TalkState
from portal.people.models import Person
from portal.programs.models import Closure, Position, Program, Site, Visibility
from portal.settings import Settings
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.waiting_models import Waiting
from tests.browser import Browser, forms_of
from tests.once import made_once
from tests.shifts.test_races import consistent

THURSDAY = datetime(2026, 12, 3, 21, 30, tzinfo=UTC)
"""A day on which chance gave the demo's volunteer few shifts of one pattern."""

VOLUNTEER = "volunteer@demo.example"
SECRET = "test-only-secret-key-0123456789-abcdefgh"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Database:
    clock.use_source(lambda: THURSDAY)
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    first = made_once(
        tmp_path_factory, "thursday.db", lambda file: agency.prepare(str(file), fresh=False)
    )
    shutil.copy(first, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def visitor(made):
    """A browser on this machine that visits the demo."""
    settings = Settings(
        secret_key=SECRET, base_url="http://testserver", agency_name=agency.NAME, demo=True,
        database_url=made.url.render_as_string(),
    )  # fmt: skip
    app = create_app(settings, made)
    with TestClient(app, base_url="http://testserver") as server:
        yield Browser(server, "127.0.0.1")


def counted(db, table, *where) -> int:
    return db.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_what_it_holds(made):
    with made.reading() as db:
        assert counted(db, Program) == 8
        assert counted(db, Program, Program.visibility != Visibility.PUBLIC) == 2
        assert counted(db, Site) == 12
        assert counted(db, Site, Site.confidential) == 1
        assert counted(db, Position) == 25
        assert counted(db, Person) >= 300
        assert counted(db, Pattern) >= 40
        assert counted(db, Regular) == 60
        assert counted(db, Presentation) == 60
        states = set(db.execute(select(Presentation.state, TalkRequest.kind).join(TalkRequest)))
        assert {state for state, _ in states} == set(TalkState)
        assert {kind for _, kind in states} == {"presentation", "table"}
        assert set(db.scalars(select(SpeakerOffer.state))) >= {"asked", "waits", "held", "accepted"}
        assert counted(db, TalkRequest, TalkRequest.series) == 1
        assert set(db.scalars(select(TalkRequest.state))) == set(RequestState) - {"expired"}
        assert set(db.scalars(select(TalkOutcome.held))) >= {
            "held",
            "nobody_came",
            "host_cancelled",
        }
        assert counted(db, Waiting) > 10
        assert counted(db, Closure) == 2
        now = clock.now()
        first, last = db.execute(select(func.min(Shift.starts_at), func.max(Shift.starts_at))).one()
        assert first < now < last
        assert timedelta(weeks=7) < last - first <= timedelta(weeks=8)
        assert 0.3 < counted(db, Signup) / db.scalar(select(func.sum(Slot.maximum))) < 0.95


def test_it_keeps_every_rule(made):
    assert consistent(made)


def test_its_volunteer_comes_regularly(made):
    with made.reading() as db:
        own = (
            Regular.person_id
            == select(Person.id).where(Person.email == VOLUNTEER).scalar_subquery()
        )
        assert counted(db, Regular, own)


def test_a_second_start_keeps_what_was_done(made, tmp_path, time, monkeypatch):
    time.at = THURSDAY
    path = tmp_path / "demo.db"
    for one in Path(made.url.database).parent.glob("demo.db*"):  # and what is not in it yet
        shutil.copy(one, tmp_path)
    first = path.stat().st_ino
    agency.prepare(str(path), fresh=False)
    assert path.stat().st_ino == first
    filled = []
    monkeypatch.setattr(agency, "fill", lambda db, at: filled.append(at))
    agency.prepare(str(path), fresh=True)
    assert filled == [THURSDAY]
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("role", ["coordinator", "volunteer", "admin"])
def test_one_press_signs_in(visitor, role):
    visitor.get("/session/new")
    token = next(fields["csrf"] for to, fields in forms_of(visitor.text) if to == "/demo/session")
    answer = visitor.client.post(
        "/demo/session", data={"csrf": token, "role": role}, follow_redirects=False
    )
    assert answer.headers["location"] == "/me"


@pytest.mark.parametrize("name", ["volunteer001", "volunteer012", "volunteer300", "coordinator"])
def test_everyone_signs_in_with_the_one_password(visitor, name):
    visitor.get("/session/new")
    answer = visitor.press(
        "/session", follow=False, address=f"{name}@demo.example", password="cedar-county-demo"
    )
    assert answer.status_code == 303


def test_other_machines_get_nothing(made):
    settings = Settings(secret_key=SECRET, demo=True, base_url="http://testserver")
    app = create_app(settings, made)
    stranger = TestClient(app, base_url="http://testserver", client=("192.0.2.7", 5000))
    assert stranger.get("/").status_code == 403


def test_X2_outside_the_demo_none_of_it_is_there(public):
    assert public.get("/design").status_code == 404
    assert public.post("/demo/session", role="admin").status_code in (404, 405)
    assert "cedar-county-demo" not in public.get("/session/new").text

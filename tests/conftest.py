"""What every test stands on: databases, a clock that can be moved, an application and its people.

A warning or a logged error fails the test that caused it.
"""

import contextlib
import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import playwright.sync_api
import pytest
from starlette.testclient import TestClient

from portal import clock, migrating
from portal.app import create_app
from portal.db import Database
from portal.people import passwords
from portal.people.sessions import start_session
from portal.settings import Settings
from portal.web.render import COMPILED, Renderer
from tests import build, read_models
from tests.browser import Browser
from tests.cast import Cast
from tests.mailbox import Office, serving
from tests.postgres import Connection, Postgres, Saved, empty, running
from tests.scene import SECRET, Ids, populate
from tests.server import free_port, running_server

POSTGRES = pytest.StashKey[Postgres]()
STACK = pytest.StashKey[contextlib.ExitStack]()
NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
"""When tests happen unless they move the clock: Tuesday, December 1, 2026, 9 am in New York."""

SETTINGS = Settings(
    secret_key=SECRET,
    base_url="http://testserver",
    agency_name="Test Agency",
    agency_phone="(555) 555-0100",
)

CHROMIUM = {
    "executable_path": shutil.which("chromium"),
    "args": [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
}  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sqlite", action="store_true", help="leave out PostgreSQL, and do not start it"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once: in the controller, before any worker."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**29:
        os.environ.setdefault(
            "PYTEST_DEBUG_TEMPROOT", str(memory)
        )  # thousands of fsyncs for nothing
    config.addinivalue_line("markers", "both_databases: run on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "populated: start with the whole scene, on SQLite")
    worker = getattr(config, "workerinput", None)
    if worker and "folder" in worker:
        config.stash[POSTGRES] = Postgres(Path(worker["folder"]), Path(worker["socket"]))
        return
    stack = config.stash[STACK] = contextlib.ExitStack()
    compiled = tempfile.TemporaryDirectory(prefix="compiled-templates-")
    os.environ[COMPILED] = stack.enter_context(compiled)  # for every process that a test starts
    if config.option.collectonly or config.option.sqlite:
        return
    server = config.stash[POSTGRES] = stack.enter_context(running())
    server.run("CREATE DATABASE portal_template")
    database = Database(server.url("portal_template"))
    migrating.migrate(database)
    database.dispose()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --sqlite, only what needs no PostgreSQL."""
    if config.option.sqlite:
        items[:] = [item for item in items if not _on_postgresql(item)]


def _on_postgresql(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return bool(call and call.params.get("dialect") == "postgresql")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: browsers and databases keep a worker waiting a third of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_unconfigure(config: pytest.Config) -> None:
    if STACK in config.stash:
        config.stash[STACK].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # type: ignore[no-untyped-def]
    if POSTGRES not in node.config.stash:
        return
    server = node.config.stash[POSTGRES]
    node.workerinput |= {"folder": str(server.folder), "socket": str(server.socket)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dialect" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize(
            "dialect", ["sqlite", "postgresql"] if both else ["sqlite"], scope="function"
        )


@pytest.fixture(autouse=True)
def nothing_is_logged_as_an_error(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    bad = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno >= logging.ERROR
    ]
    assert not bad, f"logged errors: {bad}"


@pytest.fixture(scope="session", autouse=True)
def rare_collections() -> None:
    """What was imported lives as long as the worker: Python need not look through it again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


STORED = passwords.hash_password("a password of some length")
"""A hash as the portal stores it."""


@pytest.fixture(scope="session", autouse=True)
def true_read_models() -> None:
    """What a read model says of its columns holds for every row that a test reads."""
    read_models.check()


@pytest.fixture(scope="session", autouse=True)
def light_hashes() -> None:
    """Passwords take a thousandth of the work in tests; what they really take is tested with STORED."""
    passwords._context.update(argon2__memory_cost=64, argon2__time_cost=1)


class Clock:
    """The time that a test lives in."""

    def __init__(self) -> None:
        self.at = NOW

    @staticmethod
    def span(**amount: float) -> timedelta:
        return timedelta(**amount)

    def move(self, **amount: float) -> datetime:
        """Let some time pass: move(hours=3)."""
        self.at += timedelta(**amount)
        return self.at


@pytest.fixture(autouse=True)
def time() -> Iterator[Clock]:
    moving = Clock()
    clock.use_source(lambda: moving.at)
    yield moving
    clock.use_source(None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to copy for each test."""
    path = tmp_path_factory.mktemp("template") / "portal.db"
    database = Database(f"sqlite:///{path}")
    migrating.migrate(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def cast_template(sqlite_template: Path) -> tuple[Path, Cast]:
    """A SQLite file with the cast in it, to copy for each test that has one."""
    path = sqlite_template.with_name("cast.db")
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.writing() as db:
        people = build.cast(db, NOW)
    database.dispose()
    return path, people


@pytest.fixture(scope="session")
def populated_template(cast_template: tuple[Path, Cast]) -> tuple[Path, Cast, Ids]:
    """The same with the whole scene, for each test that is marked so."""
    source, people = cast_template
    path = source.with_name("populated.db")
    shutil.copy(source, path)
    before = clock.use_source(lambda: NOW)
    database = Database(f"sqlite:///{path}")
    ids = populate(database, people, NOW)
    database.dispose()
    clock.use_source(before)
    return path, people, ids


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Postgres:
    return pytestconfig.stash[POSTGRES]


@pytest.fixture(scope="session")
def worker_database(postgres: Postgres) -> Iterator[Database]:
    """This worker's own PostgreSQL database, cloned from the migrated one."""
    name = f"worker_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE portal_template")
    database = Database(postgres.url(name), threads=20)
    yield database
    database.dispose()
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def janitor(postgres: Postgres, worker_database: Database) -> Iterator[Connection]:
    """One connection that empties this worker's PostgreSQL database before each test: a new one would read what is
    known of its hundred tables anew each time, which takes longer than all the rest."""
    with postgres.connected(str(worker_database.url.database)) as connection:
        yield connection


@pytest.fixture(scope="session")
def worker_cast(janitor: Connection, worker_database: Database) -> tuple[Saved, Cast]:
    """The cast's rows, to copy for each test on PostgreSQL that has one."""
    empty(janitor)
    with worker_database.writing() as db:
        people = build.cast(db, NOW)
    return Saved(janitor), people


@pytest.fixture(scope="session")
def worker_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """This worker's own SQLite file, filled anew for each test. One engine keeps the statements it compiled."""
    return Database(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'portal.db'}", threads=20)


@pytest.fixture
def database(
    dialect: str, request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> Iterator[Database]:
    """An empty database of the test's dialect."""
    if dialect == "sqlite":
        database = request.getfixturevalue("worker_sqlite")
        source = sqlite_template
        if request.node.get_closest_marker("populated"):
            source = request.getfixturevalue("populated_template")[0]
        elif "cast" in request.fixturenames:
            source = request.getfixturevalue("cast_template")[0]
        path = Path(database.url.database)
        for ending in ("", "-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        shutil.copy(source, path)
        path.chmod(0o600)
        yield database
        database.dispose()
    else:
        database = request.getfixturevalue("worker_database")
        saved = (
            request.getfixturevalue("worker_cast")[0] if "cast" in request.fixturenames else None
        )
        janitor = request.getfixturevalue("janitor")
        empty(janitor)
        if saved:
            saved.put_back(janitor)
        yield database


@pytest.fixture
def cast(database: Database, request: pytest.FixtureRequest) -> Cast:
    """The named people and their programs."""
    made = "cast_template" if database.dialect == "sqlite" else "worker_cast"
    return deepcopy(request.getfixturevalue(made)[1])


@pytest.fixture
def ids(request: pytest.FixtureRequest, populated_template: tuple[Path, Cast, Ids]) -> Ids:
    """What the scene of a test that is marked `populated` holds."""
    assert request.node.get_closest_marker("populated"), "there is no scene in this database"
    return deepcopy(populated_template[2])


@pytest.fixture
def settings(database: Database) -> Settings:
    return Settings(**{**vars(SETTINGS), "database_url": database.url.render_as_string(False)})


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """Compiled templates, shared by the tests of a worker."""
    return Renderer(SETTINGS)


def change_settings(app, **values) -> None:  # type: ignore[no-untyped-def]
    """Change the settings of an application that runs."""
    while not hasattr(app, "state"):
        app = app.app
    portal = app.state.portal
    app.state.portal = replace(portal, settings=replace(portal.settings, **values))


@pytest.fixture
def app(settings: Settings, database: Database, renderer: Renderer):  # type: ignore[no-untyped-def]
    return create_app(settings, database, renderer)


@pytest.fixture
def open_browser(app) -> Iterator[Callable[[], Browser]]:  # type: ignore[no-untyped-def]
    """New browsers, each with its own cookies, on one running application."""
    with TestClient(app, base_url=SETTINGS.base_url) as server:

        def opened() -> Browser:
            return Browser(server)

        yield opened


@pytest.fixture
def public(open_browser: Callable[[], Browser]) -> Browser:
    """A browser no one is signed in on."""
    return open_browser()


@pytest.fixture
def as_(
    open_browser: Callable[[], Browser], database: Database, time: Clock
) -> Callable[[int], Browser]:
    """A browser on which a person is signed in: as_(cast.ana)."""

    def signed_in(person_id: int) -> Browser:
        with database.writing() as db:
            token, _ = start_session(db, person_id, "Test", time.at)
        browser = open_browser()
        browser.client.cookies.set("session", token)
        return browser

    return signed_in


@pytest.fixture
def office(database: Database, settings: Settings, time: Clock) -> Iterator[Office]:
    with serving() as (box, url):
        office = Office(database, settings, box, url, time)
        yield office
        office.mail.post.mailer.close()


@pytest.fixture
def serve(settings, tmp_path):
    """A real server with two processes on the test's database; its log is a file."""

    def started(workers: int = 2):  # type: ignore[no-untyped-def]
        return running_server(settings, free_port(), workers, tmp_path / "log")

    return started


@pytest.fixture(scope="session")
def chromium() -> Iterator[playwright.sync_api.Browser]:
    """A real browser; one for everything that a worker tests."""
    with playwright.sync_api.sync_playwright() as player:
        browser = player.chromium.launch(**CHROMIUM)  # type: ignore[arg-type]
        yield browser
        browser.close()

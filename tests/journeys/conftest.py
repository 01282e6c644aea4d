"""Real servers with the demo agency, and a real browser."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from portal import clock
from portal.demo import agency
from portal.settings import Settings
from tests.server import Server, free_port, running_server


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo agency's database, made once per worker."""
    clock.use_source(None)
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    agency.prepare(str(path), fresh=False)
    agency.renew_links(demo_settings(path))
    return path


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
        """Press one of the demo's sign-in buttons."""
        self.go("/session/new")
        self.page.get_by_role("button", name=role, exact=True).click()
        self.page.wait_for_url("**/me")
        return self


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

"""Every page for people who see, hear and move differently: axe, both themes, phone and desk.

A page is opened once and looked at four times.
"""

import sqlite3
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from portal.app import pages
from portal.web.page import Page, Post
from tests.journeys.conftest import demo_settings

COLORS = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""What the other theme can change; the rest was looked at in the first."""

VIEWS = [(390, "light", {}), (390, "dark", COLORS), (1280, "light", {}), (1280, "dark", COLORS)]

PAGES = {
    "public": ["/", "/help/volunteers", "/help/coordinators", "/accessibility", "/shifts", "/shifts/{shift}", "/positions", "/session/new", "/choices", "/design",
               "/messages", "/mail/not-a-token", "/session/mail", "/session/code", "/session/link/not-a-token", "/register", "/invitations/not-a-token", "/nowhere"],
    "Volunteer": ["/me", "/me/calendar", "/me/messages", "/me/hours?month={month}", "/me/hours/new", "/me/hours/{own_entry}", "/me/away", "/shifts/{shift}/regular", "/regulars/{regular}", "/me/details", "/me/password", "/me/sessions", "/shifts?narrow=yes", "/shifts?show=week", "/shifts/{shift}"],
    "Coordinator": ["/me", "/attendance", "/shifts/{over}/attendance", "/hours", "/hours/{entry}", "/hours/sheet?position={position}", "/people/{person}/hours", "/reports/hours", "/reports/attendance", "/programs/{program}/funding", "/imports", "/calls", "/letters/new?shift={shift}", "/schedule", "/schedule?view=list", "/schedule?view=day", "/schedule/now", "/schedule/copy",
                    "/shifts/{shift}/move", "/shifts/{shift}/asks", "/shifts/new", "/shifts/{shift}", "/shifts/{shift}/edit",
                    "/shifts/{shift}/roster", "/shifts/{shift}/roster/regular?person={person}", "/people/{person}/regulars", "/shifts/{shift}/cancellation", "/people", "/people/new",
                    "/people/{person}", "/people/{person}/edit", "/placements", "/placements/{placement}/end",
                    "/programs", "/programs/{program}", "/programs/{program}/edit",
                    "/programs/{program}/positions/new", "/patterns",
                    "/patterns/new?program={program}", "/patterns/{pattern}", "/patterns/{pattern}/edit",
                    "/patterns/{pattern}/end", "/closures", "/closures/new", "/positions/{position}/edit", "/sites", "/sites/new"],
    "Administrator": ["/programs/new", "/sites/{site}/edit", "/people/{person}", "/wordings", "/wordings/signup.made/es"],
}  # fmt: skip

REPEATED = "main li:nth-child(n+7), main tr:nth-child(n+7), main h2.day-head ~ h2.day-head ~ *"
"""Rows that look like those before them; axe would take ten seconds for each long list."""

NO_PAGE = {
    "/shifts/{shift_id:id}/signup", "/shifts/{shift_id:id}/withdrawal", "/signups/{signup_id:id}",
    "/shifts/{shift_id:id}/roster.csv", "/session/kept", "/slots/{slot_id:id}",
    "/asks/{ask_id:id}",
    "/imports/{job_id:id}",
    "/session/who",
    "/calendar/{token}.ics",
    "/shifts/{shift_id:id}/event.ics",
    "/patterns/{pattern_id:id}/calendar.ics",
    "/calls/{call_id:id}",
    "/signups/{signup_id:id}/attendance",
    "/hours/questions/{question_id:id}",
    "/reports/hours.csv",
    "/help",
    "/help/{name}",
    "/help/pictures/{name}",
    "/reports/attendance.csv",
}  # fmt: skip
"""What answers with another page, or with a file."""


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
        "AND s.called_off_at IS NULL AND l.state = 'active' AND o.filled > 1 "
        "ORDER BY s.starts_at LIMIT 1"
    ).fetchone()
    (site,) = database.execute("SELECT min(id) FROM site").fetchone()
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
    database.close()
    return {
        "over": over, "entry": entry, "own_entry": own_entry, "month": day[:7],
        "regular": regular,
        "program": program, "pattern": pattern, "position": position, "shift": shift, "person": person,
        "placement": placement, "site": site,
    }  # fmt: skip


def problems(page, options: dict[str, object]) -> Iterator[str]:  # type: ignore[no-untyped-def]
    run = (
        "options => axe.run({resultTypes: ['violations'], ...options}).then(all => all.violations)"
    )
    for one in page.evaluate(run, options):
        yield f"{one['id']}: {one['nodes'][0]['html'][:200]} ({one['nodes'][0]['failureSummary'][:300]})"


@pytest.mark.parametrize(
    ("role", "path"), [(role, path) for role, paths in PAGES.items() for path in paths]
)
def test_axe_finds_nothing(as_role, ids, role, path):
    visitor = as_role(role)
    page = visitor.go(path.format(**ids))
    page.evaluate(
        "found => document.querySelectorAll(found).forEach(one => one.remove())", REPEATED
    )
    found = []
    page.evaluate(Axe().axe_script)
    for width, scheme, options in VIEWS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme}: {problem}" for problem in problems(page, options)]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} wide"
    assert not found
    assert not visitor.complaints


def test_every_page_is_looked_at(demo_file):
    """A new page has to join the list above."""
    looked_at = {_shape(path) for paths in PAGES.values() for path in paths}
    there = {
        _shape(one.path)
        for one in pages(demo_settings(demo_file))
        if isinstance(one, Page) and not isinstance(one, Post) and one.path not in NO_PAGE
    }
    assert there - looked_at == set()


def _shape(path: str) -> tuple[str, ...]:
    parts = path.partition("?")[0].strip("/").split("/")
    return tuple(
        "*" if part.startswith("{") or part in ("not-a-token", "signup.made", "es") else part
        for part in parts
    )

"""What the README promises to list is listed."""

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from portal.settings import PREFIX, Settings
from portal.words import CATALOGS

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
README = (ROOT / "README.md").read_text()


def test_every_setting_is_listed_and_nothing_else():
    listed = set(re.findall(r"^\| `(PORTAL_\w+)`", README, re.MULTILINE))
    assert listed == {
        PREFIX + field.name.upper() for field in fields(Settings) if field.compare
    } - {"PORTAL_DEMO"}


def test_every_dependency_is_listed_with_its_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for dependency in project["dependencies"]:
        name, version = re.match(r"([\w-]+)(?:\[\w+\])?==([\d.]+)", dependency).groups()
        assert any(
            line.startswith(f"| {name} ") and version.startswith(line.split()[2])
            for line in README.splitlines()
        ), dependency


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")),
    ids=lambda path: path.name,
)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)|src=\"([^\"]+)\"", path.read_text()):
        link = "".join(target)
        if not link.startswith("http"):
            assert (path.parent / link).exists(), link


def test_the_top_of_the_project_holds_what_it_should():
    hidden_or_made = re.compile(r"^\.|\.egg-info$|\.db|^bench\.json$|^__pycache__$")
    there = {path.name for path in ROOT.iterdir() if not hidden_or_made.search(path.name)}
    assert there == {
        "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "requirements.lock",
        "requirements-dev.lock", "portal", "migrations", "tests", "docs", "CONTRIBUTING.md",
    }  # fmt: skip


HELD, _, NOT_YET = (ROOT / "docs/security.md").read_text().partition("## Not yet")


def test_every_line_of_security_has_a_test_or_says_not_yet():
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    names = re.findall(r"def (?:test|soak)_(\w+)", tests)
    tested = {part for name in names for part in name.split("_") if re.fullmatch(r"[A-Z]\d+", part)}
    held = re.findall(r"^\| ([A-Z]\d+) \|", HELD, re.MULTILINE)
    assert len(held) > 55
    assert set(held) - tested == set()
    assert set(held) & set(re.findall(r"^\| ([A-Z]\d+) \|", NOT_YET, re.MULTILINE)) == set()


def test_no_line_of_the_house_rules_is_left_out():
    rules = SHARED / "SECURITY.md"
    if not rules.exists():
        pytest.skip("../shared/SECURITY.md is not here")
    now = rules.read_text().partition("## Now")[2].partition("## Next")[0]
    wanted = set(re.findall(r"(?:^|[.\s—])([A-Z]\d+) [A-Za-z`0-9]", now))
    here = set(re.findall(r"^\| ([A-Z]\d+) \|", HELD + NOT_YET, re.MULTILINE))
    assert wanted - here == set()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs/guide").glob("*.md")), ids=lambda path: path.name
)
def test_what_a_guide_names_in_bold_stands_on_the_screen(path):
    """Bold in a guide is a label: a sentence of the catalog, in the guide's language."""
    language = path.suffixes[0][1:] if len(path.suffixes) > 1 else "en"
    catalog = CATALOGS[language]
    english = CATALOGS["es"]._messages
    forms = [form for plural in CATALOGS[language]._plurals.values() for form in plural]
    labels = {catalog.gettext(source) for source in english} | set(forms)
    named = re.findall(r"\*\*(.+?)\*\*", path.read_text())
    assert len(named) > 5
    assert [name for name in named if name not in labels] == []


def test_the_figures_of_the_house_are_printed():
    command = [sys.executable, str(ROOT / ".ci/figures.py")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.split()[0] for line in said] == ["functions", "modules", "templates"]


def test_the_floors_are_drawn_as_they_are():
    made = subprocess.run(
        [sys.executable, ROOT / ".ci/floors.py", "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr


def test_recipes_name_files_that_are_there():
    """CONTRIBUTING sends no one to a file that has moved."""
    words = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"`((?:portal|tests|docs|migrations)/[\w./]+\.(?:py|md|html|po))`", words)
    assert len(named) > 15
    assert [one for one in named if not (ROOT / one).exists()] == []

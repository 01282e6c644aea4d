"""What the README promises to list is listed."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from portal.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_every_setting_is_listed_and_nothing_else():
    listed = set(re.findall(r"^\| `(PORTAL_\w+)`", README, re.MULTILINE))
    assert listed == {PREFIX + field.name.upper() for field in fields(Settings)} - {"PORTAL_DEMO"}


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
        "requirements-dev.lock", "portal", "migrations", "tests", "docs",
    }  # fmt: skip

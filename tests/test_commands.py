"""The command line: help for each, one clear line when something is wrong, accounts, the demo's start."""

import os
import re
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal import __version__
from portal.__main__ import main
from portal.db import Database
from tests.conftest import SETTINGS

COMMANDS = [
    (), ("demo",), ("serve",), ("migrate",), ("user",), ("user", "add"), ("user", "invite"),
    ("shell",), ("import",), ("import", "shifts"), ("import", "people"),
    ("backup",), ("restore",), ("upgrade",), ("doctor",), ("export",), ("audit",), ("audit", "verify"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder to work in, with good settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTAL_SECRET_KEY", SETTINGS.secret_key)
    monkeypatch.setenv("PORTAL_BASE_URL", SETTINGS.base_url)
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command):
    assert "Usage:" in run(*command, "--help")


def test_the_version():
    assert __version__ in run("--version")


def test_serving_without_a_secret_key_is_refused_with_how_to_make_one(folder, monkeypatch):
    monkeypatch.delenv("PORTAL_SECRET_KEY")
    said = run("serve", code=1)
    assert "PORTAL_SECRET_KEY" in said
    assert "secrets.token_urlsafe" in said
    assert list(folder.iterdir()) == []


def test_M4_serving_a_database_that_was_never_migrated_is_refused(folder):
    assert "portal migrate" in run("serve", code=1)


def test_migrating_twice_is_harmless(folder):
    assert run("migrate") == run("migrate")


def test_X2_the_first_administrator_comes_in_by_a_one_time_link(folder, open_browser, database):
    said = run("migrate")
    said = run("user", "add", "Ada Novak", "--email", "ada@example.org", "--role", "administrator")
    link = re.search(r"http\S+/invitations/\S+", said)
    assert link
    assert "7 days" in said
    assert link[0] not in run("user", "invite", "ada@example.org")


def test_a_coordinator_needs_a_program_that_is_there(folder):
    run("migrate")
    words = ("user", "add", "Cy", "--email", "cy@example.org", "--role", "coordinator")
    assert "none yet" in run(*words, code=1)
    assert "none yet" in run(*words, "--program", "Rides", code=1)


def test_inviting_somebody_unknown_says_so(folder):
    run("migrate")
    assert "Nobody here" in run("user", "invite", "who@example.org", code=1)


def test_a_busy_port_is_one_clear_line(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run("demo", "--port", str(port), code=1)
    assert said.strip().count("\n") == 0
    assert f"make demo PORT={port + 1}" in said
    assert list(folder.iterdir()) == []


def test_an_unwritable_folder_is_one_clear_line(folder, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    said = run("demo", "--port", "0", code=1)
    assert "not writable" in said


def test_a_wrong_setting_is_named(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_TIMEZONE", "Mars/Olympus")
    assert "PORTAL_TIMEZONE" in run("migrate", code=1)


def test_a_database_newer_than_the_program_is_refused(folder):
    run("migrate")
    database = Database("sqlite:///portal.db")
    with database.migrating() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.dispose()
    assert "newer" in run("user", "invite", "who@example.org", code=1)


def test_the_shell_reads_and_cannot_write(folder):
    run("migrate")
    words = "print(len(db.scalars(select(Person)).all()))\ndb.add(Person(name='Ana'))\ndb.flush()\n"
    said = CliRunner().invoke(main, ["shell"], input=words).output
    assert ">>> 0" in said.splitlines()
    assert "attempt to write a readonly database" in said or "readonly" in said

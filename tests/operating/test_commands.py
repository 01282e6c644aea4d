"""The commands of whoever runs the portal, and what the doctor notices."""

import csv
import os
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from portal.__main__ import main
from portal.audit.models import AuditEntry
from portal.columns import Base
from portal.messages.models import Mark
from portal.operating import doctor
from portal.people.identity_models import SignIn
from portal.people.models import Person
from portal.people.sessions import start_session
from tests.conftest import SETTINGS

pytestmark = pytest.mark.both_databases


@pytest.fixture
def run(agency, tmp_path, monkeypatch):
    """Run a command against the agency, in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTAL_SECRET_KEY", SETTINGS.secret_key)
    monkeypatch.setenv("PORTAL_BASE_URL", "https://volunteers.example.gov")
    url = agency.url.render_as_string(hide_password=False)
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)

    def command(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    return command


def test_a_backup_is_made_and_put_back(run, agency, time):
    assert "Backed up to one.backup." in run("backup", "one.backup")
    with agency.writing() as db:
        db.execute(update(Person).values(name="Nobody"))
    assert "Aborted" in run("restore", "one.backup", code=1)
    with agency.writing() as db:
        before = db.scalar(select(func.count()).select_from(SignIn)) or 0
        start_session(db, 1, "Phone", time.at)
    run("backup", "two.backup")
    said = run("restore", "two.backup", "--yes")
    with agency.reading() as db:  # a backup brings no session back to life
        assert db.scalar(select(func.count()).select_from(SignIn)) == 0 == before
        noted = db.scalars(select(AuditEntry.action).where(AuditEntry.action.like("data.%"))).all()
        assert noted[-1] == "data.restored"
    said = run("restore", "one.backup", "--yes")
    assert "is whole" in said
    assert "What was there before is in" in said
    with agency.reading() as db:
        assert db.scalar(select(Person.id).where(Person.name == "Nobody")) is None
    assert "no file" in run("restore", "three.backup", "--yes", code=1)
    assert "Nothing to do" in run("upgrade")


def test_the_doctor_says_what_is_wrong_and_what_to_do(run, agency, time, office_mail, monkeypatch):
    monkeypatch.setattr(doctor, "database_clock", lambda db, at: at)  # the tests' time is our own
    said = run("doctor", code=1)
    assert "wrong  backup: there is none yet. Run: portal backup FOLDER" in said
    assert "wrong  worker: it does not run. Start: portal worker" in said
    run("backup", "one.backup")
    with agency.writing() as db:  # a worker passed by
        db.merge(Mark(name="reminders", at=time.at))
    said = run("doctor")
    assert "wrong" not in said
    assert "well   database:" in said
    time.move(hours=27)
    said = run("doctor", code=1)
    assert "wrong  backup: the last one is of" in said
    time.move(days=-10)
    assert "the clock went back" in run("doctor", code=1)
    monkeypatch.setattr(doctor, "database_clock", lambda db, at: at + timedelta(minutes=1))
    assert "set up NTP" in run("doctor", code=1)


@pytest.fixture
def office_mail(office, monkeypatch):
    """A mail server that answers."""
    monkeypatch.setenv("PORTAL_SMTP_URL", office.settings.smtp_url)
    monkeypatch.setenv("PORTAL_MAIL_FROM", "portal@example.gov")


def test_the_doctor_goes_on_whatever_is_broken(run, monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://127.0.0.1:9")
    monkeypatch.setenv("PORTAL_MAIL_FROM", "portal@example.gov")
    assert "mail server: does not answer" in run("doctor", code=1)
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    assert "portal migrate" in run("doctor", code=1)
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "does not answer" in run("doctor", code=1)
    monkeypatch.setenv("PORTAL_TIMEZONE", "Mars")
    assert "PORTAL_TIMEZONE" in run("doctor", code=1)


def test_every_finding_has_a_fix(agency, time, monkeypatch):
    with agency.writing() as db:
        db.merge(Mark(name="reminders", at=time.at - timedelta(hours=1)))
    monkeypatch.setattr(doctor, "free_beside", lambda path: 1)
    url = agency.url.render_as_string(hide_password=False)
    found = list(doctor.examine({"PORTAL_DATABASE_URL": url}, time.at))
    wrong = {one.what for one in found if one.state == "wrong"}
    assert {"settings", "worker", "backup", "disk"} <= wrong


def test_everything_is_exported_with_a_dictionary_and_nothing_that_opens_something(
    run, agency, tmp_path
):
    with agency.writing() as db:
        db.execute(update(Person).where(Person.id == 1).values(name="=1+1"))
    said = run("export", "--all", "out")
    folder = tmp_path / "work" / "out"
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    assert {path.stem for path in folder.iterdir()} == {*tables, "dictionary"}
    assert f"{len(tables)} tables" in said
    with agency.reading() as db:
        for name, table in tables.items():
            with (folder / f"{name}.csv").open(newline="") as file:
                rows = list(csv.DictReader(file))
            assert len(rows) == db.scalar(select(func.count()).select_from(table)), name
            assert not [column for column in (rows[0] if rows else ()) if column.endswith("_hash")]
    people = (folder / "person.csv").read_text()
    assert "'=1+1" in people
    with (folder / "dictionary.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    about = {line["table"]: line["about"] for line in lines if not line["column"]}
    assert set(about) == set(tables)
    assert all(about.values())
    columns = {(line["table"], line["column"]) for line in lines if line["column"]}
    assert columns == {(name, column.name) for name, table in tables.items() for column in table.c}
    assert "not empty" in run("export", "--all", "out", code=1)

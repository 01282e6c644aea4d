"""The database module: types, the two ways in, and SQLite's conditions."""

import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Integer, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from portal import db as module
from portal.audit.models import AuditEntry
from portal.db import Database, sqlite_is_sound
from portal.people.models import Person, Status
from portal.reads import read
from portal.weather import Busy
from tests.read_models import untrue

both = pytest.mark.both_databases


def person(name: str, at: datetime) -> Person:
    return Person(name=name, created_at=at)


@both
def test_moments_come_back_in_utc(database):
    at = datetime(2026, 12, 1, 18, tzinfo=timezone(timedelta(hours=-5)))
    with database.writing() as db:
        db.add(person("Ana", at))
    with database.reading() as db:
        found = db.scalars(select(Person.created_at)).one()
    assert found == at
    assert found.utcoffset() == timedelta(0)


@both
def test_a_moment_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="without a zone"), database.writing() as db:
        db.add(person("Ana", datetime(2026, 12, 1)))  # noqa: DTZ001
        db.flush()


class Named(NamedTuple):
    """A person as a test prints them."""

    id: int
    name: str
    town: str = ""


@both
def test_a_read_model_has_the_columns_of_its_query(database, time):
    with database.writing() as db:
        db.add(person("Ana", time.at))
    with database.reading() as db:
        assert read(db, Named, select(Person.id, Person.name)) == [Named(1, "Ana")]
        with pytest.raises(TypeError, match="Named has other fields"):
            read(db, Named, select(Person.id, Person.email))


def test_a_read_model_that_is_not_what_it_says_is_found():
    assert untrue(Named(1, "Ana")) == []
    assert untrue(Named(1, None)) == ["Named.name: None"]
    assert untrue(Named("1", "Ana")) == ["Named.id: '1'"]


@both
def test_S6_a_reading_session_cannot_write(database):
    with pytest.raises(DBAPIError), database.reading() as db:
        db.execute(text("DELETE FROM person"))


@both
def test_raising_rolls_back(database, time):
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        db.add(person("Ana", time.at))
        db.flush()
        raise ZeroDivisionError
    with database.reading() as db:
        assert db.scalars(select(Person)).all() == []


@both
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
    ],
)
def test_U2_the_audit_is_append_only(database, time, statement):
    dialect = (
        "sqlite" if "REPLACE" in statement else "postgresql" if "TRUNCATE" in statement else ""
    )
    if dialect and database.dialect != dialect:
        return
    entry = {"at": time.at, "action": "test", "subject_kind": "test"}
    with database.writing() as db:
        db.add(AuditEntry(**entry))
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as db:
        db.execute(text(statement))


def test_D2_a_database_that_would_lose_commits_is_refused(database, monkeypatch):
    database.check()
    with database.writing() as db:
        db.connection().exec_driver_sql("PRAGMA busy_timeout=1")
    with pytest.raises(module.Unfit, match="busy_timeout"):
        database.check()


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_D3_only_sqlite_with_the_wal_fix_is_used(version, sound):
    assert sqlite_is_sound(version) is sound


def test_D3_an_old_sqlite_is_refused_with_what_to_do(monkeypatch, tmp_path):
    class Old:
        sqlite_version_info = (3, 40, 1)

    monkeypatch.setattr(module, "sqlite", Old)
    with pytest.raises(module.Unfit, match="pysqlite3"):
        Database(f"sqlite:///{tmp_path}/x.db")


def test_a_writer_gives_up_at_its_deadline(database, monkeypatch):
    monkeypatch.setattr(module, "LOCK_DEADLINE", 0.05)
    other = Database(database.url.render_as_string(False))
    with other.writing(), pytest.raises(Busy), database.writing():
        pass
    other.dispose()


@pytest.mark.both_databases
def test_M4_a_migrator_waits_longer_than_a_writer_for_another_one(database, monkeypatch):
    monkeypatch.setattr(module, "LOCK_DEADLINE", 0.05)
    monkeypatch.setattr(module, "TIMEOUTS", {"lock_timeout": "50ms", "statement_timeout": "50ms"})
    other, ended = Database(database.url.render_as_string(False)), []

    def migrate():
        with other.migrating():
            ended.append("in its turn")

    second = threading.Thread(target=migrate)
    with database.migrating():
        second.start()
        second.join(0.3)
        assert second.is_alive()
    second.join()
    assert ended == ["in its turn"]
    other.dispose()


def test_a_killed_writer_leaves_the_lock_free(database, monkeypatch):
    monkeypatch.setattr(module, "LOCK_DEADLINE", 5)
    program = (
        "import sys, portal.db\n"
        "with portal.db.Database(sys.argv[1]).writing():\n"
        "    print('in', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, database.url.render_as_string(False)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"in\n"
    holder.kill()
    holder.communicate()
    with database.writing() as db:
        db.execute(text("SELECT 1"))


def test_the_database_file_is_for_its_owner_only(tmp_path):
    Database(f"sqlite:///{tmp_path}/new.db").dispose()
    assert (tmp_path / "new.db").stat().st_mode & 0o077 == 0


WRITERS = """
import sys, threading, time
from sqlalchemy import text
from portal.db import Database
database, ends = Database(sys.argv[1], threads=8), time.monotonic() + float(sys.argv[2])
def write():
    while time.monotonic() < ends:
        with database.writing() as db:
            tries = db.execute(text("SELECT tries FROM attempts WHERE bucket = 'c2'")).scalar()
            db.execute(text("UPDATE attempts SET tries = :n WHERE bucket = 'c2'"), {"n": tries + 1})
        done.append(1)
done = []
threads = [threading.Thread(target=write) for _ in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
print(len(done))
"""
"""Eight threads that read, add one, and write, for so many seconds; prints how often."""


def many_writers(database, seconds: float) -> None:
    """Four such processes at once: every one of their writes is there, and nothing was locked out."""
    with database.writing() as db:
        db.execute(
            text("INSERT INTO attempts (bucket, window, tries, ends_at) VALUES ('c2', 0, 0, 1)")
        )
    command = [sys.executable, "-c", WRITERS, database.url.render_as_string(), str(seconds)]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    outputs = [process.communicate() for process in processes]
    assert [error for _, error in outputs] == [""] * 4
    with database.reading() as db:
        assert db.scalar(text("SELECT tries FROM attempts")) == sum(int(out) for out, _ in outputs)


def test_C2_many_writers_in_many_processes_are_never_locked_out(database):
    """For two seconds; `make soak` does it for a minute."""
    many_writers(database, 2)


def test_M2_a_table_is_copied_without_emptying_those_that_refer_to_it(database, cast, time):
    """SQLite changes a table by copying it; with foreign keys on, dropping the old one would cascade."""
    with database.writing() as db:
        db.execute(
            text(
                "CREATE TABLE child (id integer, person_id integer REFERENCES person ON DELETE CASCADE)"
            )
        )
        db.execute(text("INSERT INTO child SELECT id, id FROM person"))
    with database.migrating() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 0
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("person", reflect_kwargs={"resolve_fks": False}) as batch:
            batch.add_column(Column("shoe_size", Integer))
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    with database.reading() as db:
        people = db.scalar(text("SELECT count(*) FROM person"))
        assert db.scalar(text("SELECT count(*) FROM child")) == people > 0
        assert db.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.both_databases
def test_a_code_is_a_member_from_when_it_is_given(database, cast):
    with database.writing() as db:
        bo = db.get_one(Person, cast.bo)
        bo.status = "on_leave"
        assert bo.status is Status.ON_LEAVE
        with pytest.raises(LookupError, match="'gone' is no Status"):
            bo.status = "gone"
    with database.reading() as db:
        assert db.get_one(Person, cast.bo).status is Status.ON_LEAVE
        found = db.execute(select(Person.status).where(Person.id == cast.bo)).scalar_one()
        assert found is Status.ON_LEAVE


@pytest.mark.both_databases
def test_a_word_that_no_enum_knows_is_named_when_it_is_read(database, cast):
    with database.writing() as db:
        db.execute(text("UPDATE person SET status = 'gone' WHERE id = :id"), {"id": cast.bo})
    with database.reading() as db, pytest.raises(LookupError, match="'gone' is no Status"):
        db.get_one(Person, cast.bo)

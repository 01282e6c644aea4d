"""Migrations: forwards and backwards on populated data, alone, and all or nothing."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, delete, func, inspect, select, text, update

from portal import migrating, schema
from portal.act import Act, Ref
from portal.audit.log import record
from portal.columns import Base
from portal.db import Database, Unfit
from portal.outreach.talk_models import SpeakerOffer
from portal.people.identity_models import Identity, ProvedAddress, ProvedHow
from portal.people.models import Person, Status
from portal.permissions import COMMAND_LINE, Viewer
from portal.programs.scopes import is_staff
from tests.small_agency import small_agency

__all__ = ["small_agency"]

pytestmark = pytest.mark.both_databases


@pytest.fixture
def empty_database(dialect, tmp_path, postgres, worker_id):
    """A database without any table."""
    if dialect == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/fresh.db")
    else:
        name = f"fresh_{worker_id}"
        postgres.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        postgres.run(f"CREATE DATABASE {name}")
        database = Database(postgres.url(name))
    yield database
    database.dispose()


@pytest.fixture
def filled(dialect, empty_database, small_agency, postgres):
    """A migrated database with a small demo agency in it."""
    template = small_agency(dialect)
    if dialect == "sqlite":
        shutil.copy(template, empty_database.url.database)
    else:
        name = empty_database.url.database
        postgres.run(f"DROP DATABASE {name}")
        postgres.run(f"CREATE DATABASE {name} TEMPLATE {template}")
    return empty_database


def tables(database: Database) -> set[str]:
    with database.reading() as db:
        return set(inspect(db.connection()).get_table_names()) - {"alembic_version"}


def fingerprints(database: Database) -> dict[str, tuple[int, str]]:
    """Rows and a hash of each table's content."""
    found = {}
    with database.reading() as db:
        for table in Base.metadata.sorted_tables:
            rows = db.execute(table.select().order_by(*table.primary_key)).all()
            found[table.name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


def test_M1_up_and_down_and_up_again(filled):
    """The newest ten revisions; `make soak` goes back to nothing."""
    schema.check(filled)
    before = fingerprints(filled)
    assert before["signup"][0] > 20
    migrating.migrate(filled)  # nothing left to do, so nothing is touched
    assert fingerprints(filled) == before
    migrating.go_back(filled, f"{int(schema.newest()) - 10:04}")
    assert tables(filled) < {table.name for table in Base.metadata.sorted_tables}
    migrating.migrate(filled)
    assert tables(filled) == {table.name for table in Base.metadata.sorted_tables}


def test_old_rows_are_carried_over(filled, time, capsys):
    """0016 gives every reason its moment; 0017 counts an address as proved for whoever holds it alone and
    signed in."""
    with filled.writing() as db:
        db.execute(delete(Identity))
        alone, shares, edited, never = db.scalars(
            select(Person.id).where(Person.email != "", ~is_staff()).order_by(Person.id).limit(4)
        ).all()
        db.execute(update(Person).where(Person.id == shares).values(email="us@example.org"))
        db.execute(update(Person).where(Person.id == never).values(email="US@example.org"))
        for person in (alone, shares, edited):
            own = Viewer(person_id=person)
            record(Act(db, own, time.at), "session.started", Ref("person", person, person))
        record(Act(db, COMMAND_LINE, time.at), "person.edited", Ref("person", edited, edited))
    migrating.go_back(filled, "0015")
    capsys.readouterr()
    migrating.migrate(filled)
    printed = capsys.readouterr().out
    columns = (
        SpeakerOffer.clash_reason, SpeakerOffer.clash_reason_at, SpeakerOffer.made_at,
        SpeakerOffer.clash_busy,
    )  # fmt: skip
    with filled.reading() as db:
        found = db.execute(select(*columns)).all()
        proved = db.execute(select(ProvedAddress.person_id, ProvedAddress.how)).all()
        could = db.scalar(
            select(func.count()).where(Person.email != "", Person.status != Status.ENDED)
        )
    assert {bool(row.clash_reason) for row in found} == {True, False}
    for row in found:
        given = bool(row.clash_reason)
        assert (row.clash_reason_at, row.clash_busy) == (row.made_at if given else None, given)
    assert proved == [(alone, ProvedHow.UPGRADE)]
    assert f"Before, {could} people could sign in. Now 1 still can" in printed


def test_requests_to_join_become_applications_and_come_back(filled, time):
    """0025: those that were open or declined, with their dates, decider and reason, there and back again."""
    migrating.go_back(filled, "0024")
    with filled.writing() as db:
        db.execute(text("DELETE FROM placement WHERE state IN ('asked', 'declined')"))
        person, position, program, staff = db.execute(
            text("SELECT person_id, position_id, program_id, person_id + 1 FROM placement LIMIT 1")
        ).one()
        others = [
            one
            for one in db.scalars(
                text("SELECT id FROM position WHERE program_id = :it"), {"it": program}
            )
            if one != position
        ]
        at = f"{time.at:%Y-%m-%d %H:%M:%S}.000000" if filled.dialect == "sqlite" else time.at
        rows = [
            {"state": "asked", "position": others[0], "asked": at, "by": None, "at": None, "why": ""},
            {"state": "declined", "position": others[1], "asked": at, "by": staff, "at": at, "why": "Full"},
        ]  # fmt: skip
        for row in rows:
            db.execute(
                text(
                    "INSERT INTO placement (person_id, position_id, program_id, state, asked_at,"
                    " decided_by_id, decided_at, reason) VALUES (:person, :position, :program, :state,"
                    " :asked, :by, :at, :why)"
                ),
                row | {"person": person, "program": program},
            )
    before = placements_of(filled)
    migrating.migrate(filled)
    with filled.reading() as db:
        moved = db.execute(
            text(
                "SELECT state, reason, decided_by_id, decline_reason FROM application"
                " ORDER BY position_id"
            )
        ).all()
        assert {tuple(row) for row in moved} == {
            ("submitted", "", None, None), ("declined", "Full", staff, "earlier"),
        }  # fmt: skip
        assert (
            db.scalar(
                text("SELECT count(*) FROM placement WHERE state <> 'active' AND state <> 'ended'")
            )
            == 0
        )
        assert db.scalar(text("SELECT count(*) FROM application_event")) == 3
        open_roles = db.scalar(
            text(
                "SELECT count(*) FROM position JOIN program ON program.id = position.program_id"
                " WHERE program.visibility = 'public'"
            )
        )
        assert db.scalar(text("SELECT count(*) FROM opportunity")) == open_roles
    migrating.go_back(filled, "0024")
    assert placements_of(filled) == before
    migrating.migrate(filled)


def placements_of(database: Database) -> list[tuple]:
    """Every placement, column by column."""
    with database.reading() as db:
        rows = db.execute(
            text(
                "SELECT id, person_id, position_id, program_id, state, asked_at, starts_on, ends_on,"
                " decided_by_id, decided_at, reason FROM placement ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_models_are_what_the_migrations_make(database):
    with database.migrating() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            one
            for one in compare_metadata(context, Base.metadata)
            if "coalesce" not in str(one) and "search_key" not in str(one)
        ]
    assert differences == []


def test_M3_a_failed_migration_leaves_everything_as_it_was(empty_database, monkeypatch):
    migrating.migrate(empty_database)
    before = tables(empty_database)

    def broken(config, to):
        with config.attributes["database"].migrating() as connection:
            connection.execute(text("CREATE TABLE half (id INTEGER)"))
            connection.execute(text("DROP TABLE once_value"))
            raise RuntimeError("broken half-way")

    monkeypatch.setattr(command, "upgrade", broken)
    with pytest.raises(RuntimeError, match="half-way"):
        migrating.migrate(empty_database)
    assert tables(empty_database) == before


def test_M4_two_migrators_do_it_once(empty_database):
    environ = os.environ | {"PORTAL_DATABASE_URL": empty_database.url.render_as_string(False)}
    command_line = [sys.executable, "-m", "portal", "migrate"]
    runs = [
        subprocess.Popen(
            command_line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(2)
    ]
    said = [run.communicate()[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    schema.check(empty_database)


@pytest.mark.parametrize(("version", "says"), [("0000", "older"), ("9999", "newer")])
def test_M4_a_database_of_another_version_is_refused(database, version, says):
    engine = create_engine(
        database.url.set(drivername="postgresql+psycopg")
        if database.dialect == "postgresql"
        else database.url
    )
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    try:
        with pytest.raises(Unfit, match=says):
            schema.check(database)
    finally:
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :v"), {"v": schema.newest()}
            )
        engine.dispose()


def test_an_empty_database_is_refused_with_the_command_to_run(empty_database):
    with pytest.raises(Unfit, match="portal migrate"):
        schema.check(empty_database)

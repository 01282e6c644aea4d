"""Upgrading: checked, backed up, migrated, verified; or everything as it was (M1, M3, M4)."""

import pytest
from sqlalchemy import text

from portal import migrating, schema
from portal.db import Unfit
from portal.operating import backups, upgrading
from tests.operating.conftest import fingerprints

pytestmark = pytest.mark.both_databases


@pytest.fixture
def older(agency):
    """The agency's database, as the version before this one had it."""
    before = f"{int(schema.newest()) - 1:04}"
    migrating.go_back(agency, before)
    return agency


NOTED = ("mark", "audit_entry")
"""Where it is noted that a backup was made."""


def counts(database):
    with database.reading() as db:
        found = backups.counts(db.connection())
    return {name: rows for name, rows in found.items() if name not in NOTED}


def test_M4_it_backs_up_before_it_migrates_and_verifies_after(older, tmp_path, time):
    said = []
    before = counts(older)
    upgrading.upgrade(older, tmp_path, time.at, said.append)
    schema.check(older)
    after = counts(older)
    assert {name: after[name] for name in before} == before
    assert len(list(tmp_path.glob("portal-*.backup"))) == 1
    assert said[-1] == f"The database is at version {schema.newest()}."
    upgrading.upgrade(older, tmp_path, time.at, said.append)
    assert "Nothing to do" in said[-1]
    assert len(list(tmp_path.glob("portal-*.backup"))) == 1


def test_M3_a_migration_that_fails_leaves_everything_as_it_was(older, tmp_path, time, monkeypatch):
    before = counts(older)

    def fails(database):
        with database.migrating() as connection:
            connection.execute(text("DELETE FROM signup"))
            raise ZeroDivisionError

    monkeypatch.setattr(migrating, "migrate", fails)
    with pytest.raises(Unfit, match="nothing was changed"):
        upgrading.upgrade(older, tmp_path, time.at, lambda words: None)
    assert counts(older) == before


def test_a_migration_that_loses_rows_is_undone_from_the_backup(older, tmp_path, time, monkeypatch):
    before = counts(older)
    migrate = migrating.migrate

    def loses(database):
        migrate(database)
        with database.writing() as db:
            db.execute(text("DELETE FROM commitment"))

    monkeypatch.setattr(migrating, "migrate", loses)
    with pytest.raises(Unfit, match="rows are missing in commitment"):
        upgrading.upgrade(older, tmp_path, time.at, lambda words: None)
    assert counts(older) == before
    with older.reading() as db:
        assert schema.version_of(db.connection()) < schema.newest()


def test_too_little_room_or_no_folder_stops_it_before_anything_is_touched(
    older, tmp_path, time, monkeypatch
):
    with pytest.raises(Unfit, match="no folder"):
        upgrading.upgrade(older, tmp_path / "nowhere", time.at, print)
    monkeypatch.setattr(backups, "free_beside", lambda path: 1000)
    with pytest.raises(Unfit, match="too little room"):
        upgrading.upgrade(older, tmp_path, time.at, print)
    assert list(tmp_path.glob("portal-*.backup")) == []


def test_an_empty_database_is_made_and_a_newer_one_refused(place, tmp_path, time):
    database = place("empty")
    upgrading.upgrade(database, tmp_path, time.at, lambda words: None)
    schema.check(database)
    assert fingerprints(database)["person"][0] == 0
    with database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unfit, match="newer than this program"):
        upgrading.upgrade(database, tmp_path, time.at, print)

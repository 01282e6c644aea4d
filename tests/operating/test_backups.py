"""Backups and putting them back: whole under load, checked before anything is replaced (B1, B2)."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from portal import schema
from portal.db import Unfit
from portal.folders import remove_left_over
from portal.operating import backups
from portal.people.models import Person
from tests.operating.conftest import fingerprints

pytestmark = pytest.mark.both_databases


def test_B1_a_backup_under_load_is_whole(agency, place, tmp_path, time):
    """Writers add two people at a time; no backup may hold one of a pair."""
    stop, wrong = threading.Event(), []

    def write(who: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                with agency.writing() as db:
                    for half in "ab":
                        db.add(Person(name=f"Pair {who} {number} {half}", created_at=time.at))
                        db.flush()
            except Exception as error:
                wrong.append(error)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    for one in writers:
        one.start()
    paths = [
        backups.make(agency, tmp_path / f"{index}.backup", time.move(seconds=1))
        for index in range(3)
    ]
    stop.set()
    for one in writers:
        one.join()
    assert not wrong
    seen = []
    for index, path in enumerate(paths):
        target = place(f"copy{index}")
        backups.put_back(target, path, time.at)
        with target.reading() as db:
            pairs = select(func.count()).where(Person.name.like("Pair %"))
            seen.append(db.scalar(pairs))
    assert all(number % 2 == 0 for number in seen)
    assert seen == sorted(seen)
    assert seen[-1] > 0


def test_B2_a_restore_drill_into_a_new_place(agency, place, tmp_path, time):
    before = fingerprints(agency)
    assert before["signup"][0] > 20
    path = backups.make(agency, tmp_path / "one.backup", time.at)
    assert path.stat().st_mode & 0o077 == 0
    target = place("elsewhere")
    assert backups.put_back(target, path, time.at) is None
    assert fingerprints(target) == before
    target.check()
    schema.check(target)
    with target.writing() as db:  # it serves: numbers go on after the highest
        db.add(Person(name="New One", created_at=time.at))


def test_putting_back_replaces_everything_and_keeps_what_was_there(agency, tmp_path, time):
    before = fingerprints(agency)
    path = backups.make(agency, tmp_path / "one.backup", time.at)
    with agency.writing() as db:
        db.add(Person(name="Later", created_at=time.at))
        db.execute(text("CREATE TABLE stray (id integer)"))
    after = fingerprints(agency)
    kept = backups.put_back(agency, path, time.at)
    assert fingerprints(agency) == before
    with agency.reading() as db:
        assert "stray" not in schema.tables(db.connection())
    backups.put_back(agency, kept, time.at)
    assert fingerprints(agency) == after


DAMAGES = {
    "cut": lambda data: data[: len(data) * 2 // 3],
    "flipped": lambda data: (
        data[: len(data) // 2]
        + bytes(byte ^ 0xFF for byte in data[len(data) // 2 : len(data) // 2 + 4096])
        + data[len(data) // 2 + 4096 :]
    ),
    "text": lambda data: b"hello",
    "empty": lambda data: b"",
}


def test_a_damaged_backup_is_refused_and_nothing_is_touched(agency, tmp_path, time):
    path = backups.make(agency, tmp_path / "one.backup", time.at)
    whole, before = path.read_bytes(), fingerprints(agency)
    for damaged in DAMAGES.values():
        path.write_bytes(damaged(whole))
        with pytest.raises(Unfit):
            backups.put_back(agency, path, time.at)
        assert fingerprints(agency) == before
    path.unlink()
    with pytest.raises(Unfit):
        backups.put_back(agency, path, time.at)
    assert fingerprints(agency) == before
    assert {one.suffix for one in tmp_path.iterdir()} <= {
        ".backup",
        ".db",
        ".db-wal",
        ".db-shm",
        ".lock",
    }


def test_a_backup_of_a_newer_version_is_refused(agency, tmp_path, time):
    with agency.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unfit, match="newer than this program"):
        backups.make(agency, tmp_path / "one.backup", time.at)


def test_a_folder_keeps_the_newest_and_nothing_else_is_touched(agency, tmp_path, time):
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "portal-notes.backup").write_text("mine")
    for _ in range(4):
        last = backups.make(agency, folder, time.move(days=1), keep=2)
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert last.name in names
    assert "portal-notes.backup" in names
    with pytest.raises(Unfit, match="exists already"):
        backups.make(agency, last, time.at)
    with pytest.raises(Unfit, match="no folder"):
        backups.make(agency, tmp_path / "nowhere" / "x.backup", time.at)


def test_the_password_of_the_database_stands_in_no_command_line(
    agency, tmp_path, time, monkeypatch
):
    if agency.dialect == "sqlite":
        return
    seen = []
    plain = backups.subprocess.run

    def run(command, **kwargs):
        seen.append((command, kwargs["env"].get("PGPASSWORD")))
        return plain(command, **kwargs)

    monkeypatch.setattr(backups.subprocess, "run", run)
    agency.url = agency.url.set(password="hunter2-secret")
    backups.make(agency, tmp_path / "one.backup", time.at + timedelta(days=1))
    assert seen[0][1] == "hunter2-secret"
    assert "hunter2" not in str([command for command, _ in seen])


@pytest.mark.parametrize("damage", ["header", "cut"])
def test_a_damaged_database_is_replaced_and_its_files_are_kept(agency, tmp_path, time, damage):
    if agency.dialect == "postgresql":
        return  # its files are not ours
    before = fingerprints(agency)
    backup = backups.make(agency, tmp_path / "one #1.backup", time.at)
    agency.dispose()
    path = Path(agency.url.database)
    data = path.read_bytes()
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    path.write_bytes(b"x" * 100 + data[100:] if damage == "header" else data[: len(data) // 3])
    kept = backups.put_back(agency, backup, time.at)
    assert fingerprints(agency) == before
    assert kept.exists()
    assert path.stat().st_mode & 0o077 == 0
    agency.check()


def test_what_a_killed_backup_left_is_removed_by_the_next(tmp_path):
    old, new = tmp_path / ".portal-x.backup.unfinished", tmp_path / ".portal-y.backup.unfinished"
    for one in (old, new):
        one.write_bytes(b"everything there is")
    now = datetime.now(UTC)
    os.utime(old, (now.timestamp() - 90_000,) * 2)
    remove_left_over(tmp_path, ".portal-*.unfinished", now)
    assert not old.exists()
    assert new.exists()

"""U2: the worker seals the audit, and `portal audit verify` notices whatever was done to it since."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from portal.act import Act, Ref
from portal.audit import seals
from portal.audit.log import record
from portal.audit.models import AuditEntry, AuditSeal
from portal.permissions import NOBODY
from portal.settings import Settings
from tests import build
from tests.worker import round_of_work

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sealed(database, cast, time):
    """A few entries, sealed by the worker."""
    round_of_work(database, Settings(), time.at)
    with database.reading() as db:
        found = seals.verify(db)
    assert found.sealed > 10
    assert (found.unsealed, found.wrong) == (0, "")
    return database


def tampered(database, *statements: str) -> None:
    """Someone with the keys to the database takes the triggers off and changes the audit."""
    with database.migrating() as connection:
        if database.dialect == "sqlite":
            names = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
            )
            for (name,) in names.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def verdict(database, head=""):
    with database.reading() as db:
        return seals.verify(db, head)


def test_U2_new_entries_are_unsealed_until_the_worker_comes(sealed, cast, time):
    before = verdict(sealed)
    with sealed.writing() as db:
        build.person(db, "New One", time.at)
    found = verdict(sealed)
    assert (found.sealed, found.unsealed, found.head) == (before.sealed, 1, before.head)
    round_of_work(sealed, Settings(), time.at)
    after = verdict(sealed, before.head)  # the seal that was noted is still part of the chain
    assert (after.sealed, after.unsealed, after.wrong) == (before.sealed + 1, 0, "")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_entry SET actor_id = NULL, detail = 'x' WHERE id = 4", "entry 4"),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE id = 4", "entry 4"),
        ("UPDATE audit_seal SET hash = 'x' WHERE id = 3", "changed"),
        ("DELETE FROM audit_seal WHERE id = 3", "seal 3 is missing"),
        ("DELETE FROM audit_entry WHERE id = 4", "entry 4 was removed"),
    ],
)
def test_U2_what_was_changed_or_removed_is_noticed(sealed, statement, words):
    before = verdict(sealed)
    tampered(sealed, statement)
    found = verdict(sealed)
    assert words in found.wrong
    assert 0 < found.sealed < 5
    removed = statement.startswith("DELETE FROM audit_entry")
    assert found.sealed + found.unsealed == before.sealed - removed
    assert found.head != before.head


def test_U2_an_end_that_was_cut_off_is_noticed_by_a_seal_noted_elsewhere(sealed):
    head = verdict(sealed).head
    with sealed.reading() as db:
        last = db.scalars(select(AuditSeal).order_by(AuditSeal.id.desc())).first()
    tampered(
        sealed, f"DELETE FROM audit_seal WHERE id = {last.id}",
        f"DELETE FROM audit_entry WHERE id = {last.entry_id}",
    )  # fmt: skip
    assert verdict(sealed).wrong == ""
    assert "cut off" in verdict(sealed, head).wrong


@pytest.mark.parametrize("verb", ["UPDATE audit_seal SET hash = 'x'", "DELETE FROM audit_seal"])
def test_U2_seals_are_append_only(sealed, verb):
    with pytest.raises(Exception, match="append-only"), sealed.writing() as db:
        db.execute(text(verb))


def test_U2_several_who_seal_at_once_make_one_chain(database, cast, time):
    with database.writing() as db:
        for number in range(1, 3000):
            record(Act(db, NOBODY, time.at), "test.made", Ref("test", number))

    def work(_):
        for _ in range(3):
            with database.writing() as db:
                seals.seal(db)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    found = verdict(database)
    assert found.wrong == ""
    assert found.unsealed == 0
    with database.reading() as db:
        sealed = db.scalars(select(AuditSeal.entry_id)).all()
        assert sorted(sealed) == sorted(db.scalars(select(AuditEntry.id)).all())

"""The audit as auditors read it: who did what to which record, and nothing of what it said."""

import pytest
from sqlalchemy import select

from portal.act import Act, Ref
from portal.audit.log import record
from portal.audit.models import AuditEntry
from portal.oversight import lines
from portal.people import memberships
from portal.permissions import Role
from tests import build
from tests.build import OFFICE

both = pytest.mark.both_databases


@pytest.fixture
def aud(database, cast, time) -> int:
    """An auditor."""
    with database.writing() as db:
        person = build.person(db, "Aud Lind", time.at).id
        memberships.grant(Act(db, OFFICE, time.at), person, Role.AUDITOR, None)
        return person


@both
def test_P2_lines_of_a_program_that_is_not_public_are_left_out(database, cast, time):
    with database.writing() as db:
        act = Act(db, build.viewer(cast.cy), time.at)
        for program in (cast.rides, cast.shelter, cast.testing, None):
            record(act, f"probe.{program}", Ref("probe", 7, cast.ana, program))
    with database.reading() as db:
        found = lines.page(db, "", upto=None, zone="America/New_York").rows
        probes = [row.action for row in found if row.subject_kind == "probe"]
        assert probes == ["probe.None", f"probe.{cast.rides}"]
        assert [row.program for row in found if row.action == f"probe.{cast.rides}"] == ["Rides"]
        before = lines.page(
            db, "", upto=time.at.date().replace(day=1).replace(year=2020), zone="America/New_York"
        )
        assert before.rows == []


def test_an_auditor_reads_who_and_what_and_that_is_noted(database, cast, time, aud, as_):
    with database.writing() as db:
        act = Act(db, build.viewer(cast.cy), time.at)
        record(act, "check.determined", Ref("check", 7, cast.bo, cast.rides), "secret_code")
    text = as_(aud).get("/audit").text
    assert "check.determined" in text
    assert "Cy Ortega" in text
    assert "secret_code" not in text
    assert "Bo Tanaka" not in text
    with database.reading() as db:
        read = select(AuditEntry.actor_id).where(AuditEntry.action == "audit.read")
        assert db.scalars(read).all() == [aud]
    for other in (cast.cy, cast.ada, cast.ana):
        assert as_(other).client.get("/audit").status_code == 404


@pytest.mark.parametrize(
    "path", ["/people", "/cases", "/matches", "/shifts/new", "/reports/hours", "/emergency-access"]
)
def test_an_auditor_opens_nothing_else(aud, as_, path):
    assert as_(aud).client.get(path).status_code == 404

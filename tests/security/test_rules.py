"""Rules about rights, each asked directly: what a verb refuses, and whose rows alone it touches."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.people import addresses, identities, memberships, places, proofs
from portal.people.identity_models import Identity, KnownPlace, OfficeCode
from portal.people.models import Membership, Person, Status
from portal.people.places import Place
from portal.permissions import GRANTS, Permission, Role, needs_second_step
from portal.programs import authority, placements, scopes
from portal.programs.models import Placement, PlacementState, Position
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from tests import build
from tests.conftest import SETTINGS

pytestmark = pytest.mark.both_databases

GRANTED = {
    Role.ADMINISTRATOR: {
        Permission.AGENCY_MANAGE, Permission.CALLS_MAKE, Permission.CASES_EMERGENCY, Permission.CREDENTIALS_SEE, Permission.CREDENTIALS_VERIFY, Permission.HOURS_APPROVE,
        Permission.OUTREACH_MANAGE, Permission.PEOPLE_MANAGE, Permission.PLACEMENTS_DECIDE, Permission.PROGRAMS_MANAGE, Permission.REPORTS_READ,
        Permission.REQUIREMENTS_MANAGE, Permission.SHIFTS_MANAGE, Permission.SITES_MANAGE, Permission.SUPERVISION_SEE,
        Permission.TRAINING_MANAGE, Permission.WAIVERS_GRANT,
    },
    Role.COORDINATOR: {
        Permission.CALLS_MAKE, Permission.CASES_EMERGENCY, Permission.CASES_REQUEST, Permission.CREDENTIALS_SEE, Permission.CREDENTIALS_VERIFY, Permission.HOURS_APPROVE, Permission.OUTREACH_MANAGE,
        Permission.PEOPLE_MANAGE, Permission.PLACEMENTS_DECIDE, Permission.PROGRAMS_MANAGE, Permission.REPORTS_READ,
        Permission.REQUIREMENTS_MANAGE, Permission.SHIFTS_MANAGE, Permission.SITES_MANAGE, Permission.SUPERVISION_SEE,
        Permission.TRAINING_MANAGE, Permission.WAIVERS_GRANT,
    },
    Role.SCREENER: {
        Permission.CALLS_MAKE, Permission.CREDENTIALS_SEE, Permission.CREDENTIALS_VERIFY, Permission.SCREENING_HANDLE,
    },
    Role.TRAINER: {
        Permission.CALLS_MAKE, Permission.TRAINING_MANAGE,
    },
    Role.SUPERVISOR: {
        Permission.CASES_EMERGENCY, Permission.CASES_FOLLOW, Permission.SUPERVISION_SEE,
    },
    Role.OUTREACH_CLERK: {
        Permission.CALLS_MAKE, Permission.OUTREACH_MANAGE,
    },
    Role.PRESENTER: set(),
    Role.INCIDENT_RECEIVER: {Permission.INCIDENTS_RECEIVE},
    Role.CASEWORKER: {Permission.CASES_REQUEST, Permission.CASES_READ, Permission.CASES_FOLLOW},
    Role.ON_CALL: set(),
    Role.ON_CALL_NOW: {Permission.SUPERVISION_SEE, Permission.CASES_EMERGENCY},
    Role.AUDITOR: {Permission.AUDIT_READ},
    Role.PRIVACY_OFFICER: {Permission.AUDIT_READ, Permission.CASES_OVERSEE},
}  # fmt: skip
"""Which staff role holds which permission."""


def names(db, scope) -> set[str]:
    return set(db.scalars(scope.with_only_columns(Person.name)))


class TestMemberships:
    @pytest.mark.parametrize(
        ("role", "program"), [(Role.ADMINISTRATOR, "rides"), (Role.COORDINATOR, None)]
    )
    def test_a_role_needs_the_right_reach(self, database, cast, time, role, program):
        with database.writing() as db, pytest.raises(Refused) as refused:
            act = Act(db, build.OFFICE, time.at)
            memberships.grant(act, cast.bo, role, getattr(cast, program) if program else None)
        assert "program" in refused.value.fields

    def test_the_same_role_is_not_held_twice(self, database, cast, time):
        with database.writing() as db, pytest.raises(Refused, match="already"):
            memberships.grant(Act(db, build.OFFICE, time.at), cast.cy, Role.COORDINATOR, cast.rides)

    def test_the_last_administrator_stays(self, database, cast, time):
        with database.writing() as db, pytest.raises(Refused):
            held = db.scalars(select(Membership.id).filter_by(person_id=cast.ada)).one()
            memberships.end(Act(db, build.OFFICE, time.at), held)

    def test_U4_giving_and_ending_a_role_are_noted(self, database, cast, time):
        with database.writing() as db:
            act = Act(db, build.OFFICE, time.at)
            made = memberships.grant(act, cast.bo, Role.TRAINER, cast.rides)
            memberships.end(act, made.id)
        with database.reading() as db:
            noted = select(AuditEntry.action, AuditEntry.person_id, AuditEntry.detail).where(
                AuditEntry.subject_kind == "membership", AuditEntry.person_id == cast.bo
            )
            assert db.execute(noted.order_by(AuditEntry.id)).all() == [
                ("membership.granted", cast.bo, "trainer"),
                ("membership.ended", cast.bo, "trainer"),
            ]


class TestPlacements:
    def placement(self, db, cast) -> Placement:
        return db.scalars(
            select(Placement).filter_by(person_id=cast.bo, position_id=cast.driver)
        ).one()

    def test_a_role_ends_once_and_not_before_it_began(self, database, cast, time):
        with database.writing() as db, pytest.raises(Refused) as refused:
            act = Act(db, build.OFFICE, time.at)
            placements.end_placement(act, self.placement(db, cast), date(2025, 1, 1), "")
        assert "ends_on" in refused.value.fields
        with database.writing() as db:
            act = Act(db, build.OFFICE, time.at)
            placements.end_placement(act, self.placement(db, cast), time.at.date(), "")
        with database.writing() as db, pytest.raises(Refused, match="already ended"):
            act = Act(db, build.OFFICE, time.at)
            placements.end_placement(act, self.placement(db, cast), time.at.date(), "")

    def test_a_closed_role_takes_nobody_new(self, database, cast, time):
        with database.writing() as db:
            db.get_one(Position, cast.desk).closed_at = time.at
        with database.writing() as db, pytest.raises(Refused, match="new volunteers"):
            person, position = db.get_one(Person, cast.bo), db.get_one(Position, cast.desk)
            placements.place(Act(db, build.OFFICE, time.at), person, position, time.at.date())

    def test_ending_somebody_ends_their_roles_and_nobody_elses(self, database, cast, time):
        with database.writing() as db:
            placements.end_all_of(Act(db, build.OFFICE, time.at), cast.bo, time.at.date(), "")
        with database.reading() as db:
            ended = select(Placement.person_id).where(Placement.state == PlacementState.ENDED)
            assert set(db.scalars(ended)) == {cast.bo}


class TestScopes:
    def test_A9_whom_one_may_give_a_role(self, database, cast, time):
        """Those of one's own programs, who asked to join one, and whom no program placed yet."""
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        with database.writing() as db:
            new = build.person(db, "Nina New", time.at)
            asks = build.person(db, "Abe Asks", time.at)
            build.application(db, asks.id, cast.driver, time.at)
            own = Act(db, build.OFFICE, time.at)
            placements.end_all_of(own, cast.ana, time.at.date() - timedelta(days=1), "")
            found = names(db, scopes.placeable_people(cy))
            assert {"Bo Tanaka", new.name, asks.name} <= found
            assert not {"Hana Weiss", "Wes Lund", "Ana Reyes", "Ada Novak"} & found
            assert asks.name not in names(db, scopes.managed_people(cy))

    def test_Z4_who_was_staff_is_in_the_pool_again(self, database, cast, time):
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        with database.writing() as db:
            one = build.person(db, "Tess", time.at)
            act = Act(db, build.OFFICE, time.at)
            made = memberships.grant(act, one.id, Role.TRAINER, cast.testing)
            assert "Tess" not in names(db, scopes.visible_people(cy))
            memberships.end(act, made.id)
            assert "Tess" in names(db, scopes.visible_people(cy))

    def test_which_staff_take_a_second_step(self):
        assert {role for role in Role if needs_second_step(frozenset({role}))} == {
            Role.SCREENER,
            Role.INCIDENT_RECEIVER,
            Role.CASEWORKER,
            Role.PRIVACY_OFFICER,
        }
        assert needs_second_step(frozenset({Role.SCREENER, Role.TRAINER}))
        assert not needs_second_step(frozenset())
        clerk = build.viewer(1, (Role.OUTREACH_CLERK, None))
        assert clerk.may(Permission.CALLS_MAKE)
        assert not clerk.may(Permission.PEOPLE_MANAGE)


class TestOthersAreLeftAlone:
    """A verb about one person changes nothing of another."""

    def accounts(self, database, cast, time) -> None:
        with database.writing() as db:
            for person in (cast.ana, cast.bo):
                address = db.get_one(Person, person).email
                db.add(
                    Identity(
                        person_id=person, address=address, password_hash="old", created_at=time.at
                    )
                )
                build.prove(db, person, time.at)

    def hashes(self, database) -> dict[int, str]:
        with database.reading() as db:
            return dict(db.execute(select(Identity.person_id, Identity.password_hash)).all())

    def test_a_new_password_is_ones_own(self, database, cast, time):
        self.accounts(database, cast, time)
        with database.writing() as db:
            identities.change_password(Act(db, build.viewer(cast.ana), time.at), "new")
        assert self.hashes(database) == {cast.ana: "new", cast.bo: "old"}

    def test_a_code_of_the_office_ends_ones_own_earlier_code_only(self, database, cast, time):
        with database.writing() as db:
            act = Act(db, build.OFFICE, time.at)
            for person in (cast.ana, cast.bo, cast.ana):
                one = db.get_one(Person, person)
                identities.make_office_code(act, one, SETTINGS, "phone")
            held = db.execute(select(OfficeCode.person_id, func.count()).group_by("person_id"))
            assert dict(held.all()) == {cast.ana: 1, cast.bo: 1}

    def test_nobody_without_an_address_or_who_ended_gets_a_code(self, database, cast, time):
        with database.writing() as db:
            db.get_one(Person, cast.ana).email = ""
            db.get_one(Person, cast.bo).status = Status.ENDED
        for person in (cast.ana, cast.bo):
            with database.writing() as db, pytest.raises(Refused):
                act = Act(db, build.OFFICE, time.at)
                identities.make_office_code(act, db.get_one(Person, person), SETTINGS, "phone")
            with database.writing() as db, pytest.raises(Refused):
                identities.invite(
                    Act(db, build.OFFICE, time.at), db.get_one(Person, person), timedelta(days=7)
                )

    def test_another_address_takes_ones_own_name_at_sign_in_along(self, database, cast, time):
        self.accounts(database, cast, time)
        with database.writing() as db:
            addresses.set_address(db, db.get_one(Person, cast.ana), "new@example.org")
        with database.reading() as db:
            found = dict(db.execute(select(Identity.person_id, Identity.address)).all())
        assert found == {cast.ana: "new@example.org", cast.bo: "bo@example.org"}
        with database.writing() as db:
            addresses.set_address(db, db.get_one(Person, cast.ana), "")
        assert self.hashes(database) == {cast.bo: "old"}

    def test_A4_a_browser_known_to_somebody_is_strange_to_others(self, database, cast, time):
        place = Place("1" * 64, "203.0.113.5", "2" * 64)
        with database.writing() as db:
            db.execute(
                KnownPlace.__table__.insert().values(
                    person_id=cast.ana, place_hash=place.browser, seen_at=time.at,
                    second_at=time.at,
                )
            )  # fmt: skip
        with database.reading() as db:
            assert places.known(db, [cast.ana], place)[0]
            assert not places.known(db, [cast.bo], place)[0]
            assert places.passed_second_step(db, cast.ana, place, time.at, 30)
            assert not places.passed_second_step(db, cast.bo, place, time.at, 30)


class TestInvitations:
    def test_who_ended_meanwhile_sets_no_password(self, database, cast, time):
        with database.writing() as db:
            act = Act(db, build.OFFICE, time.at)
            token = identities.invite(act, db.get_one(Person, cast.bo), timedelta(days=7))
            db.execute(update(Person).where(Person.id == cast.bo).values(status=Status.ENDED))
        with database.writing() as db, pytest.raises(NotFound):
            identities.accept_invitation(db, token, "hash", time.at)

    @pytest.mark.parametrize("why", ["staff", "sensitive", "shared"])
    def test_A10_an_email_alone_is_not_enough_for(self, database, cast, time, why):
        person = {"staff": cast.noel, "sensitive": cast.hana, "shared": cast.bo}[why]
        settings = Settings(**vars(SETTINGS) | {"smtp_url": "smtp://127.0.0.1:1"})
        with database.writing() as db:
            if why == "shared":
                db.get_one(Person, cast.ana).email = "bo@example.org"
            with pytest.raises(Refused, match="code instead"):
                act = Act(db, build.OFFICE, time.at)
                authority.invite(act, db.get_one(Person, person), settings)
            assert db.scalars(select(Message.kind)).all() == []


def test_A3_a_reset_link_is_not_given_for_longer_than_half_an_hour():
    assert timedelta(minutes=30) == proofs.RESET_LASTS


def test_Z1_each_staff_role_holds_what_the_table_says():
    assert {role: set(held) for role, held in GRANTS.items()} == GRANTED

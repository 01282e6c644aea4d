"""What a small change of a permission, a scope, or a token's life would break, by kind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.people import identities, passwords, proofs
from portal.people.identity_models import EmailVerification, SignIn
from portal.people.models import Person
from portal.people.sessions import load_viewer, start_session
from portal.people.tokens import hashed
from portal.shifts import signups
from portal.web.errors import NotFound
from tests import build

PASSWORD = "seven green bicycles"


class TestAcrossPrograms:
    """Lists, counts and pages about people tell no one what they do in programs that are not one's own."""

    @pytest.fixture(autouse=True)
    def serves_twice(self, database, cast, time):
        """Bo drives for Rides, and is a night host of the hidden shelter."""
        with database.writing() as db:
            build.place(db, cast.bo, cast.host, time.at)

    @pytest.mark.parametrize(
        "path", ["/people", "/people?q=bo", "/people/{bo}", "/people/{bo}/paperwork"]
    )
    def test_Z5_roles_of_other_programs_are_not_told(self, cast, as_, path):
        own = as_(cast.cy).get(path.format(bo=cast.bo))
        assert own.status_code == 200
        assert "Bo Tanaka" in own.text
        assert "Driver" in own.text
        assert "Night host" not in own.text
        assert "Night host" in as_(cast.mara).get(path.format(bo=cast.bo)).text

    def test_Z5_shifts_of_other_programs_are_not_told(self, database, cast, time, as_):
        with database.writing() as db:
            shift = build.shift(db, cast.host, site_id=cast.house, title="Quiet night")
            signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift.id)
        assert "Quiet night" not in as_(cast.cy).get(f"/people/{cast.bo}").text
        assert "Quiet night" in as_(cast.mara).get(f"/people/{cast.bo}").text


class TestLives:
    """Every token: how long it lives, that it works once, for one purpose, and ends with its owner."""

    def reset(self, database, cast, time) -> str:
        with database.writing() as db:
            return proofs.reset_token(db, cast.ana, time.at)

    def opens(self, database, token, at) -> bool:
        with database.reading() as db:
            try:
                identities.invited(db, token, at)
            except NotFound:
                return False
            return True

    @pytest.mark.both_databases
    def test_A6_a_reset_link_lives_for_half_an_hour(self, database, cast, time):
        token = self.reset(database, cast, time)
        assert self.opens(database, token, time.at + timedelta(minutes=29))
        assert not self.opens(database, token, time.at + timedelta(minutes=31))

    @pytest.mark.both_databases
    def test_A6_a_reset_link_works_once_and_a_new_one_ends_the_old(self, database, cast, time):
        first, second = self.reset(database, cast, time), self.reset(database, cast, time)
        assert not self.opens(database, first, time.at)
        with database.writing() as db:
            identities.accept_invitation(db, second, passwords.hash_password(PASSWORD), time.at)
        assert not self.opens(database, second, time.at)
        with pytest.raises(NotFound), database.writing() as db:
            identities.accept_invitation(db, second, passwords.hash_password(PASSWORD), time.at)

    @pytest.mark.both_databases
    def test_A6_what_a_browser_proved_opens_one_thing_for_a_quarter_of_an_hour(
        self, database, cast, time
    ):
        with database.writing() as db:
            proofs.ask_proof(
                db, proofs.Purpose.SIGN_IN, "ana@example.org", "browser", {}, "en", time.at
            )
        with database.writing() as db:
            proof = db.scalars(select(EmailVerification)).one()
            assert proofs.proved(db, "browser", time.at) is None  # asked for, not proved
            proof.used_at = time.at
        with database.writing() as db:
            assert proofs.proved(db, "browser", time.at + timedelta(minutes=14)) is not None
            assert proofs.proved(db, "browser", time.at + timedelta(minutes=16)) is None
            assert proofs.proved(db, "other", time.at) is None
            assert proofs.open_proof(db, "browser", time.at) is None
            proofs.use_up(db.scalars(select(EmailVerification)).one(), time.at)
        with database.reading() as db:
            assert proofs.proved(db, "browser", time.at + timedelta(seconds=1)) is None

    @pytest.mark.both_databases
    def test_S3_a_session_lets_nobody_in_once_it_is_over(self, database, cast, time):
        with database.writing() as db:
            token, limits = start_session(db, cast.ana, "Test", time.at)
        ways = {
            "used": time.at + timedelta(minutes=1),
            "idle": time.at + limits.idle + timedelta(seconds=1),
            "over": time.at + limits.absolute + timedelta(seconds=1),
        }
        with database.reading() as db:
            found = {name: load_viewer(db, token, at).viewer.signed_in for name, at in ways.items()}
            assert found == {"used": True, "idle": False, "over": False}
        with database.writing() as db:
            db.scalars(select(SignIn).filter_by(token_hash=hashed(token))).one().ended_at = time.at
        with database.reading() as db:
            assert not load_viewer(db, token, time.at).viewer.signed_in

    @pytest.mark.both_databases
    def test_A7_tokens_end_with_their_owner(self, database, cast, time):
        reset = self.reset(database, cast, time)
        with database.writing() as db:
            token, _ = start_session(db, cast.ana, "Test", time.at)
            db.get_one(Person, cast.ana).status = "ended"
        assert not self.opens(database, reset, time.at)
        with database.reading() as db:
            assert not load_viewer(db, token, time.at).viewer.signed_in

"""How long each way in lives, what it opens, and whom alone it touches: each condition on its own."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.audit import seals
from portal.audit.models import AuditEntry
from portal.files import work
from portal.hours import ledger, sheets
from portal.messages.envelopes import code_hash, token_hash, token_of
from portal.messages.models import Message
from portal.people import addresses, identities, limits, memberships, places, proofs, sessions
from portal.people.identity_models import (
    AddressChange,
    Attempts,
    EmailVerification,
    Identity,
    Invitation,
    KnownPlace,
    OfficeCode,
    ProvedAddress,
    ProvedHow,
    SignIn,
)
from portal.people.models import Departure, Leaving, Membership, Person, Status
from portal.people.places import Place
from portal.people.proofs import Purpose
from portal.people.tokens import hashed
from portal.permissions import (
    STAFF_LIMITS,
    VOLUNTEER_LIMITS,
    Permission,
    Role,
    Viewer,
    session_limits,
)
from portal.programs import authority
from portal.programs.authority import Standing, admitted, manages, standing_of
from portal.programs.models import Placement, PlacementState
from portal.programs.scopes import listed_people
from portal.web.errors import NotFound, Refused, Stale
from portal.web.models import KeptForm
from portal.web.saved_forms import KEPT_FOR, has_kept_form
from tests import build
from tests.conftest import NOW, SETTINGS
from tests.near import found_also, found_unless, holds_also, holds_unless, reads_after

pytestmark = pytest.mark.both_databases

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + HOUR


def noted(db) -> list[dict]:
    """What this transaction will write into the audit when it ends."""
    return [row() for rows in db.info.get("last", {}).values() for row in rows]


def actions(db, person_id: int) -> list[str]:
    """What this transaction noted about a person."""
    return [row["action"] for row in noted(db) if row["person_id"] == person_id]


def identity(db, person_id: int, **values) -> Identity:
    address = db.get_one(Person, person_id).email
    given = {"address": address, "password_hash": "old", "created_at": NOW} | values
    row = Identity(person_id=person_id, **given)
    db.add(row)
    db.flush()
    return row


def refused(verb, *arguments, error=(Refused, NotFound), **named) -> bool:
    try:
        verb(*arguments, **named)
    except error:
        return True
    return False


class TestSessions:
    def start(self, db, person_id: int) -> tuple[str, SignIn]:
        token, _ = sessions.start_session(db, person_id, "Test", NOW)
        row = db.scalars(select(SignIn).filter_by(token_hash=hashed(token))).one()
        return token, row

    def test_S2_how_long_a_session_lives(self, database, cast):
        with database.writing() as db:
            token, row = self.start(db, cast.bo)

            def lives():
                return sessions.load_viewer(db, token, LATER).viewer.person_id == cast.bo

            holds_unless(
                db, lives, row, ends_at=[LATER, NOW], ended_at=NOW, token_hash="x" * 64,
                idle_seconds=3599,
            )  # fmt: skip
            holds_also(db, lives, row, idle_seconds=3600, ends_at=LATER + SECOND)
            bo = db.get_one(Person, cast.bo)
            holds_unless(db, lives, bo, status=Status.ENDED)
            holds_also(db, lives, bo, status=Status.ON_LEAVE)
            listed = lambda: {one.id for one in sessions.sessions_of(db, cast.bo, LATER)}  # noqa: E731
            found_unless(
                db, listed, row, ends_at=LATER, ended_at=NOW, person_id=cast.ana, idle_seconds=3599
            )
            found_also(db, listed, row, idle_seconds=3600)

    def test_last_use_is_noted_for_this_browser_alone(self, database, cast):
        with database.writing() as db:
            token, row = self.start(db, cast.bo)
            _, other = self.start(db, cast.bo)
            assert sessions.load_viewer(db, token, NOW + MINUTE - SECOND).trail is None
            trail = sessions.load_viewer(db, token, NOW + MINUTE).trail
            assert trail is not None
            trail(db)
            db.refresh(row)
            db.refresh(other)
            assert (row.used_at, other.used_at) == (NOW + MINUTE, NOW)

    def test_Z4_the_roles_of_a_session_are_those_held_now(self, database, cast):
        with database.writing() as db:
            token, _ = self.start(db, cast.noel)
            held = db.scalars(select(Membership).filter_by(person_id=cast.noel)).one()

            visits = lambda: sessions.load_viewer(db, token, NOW).viewer.memberships  # noqa: E731
            works = lambda: sessions.viewer_of(db, cast.noel, NOW).memberships  # noqa: E731
            roles = lambda: sessions.roles_of(db, cast.noel)  # noqa: E731
            only = {(Role.COORDINATOR, cast.testing)}
            assert (visits(), works(), roles()) == (only, only, {Role.COORDINATOR})
            for read in (visits, works, roles):
                reads_after(db, read, frozenset(), held, until=NOW, person_id=cast.sol)
            noel = db.get_one(Person, cast.noel)
            works = lambda: sessions.viewer_of(db, cast.noel, NOW).staff  # noqa: E731
            holds_unless(db, works, noel, status=Status.ENDED)
            assert sessions.viewer_of(db, cast.noel, NOW).person_id == cast.noel

    def test_what_is_over_is_forgotten_after_two_days(self, database, cast):
        with database.writing() as db:
            two = sessions.REMEMBERED
            assert two == timedelta(days=2)
            for ends, ended in (
                (NOW - two, None), (NOW - two - SECOND, None), (LATER, NOW - two),
                (LATER, NOW - two - SECOND),
            ):  # fmt: skip
                _, row = self.start(db, cast.ana)
                row.ends_at, row.ended_at = ends, ended
                db.flush()
            self.start(db, cast.bo)
            left = db.execute(select(SignIn.ends_at, SignIn.ended_at).filter_by(person_id=cast.ana))
            assert set(left.all()) == {(NOW - two, None), (LATER, NOW - two)}

    def test_a_browser_is_signed_out_by_its_owner_once(self, database, cast):
        with database.writing() as db:
            _, row = self.start(db, cast.bo)
            _, other = self.start(db, cast.bo)
            bo = Act(db, build.viewer(cast.bo), NOW)
            assert not sessions.end_session(Act(db, build.viewer(cast.ana), NOW), row.id)
            assert sessions.end_session(bo, row.id)
            assert not sessions.end_session(bo, row.id)
            db.refresh(other)
            assert other.ended_at is None
            assert actions(db, cast.bo).count("session.ended") == 1

    @pytest.mark.parametrize("gently", [True, False])
    def test_all_others_are_signed_out(self, database, cast, gently):
        with database.writing() as db:
            kept, gone, over = (self.start(db, cast.bo)[1] for _ in range(3))
            foreign = self.start(db, cast.ana)[1]
            over.ended_at = NOW - HOUR
            db.flush()
            numbers = (kept.id, gone.id, over.id, foreign.id)
            act = Act(db, build.viewer(cast.bo), NOW)
            sessions.end_sessions(act, cast.bo, keep=kept.id, gently=gently)
            db.expire_all()
            left = dict(db.execute(select(SignIn.id, SignIn.ended_at)).all())
            expected = {numbers[0]: None, numbers[3]: None}
            if gently:
                expected |= {numbers[1]: NOW, numbers[2]: NOW - HOUR}
            assert left == expected
            assert actions(db, cast.bo)[-1] == "session.all_ended"

    def test_signing_in_just_now(self, database, cast):
        with database.writing() as db:
            _, row = self.start(db, cast.bo)
            viewer = Viewer(cast.bo, session_id=row.id)
            self.start(db, cast.ana)

            def fresh():
                return sessions.is_fresh(db, viewer, NOW + sessions.FRESH - SECOND)

            assert timedelta(minutes=15) == sessions.FRESH
            holds_unless(db, fresh, row, created_at=NOW - SECOND)
            assert not sessions.is_fresh(db, build.viewer(cast.bo), NOW)

    def test_S3_how_long_each_role_stays_signed_in(self, database, cast):
        with database.writing() as db:
            for own_days, person, idle, ends in (
                (0, cast.bo, timedelta(days=14), timedelta(days=90)),
                (30, cast.bo, timedelta(days=30), timedelta(days=30)),
                (30, cast.noel, timedelta(hours=2), timedelta(hours=12)),
                (0, cast.ada, timedelta(minutes=30), timedelta(hours=12)),
            ):
                _, given = sessions.start_session(db, person, "Test", NOW, own_days)
                assert actions(db, person)[-1] == "session.started"
                assert (given.idle, given.absolute) == (idle, ends)
        assert {role: limit.idle for role, limit in STAFF_LIMITS.items()} == {
            Role.ADMINISTRATOR: timedelta(minutes=30), Role.SCREENER: timedelta(minutes=30),
            Role.COORDINATOR: timedelta(hours=2), Role.TRAINER: timedelta(hours=2),
            Role.SUPERVISOR: timedelta(hours=2), Role.OUTREACH_CLERK: timedelta(hours=2),
            Role.PRESENTER: timedelta(days=14),
            Role.INCIDENT_RECEIVER: timedelta(minutes=30), Role.CASEWORKER: timedelta(minutes=30), Role.AUDITOR: timedelta(minutes=30), Role.PRIVACY_OFFICER: timedelta(minutes=30),
            Role.ON_CALL: timedelta(hours=2), Role.ON_CALL_NOW: timedelta(hours=2),
        }  # fmt: skip
        staff = set(Role) - {Role.PRESENTER}
        assert {STAFF_LIMITS[role].absolute for role in staff} == {timedelta(hours=12)}
        both = session_limits(frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}))
        assert both == STAFF_LIMITS[Role.ADMINISTRATOR]
        assert session_limits(frozenset()) == VOLUNTEER_LIMITS

    def test_browsers_have_names(self):
        named = {
            "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari": "Chrome on Android",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17) Safari": "Safari on iPhone",
            "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Edg/120": "Edge on Windows",
            "curl/8": "Browser",
            "Firefox/120": "Firefox",
        }
        assert {agent: sessions.browser_name(agent) for agent in named} == named


class TestProofs:
    def ask(self, db, browser="one", **values) -> EmailVerification:
        given = {"send": True, "digits": 6} | values
        proofs.ask_proof(
            db, Purpose.SIGN_IN, "Bo@example.org", browser, {"a": 1}, "en", NOW, **given
        )
        return db.scalars(
            select(EmailVerification)
            .filter_by(browser_hash=hashed(browser))
            .order_by(EmailVerification.id.desc())
        ).first()

    def mailed(self, db, proof) -> tuple[str, Message]:
        """The token of the mail's link; its code is 123456."""
        mail = db.scalars(select(Message).filter_by(mail_id=proof.mail_id)).one()
        mail.token_hash = token_hash("link")
        mail.code_hash = code_hash(SETTINGS, mail.id, "123456")
        db.flush()
        return "link", mail

    def test_A3_how_long_a_proof_waits(self, database, cast):
        with database.writing() as db:
            row, other = self.ask(db), self.ask(db, "two")
            assert (row.address, json.loads(row.data)) == ("bo@example.org", {"a": 1})
            assert row.ends_at == NOW + timedelta(minutes=15)
            assert [one["action"] for one in noted(db)] == ["proof.sign_in"] * 2

            def opened():
                found = proofs.open_proof(db, "one", NOW)
                return found and found.id == row.id

            away = {"ends_at": NOW, "browser_hash": hashed("other")}
            holds_unless(db, opened, row, used_at=NOW, **away)
            tried = lambda: not refused(proofs.spend_try, db, "one", NOW)  # noqa: E731
            row.tries = proofs.MOST_TRIES - 2
            for misses in ({"used_at": NOW}, away, {"tries": 5}):
                for field, value in misses.items():
                    before = getattr(row, field)
                    setattr(row, field, value)
                    db.flush()
                    assert not tried(), field
                    setattr(row, field, before)
            db.flush()
            assert tried()
            db.refresh(row)
            assert row.tries == 4
            assert tried()
            assert not tried()
            db.refresh(other)
            assert other.tries == 0
            assert proofs.MOST_TRIES == 5

    def test_a_new_proof_ends_the_one_before_on_that_browser(self, database, cast):
        with database.writing() as db:
            first, other = self.ask(db), self.ask(db, "two")
            first.ends_at, old = NOW + MINUTE, self.ask(db, "three")
            old.ends_at = NOW - DAY
            db.flush()
            self.ask(db)
            db.refresh(first)
            assert (first.ends_at, other.ends_at) == (NOW, NOW + proofs.LASTS)
            assert db.get(EmailVerification, old.id) is not None
            number = old.id
            old.ends_at = NOW - DAY - SECOND
            db.flush()
            self.ask(db)
            assert db.scalars(select(EmailVerification).filter_by(id=number)).all() == []

    def test_without_a_mail_no_code_is_right(self, database, cast):
        with database.writing() as db:
            self.ask(db, send=False)
            assert db.scalar(select(func.count()).select_from(Message)) == 0
            assert refused(proofs.prove_by_code, db, SETTINGS, "one", "123456", NOW)
            assert refused(proofs.prove_by_code, db, SETTINGS, "none", "123456", NOW)

    def test_A3_a_code_is_right_once_for_its_own_proof(self, database, cast):
        with database.writing() as db:
            row = self.ask(db)
            _, mail = self.mailed(db, row)
            assert refused(proofs.prove_by_code, db, SETTINGS, "one", "123457", NOW)
            assert refused(proofs.prove_by_code, db, SETTINGS, "two", "123456", NOW)
            for field, value in (("kind", "other"), ("mail_id", "other"), ("code_hash", None)):
                before = getattr(mail, field)
                setattr(mail, field, value)
                db.flush()
                assert refused(proofs.prove_by_code, db, SETTINGS, "one", "123456", NOW), field
                setattr(mail, field, before)
                db.flush()
            assert proofs.prove_by_code(db, SETTINGS, "one", "123456", NOW).id == row.id
            assert row.used_at == NOW
            assert refused(proofs.prove_by_code, db, SETTINGS, "one", "123456", NOW)

    def test_A3_a_link_opens_its_own_proof(self, database, cast):
        with database.writing() as db:
            row, other = self.ask(db), self.ask(db, "two")
            token, mail = self.mailed(db, row)

            def opens():
                return not refused(proofs.proof_of_link, db, token, NOW)

            holds_unless(db, opens, row, used_at=NOW, ends_at=NOW, mail_id="other")
            holds_unless(db, opens, mail, kind="other", token_hash="x" * 64)
            assert refused(proofs.prove_by_link, db, "", token, NOW)
            assert refused(proofs.prove_by_link, db, "two", token, NOW)
            assert proofs.prove_by_link(db, "one", token, NOW).id == row.id
            assert row.used_at == NOW
            assert other.used_at is None

    def test_what_a_browser_proved(self, database, cast):
        with database.writing() as db:
            row, _ = self.ask(db), self.ask(db, "two")
            row.used_at = NOW

            def proved():
                found = proofs.proved(db, "one", NOW)
                return found and found.id == row.id

            holds_unless(db, proved, row, used_at=None, ends_at=NOW, browser_hash=hashed("x"))
            proofs.use_up(row, NOW)
            db.flush()
            assert not proved()

    def test_a_reset_link_is_ones_own_and_short(self, database, cast):
        with database.writing() as db:
            act = Act(db, build.OFFICE, NOW)
            for person in (cast.ana, cast.bo):
                identities.invite(act, db.get_one(Person, person))
            proofs.reset_token(db, cast.bo, NOW)
            found = db.execute(select(Invitation.person_id, Invitation.ends_at)).all()
            assert dict(found) == {
                cast.ana: NOW + timedelta(days=7), cast.bo: NOW + timedelta(minutes=30)
            }  # fmt: skip
            assert actions(db, cast.bo)[-1] == "password.reset"


class TestIdentities:
    def test_who_may_be_signing_in(self, database, cast):
        with database.writing() as db:
            row = identity(db, cast.bo)
            identity(db, cast.ana)

            def tried():
                found = identities.candidates(db, " BO@example.org ")
                return [one[1:] for one in found] == [(cast.bo, "old")]

            holds_unless(db, tried, row, address="x@example.org", person_id=cast.sol)
            holds_unless(db, tried, db.get_one(Person, cast.bo), status=Status.ENDED)
            holds_also(db, tried, db.get_one(Person, cast.bo), status=Status.ON_LEAVE)

    def test_a_stronger_hash_is_kept_for_one(self, database, cast):
        with database.writing() as db:
            row, other = identity(db, cast.bo), identity(db, cast.ana)
            identities.keep_stronger_hash(db, identities.Proved(row.id, cast.bo, "new"))
            db.refresh(row)
            db.refresh(other)
            assert (row.password_hash, other.password_hash) == ("new", "old")

    def test_an_invitation_lives_seven_days(self, database, cast):
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            other = identities.invite(Act(db, build.OFFICE, NOW), db.get_one(Person, cast.ana))
            earlier = identities.invite(Act(db, build.OFFICE, NOW), bo)
            token = identities.invite(Act(db, build.OFFICE, NOW), bo)
            assert refused(identities.invited, db, earlier, NOW)
            assert identities.invited(db, other, NOW).id == cast.ana
            row = db.scalars(select(Invitation).filter_by(person_id=cast.bo)).one()
            assert row.ends_at == NOW + timedelta(days=7)
            assert actions(db, cast.bo)[-1] == "invitation.made"
            good = lambda: not refused(identities.invited, db, token, NOW)  # noqa: E731
            holds_unless(db, good, row, used_at=NOW, ends_at=NOW, token_hash="x" * 64)
            holds_unless(db, good, bo, status=Status.ENDED)

            def accepts(**changed):
                for field, value in changed.items():
                    before = getattr(row, field)
                    setattr(row, field, value)
                    db.flush()
                    no = refused(identities.accept_invitation, db, token, "hash", NOW)
                    db.refresh(row)
                    setattr(row, field, before)
                    row.used_at = None
                    db.flush()
                    assert no, field

            accepts(used_at=NOW, ends_at=NOW, address="old@example.org")
            identity(db, cast.bo)
            identity(db, cast.ana)
            assert identities.accept_invitation(db, token, "hash", NOW).id == cast.bo
            found = select(Identity.person_id, Identity.password_hash)
            assert dict(db.execute(found).all()) == {cast.bo: "hash", cast.ana: "old"}
            assert refused(identities.accept_invitation, db, token, "hash", NOW)
            assert not addresses.is_proved(db, cast.bo, bo.email)  # it was not emailed
            assert "invitation.accepted" in actions(db, cast.bo)

    def test_a_mailed_invitation_proves_its_address(self, database, cast):
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            identities.send_invitation(Act(db, build.viewer(cast.ada), NOW), bo, SETTINGS)
            mail = db.scalars(select(Message).filter_by(kind="invitation.made")).one_or_none()
            mail = mail or db.scalars(select(Message).filter_by(person_id=cast.bo)).one()
            assert (mail.actor_id, mail.channel, mail.state) == (cast.ada, "mail", "queued")
            token = token_of(SETTINGS, mail.mail_id)
            identities.accept_invitation(db, token, "hash", NOW)
            assert addresses.is_proved(db, cast.bo, bo.email)
            told = select(func.count()).where(Message.kind == "password.changed")
            assert db.scalar(told) == 1 or db.scalar(select(func.count()).select_from(Message)) == 2

    def test_A10_how_long_a_code_of_the_office_lives(self, database, cast):
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            act = Act(db, build.viewer(cast.ada), NOW)
            identities.make_office_code(act, db.get_one(Person, cast.ana), SETTINGS, "phone")
            code = identities.make_office_code(act, bo, SETTINGS, "phone")
            row = db.get_one(OfficeCode, cast.bo)
            assert (row.ends_at, row.tries, len(code)) == (NOW + timedelta(minutes=30), 0, 8)
            assert actions(db, cast.bo)[-1] == "code.made"

            def tried():
                found = identities.spend_office_try(db, "BO@example.org ", NOW)
                db.refresh(row)
                return [one.person_id for one in found] == [cast.bo]

            row.tries = 3
            holds_unless(db, tried, row, ends_at=NOW, tries=[20, 21])
            holds_also(db, tried, row, tries=[0, 19])
            holds_unless(db, tried, bo, status=Status.ENDED, email="other@example.org")
            row.tries = 7
            db.flush()
            found = identities.spend_office_try(db, bo.email, NOW)
            db.refresh(row)
            assert row.tries == 8
            wrong = f"{(int(code) + 1) % 10**8:08}"
            use = identities.use_office_code
            assert refused(use, db, SETTINGS, found, wrong, NOW)
            assert refused(use, db, SETTINGS, [], code, NOW)
            row.ends_at = NOW
            db.flush()
            assert refused(use, db, SETTINGS, found, code, NOW)
            row.ends_at = NOW + MINUTE
            db.flush()
            token = use(db, SETTINGS, found, code, NOW)
            assert identities.invited(db, token, NOW).id == cast.bo
            assert db.scalars(select(Invitation.ends_at)).one() == NOW + timedelta(minutes=30)
            assert addresses.is_proved(db, cast.bo, bo.email)
            assert set(db.scalars(select(OfficeCode.person_id))) == {cast.ana}
            assert refused(use, db, SETTINGS, found, code, NOW)

    @pytest.mark.parametrize("status", [Status.ACTIVE, Status.ENDED])
    def test_A10_in_a_household_it_proves_no_address(self, database, cast, status):
        with database.writing() as db:
            bo, sol = db.get_one(Person, cast.bo), db.get_one(Person, cast.sol)
            sol.email, sol.status = "BO@example.org", status
            code = identities.make_office_code(Act(db, build.OFFICE, NOW), bo, SETTINGS, "phone")
            found = identities.spend_office_try(db, bo.email, NOW)
            identities.use_office_code(db, SETTINGS, found, code, NOW)
            assert addresses.is_proved(db, cast.bo, bo.email) is (status == Status.ENDED)

    def test_ones_password(self, database, cast):
        with database.writing() as db:
            identity(db, cast.bo, password_hash="bo's")
            assert identities.stored_hash(db, cast.bo) == "bo's"
            assert identities.stored_hash(db, cast.ana) is None
            _, row = TestSessions().start(db, cast.bo)
            _, other = TestSessions().start(db, cast.bo)
            numbers = row.id, other.id
            viewer = Viewer(cast.bo, session_id=row.id)
            identities.change_password(Act(db, viewer, NOW), "new")
            assert set(db.scalars(select(SignIn.id))) == {numbers[0]}
            assert "password.changed" in actions(db, cast.bo)
            assert db.scalar(select(func.count()).where(Message.person_id == cast.bo)) == 1


class TestAddresses:
    def test_who_has_an_account(self, database, cast):
        with database.writing() as db:
            assert not addresses.has_account(db, cast.bo)

            def has():
                return addresses.has_account(db, cast.bo)

            for row, misses in (
                (
                    AddressChange(person_id=cast.bo, address="x", created_at=NOW, effective_at=NOW),
                    {"effective_at": None},
                ),
                (
                    Identity(person_id=cast.bo, address="x", password_hash="x", created_at=NOW),
                    {},
                ),
                (ProvedAddress(person_id=cast.bo, address="x", how="code", proved_at=NOW), {}),
                (Membership(person_id=cast.bo, role="presenter", since=NOW), {"until": NOW}),
            ):
                db.add(row)
                holds_unless(db, has, row, person_id=cast.ana, **misses)
                db.delete(row)
                db.flush()
            entry = {
                "at": NOW, "action": "session.started", "subject_kind": "person",
                "subject_id": cast.bo, "person_id": cast.bo, "actor_id": cast.bo,
            }  # fmt: skip
            for miss in ({"person_id": cast.ana}, {"actor_id": cast.ada}, {"action": "x"}):
                db.add(AuditEntry(**entry | miss))
                db.flush()
                assert not has()
            db.add(AuditEntry(**entry | {"action": "invitation.accepted"}))
            db.flush()
            assert has()
            db.add(AuditEntry(**entry | {"person_id": cast.sol, "actor_id": cast.sol}))
            db.flush()
            assert addresses.has_account(db, cast.sol)

    def test_A10_a_proof_of_an_address_is_of_one_person(self, database, cast):
        with database.writing() as db:
            act = Act(db, build.viewer(cast.bo), NOW)
            addresses.prove_address(act, cast.bo, " BO@example.org", ProvedHow.CODE)
            addresses.prove_address(act, cast.bo, "bo@example.org", ProvedHow.OFFICE)
            addresses.prove_address(act, cast.ana, "", ProvedHow.CODE)
            row = db.scalars(select(ProvedAddress)).one()
            assert (row.address, row.how) == ("bo@example.org", "code")
            assert actions(db, cast.bo)[-1] == "address.proved"
            is_proved = lambda: addresses.is_proved(db, cast.bo, "Bo@example.org")  # noqa: E731
            holds_unless(db, is_proved, row, person_id=cast.ana, address="x@example.org")

    def test_A9_one_proposal_waits_at_a_time(self, database, cast):
        with database.writing() as db:
            bo, ana = db.get_one(Person, cast.bo), db.get_one(Person, cast.ana)
            act = Act(db, build.viewer(cast.cy), NOW, "phone")
            addresses.propose(act, ana, "ana2@example.org")
            addresses.propose(act, bo, "one@example.org")
            addresses.propose(act, bo, "two@example.org")
            row = addresses.proposed(db, cast.bo)
            assert (row.address, row.by_id, row.asked) == ("two@example.org", cast.cy, "phone")
            assert actions(db, cast.bo)[-1] == "address.proposed"
            waits = lambda: addresses.proposed(db, cast.bo) is not None  # noqa: E731
            holds_unless(db, waits, row, effective_at=NOW, person_id=cast.sol)
            assert db.scalar(select(func.count()).select_from(AddressChange)) == 2
            row.effective_at = NOW
            addresses.propose(act, bo, "three@example.org")
            addresses.decline_proposal(Act(db, build.viewer(cast.bo), NOW), bo)
            assert actions(db, cast.bo)[-1] == "address.declined"
            left = {one.address for one in db.scalars(select(AddressChange))}
            assert left == {"two@example.org", "ana2@example.org"}

    def changed(self, db, cast, how: ProvedHow | None = ProvedHow.CODE, by=None):
        """Bo's address changed; Ana has the same things, which stay."""
        bo = db.get_one(Person, cast.bo)
        for person in (cast.bo, cast.ana):
            identity(db, person)
            build.prove(db, person, NOW)
            identities.invite(Act(db, build.OFFICE, NOW), db.get_one(Person, person))
            TestSessions().start(db, person)
            proofs.ask_proof(
                db, Purpose.SIGN_IN, db.get_one(Person, person).email, str(person), {}, "en", NOW
            )
            db.add(KnownPlace(person_id=person, place_hash="p", seen_at=NOW))
        db.flush()
        act = Act(db, by or build.viewer(cast.bo), NOW, "phone")
        addresses.change_address(act, bo, "new@example.org", how)
        return bo

    @pytest.mark.parametrize("how", [ProvedHow.CODE, None])
    def test_A9_a_change_ends_what_the_old_address_opened(self, database, cast, how):
        with database.writing() as db:
            bo = self.changed(db, cast, how)
            assert bo.email == "new@example.org"
            found = db.execute(select(ProvedAddress.person_id, ProvedAddress.address)).all()
            own = [(cast.bo, "new@example.org")] if how else []
            assert sorted(found) == sorted([(cast.ana, "ana@example.org"), *own])
            for table in (SignIn, Invitation):
                assert set(db.scalars(select(table.person_id))) == {cast.ana}
            open_ones = db.scalars(
                select(EmailVerification.address).where(EmailVerification.ends_at > NOW)
            )
            assert set(open_ones) == {"ana@example.org"}
            names = dict(db.execute(select(Identity.person_id, Identity.address)).all())
            assert names == {cast.bo: "new@example.org", cast.ana: "ana@example.org"}
            change = db.scalars(select(AddressChange)).one()
            assert (change.old_address, change.old_how) == ("bo@example.org", "code")
            assert change.asked == "phone"
            assert "address.changed" in actions(db, cast.bo)
            mail = db.scalars(select(Message).filter_by(kind="email.changed")).one()
            assert (mail.address, mail.subject_id) == ("bo@example.org", change.id)

    def test_ones_own_browser_stays(self, database, cast):
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            kept, gone = (TestSessions().start(db, cast.bo)[1] for _ in range(2))
            numbers = kept.id, gone.id
            act = Act(db, Viewer(cast.bo, session_id=kept.id), NOW)
            addresses.change_address(act, bo, "new@example.org", ProvedHow.CODE)
            assert set(db.scalars(select(SignIn.id))) == {numbers[0]}
            office = Act(db, Viewer(cast.ada, session_id=kept.id), NOW)
            addresses.change_address(office, bo, "newer@example.org", None)
            assert db.scalars(select(SignIn.id)).all() == []

    @pytest.mark.parametrize(
        ("address", "how", "password", "told"),
        [
            ("bo@example.org", "code", False, 1), ("bo@example.org", None, True, 1),
            ("bo@example.org", None, False, 0), ("", None, True, 0),
        ],
    )  # fmt: skip
    def test_F6_only_an_address_that_let_them_in_is_told(
        self, database, cast, address, how, password, told
    ):
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            if password:
                identity(db, cast.bo)
            if how:
                build.prove(db, cast.bo, NOW)
            bo.email = address
            addresses.change_address(Act(db, build.OFFICE, NOW), bo, "new@example.org", None)
            mails = select(func.count()).where(Message.kind == "email.changed")
            assert db.scalar(mails) == told

    def test_A9_the_old_address_stops_a_change_for_seven_days(self, database, cast):
        with database.writing() as db:
            bo = self.changed(db, cast)
            first = db.scalars(select(AddressChange)).one()
            earlier = AddressChange(
                person_id=cast.ana, address="a", created_at=NOW, effective_at=NOW
            )
            db.add(earlier)
            addresses.change_address(
                Act(db, build.viewer(cast.bo), NOW + HOUR), bo, "third@example.org", ProvedHow.CODE
            )
            addresses.propose(Act(db, build.viewer(cast.cy), NOW), bo, "fourth@example.org")
            mail = db.scalars(
                select(Message).filter_by(subject_id=first.id, kind="email.changed")
            ).one()
            mail.token_hash = token_hash("stop")
            at = NOW + timedelta(days=7)

            def good():
                return not refused(addresses.stoppable, db, "stop", at - SECOND)

            holds_unless(db, good, first, stopped_at=NOW, effective_at=NOW - SECOND)
            holds_unless(db, good, mail, kind="other", token_hash="x" * 64)
            TestSessions().start(db, cast.bo)
            addresses.stop_change(db, "stop", at - SECOND)
            db.expire_all()
            assert bo.email == "bo@example.org"
            stopped = db.execute(select(AddressChange.person_id, AddressChange.stopped_at)).all()
            assert sorted(stopped, key=str) == sorted(
                [(cast.bo, at - SECOND), (cast.bo, at - SECOND), (cast.ana, None)], key=str
            )
            for table in (Identity, KnownPlace, SignIn, Invitation):
                assert set(db.scalars(select(table.person_id))) == {cast.ana}
            proved = db.execute(select(ProvedAddress.person_id, ProvedAddress.address)).all()
            assert sorted(proved) == sorted(
                [(cast.ana, "ana@example.org"), (cast.bo, "bo@example.org")]
            )
            assert addresses.proposed(db, cast.bo) is None
            assert "address.stopped" in actions(db, cast.bo)
            assert refused(addresses.stop_change, db, "stop", NOW)

    def test_stopping_gives_no_proof_that_was_not_there(self, database, cast):
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            identity(db, cast.bo)
            addresses.change_address(Act(db, build.OFFICE, NOW), bo, "new@example.org", None)
            mail = db.scalars(select(Message).filter_by(kind="email.changed")).one()
            mail.token_hash = token_hash("stop")
            addresses.stop_change(db, "stop", NOW)
            assert db.scalars(select(ProvedAddress)).all() == []

    def test_another_address_is_found_and_mail_goes_there_again(self, database, cast):
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            bo.mail_refused_at = NOW
            identities.make_office_code(Act(db, build.OFFICE, NOW), bo, SETTINGS, "phone")
            ana = db.get_one(Person, cast.ana)
            identities.make_office_code(Act(db, build.OFFICE, NOW), ana, SETTINGS, "phone")
            addresses.set_address(db, bo, "unusual@example.org")
            assert bo.mail_refused_at is None
            assert set(db.scalars(select(OfficeCode.person_id))) == {cast.ana}
            found = listed_people(build.OFFICE, "unusual", "").with_only_columns(Person.id)
            assert set(db.scalars(found)) == {cast.bo}


class TestPlaces:
    HERE = Place("1" * 64, "203.0.113.5", "2" * 64)

    def test_A4_a_place_one_signed_in_from(self, database, cast):
        with database.writing() as db:
            places.remember(db, cast.bo, self.HERE, NOW)
            assert places.known(db, [cast.bo, cast.ana], self.HERE) == (True, True)
            assert places.known(db, [cast.ana], self.HERE) == (False, False)
            assert places.known(db, [], self.HERE) == (False, False)
            other = Place("3" * 64, "203.0.113.5", "2" * 64)
            assert places.known(db, [cast.bo], other) == (False, True)
            elsewhere = Place("1" * 64, "203.0.113.6", "4" * 64)
            assert places.known(db, [cast.bo], elsewhere) == (True, False)
            assert places.known(db, [cast.bo], Place("", "203.0.113.6", "4" * 64)) == (False, False)
            assert not places.passed_second_step(db, cast.bo, self.HERE, NOW, 30)
            places.remember(db, cast.ana, self.HERE, NOW - places.KEPT)
            places.remember(db, cast.wes, self.HERE, NOW - places.KEPT - SECOND)
            places.remember(db, cast.bo, self.HERE, NOW)
            left = set(db.scalars(select(KnownPlace.person_id)))
            assert left == {cast.ana, cast.bo}
            assert timedelta(days=180) == places.KEPT

    def test_A4_a_second_step_counts_for_thirty_days_on_its_browser(self, database, cast):
        with database.writing() as db:
            other = Place("5" * 64, "203.0.113.5", "2" * 64)
            places.remember(db, cast.bo, other, NOW)
            places.remember(db, cast.ana, self.HERE, NOW)
            places.remember(db, cast.bo, self.HERE, NOW, second=True)
            at = NOW + timedelta(days=30)

            def passed(where=self.HERE, person=cast.bo, when=at - SECOND):
                return places.passed_second_step(db, person, where, when, 30)

            assert passed()
            assert not passed(when=at)
            assert not passed(other)
            assert not passed(person=cast.ana)
            network = db.scalars(
                select(KnownPlace).filter_by(person_id=cast.bo, place_hash="2" * 64)
            ).one()
            assert network.second_at is None
            places.remember(db, cast.wes, Place("", "x", "6" * 64), NOW, second=True)
            wes = db.scalars(select(KnownPlace).filter_by(person_id=cast.wes)).one()
            assert wes.second_at is None
            assert not passed(Place("", "x", "6" * 64), cast.wes)

    def test_networks(self):
        assert places.network_of("2001:db8::1") == places.network_of("2001:db8::2")
        assert places.network_of("2001:db8::1") == "2001:db8::/64"
        assert places.network_of("2001:db8:0:1::1") != places.network_of("2001:db8::1")
        assert places.network_of("::ffff:203.0.113.5") == "203.0.113.5"
        assert places.network_of("fe80::1%eth0") == "fe80::/64"
        assert places.network_of("x" * 60) == "x" * 45


class TestLimits:
    def test_A4_tries_are_counted_in_their_window(self, database, cast):
        start = NOW.replace(minute=0)
        with database.writing() as db:
            allowed = [limits.spend(db, {"a": 2, "b": 3}, start) for _ in range(4)]
            assert allowed == [True, True, False, False]
            assert limits.over(db, {"a": 9, "b": 3}, start) == {"b"}
            last = start + timedelta(minutes=15) - SECOND
            assert not limits.spend(db, {"a": 2}, last)
            assert limits.spend(db, {"a": 2}, start + timedelta(minutes=15))
            assert set(db.scalars(select(Attempts.bucket))) == {"a"}

    def test_a_day_has_a_window_of_its_own(self, database, cast):
        with database.writing() as db:
            midnight = NOW.replace(hour=0)
            assert limits.spend(db, {"a": 1}, midnight, limits.DAY_SECONDS)
            assert not limits.spend(db, {"a": 1}, midnight + DAY - SECOND, limits.DAY_SECONDS)
            assert limits.spend(db, {"a": 1}, midnight + DAY, limits.DAY_SECONDS)

    def test_a_try_is_given_back_where_it_was_counted(self, database, cast):
        start = NOW.replace(minute=0)
        with database.writing() as db:
            for bucket in ("a", "b"):
                limits.spend(db, {bucket: 9}, start)
            db.add(Attempts(bucket="a", window=0, tries=5, ends_at=2**40))
            db.flush()
            for _ in range(2):
                limits.give_back(db, {"a": 9}, start + timedelta(minutes=14))
            left = db.execute(select(Attempts.bucket, Attempts.window > 0, Attempts.tries))
            assert sorted(left.all()) == [("a", False, 5), ("a", True, 0), ("b", True, 1)]

    def test_A4_what_a_try_counts_against(self):
        network = "203.0.113.5"
        strange = limits.sign_in_limits("bo", Place("", network, "2" * 64))
        assert not strange.own
        assert list(strange.known.values()) == [30]
        assert sorted(strange.strangers.values()) == [10, 60]
        assert sorted(strange.many.values()) == [100, 3000]
        own = limits.sign_in_limits("bo", Place("1" * 64, network, "2" * 64))
        assert list(own.own.values()) == [10]
        assert set(own.here) == {*own.own, *own.known, *own.strangers}
        assert set(own.every) == {*own.here, *own.many}
        other = limits.sign_in_limits("ana", Place("1" * 64, network, "2" * 64))
        assert set(own.every) & set(other.every) == {f"network:{network}", "all"}
        assert (limits.WINDOW_SECONDS, limits.DAY_SECONDS) == (900, 86400)


class TestMemberships:
    def test_another_administrator(self, database, cast):
        with database.writing() as db:
            made = memberships.grant(Act(db, build.OFFICE, NOW), cast.sol, Role.ADMINISTRATOR, None)
            another = lambda: memberships.another_administrator(db, cast.ada)  # noqa: E731
            holds_unless(db, another, made, until=NOW, role=Role.SCREENER)

            sol = db.get_one(Person, cast.sol)
            holds_unless(db, another, sol, status=[Status.ENDED, Status.ON_LEAVE])

    def test_ending_a_role_leaves_and_signs_out(self, database, cast):
        with database.writing() as db:
            held = db.scalars(select(Membership).filter_by(person_id=cast.noel)).one()
            held_by_ana = TestSessions().start(db, cast.ana)[1].id
            TestSessions().start(db, cast.noel)
            late = NOW.replace(hour=23)
            memberships.end(Act(db, build.OFFICE, late), held.id, "America/New_York")
            assert held.until == late
            assert set(db.scalars(select(SignIn.id))) == {held_by_ana}
            row = db.scalars(select(Departure)).one()
            assert (row.person_id, row.cause, row.program_id, row.from_day) == (
                cast.noel, Leaving.STAFF_ROLE, cast.testing, date(2026, 12, 1)
            )  # fmt: skip
            assert refused(memberships.end, Act(db, build.OFFICE, NOW), held.id)
            assert refused(memberships.end, Act(db, build.OFFICE, NOW), 999)

    def test_giving_a_role_signs_out_and_ends_links(self, database, cast):
        with database.writing() as db:
            for person in (cast.ana, cast.bo):
                TestSessions().start(db, person)
                identities.invite(Act(db, build.OFFICE, NOW), db.get_one(Person, person))
            act = Act(db, build.viewer(cast.ada), NOW)
            made = memberships.grant(act, cast.bo, Role.TRAINER, cast.rides)
            assert (made.granted_by_id, made.since) == (cast.ada, NOW)
            assert set(db.scalars(select(SignIn.person_id))) == {cast.ana}
            assert set(db.scalars(select(Invitation.person_id))) == {cast.ana}
            memberships.grant(act, cast.bo, Role.TRAINER, cast.testing)  # another program's
            memberships.grant(act, cast.bo, Role.TRAINER, None)
            assert refused(memberships.grant, act, cast.bo, Role.TRAINER, None)
            made.until = NOW
            db.flush()
            memberships.grant(act, cast.bo, Role.TRAINER, cast.rides)


class TestAuthority:
    def test_A9_how_somebody_stands(self, database, cast):
        with database.writing() as db:
            viewer = Viewer(cast.ada, today=NOW.date())
            row = db.scalars(select(Placement).filter_by(person_id=cast.wes)).one()
            serves = lambda: standing_of(db, cast.wes, viewer).programs == {cast.testing}  # noqa: E731
            holds_unless(db, serves, row, person_id=cast.sol, state="ended")
            held = db.scalars(select(Membership).filter_by(person_id=cast.noel)).one()
            has = lambda: standing_of(db, cast.noel, viewer).roles == {Role.COORDINATOR}  # noqa: E731
            holds_unless(db, has, held, until=NOW, person_id=cast.sol)
            assert standing_of(db, cast.wes, viewer).sensitive
            assert not standing_of(db, cast.bo, viewer).sensitive
            assert not standing_of(db, cast.bo, viewer).account
            assert standing_of(db, cast.noel, viewer).account

    def test_A9_who_manages_whom(self):
        def stands(*programs, roles=()):
            return Standing(False, frozenset(roles), frozenset(programs), False)

        one = build.viewer(1, (Role.COORDINATOR, 7), (Role.COORDINATOR, 8))
        assert manages(one, stands(7, 8))
        assert manages(one, stands())
        assert not manages(one, stands(7, 9))
        assert not manages(one, stands(7, roles=[Role.PRESENTER]))
        assert not manages(build.viewer(1, (Role.TRAINER, 7)), stands(7))
        assert not manages(build.viewer(1), stands())
        assert manages(build.OFFICE, stands(9, roles=[Role.ADMINISTRATOR]))

    def test_Z5_who_is_in_a_sensitive_program(self, database, cast):
        with database.writing() as db:
            inside = lambda: set(  # noqa: E731
                db.scalars(select(Person.id).where(authority.in_sensitive_program()))
            )
            assert inside() == {cast.hana, cast.mara, cast.wes, cast.noel}
            row = db.scalars(select(Placement).filter_by(person_id=cast.wes)).one()
            has = lambda: cast.wes in inside()  # noqa: E731
            holds_unless(db, has, row, person_id=cast.sol, program_id=cast.rides)
            holds_also(db, has, row, state="ended", program_id=cast.shelter)
            applied = build.application(db, cast.sol, cast.host, NOW)
            has = lambda: cast.sol in inside()  # noqa: E731
            holds_unless(
                db, has, applied, person_id=cast.bo, program_id=cast.rides,
                state="withdrawn",
            )  # fmt: skip
            held = db.scalars(select(Membership).filter_by(person_id=cast.noel)).one()
            has = lambda: cast.noel in inside()  # noqa: E731
            holds_unless(db, has, held, until=NOW, person_id=cast.sol, program_id=cast.rides)

    def test_who_shares_an_address_that_one_may_see(self, database, cast):
        with database.writing() as db:
            cy = Viewer(
                cast.cy, memberships=frozenset({(Role.COORDINATOR, cast.rides)}), today=NOW.date()
            )
            bo = db.get_one(Person, cast.bo)

            def shared(but=cast.ana, email="BO@example.org"):
                return authority.shared_with(db, cy, email, but)

            holds_unless(db, shared, bo, status=Status.ENDED, email="x@example.org")
            assert not shared(but=cast.bo)
            assert shared(but=None)
            assert not shared(email="")
            assert not shared(email="wes@example.org")

    def test_A10_whom_an_address_admits(self, database, cast):
        with database.writing() as db:
            bo, sol = db.get_one(Person, cast.bo), db.get_one(Person, cast.sol)
            names = lambda: [one.name for one in admitted(db, "bo@example.org").people]  # noqa: E731
            assert names() == ["Bo Tanaka"]
            assert not admitted(db, "bo@example.org").ask
            holds_unless(db, names, bo, status=Status.ENDED, email="x@example.org")
            change = AddressChange(person_id=cast.bo, address="x", created_at=NOW, effective_at=NOW)
            db.add(change)
            db.flush()
            assert names() == []  # an administrator typed it for an account
            change.effective_at = None
            db.flush()
            assert names() == ["Bo Tanaka"]
            sol.email = "Bo@example.org"
            db.flush()
            assert names() == []
            build.prove(db, cast.bo, NOW)
            found = admitted(db, "bo@example.org")
            assert ([one.name for one in found.people], found.ask) == (["Bo Tanaka"], True)
            build.prove(db, cast.sol, NOW)
            assert names() == ["Bo Tanaka", "Sol Vance"]
            build.place(db, cast.sol, cast.host, NOW)
            found = admitted(db, "bo@example.org")
            assert ([one.name for one in found.people], found.ask) == (["Bo Tanaka"], False)
            assert [one.name for one in admitted(db, "wes@example.org").people] == []
            assert [one.name for one in admitted(db, "ada@example.org").people] == []
            build.prove(db, cast.wes, NOW)
            assert [one.name for one in admitted(db, "wes@example.org").people] == ["Wes Lund"]

    def save(self, db, cast, by, person_id, **values) -> Refused | bool:
        person = db.get_one(Person, person_id)
        act = Act(db, by, NOW)
        household = values.pop("same_household", True)
        try:
            return authority.save_person(act, person, values, person.version, household)
        except Refused as no:
            return no

    def test_A9_who_changes_an_email_address(self, database, cast):
        cy = Viewer(
            cast.cy, memberships=frozenset({(Role.COORDINATOR, cast.rides)}), today=NOW.date()
        )
        ada = Viewer(cast.ada, memberships=build.OFFICE.memberships, today=NOW.date())
        with database.writing() as db:
            assert self.save(db, cast, cy, cast.bo, email="b2@example.org") is False
            assert db.get_one(Person, cast.bo).email == "b2@example.org"
            build.prove(db, cast.bo, NOW)
            assert self.save(db, cast, cy, cast.bo, email="b3@example.org") is True
            assert db.get_one(Person, cast.bo).email == "b2@example.org"
            assert "email" in self.save(db, cast, cy, cast.bo, email="").fields
            no = self.save(db, cast, cy, cast.bo, email="ana@example.org", same_household=False)
            assert "email" in no.fields
            assert self.save(db, cast, cy, cast.bo, email="B2@example.org ") is False
            assert self.save(db, cast, ada, cast.bo, email="") is False
            assert db.get_one(Person, cast.bo).email == ""
            assert "email" in self.save(db, cast, ada, cast.ada, email="x@example.org").fields

    def test_S7_an_old_copy_is_refused_before_anything_else(self, database, cast):
        with database.writing() as db:
            act, bo = Act(db, build.viewer(cast.cy), NOW), db.get_one(Person, cast.bo)
            build.prove(db, cast.bo, NOW)
            with pytest.raises(Stale):
                authority.save_person(act, bo, {"email": ""}, bo.version - 1)

    def test_A9_who_changes_a_status(self, database, cast):
        cy = Viewer(
            cast.cy, memberships=frozenset({(Role.COORDINATOR, cast.rides)}), today=NOW.date()
        )
        ada = Viewer(cast.ada, memberships=build.OFFICE.memberships, today=NOW.date())
        with database.writing() as db:
            for by, person, status, wrong in (
                (cy, cast.bo, Status.APPLICANT, False), (cy, cast.bo, Status.ON_LEAVE, False),
                (cy, cast.bo, Status.ACTIVE, False), (cy, cast.wes, Status.ON_LEAVE, True),
                (cy, cast.wes, Status.APPLICANT, False), (cy, cast.noel, Status.ON_LEAVE, True),
                (cy, cast.bo, Status.ENDED, False), (cy, cast.bo, Status.ACTIVE, True),
                (ada, cast.bo, Status.ACTIVE, False), (ada, cast.ada, Status.APPLICANT, False),
                (ada, cast.ada, Status.ACTIVE, False), (ada, cast.ada, Status.ENDED, True),
                (ada, cast.ada, Status.ON_LEAVE, True), (ada, cast.noel, Status.ON_LEAVE, False),
                (cy, cast.noel, Status.ON_LEAVE, False), (cy, cast.noel, Status.ACTIVE, True),
                (ada, cast.noel, Status.ACTIVE, False),
            ):  # fmt: skip
                found = self.save(db, cast, by, person, status=status)
                assert isinstance(found, Refused) is wrong, (person, status)
                if wrong:
                    assert set(found.fields) == {"status"}

    def test_A7_ending_somebody_ends_everything_of_theirs_alone(self, database, cast):
        with database.writing() as db:
            noel, ana = db.get_one(Person, cast.noel), db.get_one(Person, cast.ana)
            for person in (noel, ana):
                TestSessions().start(db, person.id)
                identities.invite(Act(db, build.OFFICE, NOW), person)
                addresses.propose(Act(db, build.OFFICE, NOW), person, f"p{person.id}@example.org")
            build.place(db, cast.noel, cast.driver, NOW)
            before = {"person_id": cast.noel, "since": NOW - DAY, "until": NOW - HOUR}
            db.add(Membership(role=Role.TRAINER, program_id=cast.rides, **before))
            act = Act(db, build.viewer(cast.ada), NOW)
            authority.set_status(act, noel, Status.ON_LEAVE)
            causes = lambda: list(  # noqa: E731
                db.scalars(select(Departure.cause).order_by(Departure.id))
            )
            assert causes() == [Leaving.ON_LEAVE]
            assert set(db.scalars(select(SignIn.person_id))) == {cast.noel, cast.ana}
            authority.set_status(act, noel, Status.ACTIVE)
            assert len(causes()) == 1
            authority.set_status(act, noel, Status.ENDED)
            assert causes()[1:] == [Leaving.ENDED, Leaving.STAFF_ROLE]
            assert set(db.scalars(select(SignIn.person_id))) == {cast.ana}
            assert set(db.scalars(select(Invitation.person_id))) == {cast.ana}
            assert set(db.scalars(select(AddressChange.person_id))) == {cast.ana}
            held = select(Membership.until, Membership.person_id).where(
                Membership.until.is_not(None)
            )
            assert set(db.execute(held).all()) == {(NOW, cast.noel), (NOW - HOUR, cast.noel)}
            ended = select(Placement.person_id).where(Placement.state == PlacementState.ENDED)
            assert set(db.scalars(ended)) == {cast.noel}
            said = [row["detail"] for row in noted(db) if row["action"] == "person.status"]
            assert said == [
                "active to on_leave", "on_leave to active", "active to ended",
            ]  # fmt: skip

    def test_A10_who_invites_and_who_vouches(self, database, cast):
        settings = SETTINGS.__class__(**vars(SETTINGS) | {"smtp_url": "smtp://127.0.0.1:1"})
        cy = Viewer(
            cast.cy, memberships=frozenset({(Role.COORDINATOR, cast.rides)}), today=NOW.date()
        )
        with database.writing() as db:
            bo = db.get_one(Person, cast.bo)
            act = Act(db, cy, NOW)
            demo = SETTINGS.__class__(**vars(SETTINGS) | {"demo": True})
            without = SETTINGS.__class__(**vars(SETTINGS) | {"demo": False, "smtp_url": ""})
            assert refused(authority.invite, act, bo, without)
            assert not refused(authority.invite, act, bo, demo)
            assert not refused(authority.invite, act, bo, settings)
            assert not refused(authority.give_code, act, bo, settings, "phone")
            assert refused(
                authority.give_code, act, db.get_one(Person, cast.wes), settings, "phone"
            )
            build.prove(db, cast.bo, NOW)
            assert refused(authority.invite, act, bo, settings)
            assert refused(authority.give_code, act, bo, settings, "phone")
            ada = Act(db, Viewer(cast.ada, memberships=build.OFFICE.memberships), NOW)
            assert not refused(authority.invite, ada, bo, settings)
            assert not refused(authority.give_code, ada, bo, settings, "phone")


class TestKeptForms:
    def test_a_kept_form_waits_an_hour(self, database, cast):
        with database.writing() as db:
            row = KeptForm(person_id=cast.bo, path="/x", data="[]", at=NOW)
            db.add(row)
            db.add(KeptForm(person_id=cast.ana, path="/x", data="[]", at=NOW - HOUR))
            db.flush()
            assert timedelta(hours=1) == KEPT_FOR
            assert has_kept_form(db, cast.bo, NOW + HOUR)
            assert set(db.scalars(select(KeptForm.person_id))) == {cast.bo}
            assert not has_kept_form(db, cast.sol, NOW)
            assert not has_kept_form(db, cast.bo, NOW + HOUR + SECOND)
            assert db.scalars(select(KeptForm)).all() == []


def test_may_in_a_program():
    clerk = build.viewer(1, (Role.OUTREACH_CLERK, 7))
    assert clerk.may_in(Permission.OUTREACH_MANAGE, 7)
    assert not clerk.may_in(Permission.OUTREACH_MANAGE, 8)
    assert not clerk.may_in(Permission.OUTREACH_MANAGE, None)
    agency = build.viewer(1, (Role.OUTREACH_CLERK, None))
    assert agency.may_in(Permission.OUTREACH_MANAGE, 8)
    assert agency.programs_with(Permission.OUTREACH_MANAGE) == frozenset()
    assert not agency.everywhere(Permission.PEOPLE_MANAGE)
    assert not build.viewer(1, (Role.TRAINER, 7)).programs_with(Permission.PEOPLE_MANAGE)


def test_the_numbers_of_the_rules():
    assert (identities.SHARING, identities.OFFICE_DIGITS, identities.OFFICE_TRIES) == (4, 8, 20)
    assert timedelta(days=7) == identities.INVITATION_LASTS
    assert (timedelta(days=7), timedelta(minutes=15)) == (addresses.STOPPABLE, proofs.LASTS)
    assert authority.MOST_SHARING == 50
    assert (ledger.SIZE, sheets.SHEET_ROWS, seals.AT_ONCE, seals.LATE) == (100, 100, 1000, 10_000)
    assert timedelta(minutes=1) == sessions.NOTE_USE_AFTER
    assert (timedelta(minutes=10), 1000) == (work.CLAIM_LASTS, work.KEPT_LINES)

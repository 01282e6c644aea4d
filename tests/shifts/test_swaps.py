"""Swaps: a shift on the trade board, another one for it, and both people move or neither does."""

import random
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.agency.settings import change
from portal.audit.log import Asked
from portal.audit.models import AuditEntry
from portal.merging import merging
from portal.messages.envelopes import envelope_of
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import Role
from portal.programs.models import Program, Visibility
from portal.shifts import (
    asks,
    check_in,
    groups,
    leads,
    limits,
    message_kinds,
    releases,
    shifts,
    signups,
    swapping,
    undoable,
)
from portal.shifts.group_models import Keep
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.waiting_models import Ask
from portal.swaps import board, scopes, swaps, taking
from portal.swaps.domain import DOMAIN
from portal.swaps.models import Swap, SwapOffer, SwapState
from portal.swaps.notices import NOTICES
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.shifts.test_races import at_once, consistent
from tests.undo.test_undo import do, take_back
from tests.worker import EVERY_NOTICE, round_of_work

both = pytest.mark.both_databases
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = NOON - 9 * DAY


def coordinator(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


def own(db, person: int, shift: int) -> Signup | None:
    """Someone's signup on a shift that counts."""
    return db.scalar(
        select(Signup).where(
            Signup.person_id == person,
            Signup.shift_id == shift,
            Signup.state == SignupState.SIGNED_UP,
        )
    )


def on(database, *shifts_: int) -> list[list[int]]:
    """Who is on some shifts; the counters agree."""
    assert consistent(database)
    with database.reading() as db:
        return [
            sorted(
                db.scalars(
                    select(Signup.person_id).where(
                        Signup.shift_id == one, Signup.state == SignupState.SIGNED_UP
                    )
                )
            )
            for one in shifts_
        ]


@pytest.fixture
def two(database, cast, time) -> tuple[int, int]:
    """Two shifts with one spot each: Ana is on the first, Bo on the second; nine days before."""
    time.at = START
    with database.writing() as db:
        made = [build.shift(db, cast.driver, places=1, title="First").id]
        made.append(build.shift(db, cast.driver, places=1, title="Second", starts=NOON + DAY).id)
        for person, shift in zip((cast.ana, cast.bo), made, strict=True):
            signups.sign_up(Act(db, OFFICE, START), person, shift, staff=True, quiet=True)
    return made[0], made[1]


def without_approval(database, cast):
    with database.writing() as db:
        change(Act(db, OFFICE, START), scopes.APPROVED, False, SETTINGS, program_id=cast.rides)


def offered(database, person, shift, at) -> int:
    with database.writing() as db:
        return swaps.offer(Act(db, build.viewer(person), at), person, shift).id


def proposed(database, person, offer_id, shift, at) -> int:
    with database.writing() as db:
        signup = own(db, person, shift)
        return swaps.propose(
            Act(db, build.viewer(person), at), offer_id, signup.id if signup else 0
        ).id


def proposal(database, cast, two, at=START) -> int:
    """Ana offers the first, Bo proposes the second for it."""
    return proposed(database, cast.bo, offered(database, cast.ana, two[0], at), two[1], at)


def by(database, viewer, verb, swap_id, at=START):
    with database.writing() as db:
        return verb(Act(db, viewer, at), db.get_one(Swap, swap_id))


def told(database, person) -> list[str]:
    with database.reading() as db:
        rows = db.scalars(select(Message).where(Message.person_id == person).order_by(Message.id))
        return [row.kind for row in rows if "swap" in row.kind]


def state(database, swap_id) -> SwapState:
    with database.reading() as db:
        return db.get_one(Swap, swap_id).state


@both
def test_two_swap_once_the_other_says_yes(database, cast, time, two):
    without_approval(database, cast)
    number = proposal(database, cast, two)
    assert proposal(database, cast, two) == number  # a second press
    assert on(database, *two) == [[cast.ana], [cast.bo]]
    assert by(database, build.viewer(cast.ana), swaps.accept, number)
    assert by(database, build.viewer(cast.ana), swaps.accept, number)
    assert on(database, *two) == [[cast.bo], [cast.ana]]
    assert told(database, cast.ana) == ["swap.proposed", "signup.swapped"]
    assert told(database, cast.bo) == ["signup.swapped"]
    with database.reading() as db:
        assert db.scalars(select(SwapOffer.id).where(SwapOffer.ended_at.is_(None))).all() == []
        actions = db.scalars(select(AuditEntry.action)).all()
    assert actions.count("signup.swapped") == actions.count("signup.swapped_away") == 2
    assert "signup.withdrawn" not in actions


@both
def test_where_the_program_wants_it_a_coordinator_approves_and_can_undo(database, cast, time, two):
    number = proposal(database, cast, two)
    assert not by(database, build.viewer(cast.ana), swaps.accept, number)
    assert on(database, *two) == [[cast.ana], [cast.bo]]
    assert told(database, cast.cy) == ["swap.agreed"]
    with database.reading() as db:
        waiting = scopes.waiting_in(coordinator(cast), SwapState.AGREED, START)
        assert [one.offered_by for one in board.for_staff(db, waiting)] == ["Ana Reyes"]
        others = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        assert board.for_staff(db, scopes.waiting_in(others, SwapState.AGREED, START)) == []
    undo = do(
        database,
        coordinator(cast),
        START,
        lambda act: swaps.approve(act, act.db.get_one(Swap, number)),
    )
    assert on(database, *two) == [[cast.bo], [cast.ana]]
    assert undo
    take_back(database, coordinator(cast), START + timedelta(minutes=1), undo)
    assert on(database, *two) == [[cast.ana], [cast.bo]]
    assert state(database, number) == SwapState.AGREED
    undo = do(
        database,
        coordinator(cast),
        START,
        lambda act: swaps.reject(act, act.db.get_one(Swap, number)),
    )
    assert undo
    take_back(database, coordinator(cast), START + timedelta(minutes=1), undo)
    assert state(database, number) == SwapState.AGREED
    by(database, coordinator(cast), swaps.reject, number)
    assert state(database, number) == SwapState.REFUSED
    assert "swap.refused" in told(database, cast.ana)
    assert "swap.refused" in told(database, cast.bo)
    assert on(database, *two) == [[cast.ana], [cast.bo]]


def test_no_and_taking_back_leave_everything_as_it_was(database, cast, time, two):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.decline, number)
    assert told(database, cast.bo) == ["swap.declined"]
    with pytest.raises(Refused):
        by(database, build.viewer(cast.ana), swaps.accept, number)
    again = proposal(database, cast, two)
    assert again != number
    by(database, build.viewer(cast.bo), swaps.withdraw, again)
    assert state(database, again) == SwapState.TAKEN_BACK
    third = proposal(database, cast, two)
    with database.writing() as db:
        swaps.take_back(
            Act(db, build.viewer(cast.ana), START), cast.ana, db.get_one(Swap, third).offer_id
        )
    assert state(database, third) == SwapState.LAPSED
    assert told(database, cast.bo) == ["swap.declined", "swap.lapsed"]
    assert on(database, *two) == [[cast.ana], [cast.bo]]


def refused(database, cast, two, *verbs) -> list[str]:
    """What Bo reads who proposes the second shift for the first, after some verbs."""
    with database.writing() as db:
        for verb in verbs:
            verb(db)
    with pytest.raises(Refused) as caught:
        proposal(database, cast, two)
    assert on(database, *two) == [[cast.ana], [cast.bo]]
    with database.reading() as db:
        assert db.scalar(select(func.count(Swap.id))) == 0
        assert db.scalar(select(func.count(Message.id)).where(Message.kind.contains("swap"))) == 0
    return [str(one.words if hasattr(one, "words") else one) for one in caught.value.reasons]


def beside(cast, person, starts, position="driver"):
    """Someone has another shift at a time."""

    def verb(db):
        made = build.shift(db, getattr(cast, position), starts=starts).id
        signups.sign_up(Act(db, OFFICE, START), person, made, staff=True, quiet=True)

    return verb


def test_a_rule_against_oneself_is_read_and_one_against_the_other_is_not(database, cast, time, two):
    own_clash = refused(database, cast, two, beside(cast, cast.bo, NOON))
    assert "another shift" in own_clash[0]


def test_what_the_other_does_is_not_said(database, cast, time, two):
    found = refused(database, cast, two, beside(cast, cast.ana, NOON + DAY))
    assert found == ["The other person can't take your shift."]


def test_limits_count_without_the_shift_that_is_given(database, cast, time, two):
    def bind(db):
        change(Act(db, OFFICE, START), limits.DAY, 2, SETTINGS, program_id=cast.rides)

    with database.writing() as db:
        bind(db)
    number = proposal(database, cast, two)
    assert state(database, number) == SwapState.PROPOSED
    with database.writing() as db:
        swaps.withdraw(Act(db, build.viewer(cast.bo), START), db.get_one(Swap, number))
        made = build.shift(db, cast.driver, starts=NOON - 3 * HOUR).id
        signups.sign_up(Act(db, OFFICE, START), cast.bo, made, staff=True, quiet=True)
    with pytest.raises(Refused):
        proposal(database, cast, two)


def test_a_swap_leaves_no_shift_with_too_few_adults(database, cast, time, two):
    def needs_two(db):
        shift = db.get_one(Shift, two[0])
        shift.adults, shift.slots[0].maximum = 2, 2
        build.place(db, cast.sol, cast.driver, START)
        signups.sign_up(Act(db, OFFICE, START), cast.sol, two[0], staff=True, quiet=True)
        for person in (cast.bo, cast.sol):  # one household counts once
            db.get_one(Person, person).mailing_address = "1 Elm St"

    with database.writing() as db:
        needs_two(db)
    with pytest.raises(Refused) as caught:
        proposal(database, cast, two)
    assert caught.value.reasons == (swapping.ADULTS,)
    assert on(database, *two) == [[cast.ana, cast.sol], [cast.bo]]


def test_who_comes_together_does_not_swap_alone_and_a_lead_stays(database, cast, time, two):
    with database.writing() as db:
        act = Act(db, OFFICE, START)
        group = groups.add_group(
            act, db.get_one(Program, cast.rides), "Two", cast.ana, Keep.TOGETHER
        )
        groups.add_member(act, group, cast.sol)
        build.place(db, cast.sol, cast.driver, START)
    with pytest.raises(Refused):
        proposal(database, cast, two)
    with database.writing() as db:
        signup = own(db, cast.bo, two[1])
        leads.set_lead(Act(db, OFFICE, START), signup, lead=True)
    with pytest.raises(Refused):
        offered(database, cast.bo, two[1], START)


def test_swaps_bind_no_sign_up_times_but_end_when_a_shift_begins(database, cast, time, two):
    without_approval(database, cast)
    with database.writing() as db:
        db.get_one(Shift, two[0]).closes_at = START - DAY
        db.get_one(Shift, two[1]).opens_at = NOON
    number = proposal(database, cast, two)
    with pytest.raises(Refused):
        by(database, build.viewer(cast.ana), swaps.accept, number, NOON + HOUR)
    round_of_work(database, SETTINGS, NOON + HOUR)
    assert state(database, number) == SwapState.LAPSED
    assert on(database, *two) == [[cast.ana], [cast.bo]]


@both
def test_the_worker_ends_what_can_not_be_done_any_more(database, cast, time, two):
    number = proposal(database, cast, two)
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.bo), START), cast.bo, two[1])
    with database.reading() as db:
        assert board.to_answer(db, cast.ana, START) == []
    round_of_work(database, SETTINGS, START + HOUR)
    assert state(database, number) == SwapState.LAPSED
    with database.writing() as db:
        shifts.cancel(Act(db, OFFICE, START), db.get_one(Shift, two[0]), "Snow")
    round_of_work(database, SETTINGS, START + 2 * HOUR)
    with database.reading() as db:
        assert db.scalars(select(SwapOffer.id).where(SwapOffer.ended_at.is_(None))).all() == []


def test_the_board_shows_roles_one_has_and_names_no_one_in_a_sensitive_program(
    database, cast, time, two
):
    offer_id = offered(database, cast.ana, two[0], START)
    with database.reading() as db:
        (line,) = board.offers(db, build.viewer(cast.bo), START)
        assert (line.number, line.name, line.shift.title) == (offer_id, "Ana R.", "First")
        for other in (cast.ana, cast.sol, cast.hana, cast.ada):
            assert board.offers(db, build.viewer(other), START) == []
    with pytest.raises(NotFound):
        proposed(database, cast.hana, offer_id, two[1], START)
    with database.writing() as db:
        program = db.get_one(Program, cast.rides)
        program.visibility, program.public_label = Visibility.HIDDEN, "Help"
    with database.reading() as db:
        assert board.offers(db, build.viewer(cast.bo), START)[0].name == ""
    with database.writing() as db:
        change(Act(db, OFFICE, START), scopes.ON, False, SETTINGS, program_id=cast.rides)
    with database.reading() as db:
        assert board.offers(db, build.viewer(cast.bo), START) == []
    for verb in (
        lambda: offered(database, cast.bo, two[1], START),
        lambda: proposed(database, cast.bo, offer_id, two[1], START),
    ):
        with pytest.raises(NotFound):
            verb()


def test_no_one_gives_what_is_not_theirs(database, cast, time, two):
    offer_id = offered(database, cast.ana, two[0], START)
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, START)
        theirs = own(db, cast.bo, two[1])
        assert theirs
        with pytest.raises(NotFound):
            swaps.propose(Act(db, build.viewer(cast.sol), START), offer_id, theirs.id)
        with pytest.raises(NotFound):
            swaps.take_back(Act(db, build.viewer(cast.bo), START), cast.bo, offer_id)
    with pytest.raises(NotFound):
        offered(database, cast.bo, two[0], START)


@both
def test_someone_takes_the_spot_of_who_looks_for_a_sub(database, cast, time, two):
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, START)
        slot = build.slot_of(db, two[0])
        with pytest.raises(Refused):
            taking.take_over(Act(db, build.viewer(cast.sol), START), slot)
        releases.cant_make_it(Act(db, build.viewer(cast.ana), START), cast.ana, two[0])
    with database.reading() as db:
        assert [
            one.number for one in board.looking_for_subs(db, build.viewer(cast.sol), START)
        ] == [slot]
        assert board.looking_for_subs(db, build.viewer(cast.ana), START) == []
        assert board.looking_for_subs(db, build.viewer(cast.hana), START) == []
    with pytest.raises(NotFound), database.writing() as db:
        taking.take_over(Act(db, build.viewer(cast.hana), START), slot)
    with database.writing() as db:
        taking.take_over(Act(db, build.viewer(cast.sol), START), slot)
    assert on(database, two[0]) == [[cast.sol]]


@both
def test_of_two_yeses_at_once_one_counts(database, cast, time, two):
    without_approval(database, cast)
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, START)
        third = build.shift(db, cast.driver, places=1, starts=NOON + 2 * DAY).id
        signups.sign_up(Act(db, OFFICE, START), cast.sol, third, staff=True, quiet=True)
    offer_id = offered(database, cast.ana, two[0], START)
    numbers = [
        proposed(database, cast.bo, offer_id, two[1], START),
        proposed(database, cast.sol, offer_id, third, START),
    ]
    ana = build.viewer(cast.ana)
    results = at_once(*(lambda one=one: by(database, ana, swaps.accept, one) for one in numbers))
    assert sorted(isinstance(one, Refused) for one in results) == [False, True]
    assert sorted(state(database, one) for one in numbers) == [SwapState.DONE, SwapState.LAPSED]
    assert on(database, two[0])[0] in ([cast.bo], [cast.sol])


@both
def test_swapping_withdrawing_and_removing_at_once_keep_every_spot(database, cast, time, two):
    without_approval(database, cast)
    number = proposal(database, cast, two)

    def leave():
        with database.writing() as db:
            signups.withdraw(Act(db, build.viewer(cast.bo), START), cast.bo, two[1])

    at_once(lambda: by(database, build.viewer(cast.ana), swaps.accept, number), leave)
    first, second = on(database, *two)
    assert (first, second) in (([cast.bo], [cast.ana]), ([cast.ana], []))


def test_any_order_of_swaps_keeps_capacity_and_one_shift_at_a_time(database, cast, time):
    """Many people, many swaps, some refused: no spot is doubled, none is lost, no one is in two places."""
    time.at = START
    chance = random.Random(19)
    without_approval(database, cast)
    with database.writing() as db:
        people = [build.person(db, f"Swapper {index}", START).id for index in range(6)]
        made = []
        for index, person in enumerate(people):
            build.place(db, person, cast.driver, START)
            starts = NOON + (index // 2) * HOUR
            made.append(build.shift(db, cast.driver, places=1, starts=starts).id)
            signups.sign_up(Act(db, OFFICE, START), person, made[-1], staff=True, quiet=True)
    for _ in range(40):
        one, other = chance.sample(people, 2)
        with database.reading() as db:
            mine, theirs = (
                db.scalars(
                    select(Signup.shift_id).where(
                        Signup.person_id == each, Signup.state == SignupState.SIGNED_UP
                    )
                ).one()
                for each in (one, other)
            )
        try:
            number = proposed(database, other, offered(database, one, mine, START), theirs, START)
            by(database, build.viewer(one), swaps.accept, number)
        except Refused:
            continue
    assert sorted(one for found in on(database, *made) for one in found) == sorted(people)
    with database.reading() as db:
        assert set(db.scalars(select(Slot.filled).where(Slot.shift_id.in_(made)))) == {1}


def test_what_each_is_told_names_both_shifts_and_changes_the_calendar(database, cast, time, two):
    without_approval(database, cast)
    number = proposal(database, cast, two)
    with database.reading() as db:
        asked = db.scalars(select(Message).where(Message.kind == "swap.proposed")).one()
        envelope = envelope_of(asked, "en")
        said = NOTICES["swap.proposed"].say(db, envelope, SETTINGS, START)
        assert said
        assert said.values["who"] == "Bo T."
        assert (said.values["what"], said.values["other_what"]) == ("First", "Second")
    by(database, build.viewer(cast.ana), swaps.accept, number)
    with database.reading() as db:
        assert NOTICES["swap.proposed"].say(db, envelope, SETTINGS, START) is None
        row = db.scalars(
            select(Message).where(Message.kind == "signup.swapped", Message.person_id == cast.ana)
        ).one()
        said = EVERY_NOTICE["signup.swapped"].say(db, envelope_of(row, "en"), SETTINGS, START)
        assert said
        assert (said.values["what"], said.values["before_what"]) == ("Second", "First")
        methods = [one("Ana", "ana@example.org").method for one in said.invites]
        assert methods == ["REQUEST", "CANCEL"]


def says(database, kind, person, at=START):
    """What the last message of a kind to someone would say now."""
    with database.reading() as db:
        row = db.scalars(
            select(Message)
            .where(Message.kind == kind, Message.person_id == person)
            .order_by(Message.id.desc())
        ).first()
        assert row, f"no {kind}"
        return EVERY_NOTICE[kind].say(db, envelope_of(row, "en"), SETTINGS, at)


def pressed(browser, path, **fields):
    """What is read after a press."""
    answer = browser.post(path, **fields)
    if answer.status_code in (302, 303):
        return browser.get(answer.headers["location"]).text
    return answer.text


def test_an_undone_rejection_does_not_swap_who_took_their_shift_off_the_board(
    database, cast, time, two
):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    undo = do(
        database,
        coordinator(cast),
        START,
        lambda act: swaps.reject(act, act.db.get_one(Swap, number)),
    )
    with database.writing() as db:
        offer_id = db.get_one(Swap, number).offer_id
        swaps.take_back(
            Act(db, build.viewer(cast.ana), START + timedelta(seconds=20)), cast.ana, offer_id
        )
    with suppress(Refused):
        take_back(database, coordinator(cast), START + timedelta(minutes=1), undo)
        by(database, coordinator(cast), swaps.approve, number, START + timedelta(minutes=2))
    assert on(database, *two) == [[cast.ana], [cast.bo]]


def test_no_after_yes_ends_what_waits_for_a_coordinator(database, cast, time, two, as_):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    said = pressed(as_(cast.ana), f"/swaps/{number}/refusal")
    assert state(database, number) == SwapState.DECLINED
    assert "You keep your shift." in said


def test_taking_back_what_was_done_does_not_say_that_one_keeps_the_shift(
    database, cast, time, two, as_
):
    without_approval(database, cast)
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    said = pressed(as_(cast.bo), f"/swaps/{number}/end")
    assert on(database, *two) == [[cast.bo], [cast.ana]]
    assert "You keep your shift." not in said


def test_rejecting_what_was_approved_does_not_say_that_both_keep_theirs(
    database, cast, time, two, as_
):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    by(database, coordinator(cast), swaps.approve, number)
    said = pressed(as_(cast.cy), f"/swaps/{number}/rejection")
    assert on(database, *two) == [[cast.bo], [cast.ana]]
    assert "Both keep their shifts" not in said


@pytest.mark.parametrize("how", ["lapsed", "declined", "refused"])
def test_no_one_is_told_that_they_keep_a_shift_they_are_off(database, cast, time, two, how):
    number = proposal(database, cast, two)
    if how == "refused":
        by(database, build.viewer(cast.ana), swaps.accept, number)
        by(database, coordinator(cast), swaps.reject, number)
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.bo), START), cast.bo, two[1])
    if how == "lapsed":
        round_of_work(database, SETTINGS, START + HOUR)
    elif how == "declined":
        by(database, build.viewer(cast.ana), swaps.decline, number)
    assert says(database, f"swap.{how}", cast.bo, START + HOUR) is None


def test_the_board_shows_no_more_of_a_name_than_a_shift_does(database, cast, time, two):
    offered(database, cast.ana, two[0], START)
    with database.reading() as db:
        (line,) = board.offers(db, build.viewer(cast.bo), START)
    assert line.name == "Ana R."


def test_the_question_shows_no_more_of_a_name_than_a_shift_does(database, cast, time, two):
    proposal(database, cast, two)
    assert says(database, "swap.proposed", cast.ana).values["who"] == "Bo T."


@both
@pytest.mark.parametrize("verb", ["accept", "approve"])
def test_a_double_press_at_once_is_harmless(database, cast, time, two, verb):
    number = proposal(database, cast, two)
    viewer = build.viewer(cast.ana)
    if verb == "accept":
        without_approval(database, cast)
    else:
        by(database, viewer, swaps.accept, number)
        viewer = coordinator(cast)
    found = at_once(*[lambda: by(database, viewer, getattr(swaps, verb), number)] * 4)
    assert not [one for one in found if isinstance(one, Exception)]
    assert on(database, *two) == [[cast.bo], [cast.ana]]


@both
def test_a_double_press_of_taking_over_is_harmless(database, cast, time, two, as_):
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, START)
        slot = build.slot_of(db, two[0])
        releases.cant_make_it(Act(db, build.viewer(cast.ana), START), cast.ana, two[0])
    browser = as_(cast.sol)
    assert browser.post(f"/slots/{slot}/takeover").status_code == 303
    assert on(database, two[0]) == [[cast.sol]]
    assert browser.post(f"/slots/{slot}/takeover").status_code == 303


def test_what_is_said_about_a_lead_is_said_to_them(database, cast, time, two):
    """Ana has become the lead of what she offers; Bo doesn't lead anything."""
    offer_id = offered(database, cast.ana, two[0], START)
    with database.writing() as db:
        leads.set_lead(Act(db, OFFICE, START), own(db, cast.ana, two[0]), lead=True)
    with pytest.raises(Refused) as caught:
        proposed(database, cast.bo, offer_id, two[1], START)
    assert "You lead" not in str(caught.value.reasons[0])


def test_a_board_that_was_turned_off_swaps_no_one(database, cast, time, two):
    without_approval(database, cast)
    number = proposal(database, cast, two)
    with database.writing() as db:
        change(Act(db, OFFICE, START), scopes.ON, False, SETTINGS, program_id=cast.rides)
    with pytest.raises(Refused):
        by(database, build.viewer(cast.ana), swaps.accept, number)
    assert on(database, *two) == [[cast.ana], [cast.bo]]


def test_an_offer_of_a_board_that_was_turned_off_has_no_page(database, cast, time, two, as_):
    offer_id = offered(database, cast.ana, two[0], START)
    with database.writing() as db:
        change(Act(db, OFFICE, START), scopes.ON, False, SETTINGS, program_id=cast.rides)
    assert as_(cast.bo).get(f"/swap-offers/{offer_id}").status_code == 404


def test_who_asked_for_help_hears_that_it_came_by_a_swap(database, cast, time, two):
    """A coordinator asks Bo to take First, where Ana can't come; he takes it in a swap."""
    without_approval(database, cast)
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), START), cast.ana, two[0])
        build.place(db, cast.sol, cast.driver, START)
        slot = build.slot_of(db, two[0])
        act = Act(db, coordinator(cast), START)
        asks.ask_all(act, [asks.Wanted(slot, two[0], cast.rides, (cast.bo, cast.sol))])
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    with database.reading() as db:
        kinds = set(
            db.scalars(select(Message.kind).where(Message.person_id.in_((cast.cy, cast.sol))))
        )
        answer = db.scalar(select(Ask.answer).where(Ask.person_id == cast.bo))
    assert answer == "yes"

    assert {message_kinds.HELPED.name, message_kinds.TAKEN.name} <= kinds


@pytest.mark.parametrize("how", ["withdrawn", "off the shift"])
def test_who_said_yes_hears_that_nothing_comes_of_it(database, cast, time, two, how):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    before = len(told(database, cast.ana))
    if how == "withdrawn":
        by(database, build.viewer(cast.bo), swaps.withdraw, number)
    else:
        with database.writing() as db:
            signups.withdraw(Act(db, build.viewer(cast.bo), START), cast.bo, two[1])
        round_of_work(database, SETTINGS, START + HOUR)
    assert len(told(database, cast.ana)) > before


def test_no_one_is_asked_to_swap_once_a_shift_began(database, cast, time, two):
    proposal(database, cast, two)
    assert says(database, "swap.proposed", cast.ana, NOON + HOUR) is None


def test_who_is_checked_in_does_not_give_the_shift_away(database, cast, time, two):
    without_approval(database, cast)
    number = proposal(database, cast, two)
    at = NOON - timedelta(minutes=10)
    with database.writing() as db:
        signup = own(db, cast.ana, two[0])
        check_in.check_in(Act(db, OFFICE, at), signup.shift, signup.id, check_in.How.LEAD)
    with pytest.raises(Refused):
        by(database, build.viewer(cast.ana), swaps.accept, number, at)


@both
def test_undone_and_approved_again(database, cast, time, two):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    for minute in (0, 2, 4):
        at = START + timedelta(minutes=minute)
        undo = do(
            database,
            coordinator(cast),
            at,
            lambda act: swaps.approve(act, act.db.get_one(Swap, number)),
        )
        assert on(database, *two) == [[cast.bo], [cast.ana]]
        take_back(database, coordinator(cast), at + timedelta(minutes=1), undo)
        assert on(database, *two) == [[cast.ana], [cast.bo]]
        assert state(database, number) == SwapState.AGREED


@both
@pytest.mark.parametrize("what", ["offers", "cant", "withdraws", "third takes time"])
def test_an_approval_is_not_undone_where_someone_acted(database, cast, time, two, what):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    undo = do(
        database,
        coordinator(cast),
        START,
        lambda act: swaps.approve(act, act.db.get_one(Swap, number)),
    )
    at = START + timedelta(minutes=1)
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), at)
        if what == "offers":
            swaps.offer(act, cast.ana, two[1])
        elif what == "cant":
            releases.cant_make_it(act, cast.ana, two[1])
        elif what == "withdraws":
            signups.withdraw(act, cast.ana, two[1])
        else:
            made = build.shift(db, cast.driver).id
            signups.sign_up(Act(db, build.viewer(cast.ana), at), cast.ana, made)
    with pytest.raises(Refused):
        take_back(database, coordinator(cast), at + timedelta(minutes=1), undo)


@both
def test_undoing_takes_its_locks_in_the_order_of_every_verb(database, cast, time, two, monkeypatch):
    """Undo holds the offer, then the slots; a proposal for the same offer holds the slots, then the offer."""
    if database.dialect == "sqlite":
        return
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, START)
        third = build.shift(db, cast.driver, places=1, starts=NOON + 2 * DAY).id
        signups.sign_up(Act(db, OFFICE, START), cast.sol, third, staff=True, quiet=True)
    number = proposal(database, cast, two)
    with database.reading() as db:
        offer_id = db.get_one(Swap, number).offer_id
    undo = do(
        database, coordinator(cast), START,
        lambda act: swaps.accept(act.but(asked=Asked.PHONE), act.db.get_one(Swap, number)),
    )  # fmt: skip

    offer_is_held, slots_are_held = threading.Event(), threading.Event()
    real_slots, real_hold = undoable.lock_slots, swaps._hold

    def lock_slots(db, which):
        offer_is_held.set()
        slots_are_held.wait(1)
        real_slots(db, which)

    def hold(db, row):
        slots_are_held.set()
        real_hold(db, row)

    monkeypatch.setattr(undoable, "lock_slots", lock_slots)
    monkeypatch.setattr(swaps, "_hold", hold)

    def propose():
        offer_is_held.wait(5)
        return proposed(database, cast.sol, offer_id, third, START)

    found = at_once(
        lambda: take_back(database, coordinator(cast), START + timedelta(minutes=1), undo), propose
    )
    assert not [one for one in found if isinstance(one, Exception)]


def test_a_person_merged_with_the_other_does_not_swap_with_themselves(database, cast, time, two):

    proposal(database, cast, two)
    with database.writing() as db, pytest.raises(Preview) as preview:
        merging.merge(Act(db, OFFICE, START), cast.ana, cast.bo, None)
    with database.writing() as db:
        merging.merge(Act(db, OFFICE, START), cast.ana, cast.bo, preview.value.seen)
    with database.reading() as db:
        assert board.to_answer(db, cast.ana, START) == []


def test_a_second_proposal_right_after_a_no_is_not_sent_again_and_again(database, cast, time, two):
    for _ in range(5):
        number = proposal(database, cast, two)
        by(database, build.viewer(cast.bo), swaps.withdraw, number)
    assert len(told(database, cast.ana)) < 5


def test_no_one_is_told_that_they_lost_a_shift_they_are_on(database, cast, time, two):
    without_approval(database, cast)
    with database.writing() as db:
        db.get_one(Shift, two[0]).slots[0].maximum = 2
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), START), cast.ana, two[0])
    said = says(database, "signup.swapped", cast.ana)
    assert said is None or said.values["before_what"] != "First"


def test_of_two_swaps_in_a_row_each_shift_leaves_the_calendar(database, cast, time, two):
    without_approval(database, cast)
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, START)
        third = build.shift(db, cast.driver, places=1, title="Third", starts=NOON + 2 * DAY).id
        signups.sign_up(Act(db, OFFICE, START), cast.sol, third, staff=True, quiet=True)
    by(database, build.viewer(cast.ana), swaps.accept, proposal(database, cast, two))
    number = proposed(database, cast.sol, offered(database, cast.ana, two[1], START), third, START)
    by(database, build.viewer(cast.ana), swaps.accept, number)
    with database.reading() as db:
        rows = db.scalars(
            select(Message)
            .where(Message.kind == "signup.swapped", Message.person_id == cast.ana)
            .order_by(Message.id)
        ).all()
        said = [
            EVERY_NOTICE["signup.swapped"].say(db, envelope_of(row, "en"), SETTINGS, START)
            for row in rows
        ]
        assert said[0].subject.startswith("No longer yours: First")
        methods = [[one("Ana", "a@example.org").method for one in each.invites] for each in said]
        assert methods == [["CANCEL"], ["REQUEST", "CANCEL"]]


def test_a_proposal_that_is_made_again_is_asked_by_the_first_message(database, cast, time, two):
    number = proposal(database, cast, two)
    by(database, build.viewer(cast.bo), swaps.withdraw, number)
    assert says(database, "swap.proposed", cast.ana) is None
    again = proposal(database, cast, two)
    assert says(database, "swap.proposed", cast.ana).values["who"] == "Bo T."
    with database.writing() as db:
        first = db.get_one(Swap, number)
        assert scopes.current(db, first).id == again
        DOMAIN.answerable["swap"].answer(Act(db, build.viewer(cast.ana), START), number, "yes")
    assert state(database, again) == SwapState.AGREED
    later = START + 2 * HOUR
    by(database, build.viewer(cast.ana), swaps.decline, again)
    proposed(database, cast.bo, offered(database, cast.ana, two[0], later), two[1], later)
    assert told(database, cast.ana).count("swap.proposed") == 2


def test_no_coordinator_decides_their_own_swap(database, cast, time, two, as_):
    with database.writing() as db:
        build.place(db, cast.cy, cast.driver, START)
        third = build.shift(db, cast.driver, places=1, starts=NOON + 2 * DAY).id
        signups.sign_up(Act(db, OFFICE, START), cast.cy, third, staff=True, quiet=True)
    offer_id = offered(database, cast.ana, two[0], START)
    number = proposed(database, cast.cy, offer_id, third, START)
    mine = as_(cast.cy)
    assert mine.post(f"/swaps/{number}/answer", said="yes", asked="phone").status_code == 404
    by(database, build.viewer(cast.ana), swaps.accept, number)
    assert mine.post(f"/swaps/{number}/approval").status_code == 404
    assert "Ana Reyes" not in mine.get("/schedule/swaps").text
    assert as_(cast.ada).post(f"/swaps/{number}/approval").status_code == 303
    assert on(database, two[0]) == [[cast.cy]]


def test_no_one_is_asked_on_a_board_that_was_turned_off(database, cast, time, two):
    proposal(database, cast, two)
    with database.writing() as db:
        change(Act(db, OFFICE, START), scopes.ON, False, SETTINGS, program_id=None)
    with database.reading() as db:
        assert board.to_answer(db, cast.ana, START) == []
        assert board.own_waiting(db, cast.bo, START) == []
        assert board.offers(db, build.viewer(cast.bo), START) == []
    assert says(database, "swap.proposed", cast.ana) is None
    with database.writing() as db:  # a program's own value wins over the agency's
        change(Act(db, OFFICE, START), scopes.ON, True, SETTINGS, program_id=cast.rides)
    with database.reading() as db:
        assert len(board.to_answer(db, cast.ana, START)) == 1


def test_the_coordinator_of_another_program_decides_nothing(database, cast, time, two, as_):
    number = proposal(database, cast, two)
    other = as_(cast.mara)
    assert other.post(f"/swaps/{number}/answer", said="yes", asked="phone").status_code == 404
    by(database, build.viewer(cast.ana), swaps.accept, number)
    for act in ("approval", "rejection"):
        assert other.post(f"/swaps/{number}/{act}").status_code == 404
    assert other.get(f"/swaps/{number}/approval").status_code == 404
    assert state(database, number) == SwapState.AGREED

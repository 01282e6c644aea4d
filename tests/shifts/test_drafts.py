"""Drafts of a week: proposed to no one, published as a whole, and undone as a whole."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.act import Act
from portal.app import DOMAINS
from portal.audit.models import AuditEntry
from portal.messages.models import Message, State
from portal.permissions import Role
from portal.shifts import drafts, publishing, shifts, signups
from portal.shifts.draft_lines import lines_of, told_by
from portal.shifts.draft_models import Draft, DraftAct
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.roster import people_on
from portal.shifts.shift_slots import SlotWish
from portal.undo import keeping
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.undo.test_undo import differing, everything, take_back
from tests.worker import round_of_work

both = pytest.mark.both_databases
WEEK = date(2026, 12, 6)
DAY = timedelta(days=1)


def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def week(database, cast, time):
    """A week with three shifts; Ana is on the first, Bo on the second."""
    with database.writing() as db:
        made = [build.shift(db, cast.driver, starts=NOON + n * DAY, places=2).id for n in range(3)]
        for person, shift in ((cast.ana, made[0]), (cast.bo, made[1])):
            signups.sign_up(Act(db, OFFICE, time.at), person, shift, staff=True, quiet=True)
    return made


def draft(database, cast, time, *proposals) -> int:
    with database.writing() as db:
        act = Act(db, cy(cast), time.at)
        made = drafts.begin(act, WEEK)
        for proposal in proposals:
            proposal(act, made)
        return made.id


def moving(shift, day):
    return lambda act, made: drafts.move(act, made, act.db.get_one(Shift, shift), day, None)


def canceling(shift):
    return lambda act, made: drafts.cancel(act, made, act.db.get_one(Shift, shift), "Snow")


def adding(shift, person):
    return lambda act, made: drafts.add_person(
        act, made, act.db.get_one(Shift, shift).slots[0], person
    )


def removing(shift, person):
    def verb(act, made):
        of = select(Signup).filter_by(shift_id=shift, person_id=person, state=SignupState.SIGNED_UP)
        drafts.remove_person(act, made, act.db.scalars(of).one(), "Not free")

    return verb


def new_shift(cast):
    def verb(act, made):
        starts = NOON + 4 * DAY
        values = {"title": "", "site_id": None, "note": "", "starts_at": starts, "ends_at": starts + timedelta(hours=2),
                  "zone": "America/New_York", "opens_at": None, "closes_at": starts,
                  "withdraw_until": starts - DAY}  # fmt: skip
        program = act.db.get_one(build.Program, cast.rides)
        drafts.add_shift(act, made, program, values, [SlotWish(cast.driver, 1, 2)])

    return verb


def publish(database, viewer, at, draft_id, seen=None) -> int:
    """Publish as a request of staff does; gives what can be undone."""
    with database.writing() as db:
        keeping.begin(db)
        made = drafts.own_draft(db, viewer, draft_id)
        acts = drafts.acts_of(db, draft_id)
        lines = lines_of(db, viewer, acts, "en", 2026)
        seen = seen or publishing.mark_of(lines, told_by(db, viewer, acts))
        publishing.publish(Act(db, viewer, at), made, "en", seen)
        request = SimpleNamespace(
            db=db, viewer=viewer, at=at, settings=SETTINGS, portal=SimpleNamespace(domains=DOMAINS)
        )
        return keeping.keep(request, "Published.")


def on(database, shift: int) -> list[int]:
    with database.reading() as db:
        return sorted(db.scalars(people_on(shift)))


def told(database) -> list[tuple[int, str]]:
    with database.reading() as db:
        found = db.execute(
            select(Message.person_id, Message.kind).where(Message.state == State.QUEUED)
        )
        return sorted(map(tuple, found))


@both
def test_a_draft_changes_nothing_and_tells_no_one(database, cast, time, week):
    before = everything(database)
    draft(database, cast, time, moving(week[0], date(2026, 12, 9)), canceling(week[1]), adding(week[2], cast.ana),
          new_shift(cast), removing(week[0], cast.ana))  # fmt: skip
    changed = differing(before, everything(database))
    assert set(changed) == {"draft", "draft_act"}
    assert told(database) == []


@both
def test_publishing_runs_every_verb_and_tells_each_person_once(database, cast, time, week):
    number = draft(database, cast, time, adding(week[2], cast.ana), moving(week[0], date(2026, 12, 9)),
                   canceling(week[1]), new_shift(cast), adding(week[2], cast.bo))  # fmt: skip
    with database.writing() as db:
        act = Act(db, cy(cast), time.at)
        added = next(one for one in drafts.acts_of(db, number) if one.kind == "shift")
        drafts.add_person_onto(act, added, cast.driver, cast.bo)
    publish(database, cy(cast), time.at, number)
    with database.reading() as db:
        moved, canceled = db.get_one(Shift, week[0]), db.get_one(Shift, week[1])
        made = db.scalars(select(Shift).where(Shift.id.not_in(week))).one()
        assert clock.local_day(moved.starts_at, moved.zone) == date(2026, 12, 9)
        assert canceled.canceled_reason == "Snow"
        assert db.scalar(select(func.count()).select_from(Draft)) == 0
    assert [on(database, one) for one in (*week, made.id)] == [
        [cast.ana],
        [],
        [cast.ana, cast.bo],
        [cast.bo],
    ]
    assert told(database) == [(cast.ana, "several"), (cast.bo, "several")]


@both
def test_undoing_a_publication_gives_the_draft_back(database, cast, time, week):
    number = draft(database, cast, time, adding(week[2], cast.ana), moving(week[0], date(2026, 12, 9)),
                   canceling(week[1]), new_shift(cast), removing(week[0], cast.ana))  # fmt: skip
    before = everything(database)
    undo = publish(database, cy(cast), time.at, number)
    take_back(database, cy(cast), time.at, undo)
    assert not {
        name: rows
        for name, rows in differing(before, everything(database)).items()
        if name != "commitment"
    }
    assert told(database) == []


@both
def test_all_of_it_or_nothing_with_a_reason_for_each_line(database, cast, time, week):
    number = draft(
        database,
        cast,
        time,
        canceling(week[0]),
        adding(week[2], cast.ana),
        adding(week[2], cast.bo),
    )
    with database.writing() as db:
        for person in (cast.ana, cast.bo):
            clash = build.shift(db, cast.driver, starts=NOON + 2 * DAY, places=2).id
            signups.sign_up(Act(db, OFFICE, time.at), person, clash, staff=True)
    before = everything(database)
    with pytest.raises(Refused) as refused:
        publish(database, cy(cast), time.at, number)
    assert [str(one).partition(":")[0] for one in refused.value.reasons] == [
        "Add Ana Reyes",
        "Add Bo Tanaka",
    ]
    assert not differing(before, everything(database))


@both
def test_it_is_shown_again_when_something_changed_since_it_was_seen(database, cast, time, week):
    number = draft(database, cast, time, canceling(week[0]))
    with database.reading() as db:
        acts = drafts.acts_of(db, number)
        lines = lines_of(db, cy(cast), acts, "en", 2026)
        seen = publishing.mark_of(lines, told_by(db, cy(cast), acts))
    with database.writing() as db:
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, week[0], staff=True)
    with pytest.raises(Preview):
        publish(database, cy(cast), time.at, number, seen)
    assert on(database, week[0]) == [cast.ana, cast.bo]


@both
def test_no_one_publishes_what_they_may_not_do(database, cast, time, week):
    number = draft(database, cast, time, canceling(week[0]))
    with database.writing() as db, pytest.raises(NotFound):
        drafts.own_draft(db, build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), number)
    former = build.viewer(cast.cy, (Role.COORDINATOR, cast.shelter))
    with pytest.raises(Refused, match="It isn't there anymore"):
        publish(database, former, time.at, number)
    assert on(database, week[0]) == [cast.ana]


@both
@pytest.mark.parametrize("kind", ["remove", "move", "new", "add", "add someone else's"])
def test_each_line_is_done_in_ones_own_scope(database, cast, time, week, kind):
    proposal = {
        "remove": removing(week[0], cast.ana), "move": moving(week[0], date(2026, 12, 9)), "new": new_shift(cast),
        "add": adding(week[2], cast.ana), "add someone else's": adding(week[2], cast.hana),
    }[kind]  # fmt: skip
    number = draft(database, cast, time, proposal)
    role = cast.rides if kind == "add someone else's" else cast.shelter
    viewer = build.viewer(cast.cy, (Role.COORDINATOR, role))
    with pytest.raises(Refused, match="It isn't there anymore"):
        publish(database, viewer, time.at, number)


@both
def test_what_a_colleague_did_meanwhile_is_not_done_twice(database, cast, time, week):
    number = draft(database, cast, time, removing(week[0], cast.ana), canceling(week[1]))
    with database.writing() as db:
        of_ana = db.scalars(select(Signup).filter_by(shift_id=week[0])).one()
        signups.remove(Act(db, OFFICE, time.at), of_ana, "Ill")
        shifts.cancel(Act(db, OFFICE, time.at), db.get_one(Shift, week[1]), "Snow")
    with pytest.raises(Refused, match="no longer on the shift"):
        publish(database, cy(cast), time.at, number)


def test_a_later_proposal_takes_the_place_of_the_same(database, cast, time, week):
    number = draft(database, cast, time, moving(week[0], date(2026, 12, 9)), moving(week[0], date(2026, 12, 8)),
                   adding(week[2], cast.ana), adding(week[2], cast.ana))  # fmt: skip
    with database.reading() as db:
        assert [one.kind for one in drafts.acts_of(db, number)] == ["move", "add"]


def test_the_past_and_who_is_on_it_already_cannot_be_proposed(database, cast, time, week):
    with pytest.raises(Refused, match="on the shift already"):
        draft(database, cast, time, adding(week[0], cast.ana))
    time.at = NOON + DAY
    with pytest.raises(Refused, match="Only an upcoming shift"):
        draft(database, cast, time, canceling(week[0]))


@both
def test_a_draft_no_one_published_is_forgotten(database, cast, time, week, settings):
    draft(database, cast, time, canceling(week[0]))
    round_of_work(database, settings, clock.start_of_day(WEEK + 30 * DAY, "America/New_York"))
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(DraftAct)) == 1
    round_of_work(database, settings, clock.start_of_day(WEEK + 31 * DAY, "America/New_York"))
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(DraftAct)) == 0


def test_a_coordinator_drafts_a_week_on_its_pages(database, cast, time, as_, week):
    browser = as_(cast.cy)
    browser.get("/schedule?week=2026-12-06")
    browser.press("/drafts")
    assert "What you change here is told to no one" in browser.text
    with database.reading() as db:
        number = db.scalars(select(Draft.id)).one()
    here = f"?week=2026-12-06&draft={number}"
    with database.writing() as db:
        slot = build.slot_of(db, week[2])
        signup = db.scalars(select(Signup.id).filter_by(shift_id=week[1])).one()
    browser.post(f"/schedule/{slot}/people{here}", who="Ana")
    browser.post(f"/schedule/signups/{signup}/removal{here}", reason="Not free")
    browser.post(f"/shifts/{week[0]}/move?draft={number}", day="2026-12-09", starts="09:00")
    form = {"day": "2026-12-11", "starts": "09:00", "ends": "10:00", "zone": "America/New_York", "withdrawal_hours": "24",
            "closes_hours": "0", "slots-0-position": str(cast.driver)}  # fmt: skip
    browser.post(f"/shifts?program={cast.rides}&draft={number}", **form)
    page = browser.get(f"/schedule{here}").text
    for words in ("removed in the draft", "moved in the draft", "new in the draft"):
        assert words in page
    assert on(database, week[1]) == [cast.bo]
    page = browser.get(f"/drafts/{number}").text
    lines = [
        " ".join(one.split())
        for one in re.findall(r'<span class="what">(.*?)</span>', page, re.DOTALL)
    ]
    assert [one.partition(":")[0].partition(",")[0] for one in lines] == [
        "Remove Bo Tanaka", "Move Driver", "New shift", "Add Ana Reyes",
    ]  # fmt: skip
    assert "Publish 4 changes" in page
    assert browser.press(f"/drafts/{number}/publication").status_code == 200
    assert "4 changes were published." in browser.text
    assert on(database, week[1]) == []
    assert told(database) == [(cast.ana, "several"), (cast.bo, "signup.removed")]


def test_a_name_goes_onto_a_new_shift_and_a_line_out_of_the_draft(database, cast, time, as_, week):
    number = draft(database, cast, time, new_shift(cast), canceling(week[0]))
    with database.reading() as db:
        cancel, added = (one.id for one in drafts.acts_of(db, number))
    browser = as_(cast.cy)
    browser.get(f"/drafts/{number}")
    assert (
        "Enter the full name"
        in browser.press(f"/drafts/{number}/acts/{added}/people", who="Zed").text
    )
    browser.get(f"/drafts/{number}")
    browser.press(f"/drafts/{number}/acts/{added}/people", who="Bo")
    assert "Add Bo" in browser.text
    browser.press(f"/drafts/{number}/acts/{cancel}/removal")
    assert "Cancel Driver" not in browser.text
    browser.press(f"/drafts/{number}/acts/{added}/removal")
    assert "This draft proposes nothing yet." in browser.text
    browser.press(f"/drafts/{number}/removal")
    assert "The draft was deleted." in browser.text
    with database.reading() as db:
        entries = db.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_kind == "draft")
        ).all()
        assert entries[-1] == "draft.discarded"

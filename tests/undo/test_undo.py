"""Undoing what staff did to a schedule: everything is as it was, no one is told, and no one else's work is lost."""

import re
from datetime import date, timedelta
from types import SimpleNamespace as Asked

import pytest
from sqlalchemy import select, update

from portal.act import Act
from portal.agency.settings import change
from portal.app import DOMAINS
from portal.audit.log import record
from portal.audit.models import AuditEntry
from portal.columns import Base
from portal.images import ALBUM, ONWARD, _kept
from portal.messages.models import Message, State
from portal.permissions import Permission, Role
from portal.shifts import shifts, signups
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.roster import people_on
from portal.undo import keeping, undoing
from portal.undo.models import Undo
from portal.undo.settings import HOLD_MINUTES
from portal.web.errors import NotFound, Refused
from portal.web.page import Post
from tests import build
from tests.build import OFFICE, SETTINGS
from tests.scene import NAMED
from tests.shifts.test_races import at_once
from tests.worker import Mail, round_of_work

both = pytest.mark.both_databases
PORTAL = Asked(domains=DOMAINS)
HISTORY = {
    "audit_entry", "audit_seal", "undo", "message", "once_value", "session", "clearance_change", "mark",
}  # fmt: skip
"""What stays although an act is undone: who did what, what was held back, and that somebody was there."""
SHIFT = {"day": "2026-12-20", "starts": "09:00", "ends": "10:00", "zone": "America/New_York",
         "withdrawal_hours": "24", "closes_hours": "0", "slots-0-position": "{driver}"}  # fmt: skip
PATTERN = {"title": "", "weekdays": "1", "interval": "1", "kind": "weekly", "first_day": "2026-12-01", "starts": "10:00",
           "ends": "12:00", "zone": "America/New_York", "withdrawal_hours": "24", "closes_hours": "0",
           "slots-0-position": "{driver}", "slots-0-maximum": "2"}  # fmt: skip
A = "/applications/{application_id:id}"
S, P = "/shifts/{shift_id:id}", "/patterns/{pattern_id:id}"
ACTS = {
    "/shifts?program={rides}": SHIFT,
    S: SHIFT | {"slots-0-maximum": "3", "version": "1"},
    f"{S}/cancellation": {"reason": "Snow"},
    f"{S}/roster": {"person": "{bo}", "slot": "{slot}", "asked": "phone"},
    f"{S}/signups/{{signup_id:id}}/removal": {"reason": "Ill"},
    f"{S}/signups/{{signup_id:id}}/lead": {},
    f"{S}/signups/{{signup_id:id}}/coming": {"asked": "phone"},
    f"{S}/signups/{{signup_id:id}}/cover-request": {"cant_reason": "sick", "asked": "phone"},
    f"{S}/roster/line": {"person": "{bo}", "slot": "{slot}", "asked": "phone"},
    f"{S}/waiting/{{waiting_id:id}}/answer": {"answer": "leave", "asked": "phone"},
    f"{S}/move": {"day": "2026-12-20"},
    f"{S}/attendance": {"all_came": "yes"},
    "/schedule/{slot_id:id}/people": {"person": "{bo}", "who": "Bo"},
    "/schedule/signups/{signup_id:id}/removal": {"reason": "Ill"},
    "/schedule/copy": {"week": "2026-12-06", "to": "2027-02-14", "people": "no"},
    "/gaps/{patterned_slot}": {"person": "{bo}", "who": "", "asked": "phone"},
    "/people/{person_id:id}/away": {"first_day": "2026-12-09", "last_day": "2026-12-21", "asked": "phone"},
    "/people/{person_id:id}/absences/{absence_id:id}/end": {"asked": "phone"},
    "/people/{person_id:id}/regulars/{regular_id:id}/stop": {"asked": "phone"},
    f"{P}/pause": {}, f"{P}/extension": {"until": "2027-08-01"}, f"{P}/end": {"last_day": "2026-12-20"},
    "/closures": {"where": "agency", "first_day": "2026-12-10", "last_day": "2026-12-11", "reason": "Snow", "what": "cancel"},
    "/closures/{closure_id:id}/lifting": {},
    "/hours/approval": {"entries": "{entry}"}, "/hours/{entry_id:id}/correction": {"minutes": "3", "reason": "Sheet"},
    "/hours/{entry_id:id}/removal": {"reason": "Twice"}, "/hours/questions/{question_id:id}/answer": {"answer": "Yes"},
    f"{A}/hold": {"why": "references"}, f"{A}/offer": {"starts_on": "2026-12-01"}, f"{A}/offer/end": {},
    f"{A}/refusal": {"reason": "times"}, f"{A}/owner": {"owner": "{cy}"},
}  # fmt: skip
"""What staff do to schedules and rosters, each with the form that does it."""
OF_ANA = (
    "/people/{person_id:id}/away",
    "/people/{person_id:id}/absences",
    "/people/{person_id:id}/regulars",
)
NO_UNDO = {
    "/gaps/open/end": "no one's record changes", "/gaps/{slot_id:id}/open": "no one's record changes",
    "/gaps/{slot_id:id}/calls": "its list undoes it with 0", "/shift-calls/{shift_call_id:id}/undo": "it undoes itself",
    "/schedule/templates": "it can be ended", "/schedule/templates/{template_id:id}/ending": "a new one can be kept",
    "/early-lists": "it can be ended", "/early-lists/{early_list_id:id}/ending": "a new one can be written",
    "/early-lists/{early_list_id:id}/people": "they can be removed",
    "/early-lists/{early_list_id:id}/people/{person_id:id}/removal": "they can be added",
    "/groups": "it can be ended", "/groups/{group_id:id}": "the form changes it back", "/groups/{group_id:id}/members": "they can be removed",
    "/groups/{group_id:id}/members/{person_id:id}/removal": "they can be added", "/groups/{group_id:id}/ending": "it has nothing any more",
    "/groups/{group_id:id}/members/{person_id:id}/contact": "the one before can be chosen",
    "/shift-calls/{shift_call_id:id}/pause": "its line ends it", "/ask-pauses/{ask_pause_id:id}/end": "the next call sets it",
}  # fmt: skip
"""What needs no undoing."""
ELSEWHERE = {
    f"{S}/asks", "/gaps/{slot_id:id}/release", "/gaps/{slot_id:id}/coming", "/gaps/{slot_id:id}/asks", "/gaps/asks", f"{S}/roster/regular", "/patterns", P,
    f"{P}/resumption", "/people/{person_id:id}/regulars/{regular_id:id}/resumption", "/affected/decision",
    "/meetings", "/meetings/{meeting_id:id}", "/meetings/{meeting_id:id}/cancellation", "/meetings/{meeting_id:id}/people",
    "/meetings/{meeting_id:id}/people/{person_id:id}/answer", "/meetings/{meeting_id:id}/people/{person_id:id}/removal",
    "/opening", "/swaps/{swap_id:id}/approval", "/swaps/{swap_id:id}/rejection", "/swaps/{swap_id:id}/answer",
    f"{S}/reopening", "/drafts", "/drafts/{draft_id:id}/publication", "/drafts/{draft_id:id}/removal",
    "/drafts/{draft_id:id}/acts/{draft_act_id:id}/removal", "/drafts/{draft_id:id}/acts/{draft_act_id:id}/people",
}  # fmt: skip
"""What the tests below do, or what calls the same verbs as an act above."""


def everything(database) -> dict[str, dict[int, dict]]:
    """Every row but history, without what never goes back."""
    with database.reading() as db:
        return {
            table.name: {
                row[0]: {k: _kept(v) for k, v in row._mapping.items() if k not in ONWARD}
                for row in db.execute(select(*table.c).order_by(table.c[0]))
            }
            for table in Base.metadata.sorted_tables
            if table.name not in HISTORY
        }


def undos(database) -> list[Undo]:
    with database.reading() as db:
        return list(db.scalars(select(Undo).where(Undo.what != "{}").order_by(Undo.id)))


def differing(before, after) -> dict[str, list]:
    return {
        name: [(key, rows.get(key), after[name].get(key)) for key in {**rows, **after[name]}
               if rows.get(key) != after[name].get(key)]
        for name, rows in before.items() if rows != after[name]
    }  # fmt: skip


def test_every_act_on_a_schedule_can_be_undone_or_says_why_not():
    staff = {
        one.path
        for domain in DOMAINS
        if domain.name in ("shifts", "swaps", "meetings")
        for one in domain.pages
        if isinstance(one, Post) and one.may is Permission.SHIFTS_MANAGE
    }
    known = (
        {path.partition("?")[0].replace("patterned_slot", "slot_id:id") for path in ACTS}
        | NO_UNDO.keys()
        | ELSEWHERE
    )
    assert staff == known & staff
    assert not staff - known


@pytest.mark.populated
@pytest.mark.parametrize("path", sorted(ACTS))
def test_undo_restores_all_but_history(path, database, cast, ids, as_, time):
    with database.writing() as db:
        named = vars(cast) | vars(ids) | {"patterned_slot": build.slot_of(db, ids.patterned)}
        if path.endswith("/line"):
            db.execute(update(Slot).where(Slot.id == ids.slot).values(maximum=1, minimum=1))
    names = dict(NAMED) | ({"person_id": "ana"} if path.startswith(OF_ANA) else {})
    if "absences" in path:
        names["absence_id"] = "absence"
    if path in (f"{A}/hold", f"{A}/offer"):
        names["application_id"] = "reviewed"
    if path == f"{A}/offer/end":
        names["application_id"] = "offered"
    if "attendance" in path:
        names["shift_id"] = "over"
    to = path.replace(":id", "").format(
        **{name: named[key] for name, key in names.items()},
        rides=cast.rides,
        patterned_slot=named["patterned_slot"],
    )
    fields = {name: value.format(**named) for name, value in ACTS[path].items()}
    before = everything(database)
    browser = as_(cast.ada)
    browser.post(to, **fields)
    if not undos(database):
        browser.press(to, **fields)  # what was shown first
    assert undos(database), re.findall(r'role="alert".*?</div>', browser.text, re.DOTALL)
    [undo] = undos(database)
    answer = browser.post(f"/undo/{undo.id}", next="/schedule")
    assert (answer.status_code, answer.headers["location"]) == (303, "/schedule")
    with database.reading() as db:
        told = db.scalars(select(Message.state).where(Message.undo_id == undo.id)).all()
        assert set(told) <= {State.DROPPED}
        noted = db.scalars(select(AuditEntry).where(AuditEntry.action.endswith(".undone"))).all()
        assert noted
        assert all(one.actor_id == cast.ada for one in noted)
    assert browser.post(f"/undo/{undo.id}").status_code == 303  # a second press is harmless
    assert not differing(before, everything(database))


def do(database, viewer, at, verb) -> int | None:
    """Do something as a request of staff does; gives what can be undone."""
    with database.writing() as db:
        keeping.begin(db)
        verb(Act(db, viewer, at))
        return keeping.keep(
            Asked(db=db, viewer=viewer, at=at, settings=SETTINGS, portal=PORTAL), "Done."
        )


def take_back(database, viewer, at, undo_id) -> None:
    undoables = {one.name: one for domain in DOMAINS for one in domain.undoables}
    with database.writing() as db:
        undoing.take_back(Act(db, viewer, at), undo_id, undoables)


def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def shift(database, cast, time) -> int:
    """A coming shift with room for two, on which Ana is."""
    with database.writing() as db:
        made = build.shift(db, cast.driver, places=2).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, made, staff=True, quiet=True)
    return made


def remove_ana(shift: int):
    def verb(act: Act) -> None:
        of_ana = select(Signup).where(
            Signup.shift_id == shift, Signup.state == SignupState.SIGNED_UP
        )
        signups.remove(act, act.db.scalars(of_ana).one(), "No car")

    return verb


def on(database, shift: int) -> list[int]:
    with database.reading() as db:
        return sorted(db.scalars(people_on(shift)))


def waiting(database) -> list[tuple[str, timedelta]]:
    """The messages that wait: which, and how long."""
    with database.reading() as db:
        found = db.scalars(
            select(Message).where(Message.state == State.QUEUED).order_by(Message.id)
        ).all()
        return [(one.kind, one.next_at - one.created_at) for one in found]


@both
def test_what_can_wait_is_held_two_minutes_and_what_is_urgent_is_not(database, cast, time, shift):
    do(database, cy(cast), time.at, remove_ana(shift))
    assert waiting(database) == [("signup.removed", timedelta(minutes=2))]
    with database.writing() as db:
        soon = build.shift(db, cast.driver, starts=time.at + timedelta(hours=3)).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, soon, staff=True, quiet=True)
    do(database, cy(cast), time.at, remove_ana(soon))
    assert waiting(database)[1:] == [("signup.removed", timedelta(0))]


@both
def test_the_agency_sets_how_long_messages_are_held(database, cast, time, shift):
    with database.writing() as db:
        change(Act(db, OFFICE, time.at), HOLD_MINUTES, 0, SETTINGS)
    do(database, cy(cast), time.at, remove_ana(shift))
    assert waiting(database) == [("signup.removed", timedelta(0))]


@both
def test_an_act_is_undone_until_someone_was_told(database, cast, time, shift, settings):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    mail = Mail(database, settings, None)
    time.move(seconds=119)
    assert mail.round(time.at) == 0
    take_back(database, cy(cast), time.at, undo)
    assert on(database, shift) == [cast.ana]
    again = do(database, cy(cast), time.at, remove_ana(shift))
    time.move(seconds=121)
    assert mail.round(time.at) == 1  # the message of what was undone is gone
    with pytest.raises(Refused, match="told already"):
        take_back(database, cy(cast), time.at, again)
    assert on(database, shift) == []


@both
def test_undo_and_the_worker_never_both_win(database, cast, time, shift, settings):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    time.move(minutes=3)
    sent, undone = at_once(
        lambda: Mail(database, settings, None).round(time.at),
        lambda: take_back(database, cy(cast), time.at, undo),
    )
    if isinstance(undone, Refused):
        assert (sent, on(database, shift)) == (1, [])
    else:
        assert (sent, undone, on(database, shift)) == (0, None, [cast.ana])


@both
def test_it_ends_after_ten_minutes_and_leaves_nothing_behind(database, cast, time, shift, settings):
    def pull(act: Act) -> None:
        shifts.move_shift(act, act.db.get_one(Shift, shift), date(2026, 12, 14), None)

    with database.writing() as db:
        signups.end_all(Act(db, OFFICE, time.at), db.get_one(Shift, shift), SignupState.REMOVED, "")
        db.execute(update(Message).values(state=State.DROPPED))
    undo = do(database, cy(cast), time.at, pull)
    with pytest.raises(Refused, match="10 minutes"):
        take_back(database, cy(cast), time.at + keeping.LASTS, undo)
    round_of_work(database, settings, time.at + timedelta(minutes=69))
    assert len(undos(database)) == 1
    round_of_work(database, settings, time.at + timedelta(minutes=71))
    assert undos(database) == []


@both
def test_only_who_did_it_undoes_it_and_only_while_they_may(database, cast, time, shift):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    for other in (build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), build.viewer(cast.cy),
                  build.viewer(cast.cy, (Role.COORDINATOR, cast.shelter))):  # fmt: skip
        with pytest.raises(NotFound):
            take_back(database, other, time.at, undo)
    assert on(database, shift) == []


@both
def test_it_is_refused_by_name_when_somebody_acted_since(database, cast, time, shift):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    time.move(seconds=5)
    with database.writing() as db:
        ada = Act(db, build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), time.at)
        signups.sign_up(ada, cast.ana, shift, staff=True)
        ended = db.scalars(select(Signup).where(Signup.state == SignupState.REMOVED)).one()
        ended.reason = "Her car is at the shop"
        record(ada, "signup.edited", ended)
    before = everything(database)
    with pytest.raises(Refused, match=r"Ada \w+ changed this since"):
        take_back(database, cy(cast), time.at, undo)
    assert not differing(before, everything(database))


@both
def test_who_took_something_else_meanwhile_is_named(database, cast, time, shift):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    with database.writing() as db:
        other = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, other, staff=True)
    with pytest.raises(Refused, match=r"can't come now: Ana"):
        take_back(database, cy(cast), time.at, undo)
    assert (on(database, shift), on(database, other)) == ([], [cast.ana])


@both
def test_who_signed_up_meanwhile_keeps_their_spot(database, cast, time, shift):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    with database.writing() as db:
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, shift, staff=True)
    take_back(database, cy(cast), time.at, undo)
    assert on(database, shift) == sorted([cast.ana, cast.bo])
    with database.reading() as db:
        assert db.scalars(select(Slot.filled)).one() == 2


@both
def test_a_spot_that_is_gone_cannot_be_given_back(database, cast, time, shift):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    with database.writing() as db:
        db.execute(update(Slot).values(maximum=1, minimum=1))
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, shift, staff=True)
    with pytest.raises(Refused, match="was changed since"):
        take_back(database, cy(cast), time.at, undo)
    assert on(database, shift) == [cast.bo]


def test_a_calendar_that_heard_of_it_can_tell(database, cast, time, shift):
    with database.reading() as db:
        before = db.get_one(Shift, shift).sequence
    undo = do(database, cy(cast), time.at,
              lambda act: shifts.move_shift(act, act.db.get_one(Shift, shift), date(2026, 12, 14), None))  # fmt: skip
    take_back(database, cy(cast), time.at, undo)
    with database.reading() as db:
        assert db.get_one(Shift, shift).sequence == before + 2


def test_volunteers_and_the_worker_keep_no_images(database, cast, time, shift):
    with database.writing() as db:
        remove_ana(shift)(Act(db, OFFICE, time.at))
        assert ALBUM not in db.info
    assert undos(database) == []


def test_the_page_after_an_act_offers_to_undo_it(database, cast, as_, shift):
    browser = as_(cast.cy)
    signup = next(iter(everything(database)["signup"]))
    page = browser.post(f"/shifts/{shift}/signups/{signup}/removal", reason="Ill")
    page = browser.get(page.headers["location"]).text
    [undo] = undos(database)
    assert "1 email goes out at" in page
    assert "1 email goes out at" in browser.get("/undo").text
    assert browser.press(f"/undo/{undo.id}").status_code == 200
    assert "Undone. No one was told about it" in browser.text
    assert on(database, shift) == [cast.ana]
    assert "There is nothing to undo." in browser.get("/undo").text


@both
def test_each_person_gets_one_message_about_one_act(database, cast, time, office):
    with database.writing() as db:
        three = [
            build.shift(db, cast.driver, starts=build.NOON + timedelta(days=n), places=2).id
            for n in range(3)
        ]
        for one in three:
            signups.sign_up(Act(db, OFFICE, time.at), cast.ana, one, staff=True, quiet=True)
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, three[0], staff=True, quiet=True)

    def cancel(act: Act) -> None:
        for one in three:
            shifts.cancel(act, act.db.get_one(Shift, one), "Snow")

    undo = do(database, cy(cast), time.at, cancel)
    assert sorted(kind for kind, _ in waiting(database)) == ["several", "shift.called_off"]
    take_back(database, cy(cast), time.at, undo)
    assert waiting(database) == []
    do(database, cy(cast), time.at, cancel)
    time.move(minutes=2)
    assert min(office.send()) == "3 changes to your shifts"
    [mail] = office.box.to("ana@example.org")
    words = mail.get_body(("plain",)).get_content()
    assert words.count("Canceled: ") == 3
    files = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in files] == ["CANCEL"] * 3


@both
def test_a_part_that_is_no_longer_true_is_not_said(database, cast, time, office):
    with database.writing() as db:
        two = [
            build.shift(db, cast.driver, starts=build.NOON + timedelta(days=n)).id for n in range(2)
        ]
        for one in two:
            signups.sign_up(Act(db, OFFICE, time.at), cast.ana, one, staff=True, quiet=True)

    def move(act: Act) -> None:
        for n, one in enumerate(two):
            shifts.move_shift(act, act.db.get_one(Shift, one), date(2026, 12, 20 + n), None)

    do(database, cy(cast), time.at, move)
    with database.writing() as db:
        of_first = db.scalars(select(Signup).where(Signup.shift_id == two[0])).one()
        signups.remove(Act(db, OFFICE, time.at), of_first, "Ill", quiet=True)
    time.move(minutes=2)
    assert [one.partition(":")[0] for one in office.send()] == ["Changed"]

"""The list of unfilled shifts on its pages: adding, asking, and noting calls."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people.models import Person
from portal.shifts import releases, signups
from portal.shifts.gap_models import AskPause, ShiftCall
from portal.shifts.models import Signup, SignupState, Slot
from portal.shifts.waiting_models import Ask
from tests import build
from tests.build import NOON

DAY = timedelta(days=1)


@pytest.fixture
def slot(database, cast, time):
    """A shift in two days that needs one driver."""
    time.at = NOON - 2 * DAY
    with database.writing() as db:
        return build.shift(db, cast.driver).slots[0].id


@pytest.fixture
def desk(as_, cast, slot):
    """Cy at the list."""
    browser = as_(cast.cy)
    browser.get("/gaps")
    return browser


def press(browser, path, **values):
    """Post as a button of the page does, and read what comes of it."""
    answer = browser.post(path, **values)
    return browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


def on_shift(database) -> list[int]:
    with database.reading() as db:
        state = Signup.state == SignupState.SIGNED_UP
        return list(db.scalars(select(Signup.person_id).where(state)))


def audit(database) -> list[tuple[str, str | None]]:
    """What is noted of sign-ups, asks and calls, with how people asked."""
    with database.reading() as db:
        rows = db.execute(
            select(AuditEntry.action, AuditEntry.asked)
            .where(AuditEntry.subject_kind.in_(["signup", "shift", "shift_call", "ask_pause"]))
            .order_by(AuditEntry.id)
        )
        return [tuple(row) for row in rows if row.action != "shift.added"]


def test_the_page_names_people_with_phones_and_reasons(desk, database, cast, slot):
    page = desk.get("/gaps").text
    assert "1 unfilled shift through Mon, Dec 21" in page
    assert page.index("Thu, Dec 10") < page.index("Driver")
    assert 'href="tel:5555551234"' in page
    assert "not asked in 30 days" in page
    assert "checked" not in page.partition("<main")[2].partition("</main>")[0]
    assert "Through Friday" in page


def test_enter_adds_the_first_person_who_asked_by_phone(desk, database, cast, slot):
    first = int(re.search(r'name="first" value="(\d+)"', desk.get("/gaps").text)[1])
    page = press(desk, f"/gaps/{slot}", first=first, who="", asked="phone").text
    assert "was added: Driver, Thu, Dec 10" in page
    assert "Every shift through" in page
    assert on_shift(database) == [first]
    assert ("signup.made", "phone") in audit(database)


def test_a_typed_name_adds_whoever_has_it(desk, database, cast, slot):
    first = int(re.search(r'name="first" value="(\d+)"', desk.get("/gaps").text)[1])
    other = cast.bo if first == cast.ana else cast.ana
    name = "tanak" if other == cast.bo else "reye"
    assert press(desk, f"/gaps/{slot}", first=first, who=name).status_code == 200
    assert on_shift(database) == [other]
    again = press(desk, f"/gaps/{slot}", first=first, who=name)  # a second press
    assert again.status_code == 200
    assert on_shift(database) == [other]


def test_a_name_of_several_is_chosen_from_and_one_of_none_is_said(desk, database, cast, slot, time):
    with database.writing() as db:
        twin = build.person(db, "Bo Tanner", time.at).id
        build.place(db, twin, cast.driver, time.at)
    answer = press(desk, f"/gaps/{slot}", who="tan")
    assert answer.status_code == 422
    assert "This fits several people" in answer.text
    assert answer.text.count('class="caller found"') == 2
    assert 'value="tan"' in answer.text
    for name in ("Nobody Here", "???", "…"):
        answer = press(desk, f"/gaps/{slot}", who=name)
        assert "No one you can see has this name." in answer.text, name
    assert on_shift(database) == []
    assert press(desk, f"/gaps/{slot}", person=twin, who="tan").status_code == 200
    assert on_shift(database) == [twin]


def test_those_with_the_role_are_not_cut_off_by_others_of_their_name(
    desk, database, cast, slot, time
):
    with database.writing() as db:
        for number in range(60):
            build.person(db, f"A{number:02} Kim", time.at)
        drivers = [build.person(db, f"{name} Kim", time.at).id for name in ("Yun", "Zoe")]
        for one in drivers:
            build.place(db, one, cast.driver, time.at)
    answer = press(desk, f"/gaps/{slot}", who="kim")
    assert answer.status_code == 422
    assert "Add Yun Kim" in answer.text
    assert "Add Zoe Kim" in answer.text
    assert press(desk, f"/gaps/{slot}", who="zo kim").status_code == 200
    assert on_shift(database) == [drivers[1]]


def test_another_of_the_same_name_is_added_beside_the_one_who_is_on_it(
    desk, database, cast, slot, time
):
    with database.writing() as db:
        row = db.get_one(Slot, slot)
        row.minimum = row.maximum = 3
        kims = [build.person(db, f"{name} Kim", time.at).id for name in ("Abe", "Yun")]
        for one in kims:
            build.place(db, one, cast.driver, time.at)
        signups.sign_up(Act(db, build.OFFICE, time.at), kims[0], row.shift_id, staff=True)
    page = press(desk, f"/gaps/{slot}", who="kim").text
    assert "Yun Kim was added" in page
    assert on_shift(database) == kims


def test_only_who_was_really_freed_is_said_to_be_off(as_, database, cast, time):
    time.at = NOON - 2 * DAY
    with database.writing() as db:
        row = build.shift(db, cast.driver, places=2, needed=2)
        number, own = row.id, row.slots[0].id
        signups.sign_up(Act(db, build.OFFICE, time.at), cast.ana, number, staff=True)
    time.at = NOON - timedelta(hours=3)
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), time.at), cast.ana, number, "Flu")
    desk = as_(cast.cy)
    page = press(desk, f"/gaps/{own}", person=cast.ana).text  # she can after all
    assert "off the shift" not in page
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), time.at), cast.ana, number, "Flu")
    assert "Ana Reyes is off the shift." in press(desk, f"/gaps/{own}", person=cast.bo).text
    assert on_shift(database) == [cast.bo]


def test_part_of_a_word_names_no_one(desk, database, cast, slot, time):
    with database.writing() as db:
        elena = build.person(db, "Elena Vega", time.at).id
        build.place(db, elena, cast.driver, time.at)
    answer = press(desk, f"/gaps/{slot}", who="lena")
    assert answer.status_code == 422
    assert "Add Elena Vega" in answer.text
    assert on_shift(database) == []


def test_a_second_page_stays_where_it_is(desk, database, cast, slot):
    with database.writing() as db:
        last = [
            build.shift(db, cast.driver, starts=NOON + timedelta(minutes=5 * n)).slots[0].id
            for n in range(1, 41)
        ][-1]
    after = re.search(r'href="/gaps\?after=([^"]+)"', desk.get("/gaps").text)[1]
    page = desk.get(f"/gaps?after={after}").text
    assert f'id="gap-{last}"' in page
    assert (
        f'action="/gaps/{last}?after={after.replace("~", "%7E")}"' in page
        or f"after={after}" in page
    )
    answer = press(desk, f"/gaps/{last}?after={after}", who="nobody at all")
    line = answer.text.partition(f'id="gap-{last}"')[2].partition("</form>")[0]
    assert "No one you can see has this name." in line
    done = desk.post(f"/gaps/{last}/calls?after={after}", call=f"no_answer-{cast.bo}")
    assert "after=" in done.headers["location"]


def test_who_cant_come_is_taken_off_on_the_line(as_, database, cast, time, slot):
    with database.writing() as db:
        row = build.shift(db, cast.driver, starts=NOON + DAY, places=3, needed=1)
        number, own = row.id, row.slots[0].id
        for person in (cast.ana, cast.bo):
            signups.sign_up(Act(db, build.OFFICE, time.at), person, number, staff=True)
    time.at = NOON + DAY - timedelta(hours=3)
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), time.at), cast.ana, number, "Flu")
    desk = as_(cast.cy)
    page = desk.get("/gaps").text
    line = page.partition(f'id="gap-{own}"')[2].partition("</form>")[0]
    assert "Enough others are coming." in line
    assert "Flu" not in line
    assert 'name="first"' not in line  # a bare Enter adds no one
    page = press(desk, f"/gaps/{own}/release", person=cast.ana).text
    assert "Ana Reyes is off the shift." in page
    assert on_shift(database) == [cast.bo]
    assert press(desk, f"/gaps/{own}/release", person=cast.bo).status_code == 404


def test_no_one_is_taken_off_a_shift_of_another_program(as_, database, cast, time):
    time.at = NOON - 2 * DAY
    with database.writing() as db:
        row = build.shift(db, cast.driver)
        number, own = row.id, row.slots[0].id
        signups.sign_up(Act(db, build.OFFICE, time.at), cast.ana, number, staff=True)
    time.at = NOON - timedelta(hours=3)
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), time.at), cast.ana, number, "Flu")
    assert press(as_(cast.mara), f"/gaps/{own}/release", person=cast.ana).status_code == 404
    assert on_shift(database) == [cast.ana]


def test_leaving_the_list_ends_the_call(desk, database, cast, slot, as_):
    desk.post(f"/gaps/{slot}/open", person=cast.bo)
    assert desk.post("/gaps/open/end").status_code == 204
    assert "is calling" not in as_(cast.ada).get("/gaps").text


def test_who_may_not_serve_is_refused_in_the_line(desk, database, cast, slot, time):
    with database.writing() as db:
        build.place(db, cast.sol, cast.desk, time.at)
    answer = press(desk, f"/gaps/{slot}", who="Sol Vance")
    assert answer.status_code == 422
    line = answer.text.partition(f'id="gap-{slot}"')[2].partition("</form>")[0]
    assert "Sol Vance doesn&#39;t have the role Driver." in line
    assert 'value="Sol Vance"' in line
    assert press(desk, f"/gaps/{slot}", person=cast.hana).status_code == 404
    assert press(desk, "/gaps/999999", person=cast.bo).status_code == 404
    assert on_shift(database) == []


def test_how_calls_went_is_noted_and_taken_back(desk, database, cast, slot):
    page = press(desk, f"/gaps/{slot}/calls", call=f"left_message-{cast.bo}").text
    assert "Bo Tanaka: Left message." in page
    assert re.search(r"Left message, Tue, Dec 8,\s+12:00 pm,\s+Cy Ortega", page)
    with database.reading() as db:
        number = db.scalars(select(ShiftCall.id)).one()
    page = press(desk, f"/shift-calls/{number}/undo").text
    assert "The call with Bo Tanaka was removed." in page
    assert [done for done, _ in audit(database)] == [
        "shift_call.left_message", "shift_call.undone",
    ]  # fmt: skip
    for nonsense in ("", "no_answer-", f"agreed-{cast.bo}", f"-{cast.bo}", "no_answer-x"):
        assert press(desk, f"/gaps/{slot}/calls", call=nonsense).status_code == 422
    assert press(desk, f"/gaps/{slot}/calls", call=f"no_answer-{cast.hana}").status_code == 404


def test_who_said_no_can_be_left_alone_and_asked_again(desk, database, cast, slot):
    page = press(desk, f"/gaps/{slot}/calls", call=f"said_no-{cast.bo}").text
    assert "Skip this day" in page
    with database.reading() as db:
        number = db.scalars(select(ShiftCall.id)).one()
    answer = press(desk, f"/shift-calls/{number}/pause", what="until", until="2026-12-01")
    assert answer.status_code == 422
    assert "Enter a date within the next year." in answer.text
    assert (
        press(desk, f"/shift-calls/{number}/pause", what="until", until="2027-02-01").status_code
        == 200
    )
    page = desk.get(f"/people/{cast.bo}").text
    assert "Don't ask about shifts until Mon, Feb 1, 2027" in page
    with database.reading() as db:
        pause = db.scalars(select(AskPause.id)).one()
    page = press(desk, f"/ask-pauses/{pause}/end").text
    assert "We can ask them about shifts again." in page
    assert "Don't ask about shifts" not in page
    assert press(desk, f"/ask-pauses/{pause}/end").status_code == 404
    assert [done for done, _ in audit(database)][-2:] == ["ask_pause.added", "ask_pause.ended"]


def test_one_is_asked_and_then_waits(desk, database, cast, slot):
    page = press(desk, f"/gaps/{slot}/asks", person=cast.bo).text
    assert "We asked Bo Tanaka by email." in page
    assert re.search(r"asked Tue, Dec 8,\s+12:00 pm, no reply yet", page)
    assert ("shift.asked", None) in audit(database)


def test_several_gaps_are_looked_at_before_people_are_asked(desk, database, cast, slot):
    with database.writing() as db:
        other = build.shift(db, cast.driver, starts=NOON + DAY).slots[0].id
    answer = press(desk, "/gaps/asks")
    assert "Select at least one shift." in answer.text
    page = desk.get(f"/gaps?slots={slot}&slots={other}&slots=x").text
    assert "Bo Tanaka (2 shifts)" in page
    assert "Ask 2 people" in page
    answer = press(desk, "/gaps/asks", slots=[str(slot), str(other)])
    assert answer.status_code == 200
    assert "2 shifts selected" in answer.text
    with database.reading() as db:
        assert db.scalars(select(Ask.id)).all() == []
    seen = re.search(r'name="seen" value="(\w+)"', answer.text)[1]
    page = press(desk, "/gaps/asks", slots=[str(slot), str(other)], seen=seen).text
    assert "We asked 2 people by email." in page
    with database.reading() as db:
        assert len(db.scalars(select(Ask.id)).all()) == 4
    assert "No one is left to ask by email" in desk.get(f"/gaps?slots={slot}").text


def test_another_coordinator_sees_who_is_being_called(desk, database, cast, slot, as_, time):
    assert desk.post(f"/gaps/{slot}/open", person=cast.bo).text.strip() == ""
    ada = as_(cast.ada)
    page = ada.get("/gaps").text
    assert "Cy Ortega is calling" in page
    assert "Cy Ortega is calling" in ada.post(f"/gaps/{slot}/open", person=cast.bo).text
    time.at += timedelta(minutes=11)
    assert "is calling" not in ada.get("/gaps").text
    assert desk.post(f"/gaps/{slot}/open", person=cast.hana).status_code == 404


def test_the_list_is_narrowed_and_stays_so(desk, database, cast, slot):
    with database.writing() as db:
        build.shift(db, cast.driver, starts=NOON + 5 * DAY)
        build.shift(db, cast.greeter)
    assert "1 unfilled shift through Fri, Dec 11" in desk.get("/gaps?until=2026-12-11").text
    assert "2 unfilled shifts" in desk.get("/gaps?until=nonsense&program=x").text
    assert "unfilled shifts through Tue, Dec 8" in desk.get("/gaps?until=2020-01-01").text
    answer = desk.post(f"/gaps/{slot}/calls?until=2026-12-11", call=f"no_answer-{cast.bo}")
    assert answer.headers["location"] == "/gaps?until=2026-12-11"
    assert re.findall(r'id="gap-(\d+)"', desk.get(f"/gaps?program={cast.rides}").text)
    assert not re.findall(r'id="gap-(\d+)"', desk.get(f"/gaps?program={cast.testing}").text)
    page = desk.get("/gaps?asked=in_person").text
    assert 'name="asked" value="in_person"' in page


def test_call_only_people_have_no_ask_button(desk, database, cast, slot):
    with database.writing() as db:
        db.get_one(Person, cast.bo).email = ""
    page = desk.get("/gaps").text
    row = page.partition("Bo Tanaka</a>")[2].partition("</li>")[0]
    assert "call only" in row
    assert "Ask Bo Tanaka" not in row
    assert "Add Bo Tanaka" in row


def test_a_volunteer_and_a_stranger_have_no_list(as_, cast, slot):
    assert as_(cast.ana).get("/gaps").status_code == 404
    assert as_(cast.ana).post(f"/gaps/{slot}", person=cast.ana).status_code == 404


def test_home_leads_there_with_its_number(desk, database, cast, slot):
    with database.writing() as db:
        build.shift(db, cast.driver, starts=NOON + 3 * DAY)
    page = desk.get("/me").text
    entry = re.search(r'<a[^>]*href="/gaps"[^>]*>.*?</a>', page, re.DOTALL)[0]
    assert "2" in entry

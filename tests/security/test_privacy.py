"""SECURITY, permission and privacy: Z3 to Z7, P1, P2, P10. Planted words are looked for as every role."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.app import pages
from portal.audit.models import AuditEntry
from portal.columns import Base
from portal.people import memberships
from portal.people.models import Membership, Person
from portal.permissions import Role
from portal.programs.models import Program, Site
from portal.shifts import signups
from portal.shifts.models import Shift
from portal.web.page import Post
from tests import build
from tests.conftest import SETTINGS
from tests.scene import NAMED, populate

PLANTED = ("Willow House", "Larkspur", "14850", "green gate", "Ring twice")
SHELTER = ("Safe Haven", "Night host", "Life in a shelter")
TESTING = ("HIV Testing", "Test-day greeter")


def every_page(database, cast, time):
    """The address of every GET page, for every id there is."""
    ids = vars(cast) | vars(populate(database, cast, time.at))
    many = {
        "shift_id": ["shift", "hidden", "labeled", "over"], "person_id": ["ana", "bo", "sol", "hana", "wes"],
        "program_id": ["rides", "shelter", "testing"], "position_id": ["driver", "host", "greeter"],
        "site_id": ["office", "house"], "placement_id": ["placement"], "opportunity_id": ["opportunity", "hidden_posting"], "posting_id": ["posting", "hidden_posting"], "inquiry_id": ["inquiry"], "asking_id": ["asking"], "event_id": ["event"], "entry_no": ["list_entry"], "match_id": ["match"], "first_shift_id": ["first_shift"], "interview_id": ["interview", "held_interview"], "reference_id": ["reference", "said_reference"], "application_id": ["application", "hidden_application", "reviewed", "offered"], "signup_id": ["signup"],
        "token": ["token"], "session_id": ["session"], "membership_id": ["membership"],
        "pattern_id": ["pattern", "hidden_pattern"], "slot_id": ["slot", "hidden_slot"], "regular_id": ["regular"], "absence_id": ["absence"], "ask_id": ["ask"], "call_id": ["call"], "job_id": ["job"], "kind": ["kind"], "swap_id": ["swap"], "meeting_id": ["meeting"], "case_id": ["case"], "help_request_id": ["help_request"], "function_id": ["function"], "case_match_id": ["case_match", "over_match"], "visit_id": ["visit"], "emergency_access_id": ["access"], "to_do_id": ["to_do"], "conflict_id": ["conflict"], "early_list_id": ["early_list"], "rate_id": ["rate"], "template_id": ["week_template"], "swap_offer_id": ["swap_offer", "own_swap_offer"],
        "entry_id": ["entry", "own_entry"], "question_id": ["question"], "skill_id": ["skill"],
        "course_id": ["first_course", "course", "hidden_course", "labeled_course"],
        "course_session_id": ["course_session", "over_session", "hidden_session"], "enrolment_id": ["passed", "enrolment"],
        "requirement_id": ["license", "hidden_kind"], "credential_id": ["handed", "credential"], "evidence_id": ["evidence"],
        "waiver_id": ["waiver"], "group_id": ["crew"], "fill_id": ["fill"], "spots_id": ["crew_spots"], "check_id": ["check", "own_check"], "rule_id": ["rule"], "reading_id": ["reading"],
        "name": ["volunteers", "picture"], "draft_id": ["week_draft"],
        "request_id": ["asked_for", "routed", "hidden_request"], "talk_id": ["talk", "table", "past_talk", "open_talk"],
        "offer_id": ["own_offer", "past_offer"], "organization_id": ["group"], "topic_id": ["topic"],
        "message_id": ["talk_letter"], "incident_id": ["incident"], "letter_id": ["issued"], "board_id": ["board"], "retention_id": ["retention"],
    }  # fmt: skip
    others = {name: ids[key] for name, key in NAMED.items() if key in ids} | {"language": "es"}
    found = []
    for page in pages(SETTINGS):
        if isinstance(page, Post):
            continue
        path = re.sub(r":id\}", "}", page.path)
        name = re.search(r"\{(\w+)\}", path)
        found += (
            [path.format(**others | {name[1]: ids[key]}) for key in many[name[1]]]
            if name
            else [path]
        )
    found += [f"/requests/{ids['talk_status']}", f"/requests/proof/{ids['talk_proof']}"]
    house, host = ids["house"], ids["host"]
    found += [f"/shifts?site={house}", f"/shifts?position={host}", f"/shifts?program={ids['shelter']}&show=all",
              f"/schedule?site={house}", f"/schedule?week=2026-12-07&program={ids['shelter']}",
              "/people?q=Hana", "/people?q=Wes", "/schedule?week=2026-12-07", f"/shifts/new?program={ids['rides']}",
              f"/shifts/{ids['shift']}/roster?q=hana"]  # fmt: skip
    return found


FRAGMENTS = [
    (re.compile(re.sub(r"\{[^}]+\}", "[^/?]+", page.path) + r"(\?|$)"), page.fragments)
    for page in pages(SETTINGS)
    if page.fragments
]
"""Which pages can be asked for as fragments, and which those are."""


def seen(browser, paths) -> dict[str, str]:
    """What a browser gets from every page: address, body and headers."""
    found = {}
    for path in paths:
        answer = browser.client.get(path, follow_redirects=False)
        assert answer.status_code < 500, path
        found[path] = f"{answer.text} {dict(answer.headers)}"
        if answer.status_code == 200:
            blocks = {name for form, names in FRAGMENTS if form.match(path) for name in names}
            for target in (f"div#{name}" for name in sorted(blocks)):
                headers = {"hx-request": "true", "hx-request-type": "partial", "hx-target": target}
                found[f"{path} {target}"] = browser.client.get(
                    path, headers=headers, follow_redirects=False
                ).text
    return found


def leaks(found: dict[str, str], words) -> list[str]:
    """Where the words stand. A number counts as a whole one: random tokens hold every digit sometimes."""
    return [
        f"{word} in {path}"
        for path, text in found.items()
        for word in words
        if word in text and (not word.isdecimal() or re.search(rf"\b{word}\b", text))
    ]


def test_P2_P10_Z5_outsiders_never_read_the_place_or_a_sensitive_program(
    database, cast, time, as_, public, caplog
):
    """A hidden program not even by its label; a labeled one by its neutral name."""
    paths = every_page(database, cast, time)
    hidden = (*PLANTED, *SHELTER, "Family Support")
    for browser, words in (
        (public, (*hidden, *TESTING)), (as_(cast.sol), (*hidden, *TESTING)),
        (as_(cast.ana), (*hidden, *TESTING)), (as_(cast.cy), (*hidden, *TESTING)),
        (as_(cast.noel), hidden), (as_(cast.wes), hidden), (as_(cast.hana), TESTING),
    ):  # fmt: skip
        found = seen(browser, paths)
        assert leaks(found, words) == []
        if TESTING[0] in words:
            assert any("Wellness" in text for text in found.values())
    assert not any(
        word in record.getMessage() + str(vars(record))
        for record in caplog.records
        for word in PLANTED
    )


def test_P10_a_volunteer_of_the_program_reads_the_place_from_the_day_before_their_shift(
    database, cast, time, as_
):
    paths = every_page(database, cast, time)
    hana = as_(cast.hana)
    assert leaks(seen(hana, paths), PLANTED) == []
    assert "See the location in the portal" in hana.get("/shifts").text
    shift = in_shelter(database, cast)
    signed_up(database, cast.hana, shift, time)
    assert leaks(seen(hana, paths), PLANTED) == []
    assert "You can see the location here from Wed, Dec 9" in hana.get(f"/shifts/{shift}").text
    time.at = clock.start_of_day(build.NOON.date() - timedelta(days=1), SETTINGS.timezone)
    page = hana.get(f"/shifts/{shift}").text
    assert all(word in page for word in PLANTED)
    assert "openstreetmap" not in page
    assert leaks(seen(hana, ["/me", "/shifts", "/schedule"]), PLANTED) == []
    time.at = build.NOON + timedelta(hours=2)
    assert leaks(seen(hana, paths), PLANTED) == []


def test_P10_who_lacks_what_the_role_asks_does_not_read_the_place(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    signed_up(database, cast.hana, ids.hidden, time)
    with database.writing() as db:
        build.rule(db, time.at, build.requirement(db, time.at), position_id=cast.host)
    time.at = build.NOON - timedelta(hours=3)
    page = as_(cast.hana).get(f"/shifts/{ids.hidden}").text
    assert not any(word in page for word in PLANTED)
    assert "once you meet this role" in page


def test_P10_reading_the_place_and_leaving_is_noted(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    with database.writing() as db:
        db.get_one(Shift, ids.hidden).withdraw_until = build.NOON
    signed_up(database, cast.hana, ids.hidden, time)
    time.at = build.NOON - timedelta(hours=3)
    hana = as_(cast.hana)
    hana.get(f"/shifts/{ids.hidden}")
    hana.get(f"/shifts/{ids.hidden}")
    hana.press(f"/shifts/{ids.hidden}/withdrawal")
    with database.reading() as db:
        noted = select(AuditEntry.action, AuditEntry.detail).where(
            AuditEntry.person_id == cast.hana,
            AuditEntry.action.in_(("place.read", "signup.withdrawn")),
        )
        assert db.execute(noted.order_by(AuditEntry.id)).all() == [
            ("place.read", None),
            ("signup.withdrawn", "place_read"),
        ]
    assert (
        "canceled their spot, after reading the location"
        in as_(cast.mara).get(f"/shifts/{ids.hidden}").text
    )


def in_shelter(database, cast) -> int:
    """The one shift of the shelter that comes from no pattern."""
    with database.reading() as db:
        return db.scalars(
            select(Shift.id).where(Shift.program_id == cast.shelter, Shift.pattern_id.is_(None))
        ).one()


def signed_up(database, person_id, shift_id, time) -> None:
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(person_id), time.at), person_id, shift_id)


def test_P10_staff_of_the_program_read_the_place(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    assert "Larkspur" in as_(cast.mara).get(f"/shifts/{ids.hidden}").text
    assert "Larkspur" in as_(cast.ada).get(f"/sites/{cast.house}/edit").text


def test_P10_a_confidential_place_cannot_be_lent_to_another_program(database, cast, time, as_):
    browser = as_(cast.ada)
    browser.get(f"/shifts/new?program={cast.rides}")
    assert "Willow House" not in browser.text
    browser.press(
        f"/shifts?program={cast.rides}", day="2026-12-20", starts="09:00", ends="10:00",
        site_id=str(cast.house), **{"slots-0-position": str(cast.driver)},
    )  # fmt: skip
    assert browser.response.status_code == 422
    assert "a location this program uses" in browser.text


def test_P2_its_own_people_read_the_name_of_a_labeled_program(database, cast, time, as_):
    populate(database, cast, time.at)
    assert "HIV Testing" in as_(cast.wes).get("/shifts?show=all").text


def test_P2_even_insiders_have_the_neutral_name_in_the_title(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    for who, shift, label in (
        (cast.wes, ids.labeled, "Wellness"),
        (cast.mara, ids.hidden, "Family Support"),
    ):
        title = as_(who).get(f"/shifts/{shift}").text.split("<title>")[1].split("</title>")[0]
        assert label in title
        assert not any(word in title for word in (*SHELTER, *TESTING))


def test_fellow_names_are_short_and_kept_back_in_sensitive_programs(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    with database.writing() as db:
        build.place(db, cast.bo, cast.greeter, time.at)
        for person, shift in ((cast.bo, ids.shift), (cast.wes, ids.labeled)):
            signups.sign_up(Act(db, build.viewer(person), time.at), person, shift)
        build.person(db, "Nobody Else", time.at)
    page = as_(cast.ana).get(f"/shifts/{ids.shift}").text
    assert "Bo T." in page
    assert "Tanaka" not in page
    with database.writing() as db:
        db.execute(
            Shift.__table__.update()
            .where(Shift.id == ids.labeled)
            .values(
                starts_at=build.NOON.replace(day=11),
                ends_at=build.NOON.replace(day=12),
                closes_at=build.NOON.replace(day=11),
            )
        )
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, ids.labeled)
    assert "Wes" not in as_(cast.bo).get(f"/shifts/{ids.labeled}").text


def test_Z3_a_strangers_id_answers_exactly_like_a_missing_one(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    browser = as_(cast.cy)
    for theirs, missing in (
        (f"/people/{cast.hana}", "/people/999999"), (f"/shifts/{ids.hidden}", "/shifts/999999"),
        (f"/shifts/{ids.hidden}/roster.csv", "/shifts/999999/roster.csv"),
        (f"/programs/{cast.shelter}", "/programs/999999"), (f"/sites/{cast.house}/edit", "/sites/999999/edit"),
    ):  # fmt: skip
        one, other = browser.client.get(theirs), browser.client.get(missing)
        assert one.status_code == other.status_code == 404
        assert {*one.headers.items()} ^ {*other.headers.items()} <= {*lengths(one), *lengths(other)}
        assert one.text.replace(theirs, "") == other.text.replace(missing, "")


def lengths(answer) -> set[tuple[str, str]]:
    """What may differ: the length of the address in the page, and the random id of the request."""
    return {(name, answer.headers[name]) for name in ("content-length", "x-request-id")}


def test_Z4_leaving_a_staff_role_drops_its_rights_at_once(database, cast, time, as_):
    browser = as_(cast.cy)
    assert browser.get("/schedule").status_code == 200
    with database.writing() as db:
        own = db.scalars(select(Membership).filter_by(person_id=cast.cy)).one()
        memberships.grant(Act(db, build.OFFICE, time.at), cast.cy, Role.COORDINATOR, cast.testing)
        memberships.end(Act(db, build.OFFICE, time.at), own.id)
    browser = as_(cast.cy)
    assert browser.client.get(f"/programs/{cast.rides}").status_code == 404
    assert browser.client.get(f"/programs/{cast.testing}").status_code == 200


def test_Z6_emergency_contacts_are_for_staff_and_oneself(database, cast, time, as_):
    with database.writing() as db:
        db.get_one(Person, cast.ana).emergency_name = "Aunt Ursula"
    assert "Aunt Ursula" in as_(cast.cy).get(f"/people/{cast.ana}").text
    assert "Aunt Ursula" in as_(cast.ana).get("/me/details").text
    for browser in (as_(cast.bo), as_(cast.mara)):
        assert browser.client.get(f"/people/{cast.ana}").status_code == 404


@pytest.mark.parametrize(
    ("who", "path", "field", "value"),
    [
        ("ana", "/me/details", "status", "ended"), ("ana", "/me/details", "placed_at", ""),
        ("cy", "/programs/{rides}", "closed_at", "2026-01-01"), ("cy", "/programs/{rides}", "id", "77"),
    ],
)  # fmt: skip
def test_Z7_a_field_that_is_not_in_the_form_is_not_written(
    database, cast, as_, who, path, field, value
):
    browser, path = as_(getattr(cast, who)), path.format(**vars(cast))
    browser.get(f"{path}/edit" if "programs" in path else path)
    browser.press(path, **{field: value})
    assert browser.response.status_code == 200
    with database.reading() as db:
        assert db.get_one(Person, cast.ana).status == "active"
        assert db.get_one(Program, cast.rides).closed_at is None
        assert db.get(Program, 77) is None


CASES = "caseworkers of its program"
BOTH = "caseworkers and coordinators of its program"
OF_CLIENTS = {
    "client_case.id": ("opaque", BOTH),
    "client_case.program_id": ("whose case it is", BOTH),
    "client_case.reference": ("the agency's own number, never a name: cases.open_case", BOTH),
    "client_case.caseworker_id": ("staff", CASES),
    "client_case.language_id": ("what a match needs; a word of a list", CASES),
    "client_case.district_id": ("what a match needs; thousands live there: cases._check", CASES),
    "client_case.age": ("what a match needs; one of four bands", CASES),
    "client_case.needs": ("looked at for identifiers, erased after closing", CASES),
    "client_case.safety": ("about the place of a visit; words of a closed list", CASES),
    "client_case.contact_ways": ("how a volunteer may reach them; words of a closed list", CASES),
    "client_case.contact_from": ("safe hours", CASES),
    "client_case.contact_until": ("safe hours", CASES),
    "client_case.opened_at": ("when it was written here", CASES),
    "client_case.closed_at": ("its state", BOTH),
    "client_case.end": ("one of four reasons", CASES),
    "client_case.words_erased_at": ("retention", CASES),
    "client_case.version": ("stale saves", CASES),
}
"""Every column about a client: why it is there, and who may read it."""


def test_P1_the_schema_has_no_place_for_client_information():
    suspicious = re.compile(
        r"client|patient|diagnos|medical|ssn|birth|offen[cs]e|victim", re.IGNORECASE
    )
    names = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
    ]
    assert {name for name in names if suspicious.search(name)} == OF_CLIENTS.keys()


def test_a_confidential_place_must_belong_to_a_program(database, cast, as_):
    browser = as_(cast.ada)
    browser.get("/sites/new")
    browser.press("/sites", name="Safe place", confidential="y", program_id="")
    assert browser.response.status_code == 422
    assert "belongs to one program" in browser.text
    with database.reading() as db:
        assert db.scalar(select(Site).filter_by(name="Safe place")) is None

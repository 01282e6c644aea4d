"""Visits, follow-ups and messages inside a match: minutes once, nothing before the handoff, nothing for good."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import String, Text, select

from portal.act import Act
from portal.agency.settings import change
from portal.app import DOMAINS
from portal.audit.models import AuditEntry
from portal.cases import (
    cases,
    contacts,
    digest,
    follow_ups,
    letters,
    matches,
    reviews,
    scopes,
    story,
)
from portal.cases.contact_models import (
    Contact,
    ContactDraft,
    ContactKind,
    FollowUp,
    Letter,
    MatchReview,
    Medium,
    Side,
    Went,
)
from portal.cases.contacts import DRAFTS_LAST, LATEST, Told
from portal.cases.models import Case, CaseEnd, HelpRequest, Match, MatchEnd, MatchState
from portal.cases.settings import CONTACT_DAYS, OWN_NOTES, WORDS_DAYS
from portal.columns import Base
from portal.hours.models import HoursEntry, HoursState, Source
from portal.messages.models import Message
from portal.people import memberships, supervision
from portal.people.sessions import viewer_of
from portal.permissions import Role
from portal.web.errors import NotFound, Refused
from tests import build
from tests.build import OFFICE, SETTINGS
from tests.cases.test_cases import asked, lee, refused, worker
from tests.cases.test_matches import DAY, both, match, own, step
from tests.shifts.test_races import at_once
from tests.worker import EVERY_NOTICE, round_of_work

__all__ = ["asked", "lee", "match"]
SECRET = "the blue door"


@pytest.fixture
def handed(database, cast, time, lee, match) -> int:
    """Ana knows whom she helps."""
    for name in ("accept", "client_said", "hand_off"):
        step(database, cast, time, lee, match, name)
    return match


@pytest.fixture
def wes(database, cast, time) -> int:
    """Wes supervises Ana in Rides."""
    with database.writing() as db:
        office = Act(db, OFFICE, time.at)
        memberships.grant(office, cast.wes, Role.SUPERVISOR, cast.rides)
        supervision.give(office, cast.ana, cast.wes, cast.rides, time.at.date() - DAY)
    return cast.wes


def told(time, **values) -> Told:
    given = {
        "day": time.at.date(),
        "kind": ContactKind.VISIT,
        "made": True,
        "medium": Medium.IN_PERSON,
        "minutes": 50,
    }
    return Told(**(given | values))


def enter(database, act_of, number, time, **values) -> int:
    with database.writing() as db:
        row = db.get_one(Match, number)
        return contacts.enter(act_of(db), row, told(time, **values), time.at.date(), SETTINGS).id


def supervising(db, cast, time):
    return replace(viewer_of(db, cast.wes, time.at), today=time.at.date())


@both
def test_the_first_visit_makes_it_active_and_its_minutes_wait_in_the_ledger(
    database, cast, time, lee, handed
):
    number = enter(database, own(cast, time), handed, time, tenths=125, topics="company")
    with database.reading() as db:
        row = db.get_one(Match, handed)
        assert (row.state, row.first_met_on) == (MatchState.ACTIVE, time.at.date())
        assert row.next_due_on is None  # one ride was asked for
        entry = db.scalars(select(HoursEntry)).one()
        assert (entry.source, entry.source_id) == (Source.CONTACT, number)
        assert (entry.minutes, entry.state, entry.note) == (50, HoursState.SUBMITTED, "")
        assert (entry.person_id, entry.program_id, entry.site_id) == (cast.ana, cast.rides, None)
    with database.writing() as db:
        contacts.strike(own(cast, time)(db), db.get_one(Contact, number), SETTINGS)
        contacts.strike(own(cast, time)(db), db.get_one(Contact, number), SETTINGS)
    with database.reading() as db:
        assert db.scalars(select(HoursEntry.state)).all() == [HoursState.VOID]
        assert story.contacts_of(db, build.viewer(cast.ana), db.get_one(Match, handed)) == []


@both
def test_a_visit_for_two_clients_counts_its_minutes_once(database, cast, time, lee, asked, handed):
    with database.writing() as db:
        function = db.get_one(HelpRequest, asked[1]).function_id
        row = build.help_request(
            worker(db, cast, time, lee), function, time.at.date() + 5 * DAY, "24-0300"
        )
        other = matches.propose(
            worker(db, cast, time, lee), row, cast.ana, time.at.date(), SETTINGS
        ).id
    with pytest.raises(Refused):  # not known yet
        enter(database, own(cast, time), handed, time, also=[other])
    for name in ("accept", "client_said", "hand_off"):
        step(database, cast, time, lee, other, name)
    enter(database, own(cast, time), handed, time, also=[other])
    with database.reading() as db:
        assert [
            line.cases
            for line in story.contacts_of(db, build.viewer(cast.ana), db.get_one(Match, other))
        ] == [2]
        assert db.scalars(select(HoursEntry.minutes)).all() == [50]
        states = db.scalars(select(Match.state)).all()
        assert states == [MatchState.ACTIVE] * 2
    with pytest.raises(Refused):  # someone else's
        enter(database, own(cast, time), handed, time, also=[other + 1])


@both
def test_nothing_is_entered_before_the_handoff_or_after_the_end_or_ahead(
    database, cast, time, lee, match
):
    for name in (None, "accept", "client_said"):
        if name:
            step(database, cast, time, lee, match, name)
        with pytest.raises(Refused):
            enter(database, own(cast, time), match, time)
    step(database, cast, time, lee, match, "hand_off")
    today = time.at.date()
    for wrong in ({"day": today + DAY}, {"day": today - DAY}):
        with pytest.raises(Refused) as no:
            enter(database, own(cast, time), match, time, **wrong)
        assert list(no.value.fields) == ["day"]
    for field, wrong in {
        "minutes": {"minutes": 0},
        "due_on": {"follow_up": "ask about the bus"},
        "note": {"note": "Call 555-867-5309"},
        "follow_up": {"follow_up": "Write to 12 Larkspur Lane", "due_on": today},
    }.items():
        with pytest.raises(Refused) as no:
            enter(database, own(cast, time), match, time, **wrong)
        assert list(no.value.fields) == [field]
    assert enter(database, own(cast, time), match, time, note="Call 555-867-5309", sure=True)
    with database.writing() as db:
        matches.end(worker(db, cast, time, lee), db.get_one(Match, match), MatchEnd.DONE)
    with pytest.raises(Refused, match="over"):
        enter(database, own(cast, time), match, time)
    office = lambda db: worker(db, cast, time, lee)  # noqa: E731
    assert enter(database, office, match, time)  # the volunteer phones
    time.at += LATEST + DAY
    with pytest.raises(Refused, match="over"):
        enter(database, office, match, time, day=today)


@both
def test_when_no_one_was_there_a_follow_up_comes_by_itself(database, cast, time, handed):
    number = enter(database, own(cast, time), handed, time, made=False, minutes=0)
    with database.reading() as db:
        row = db.scalars(select(FollowUp)).one()
        assert (row.words, row.contact_id) == ("", number)
        assert row.due_on > time.at.date()
        assert row.due_on.weekday() < 5
        assert db.get_one(Match, handed).state == MatchState.HANDED_OFF
        assert db.scalars(select(HoursEntry)).all() == []
    with database.writing() as db:
        contacts.strike(own(cast, time)(db), db.get_one(Contact, number), SETTINGS)
    with database.reading() as db:
        assert story.follow_ups_of(db, handed) == []


@both
def test_the_next_visit_is_due_by_its_rhythm_and_overdue_heads_the_list(
    database, cast, time, lee, asked, handed, wes
):
    today = time.at.date()
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        row.lasting, row.every_days, row.day = True, 7, None
    enter(database, own(cast, time), handed, time)
    with database.reading() as db:
        assert db.get_one(Match, handed).next_due_on == today + 7 * DAY
        viewer = supervising(db, cast, time)
        for days, late in ((7, 0), (8, 1)):
            found = story.matches(db, viewer, "overdue", today + days * DAY)
            assert len(found) == late
    time.at += 3 * DAY
    number = enter(database, own(cast, time), handed, time)
    with database.reading() as db:
        assert db.get_one(Match, handed).next_due_on == today + 10 * DAY
    with database.writing() as db:
        contacts.strike(own(cast, time)(db), db.get_one(Contact, number), SETTINGS)
        assert db.get_one(Match, handed).next_due_on == today + 7 * DAY
        db.get_one(HelpRequest, asked[1]).every_days = None
    enter(database, own(cast, time), handed, time)
    with database.reading() as db:
        assert db.get_one(Match, handed).next_due_on == time.at.date() + CONTACT_DAYS.default * DAY


def _world(db) -> dict[str, list[int]]:
    return {
        name: [row.id for row in db.scalars(select(table))]
        for name, table in {"contacts": Contact, "letters": Letter}.items()
    }


@both
def test_who_follows_a_match_is_the_caseworker_and_their_supervisor_while_it_goes_on(
    database, cast, time, lee, handed, wes
):
    def following(db) -> dict[str, bool]:
        viewers = {
            "lee": build.viewer(lee, (Role.CASEWORKER, cast.rides)),
            "wes": supervising(db, cast, time),
            "ana": build.viewer(cast.ana, (Role.CASEWORKER, cast.rides)),
            "cy": build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)),
            "ada": build.viewer(cast.ada, (Role.ADMINISTRATOR, None)),
            "mara": build.viewer(cast.mara, (Role.SUPERVISOR, cast.shelter)),
        }
        return {
            name: bool(
                db.scalars(scopes.followed_matches(replace(viewer, today=time.at.date()))).all()
            )
            for name, viewer in viewers.items()
        }

    nobody = dict.fromkeys(("lee", "wes", "ana", "cy", "ada", "mara"), False)
    with database.reading() as db:
        assert following(db) == nobody | {"lee": True, "wes": True}
    with database.writing() as db:
        matches.end(worker(db, cast, time, lee), db.get_one(Match, handed), MatchEnd.DONE)
    with database.reading() as db:
        assert following(db) == nobody | {"lee": True}


@both
def test_a_cover_follows_while_the_supervisor_is_away_and_no_longer(
    database, cast, time, handed, wes
):
    today = time.at.date()
    with database.writing() as db:
        office = Act(db, OFFICE, time.at)
        memberships.grant(office, cast.noel, Role.SUPERVISOR, cast.rides)
        supervision.set_cover(office, cast.wes, cast.noel, today, today + DAY)
    with database.reading() as db:
        for days, follows in ((0, True), (1, True), (2, False)):
            viewer = replace(viewer_of(db, cast.noel, time.at), today=today + days * DAY)
            assert bool(db.scalars(scopes.followed_matches(viewer)).all()) is follows


@both
def test_a_message_reaches_the_others_and_mail_says_only_that_there_is_one(
    database, cast, time, lee, handed, wes
):
    with database.writing() as db:
        row = db.get_one(Match, handed)
        act = own(cast, time)(db)
        found = refused(letters.write, act, row, "Ring 555-867-5309", time.at.date(), sure=False)
        assert found == ["words"]
        letters.write(act, row, SECRET, time.at.date(), sure=False)
    with database.reading() as db:
        sent = db.scalars(select(Message).where(Message.kind == "match.letter")).all()
        assert {one.person_id for one in sent} == {lee, wes}
        notice = EVERY_NOTICE["match.letter"]
        assert SECRET not in f"{notice.subject.source} {notice.body.source}"
        viewer = supervising(db, cast, time)
        assert [line.unread for line in story.matches(db, viewer, "messages", time.at.date())] == [
            True
        ]
        mine = build.viewer(cast.ana)
        assert not db.scalars(scopes.own_matches(mine).where(story.unread(mine))).all()
    with database.writing() as db:
        letters.note_read(db, handed, wes)
    with database.reading() as db:
        viewer = supervising(db, cast, time)
        assert story.matches(db, viewer, "messages", time.at.date()) == []
    with database.writing() as db:
        matches.end(worker(db, cast, time, lee), db.get_one(Match, handed), MatchEnd.DONE)
        with pytest.raises(Refused):
            letters.write(
                own(cast, time)(db), db.get_one(Match, handed), "x", time.at.date(), sure=True
            )


def test_a_volunteer_enters_a_visit_on_a_page_and_finds_a_draft_again(
    database, cast, time, lee, handed, as_
):
    page = f"/me/matches/{handed}"
    ana = as_(cast.ana)
    ana.get(f"{page}/contacts/new")
    ana.post(f"{page}/draft", note=SECRET, minutes="soon", day="yesterday")
    assert ana.response.status_code == 204
    assert SECRET in ana.get(f"{page}/contacts/new").text
    assert SECRET not in as_(lee).get(f"/matches/{handed}/contacts/new").text
    ana.get(f"{page}/contacts/new")
    ana.press(
        f"{page}/contacts",
        day=time.at.date().isoformat(),
        kind="visit",
        made="made",
        medium="phone",
        minutes="30",
        miles="12.55",
        note=SECRET,
    )
    assert "Enter miles" in ana.text
    ana.press(
        f"{page}/contacts",
        day=time.at.date().isoformat(),
        kind="visit",
        made="made",
        medium="phone",
        minutes="30",
        miles="12.5",
        note=SECRET,
    )
    assert SECRET in ana.get(page).text
    assert "12.5" in ana.text
    with database.reading() as db:
        assert db.scalars(select(ContactDraft)).all() == []
    assert SECRET in as_(lee).get(f"/matches/{handed}").text
    for other in (cast.bo, cast.cy, cast.ada, cast.mara):
        for path in (page, f"/matches/{handed}", f"/matches/{handed}/contacts/new"):
            assert as_(other).client.get(path).status_code == 404


def test_U1_opening_a_match_is_noted_before_it_is_shown(
    database, cast, time, lee, handed, wes, as_
):
    as_(wes).get(f"/matches/{handed}")
    with database.reading() as db:
        opened = select(AuditEntry.actor_id).where(AuditEntry.action == "case.opened")
        assert wes in db.scalars(opened).all()


def test_own_notes_are_gone_with_the_end_unless_a_program_lets_them_stay(
    database, cast, time, lee, handed, as_
):
    enter(database, own(cast, time), handed, time, note=SECRET)
    ana = as_(cast.ana)
    assert SECRET in ana.get("/me/contacts").text
    with database.writing() as db:
        matches.end(worker(db, cast, time, lee), db.get_one(Match, handed), MatchEnd.DONE)
    assert SECRET not in ana.get("/me/contacts").text
    with database.writing() as db:
        change(Act(db, OFFICE, time.at), OWN_NOTES, 1, SETTINGS, cast.rides)
    assert SECRET in ana.get("/me/contacts").text
    assert SECRET not in as_(cast.bo).get("/me/contacts").text


def test_both_sides_say_once_how_it_went(database, cast, time, lee, handed, as_):
    enter(database, own(cast, time), handed, time)
    with database.writing() as db:
        row = db.get_one(Match, handed)
        with pytest.raises(Refused):
            reviews.answer(own(cast, time)(db), row, Side.VOLUNTEER, Went.WELL, again=True)
        matches.end(worker(db, cast, time, lee), row, MatchEnd.DONE)
    page = f"/me/matches/{handed}/review"
    ana = as_(cast.ana)
    assert page in ana.get("/me").text
    ana.get(page)
    ana.press(page, went="well", again="yes")
    assert page not in ana.get("/me").text
    desk = as_(lee)
    desk.get(f"/matches/{handed}")
    desk.press(f"/matches/{handed}/review", went="so_so", again="no")
    assert "What the client says" not in desk.get(f"/matches/{handed}").text
    with database.reading() as db:
        said = {row.side: (row.went, row.again) for row in db.scalars(select(MatchReview))}
        assert said == {Side.VOLUNTEER: (Went.WELL, True), Side.CLIENT: (Went.SO_SO, False)}


@both
def test_the_digest_comes_once_a_week_with_numbers_alone(database, cast, time, lee, handed, wes):
    monday = time.at + timedelta(days=7 - time.at.weekday(), hours=6)
    for hours in (0, 1, 30, 7 * 24):
        round_of_work(database, SETTINGS, monday + timedelta(hours=hours))
        round_of_work(database, SETTINGS, monday + timedelta(hours=hours))
    with database.reading() as db:
        sent = db.scalars(select(Message).where(Message.kind == "match.digest")).all()
        assert sorted({one.person_id for one in sent}) == sorted({lee, wes})
        weeks = {one.created_at.date() for one in sent}
        assert len(sent) == 2 * len(weeks)
        assert len(weeks) in (2, 3)
    assert "reference" not in digest.NOTICE.body.source


KEPT = {
    "client_case.reference": "the agency's own number; without it a report can't be checked",
    "help_request.asked": "a code: how it was asked for",
    "help_request.zone": "the zone of its times",
    "case_match.asked": "a code: how the answer came",
    "contact.asked": "a code: how it came",
}
"""Texts of a case that stay, each with its reason."""


def _reachable() -> set[str]:
    """The tables whose rows belong to a case, by their foreign keys."""
    found = {"client_case"}
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name in found and key.column.table.name != "person"
        }
        if more <= found:
            return found | {"contact"}  # it is joined by contact_match
        found |= more


def test_P8_every_text_that_a_case_reaches_has_an_end_or_a_reason():
    ends = {
        (one.table.__tablename__, column)
        for domain in DOMAINS
        for one in domain.expires
        for column in (one.columns or [c.name for c in one.table.__table__.columns])
    }
    for name in _reachable():
        for column in Base.metadata.tables[name].columns:
            text = (
                isinstance(column.type, String | Text) or column.type.__class__.__name__ == "Word"
            )
            coded = column.type.__class__.__name__ == "Code" or bool(column.foreign_keys)
            if text and not coded:
                known = (name, column.name) in ends or f"{name}.{column.name}" in KEPT
                assert known, f"{name}.{column.name}"


@both
def test_P8_a_canary_through_every_door_is_nowhere_once_the_clock_moved(
    database, cast, time, lee, asked, handed, as_
):
    act_of = own(cast, time)
    number = enter(
        database, act_of, handed, time, note=SECRET, follow_up=SECRET, due_on=time.at.date()
    )
    with database.writing() as db:
        row = db.get_one(Match, handed)
        letters.write(act_of(db), row, SECRET, time.at.date(), sure=False)
        case = db.get_one(Case, asked[0])
        case.needs = SECRET
        db.get_one(HelpRequest, asked[1]).times = SECRET
        contacts.keep_draft(act_of(db), row, f'{{"note": "{SECRET}"}}')
        cases.close_case(worker(db, cast, time, lee), case, CaseEnd.SERVED)
    assert _found(database) > 3
    round_of_work(database, SETTINGS, time.at + (WORDS_DAYS.default - 1) * DAY)
    assert _found(database) > 3
    round_of_work(database, SETTINGS, time.at + WORDS_DAYS.default * DAY)
    assert _found(database) == 0
    with database.reading() as db:
        assert db.get_one(Contact, number).minutes == 50
        assert db.scalars(select(HoursEntry.minutes)).all() == [50]


def _found(database) -> int:
    """In how many columns of all tables the secret stands."""
    with database.reading() as db:
        return sum(
            any(SECRET in str(value) for value in db.scalars(select(column)))
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, String | Text) or column.type.__class__.__name__ == "Word"
        )


@both
def test_a_draft_ends_with_its_match_or_after_two_weeks(database, cast, time, lee, handed):
    def keep():
        with database.writing() as db:
            contacts.keep_draft(own(cast, time)(db), db.get_one(Match, handed), "{}")

    keep()
    round_of_work(database, SETTINGS, time.at + DRAFTS_LAST - DAY)
    with database.reading() as db:
        assert len(db.scalars(select(ContactDraft)).all()) == 1
    round_of_work(database, SETTINGS, time.at + DRAFTS_LAST)
    with database.reading() as db:
        assert db.scalars(select(ContactDraft)).all() == []
    keep()
    with database.writing() as db:
        matches.end(worker(db, cast, time, lee), db.get_one(Match, handed), MatchEnd.DONE)
    with database.reading() as db:
        assert db.scalars(select(ContactDraft)).all() == []


@both
def test_no_draft_begins_once_the_case_is_closed(database, cast, time, lee, asked, handed):
    with database.writing() as db:
        cases.close_case(worker(db, cast, time, lee), db.get_one(Case, asked[0]), CaseEnd.SERVED)
    with database.writing() as db, pytest.raises(NotFound):
        contacts.keep_draft(worker(db, cast, time, lee), db.get_one(Match, handed), "{}")


@both
def test_two_entries_at_once_make_it_active_once(database, cast, time, lee, handed):
    def one():
        enter(database, own(cast, time), handed, time)

    at_once(one, one)
    with database.reading() as db:
        assert len(db.scalars(select(Contact)).all()) == 2
        active = select(AuditEntry).where(AuditEntry.action == "match.active")
        assert len(db.scalars(active).all()) == 1


@both
def test_a_follow_up_is_done_once_and_noted(database, cast, time, lee, handed):
    today = time.at.date()
    with database.writing() as db:
        act, row = worker(db, cast, time, lee), db.get_one(Match, handed)
        assert refused(follow_ups.add, act, row, "x", today - DAY, today) == ["due_on"]
        number = follow_ups.add(act, row, "bring the form", today, today).id
    for _ in range(2):
        with database.writing() as db:
            follow_ups.finish(worker(db, cast, time, lee), db.get_one(FollowUp, number))
    with database.reading() as db:
        done = select(AuditEntry).where(AuditEntry.action == "match_follow_up.done")
        assert len(db.scalars(done).all()) == 1

"""V4: what pages of outreach ask of the database does not grow with requests, talks and speakers."""

from datetime import timedelta

from sqlalchemy import event

from portal.act import Act
from portal.outreach import booking, links, speaker_offers
from portal.outreach.speaker_offers import OfferTerms
from portal.people.models import Person
from portal.web.errors import Refused
from tests import build

LIMITS = {
    "/talks": 6,
    "/outreach": 20,
    "/outreach?which=booked": 20,
    "/outreach/calendar": 6,
    "/outreach/closings?first=2026-12-01&last=2027-01-25": 6,
    "/outreach/organizations": 6,
    "/outreach/speakers": 6,
    "/outreach/topics": 6,
    "/outreach/letters": 6,
    "/outreach/replies": 8,
    "/outreach/report": 6,
    "/outreach/requests/{request}": 32,
    "/outreach/talks/{talk}": 30,
    "/me/talks": 6,
    "{status}": 14,
}
"""The desk is many lists in one, and the page of a request suggests speakers (twelve statements)."""


def fill(database, stage, settings, at, number: int) -> dict[str, object]:
    yes = OfferTerms(mode="yes", asked="phone")
    with database.writing() as db:
        dates = [build.TALK_AT + timedelta(days=one) for one in range(number)]
        series = build.talk_request(
            db, at, settings, topics=[stage.topic], series=True, dates=dates, open_to_public=True,
            words=f"of {number}",
        )  # fmt: skip
        talks = [booking.book(Act(db, stage.clerk, at), series, one) for one in dates]
        for index, talk in enumerate(talks):
            person = build.person(db, f"Speaker {number} {index}", at).id
            build.place(db, person, talk.topic.position_id, at)
            build.speaker(db, person, [stage.topic], at)
            speaker_offers.ask(Act(db, stage.clerk, at), talk, db.get_one(Person, person), yes)
            build.talk_request(
                db, at, settings, contact_email="", organization_name=f"Club {number} {index}",
                topics=[stage.topic],
            )  # fmt: skip
        for talk in talks[: number // 2]:
            try:
                ana = db.get_one(Person, stage.ana)
                how = OfferTerms(role="co", mode="yes", asked="phone", clash_reason="x")
                speaker_offers.ask(Act(db, stage.clerk, at), talk, ana, how)
            except Refused:
                continue
        return {
            "request": series.id, "talk": talks[0].id,
            "status": links.status_path(settings, series.link_id),
        }  # fmt: skip


def count(browser, path, database) -> int:
    statements = []

    def listen(connection, cursor, statement, *rest):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    with database.reading() as db:
        engine = db.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    assert browser.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", listen)
    return len(statements)


def test_V4_the_number_of_statements_does_not_grow(
    database, cast, stage, settings, time, as_, public
):
    stage.ana = cast.ana
    found = {}
    for number in (4, 16):
        ids = fill(database, stage, settings, time.at, number)
        browsers = {"/me/talks": as_(cast.ana), "/talks": public, "{status}": public}
        found[number] = {
            path: count(browsers.get(path) or as_(stage.dee), path.format(**ids), database)
            for path in LIMITS
        }
    assert found[4] == found[16]
    assert min(found[16].values()) > 1
    over = {path: number for path, number in found[16].items() if number > LIMITS[path]}
    assert over == {}

"""The list of opportunities in a frame of another site, and as a calendar."""

from datetime import timedelta

import icalendar
import pytest

from portal.act import Act
from portal.recruitment import opportunities
from portal.recruitment.models import Opportunity, Recurrence
from portal.settings import Settings, SettingsError
from tests import build
from tests.conftest import SECRET, change_settings

AT = "/opportunities/embedded"
COUNTY = "https://www.county.example.gov"


@pytest.fixture
def listed(database, cast, time):
    with database.writing() as db:
        return build.opportunity(db, cast.driver, time.at, title="Drive a neighbor").id


@pytest.fixture
def embedding(app):
    change_settings(app, embed_sites=f"{COUNTY}\n https://b.example")


def test_there_is_no_such_page_until_the_settings_name_a_site(public, listed):
    assert public.get(AT).status_code == 404


def test_O3_only_the_named_sites_may_frame_it_and_nothing_else_is_relaxed(
    public, listed, embedding
):
    answer = public.client.get(AT)
    policy = dict(
        part.partition(" ")[::2] for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy == {
        "default-src": "'none'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'",
        "base-uri": "'none'", "form-action": "'none'", "object-src": "'none'",
        "frame-ancestors": f"{COUNTY} https://b.example",
    }  # fmt: skip
    elsewhere = public.client.get("/opportunities").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in elsewhere


def test_it_reads_and_sets_no_cookie_and_has_no_form_or_script(
    public, as_, cast, listed, embedding
):
    stranger = public.client.get(AT)
    known = as_(cast.ana).client.get(AT, headers={"accept-language": "en"})
    chosen = public.client.get(AT, headers={"cookie": "language=es; theme=dark"})
    assert stranger.text == known.text == chosen.text
    assert "set-cookie" not in stranger.headers.keys() | known.headers.keys()
    assert "Drive a neighbor" in stranger.text
    for word in ("<form", "<script", "<input", "csrf", "Ana"):
        assert word not in stranger.text
    links = stranger.text.count("<a ") - stranger.text.count("tel:")
    assert stranger.text.count('target="_blank"') == stranger.text.count("noopener") == links > 0


def test_it_is_in_the_language_that_is_asked_for_and_filtered(public, listed, embedding, cast):
    assert 'lang="es"' in public.get(f"{AT}?lang=es").text
    assert "Drive a neighbor" in public.get(f"{AT}?program={cast.rides}").text
    assert "Drive a neighbor" not in public.get(f"{AT}?program={cast.testing}").text


def test_Z5_a_sensitive_program_is_not_in_it(database, public, cast, time, embedding):
    with database.writing() as db:
        build.opportunity(db, cast.host, time.at, title="Host a family")
    assert "Host a family" not in public.get(AT).text
    assert "Host a family" not in public.get("/opportunities.ics").text


@pytest.mark.parametrize(
    "sites",
    [
        "*",
        "https://a.example; script-src *",
        "example.gov",
        "https://a.example/x",
        "'self'",
        "data:",
    ],
)
def test_only_sites_are_taken_from_the_settings(sites):
    with pytest.raises(SettingsError, match="PORTAL_EMBED_SITES"):
        Settings.read({"PORTAL_SECRET_KEY": SECRET, "PORTAL_EMBED_SITES": sites})


def test_whoever_writes_opportunities_is_given_what_to_paste(as_, cast, embedding, app):
    assert "&lt;iframe" in as_(cast.cy).get("/postings").text
    change_settings(app, embed_sites="")
    assert "&lt;iframe" not in as_(cast.cy).get("/postings").text


def test_one_time_opportunities_are_a_calendar_of_whole_days(database, public, cast, time, listed):
    day = time.at.date() + timedelta(days=12)
    with database.writing() as db:
        row = build.opportunity(db, cast.driver, time.at, title="Packing day")
        row.recurrence, row.starts_on = Recurrence.ONCE, day
        past = build.opportunity(db, cast.driver, time.at, title="Was before")
        past.recurrence, past.starts_on = Recurrence.ONCE, time.at.date() - timedelta(days=1)
        number = row.id
    answer = public.get("/opportunities.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["summary"], event["dtstart"].dt, event["dtend"].dt) == (
        "Packing day",
        day,
        day + timedelta(days=1),
    )
    assert event["url"].endswith(f"/opportunities/{number}")
    with database.writing() as db:
        row = db.get_one(Opportunity, number)
        opportunities.close(Act(db, build.OFFICE, time.at), row)
    assert "Packing day" not in public.get("/opportunities.ics").text

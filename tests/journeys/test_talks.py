"""From a request without an account to a talk that was counted: requester, clerk and speaker, with real mail."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.db import Database
from portal.demo.agency import PASSWORD, ZONE
from portal.messages.smtp import Smtp
from portal.outreach.models import TalkRequest
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.talk_models import Presentation
from portal.outreach.views.intake import GUARD
from tests.mailbox import parts, serving
from tests.worker import Mail

GROUPS = {390: "Lakeside Garden Club", 1280: "Hilltop Quilters"}


@pytest.fixture
def office(demo):
    """The worker's mail of the served demo, and the box that it arrives in."""
    clock.use_source(None)
    database = Database(demo.settings.database_url)
    with serving() as (box, url):
        settings = replace(
            demo.settings, base_url=demo.address, smtp_url=url, mail_from="office@agency.example"
        )
        mail = Mail(database, settings, Smtp(url))

        def arrived(address: str) -> str:
            """The text of the newest mail to someone."""
            mail.round(clock.now())
            return parts(box.to(address)[-1])["text/plain"].get_content()

        yield database, box, arrived
        mail.post.mailer.close()
    database.dispose()


def link(text: str, path: str) -> str:
    return re.search(rf"http://[^/]+({path}/\w+)", text)[1]


@pytest.mark.usefixtures("time")
def a_request_becomes_a_talk_and_is_counted(visit, office):
    """Asked for and given on a phone, booked at a desk; `make soak` does it the other way round."""
    request_to_count(visit, office, 390, 1280, 390)


def request_to_count(visit, office, asks: int, books: int, speaks: int) -> None:
    """From a request to the report, each on a screen of a width."""
    database, box, arrived = office
    group, day = (
        GROUPS[asks],
        clock.local_day(clock.now(), ZONE) + timedelta(days=60 if asks == 390 else 75),
    )
    requester = visit(width=asks, java_script_enabled=asks != 390)
    form = requester.go("/talks")
    form.get_by_role("link", name="Request a speaker").click()
    opened = int(form.locator("input[name=opened]").get_attribute("value").split(".")[0])
    form.get_by_label("Safe at home: fraud and falls").check()
    form.get_by_label("Date").first.fill(f"{day}")
    form.get_by_label("Start time").first.fill("14:00")
    form.get_by_label("About how many people?").fill("30")
    form.get_by_label("Location").first.fill("Club house")
    form.get_by_label("Address", exact=False).first.fill("5 Shore Road")
    form.get_by_label("Organization").first.fill(group)
    form.get_by_label("Your name").fill("Ivy Stone")
    form.get_by_label("Email").fill(f"ivy{asks}@lakeside.example")
    form.get_by_label("I understand").check()
    clerk = visit(width=books).sign_in("Outreach staff")
    while clock.now().timestamp() - opened <= GUARD.least_seconds:
        clerk.go("/outreach")  # a person takes longer to fill the form in
    form.get_by_role("button", name="Send request").click()
    expect(form.locator("#flash")).to_contain_text("Your request number is R-")
    requester.go(link(arrived(f"ivy{asks}@lakeside.example"), "/requests/proof"))
    form.get_by_role("button", name="Yes, I sent this request").click()
    expect(form.locator("main")).to_contain_text("We got your request and will answer by")
    status = form.url

    desk = clerk.go(f"/outreach?q={group.replace(' ', '+')}")
    desk.get_by_role("link", name=group).click()
    row = desk.locator("li.line", has_text="Jo Bell")
    expect(row).to_contain_text("knows the topic")
    if not row.is_visible():
        desk.locator("summary", has_text=re.compile(r"\d+ more")).click()
    row.get_by_role("button", name="Ask Jo").click()
    expect(desk.locator("#flash")).to_contain_text("We asked Jo Bell")

    speaker = visit(width=speaks)
    phone = speaker.go(link(arrived("jo@demo.example"), "/mail"))
    phone.get_by_role("button", name="Yes, I'll do it").click()
    expect(phone.locator("#flash")).to_contain_text("Thank you")
    told = arrived(f"ivy{asks}@lakeside.example")
    assert "We're coming" in told
    assert "Jo Bell" in told  # who agreed to have her name told
    invitation = parts(box.to(f"ivy{asks}@lakeside.example")[-1])["text/calendar"]
    assert invitation.get_param("method") == "REQUEST"
    form.goto(status)
    expect(form.locator("main")).to_contain_text("It's confirmed. We're coming.")
    desk.reload()
    expect(desk.locator(".head")).to_contain_text("confirmed")

    with database.writing() as db:  # the day comes
        talk = db.scalars(
            select(Presentation).join(TalkRequest).where(TalkRequest.organization_name == group)
        ).one()
        talk.starts_at, talk.ends_at = (
            one - timedelta(days=80) for one in (talk.starts_at, talk.ends_at)
        )
        number = talk.id
    phone = speaker.go("/session/new")
    phone.locator("input[name=address]").first.fill("jo@demo.example")
    phone.locator("input[name=password]").fill(PASSWORD)
    phone.locator("main form button[type=submit]").first.click()
    phone.wait_for_url("**/me")
    speaker.go("/me/talks")
    phone.get_by_role("link", name=group).first.click()
    phone.get_by_label("Number of people").fill("27")
    phone.get_by_label("I counted").check()
    phone.get_by_label("Stop the call").first.fill("25")
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator("#flash")).to_contain_text("Your report was saved")
    with database.reading() as db:
        assert db.get_one(TalkOutcome, number).people == 27
    clerk.go(f"/outreach/talks/{number}")
    expect(desk.locator("main")).to_contain_text("27 counted")

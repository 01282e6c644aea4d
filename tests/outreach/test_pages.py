"""Pages of outreach: asking without an account, bots and floods, the clerk's desk, booking, what outsiders read."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.act import Act
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.outreach import booking, links, outcomes, speaker_offers, speakers, triage
from portal.outreach.models import CounterOffer, RequestState, TalkRequest
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.talk_models import Presentation, SpeakerOffer
from portal.people import memberships
from portal.people.models import Person
from portal.permissions import NOBODY, Role
from portal.shifts import blocks, signups
from portal.web.page import OLD_PAGE
from tests import build

FORM = {
    "organization_name": "Elm Club", "organization_kind": "seniors", "contact_name": "Rosa Diaz",
    "contact_email": "rosa@club.example", "contact_phone": "", "language": "en", "day": "2026-12-30",
    "starts": "14:00", "minutes": "45", "town": "Millbrook", "audience": "30", "acknowledged": "y", "kind": "presentation",
}  # fmt: skip


def entries(database):
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(AuditEntry))


def requests(database):
    with database.reading() as db:
        return db.scalars(select(TalkRequest).order_by(TalkRequest.id)).all()


def opened(browser, kind="presentation"):
    """The hidden fields of the public form, as a browser has them."""
    page = browser.get(f"/talks/request?kind={kind}").text
    return {"opened": re.search(r'name="opened" value="([^"]+)"', page)[1], "pledge": "0"}


def send(browser, time, **fields):
    hidden = opened(browser)
    time.move(minutes=1)
    return browser.post("/talks/request", **FORM | hidden | fields)


def test_anybody_asks_proves_changes_and_takes_it_back(database, stage, public, settings, time):
    before = entries(database)
    answer = send(public, time, topics=str(stage.topic))
    assert answer.headers["location"] == "/talks/request/sent"
    assert "R-2026-0001" in public.get("/talks/request/sent").text
    (row,) = requests(database)
    assert (row.state, row.audience) == (RequestState.UNPROVED, 30)
    proof = f"/requests/proof/{links.proof_token(settings, row.link_id)}"
    assert public.get(proof).status_code == 200
    assert requests(database)[0].state == RequestState.UNPROVED  # opening a link proves nothing
    status = public.post(proof).headers["location"]
    page = public.get(status)
    assert "R-2026-0001" in page.text
    wrong = public.post(status, **FORM | {"kind": "presentation", "version": "2", "day": "soon"})
    assert wrong.status_code == 422
    assert "3/14/2027" in wrong.text
    public.get(status)
    version = public.form(status)["version"]
    fields = FORM | {"audience": "44", "version": version, "words": "We have coffee"}
    assert public.post(status, **fields).status_code == 303
    assert (requests(database)[0].audience, requests(database)[0].words) == (44, "We have coffee")
    assert public.post(f"{status}/withdrawal").status_code == 303
    assert requests(database)[0].state == RequestState.WITHDRAWN
    assert entries(database) >= before + 4


def test_nothing_typed_is_lost_and_every_reason_stands_by_its_field(stage, public, time):
    answer = send(
        public, time, contact_email="rosa", day="2026-12-03", audience="0", acknowledged="",
        words="Please bring the\nfilm",
    )  # fmt: skip
    assert answer.status_code == 422
    for kept in ('value="rosa"', 'value="2026-12-03"', "film", 'value="Elm Club"'):
        assert kept in answer.text
    for field in ("contact_email", "audience", "acknowledged", "day"):
        assert f'id="{field}-error"' in answer.text
    answer = send(public, time, day="2026-12-03")
    assert answer.status_code == 422
    assert 'id="day-error"' in answer.text


def test_where_is_asked_unless_it_is_online_and_no_promise_is_made_for_a_question(
    database, stage, public, time
):
    refused = send(public, time, town="")
    assert refused.status_code == 422
    assert "Enter the town, or check the box “It&#39;s online.”" in refused.text
    assert "Enter at least the town, unless it&#39;s online." in refused.text
    assert send(public, time, town="", online="y").status_code == 303
    page = public.get("/talks/request?kind=question").text
    assert "acknowledged" not in page
    asked = FORM | opened(public, "question") | {"kind": "question", "words": "When are you open?"}
    time.move(minutes=1)
    assert public.post("/talks/request", **asked | {"acknowledged": ""}).status_code == 303
    assert requests(database)[-1].kind == "question"


@pytest.mark.parametrize(
    ("kind", "there", "gone"),
    [("presentation", "ages", "needed_by"), ("table", "audience", "series"), ("tour", "day_2", "address"),
     ("media", "needed_by", "audience"), ("literature", "needed_by", "place"), ("question", "words", "topics")],
)  # fmt: skip
def test_the_kind_changes_what_is_asked(kind, there, gone, stage, public):
    page = public.get(f"/talks/request?kind={kind}").text
    assert f'name="{there}"' in page
    assert f'name="{gone}"' not in page


def test_bots_and_floods_are_held_off(database, stage, public, time):
    assert send(public, time, website="http://spam.example").status_code == 303
    quick = public.post("/talks/request", **FORM | opened(public))
    assert "Check your answers" in quick.text
    forged = public.post("/talks/request", **FORM | {"opened": "1764597600.abc", "pledge": "0"})
    assert forged.status_code == 422
    assert requests(database) == []
    codes = [send(public, time, words=f"Talk {n}").status_code for n in range(8)]
    assert codes[:3] == [303] * 3
    assert codes[-1] == 422  # so many to one address
    assert len(requests(database)) <= 6


def test_a_form_that_was_open_for_long_is_not_sent(stage, public):
    answer = public.client.post("/talks/request", data=FORM)
    assert answer.status_code == 403
    assert str(OLD_PAGE)[:20] in answer.text


def test_a_clerk_writes_down_a_call_and_the_confirmation_is_a_call(database, stage, as_, settings):
    browser = as_(stage.dee)
    fields = FORM | {"contact_email": "", "contact_phone": "(555) 555-0199", "source": "phone"}
    made = browser.post("/outreach/requests", **fields)
    assert made.status_code == 303
    letters = browser.get("/outreach/letters").text
    assert "Rosa Diaz" in letters
    one = re.search(r"/outreach/letters/(\d+)", letters)[1]
    page = browser.get(f"/outreach/letters/{one}").text
    assert "555-0199" in page
    assert "R-2026-0001" in page
    browser.post(f"/outreach/letters/{one}/told")
    assert "Rosa Diaz" not in browser.get("/outreach/letters").text


def test_request_date_speaker_and_confirm_in_one_press(database, stage, cast, as_, settings, time):
    with database.writing() as db:
        one = build.talk_request(db, time.at, settings, topics=[stage.topic]).id
    browser = as_(stage.dee)
    page = browser.get(f"/outreach/requests/{one}").text
    assert "Ask Ana" in page
    fields = {
        "day": "2026-12-30", "starts": "12:00", "person": str(cast.ana), "mode": "yes",
        "hours": "72", "asked": "phone",
    }  # fmt: skip
    answer = browser.post(f"/outreach/requests/{one}/talks", **fields)
    talk = answer.headers["location"]
    assert "Ana Reyes" in browser.get(talk).text
    with database.reading() as db:
        kinds = db.scalars(select(Message.kind)).all()
    assert {"outreach.confirmed", "outreach.speaking", "outreach.clerk_confirmed"} <= set(kinds)


def test_whoever_asked_in_spanish_reads_of_the_request_in_spanish(
    database, stage, public, settings, time
):
    with database.writing() as db:
        one = build.talk_request(db, time.at, settings, topics=[stage.topic], language="es")
        path = links.status_path(settings, one.link_id)
    assert '<html lang="es"' in public.get(path, headers={"accept-language": "en-US"}).text


def test_another_speaker_is_proposed_by_name_and_comes_first_after_a_yes(
    database, stage, cast, public, as_, office, settings, time
):
    with database.writing() as db:
        one = build.talk_request(db, time.at, settings, topics=[stage.topic])
        number, path = one.id, links.status_path(settings, one.link_id)
    clerk, page = as_(stage.dee), f"/outreach/requests/{number}"
    before = clerk.get(page).text
    assert before.index("Ask Ana") < before.index("Ask Bo")
    refused = clerk.post(f"{page}/proposal", kind="speaker", words="", speaker="")
    assert "Select someone, or enter who you propose." in refused.text
    assert clerk.post(f"{page}/proposal", kind="speaker", speaker=str(cast.wes)).status_code == 404
    assert clerk.post(f"{page}/proposal", kind="speaker", speaker=str(cast.bo)).status_code == 303
    assert "Bo Tanaka" in clerk.get(page).text
    office.send()
    mails = [mail.get_body(("plain",)).get_content() for mail in office.box.mails]
    asked = public.get(path).text
    mail = next(one for one in mails if "Another speaker: Bo" in one)
    assert "Another speaker: Bo" in mail
    assert "Would Bo work as a speaker?" in asked
    assert "Tanaka" not in asked + mail
    with database.reading() as db:
        counter = db.scalars(select(CounterOffer.id)).one()
    assert public.post(f"{path}/answer", counter=counter, answer="yes").status_code == 303
    after = clerk.get(page).text
    assert "They'd like Bo Tanaka." in after
    assert after.index("Ask Bo") < after.index("Ask Ana")


def test_who_does_not_see_a_proposed_speaker_reads_what_the_requester_reads(
    database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        build.speaker(db, cast.hana, [stage.other], time.at)  # of the hidden shelter
        one = build.talk_request(db, time.at, settings, topics=[stage.other])
        hana = triage.Proposal("speaker", speaker_id=cast.hana)
        row = triage.counter(Act(db, stage.clerk, time.at), one, hana)
        triage.answer_counter(Act(db, NOBODY, time.at), one, row.id, None, yes=True)
        triage.route(Act(db, stage.clerk, time.at), one, cast.testing)
        memberships.grant(Act(db, NOBODY, time.at), cast.wes, Role.OUTREACH_CLERK, cast.testing)
        number = one.id
    page = as_(cast.wes).get(f"/outreach/requests/{number}").text
    assert "They'd like Hana." in page
    assert "Hana Weiss" not in page


def test_a_misspelled_group_is_looked_at_before_its_talk_is_booked(
    database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        build.talk(db, time.at, settings, topics=[stage.topic], organization_name="Cedar College")
        one = build.talk_request(
            db, time.at, settings, topics=[stage.topic], organization_name="Cedar Colege",
            contact_email="pat@college.example",
        ).id  # fmt: skip
    clerk, path = as_(stage.dee), f"/outreach/requests/{one}"
    fields = {"day": "2026-12-30", "starts": "14:00", "mode": "ask", "hours": "24"}
    clerk.get(path)
    refused = clerk.post(f"{path}/talks", **fields)
    assert "Select one of these organizations first" in refused.text
    assert clerk.post(f"{path}/organization", organization="").status_code == 303  # it is new
    assert clerk.post(f"{path}/talks", **fields).status_code == 303


def test_the_page_of_a_canceled_talk_says_why_and_looks_for_nobody(
    database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(
            Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.ana), OfferTerms()
        )
        booking.cancel(Act(db, stage.clerk, time.at), talk, "Two feet of snow", blocks)
        number = talk.id
    page = as_(stage.dee).get(f"/outreach/talks/{number}").text
    assert "Two feet of snow" in page
    assert "Ana Reyes" in page
    assert "Who could" not in page


def test_only_who_could_go_is_offered_as_another_speaker(
    database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        build.speaker(db, cast.sol, [stage.other], time.at)
        number = build.talk_request(db, time.at, settings, topics=[stage.topic]).id
    page = as_(stage.dee).get(f"/outreach/requests/{number}").text
    offered = re.search(r'<select[^>]*name="speaker".*?</select>', page, re.DOTALL)[0]
    assert f'<option value="{cast.bo}"' in offered
    assert f'<option value="{cast.sol}"' not in offered


def test_a_clash_is_said_where_the_speaker_stands_and_the_reason_is_kept(
    database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic]).id
        build.shift(db, cast.driver, starts=build.TALK_AT)
        other = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(
            Act(db, stage.clerk, time.at), other, db.get_one(Person, cast.ana), OfferTerms()
        )
    browser = as_(stage.dee)
    fields = {"person": str(cast.ana), "role": "speaker", "mode": "ask", "hours": "24"}
    answer = browser.post(f"/outreach/talks/{talk}/offers", **fields)
    assert answer.status_code == 422
    assert "Busy at that time: Ana Reyes." in answer.text
    fields["clash_reason"] = "She will choose"
    assert browser.post(f"/outreach/talks/{talk}/offers", **fields).status_code == 303
    before = entries(database)
    with database.reading() as db:
        offer = db.scalars(select(SpeakerOffer.id).filter_by(presentation_id=talk)).one()
    browser.post(f"/outreach/talks/{talk}/offers/{offer}/answer", answer="no", asked="phone")
    assert entries(database) > before


def test_a_proposal_is_answered_by_link_or_by_phone(database, stage, public, as_, settings, time):
    with database.writing() as db:
        one = build.talk_request(db, time.at, settings)
        number, path = one.id, links.status_path(settings, one.link_id)
    browser = as_(stage.dee)
    proposal = {"kind": "date", "day": "2027-01-05", "starts": "14:00", "words": ""}
    browser.post(f"/outreach/requests/{number}/proposal", **proposal)
    page = public.get(path).text
    assert "Would another date work?" in page
    counter, date = (
        re.search(rf'name="{name}"\s+value="(\d+)"', page)[1] for name in ("counter", "date")
    )
    before = entries(database)
    answer = public.post(f"{path}/answer", counter=counter, date=date, answer="yes")
    assert answer.status_code == 303
    assert public.post(f"{path}/answer", counter=counter, date=date, answer="no").status_code == 422
    browser.post(
        f"/outreach/requests/{number}/proposal", **proposal | {"kind": "literature", "words": "x"}
    )
    page = browser.get(f"/outreach/requests/{number}").text
    counter = re.search(r'name="counter" value="(\d+)"', page)[1]
    browser.post(f"/outreach/requests/{number}/proposal/answer", counter=counter, answer="yes")
    browser.post(f"/outreach/requests/{number}/answer", words="Forty leaflets are of travel.")
    assert requests(database)[0].state == RequestState.DONE
    assert "Forty leaflets" in public.get(path).text
    assert entries(database) >= before + 3


def test_nothing_private_about_a_speaker_reaches_the_requester(
    database, stage, cast, as_, public, office, settings, time
):
    private = ("Reyes", "ana@example.org", "555-1234", "licen", "cleared", "busy", "clash")
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic], open_to_public=True)
        path = links.status_path(settings, talk.request.link_id)
        why = OfferTerms(mode="yes", asked="phone", clash_reason="She has a shift")
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.ana), why)
    office.send()
    host = [mail for mail in office.box.mails if mail["to"] == "rosa@parish.example"]
    assert len(host) == 2  # it arrived, and it is confirmed
    seen = [mail.as_string() for mail in host] + [
        mail.get_body(("plain",)).get_content() for mail in host
    ]
    seen += [public.get(path).text, public.get("/talks").text, public.get("/talks.ics").text]
    assert any("Ana" in text for text in seen)
    for text in seen:
        assert not [word for word in private if word in text]
    with database.writing() as db:
        version = 1
        given = {"per_month": 3, "rest_days": 2, "shows_name": True}
        speakers.set_speaker(
            Act(db, stage.clerk, time.at),
            db.get_one(Person, cast.ana),
            given,
            [stage.topic],
            version,
        )
    assert "Ana Reyes" in public.get("/talks").text


def test_how_did_it_go_in_one_page_with_hours_and_promises(
    database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        offer = speaker_offers.ask(
            Act(db, stage.clerk, time.at),
            talk,
            db.get_one(Person, cast.ana),
            OfferTerms(mode="yes", asked="phone"),
        ).id
        old = outcomes.add_material(
            Act(db, stage.clerk, time.at), "Stop the call", "English", "ed. 2"
        ).id
        new = outcomes.add_material(
            Act(db, stage.clerk, time.at), "Stop the call", "English", "ed. 3"
        ).id
        number = talk.id
    time.at = build.TALK_AT
    time.move(days=1)
    clerk, ana = as_(stage.dee), as_(cast.ana)
    assert "Reports to complete" in clerk.get("/outreach").text
    page = ana.get(f"/me/talks/{offer}/outcome").text
    assert f'name="m-{new}"' in page
    assert f'name="m-{old}"' not in page  # superseded
    fields = {
        "held": "held",
        "counted": "counted",
        "version": "0",
        f"m-{new}": "forty",
        f"s-{offer}": "90",
    }
    wrong = ana.post(f"/me/talks/{offer}/outcome", **fields)
    assert wrong.status_code == 422
    assert 'value="forty"' in wrong.text
    fields |= {
        "people": "28",
        f"m-{new}": "40",
        "follow_up": "Send slides",
        "follow_up_on": "2027-01-05",
    }
    assert ana.post(f"/me/talks/{offer}/outcome", **fields).status_code == 303
    with database.reading() as db:
        found = db.get_one(TalkOutcome, number)
        assert (found.people, found.counted) == (28, True)
        assert outcomes.handouts_of(db, number) == {new: 40}
    assert "Reports to complete" not in clerk.get("/outreach").text
    assert "Send slides" in clerk.get("/outreach").text
    page = clerk.get(f"/outreach/talks/{number}").text  # a talk that is over looks for no one
    assert "Report" in page
    assert "Who could" not in page
    hours = as_(cast.cy).get("/hours").text
    assert "1 hr 30 min" in hours
    assert (
        ana.post(f"/me/talks/{offer}/outcome", **fields).status_code == 409
    )  # someone wrote meanwhile
    report = clerk.get("/outreach/report?from=2026-12-01&to=2026-12-31&by=topic").text
    assert "Safe at home" in report
    table = clerk.get("/outreach/report.csv?from=2026-12-01&to=2026-12-31&by=town").text
    assert "From,To,Town,Presentations,Not held,People,Counted,Handouts,Referrals" in table
    assert "2026-12-01,2026-12-31,Cedar Falls,1,0,28,1,40,0" in table
    kinds = clerk.get("/outreach/report.csv?from=2026-12-01&to=2026-12-31&by=kind").text
    assert "2026-12-31,Senior center or senior housing,1" in kinds


def test_a_snow_day_lists_and_cancels_in_one_action(database, stage, cast, as_, settings, time):
    with database.writing() as db:
        one, two, after = (
            build.talk(
                db, time.at, settings, starts=build.TALK_AT + time.span(days=days), words=str(days)
            ).id
            for days in (0, 0.1, 3)
        )
    browser = as_(stage.dee)
    page = browser.get("/outreach/closings?first=2026-12-30&last=2026-12-30").text
    assert page.count('name="talks"') == 2
    to = "/outreach/closings?first=2026-12-30&last=2026-12-30"
    assert browser.post(to, talks="", what="cancel", reason="Snow").status_code == 422
    browser.get(to)
    data = browser.form(to) | {"what": "move", "days": "7", "reason": "Snow"}
    browser.client.post(to, data=data | {"talks": [str(one), str(two)]})
    with database.reading() as db:
        moved = {number: db.get_one(Presentation, number).starts_at for number in (one, two, after)}
    assert moved[one] == build.TALK_AT + time.span(days=7)
    assert moved[after] == build.TALK_AT + time.span(days=3)


def test_same_as_last_year_is_one_press(database, stage, as_, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic]).id
    time.at = build.TALK_AT + time.span(days=30)
    browser = as_(stage.dee)
    answer = browser.post(f"/outreach/talks/{talk}/again")
    first, second = requests(database)
    assert answer.headers["location"] == f"/outreach/requests/{second.id}"
    assert (second.source, second.organization_id) == ("ours", first.organization_id)
    with database.reading() as db:
        assert booking.coming_talks(db, second.id, time.at) == []
    page = browser.get(f"/outreach/requests/{second.id}").text
    assert "Wed, Dec 29, 2027, 12:00 pm" in page or "Wed, Dec 29, 12:00 pm" in page


def test_ending_a_speaker_leaves_an_entry(database, stage, cast, as_):
    browser = as_(cast.ada)
    before = entries(database)
    assert browser.post(f"/outreach/speakers/{cast.ana}/end").status_code == 303
    assert entries(database) == before + 1


@pytest.mark.parametrize(("answer", "state"), [("yes", "accepted"), ("no", "declined")])
def test_one_press_in_the_mail_answers(
    answer, state, database, stage, cast, public, office, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(
            Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.ana), OfferTerms()
        )
    office.send()
    mail = office.box.to("ana@example.org")[-1].get_body(("plain",)).get_content()
    path = re.search(r"(/mail/\w+)", mail)[1]
    assert public.get(path).status_code == 200
    assert public.post(f"{path}/answer", answer=answer).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(SpeakerOffer.state)).all() == [state]
    assert public.post(f"{path}/answer", answer="yes").status_code == 422  # it is answered


def test_home_says_what_one_is_asked_to_speak_about_and_what_is_next(
    database, stage, cast, as_, settings, time
):
    ana = as_(cast.ana)
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic], by=stage.clerk)
        offer = speaker_offers.ask(
            Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.ana), OfferTerms()
        )
        path = f"/me/talks/{offer.id}"
    page = ana.get("/me").text
    assert "Can you give a presentation?" in page
    assert "See the presentation" not in page
    ana.get(path)
    ana.press(f"{path}/answer", answer="yes")
    page = ana.get("/me").text
    assert "Can you give a presentation?" not in page
    assert "Next, in 29 days" in page
    assert page.count(f'href="{path}"') == 2
    assert "Presentations you give" not in page
    for day, after in ((1, True), (-1, False)):
        with database.writing() as db:
            starts = build.TALK_AT + timedelta(days=day)
            shift = build.shift(db, cast.driver, starts=starts).id
            signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        page = ana.get("/me").text
        assert (page.index(f'href="/shifts/{shift}"') > page.index(f'href="{path}"')) is after
        assert ("Your next presentation" in page) is not after
    time.at = build.TALK_AT
    assert path not in ana.get("/me").text


def test_a_speaker_whose_paper_ends_before_the_talk_heads_the_desk(
    database, stage, cast, as_, settings, time
):
    yes = OfferTerms(mode="yes", asked="phone")
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.ana), yes)
    clerk, words = as_(stage.dee), "Ask these speakers or find others"
    assert words not in clerk.get("/outreach").text
    with database.writing() as db:
        build.rule(db, time.at, build.requirement(db, time.at), position_id=cast.driver)
    page = clerk.get("/outreach").text
    assert words in page
    assert "not cleared that day" in page


def test_who_goes_away_reads_which_talk_of_theirs_is_on_these_days(
    database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        yes = OfferTerms(mode="yes", asked="phone")
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.ana), yes)
    ana, words, day = as_(cast.ana), "You&#39;re still signed up on these days.", build.TALK_AT
    for before in (3, 0):
        ana.get("/me/away")
        first = day.date() - timedelta(days=before)
        last = max(first, day.date() - timedelta(days=1))
        page = ana.press("/me/away", first_day=f"{first}", last_day=f"{last}")
        assert (words in page.text) is (before == 0)


def test_a_closed_day_is_said_on_the_requests_page(database, stage, as_, settings, time):
    with database.writing() as db:
        number = build.talk_request(db, time.at, settings, topics=[stage.topic]).id
        build.closure(db, build.TALK_AT.date(), build.TALK_AT.date(), "County holiday")
    page = as_(stage.dee).get(f"/outreach/requests/{number}").text
    assert "Closed that day: County holiday" in page
    assert "closed on that day" in page


def test_the_online_link_is_for_the_host_and_who_takes_part(
    database, stage, cast, public, as_, settings, time
):
    link = "https://meet.example/abc"
    with database.writing() as db:
        talk = build.talk(
            db, time.at, settings, topics=[stage.topic], open_to_public=True, online=True,
            online_link=link,
        )  # fmt: skip
        ana = db.get_one(Person, cast.ana)
        asked = speaker_offers.ask(Act(db, stage.clerk, time.at), talk, ana, OfferTerms()).id
        own = f"/me/talks/{asked}"
        status = f"/requests/{links.status_token(settings, talk.request.link_id)}"
    assert link not in public.get(status).text  # no one comes yet
    assert link not in as_(cast.ana).get(own).text
    with database.writing() as db:
        offer = db.get_one(SpeakerOffer, asked)
        speaker_offers.accept(Act(db, stage.clerk, time.at, "phone"), offer)
    assert f'href="{link}"' in public.get(status).text
    assert f'href="{link}"' in as_(cast.ana).get(own).text
    for path in ("/talks", "/talks.ics"):
        assert "meet.example" not in public.get(path).text


ASKER = ("organization_name", "contact_name", "contact_email", "contact_phone", "address", "town")


def test_an_organization_that_calls_again_is_half_written_down(
    database, stage, as_, settings, time
):
    with database.writing() as db:
        first = build.talk_request(db, time.at, settings)
        booking.book(Act(db, stage.clerk, time.at), first, build.TALK_AT)
        group = first.organization_id
        known = {name: getattr(first, name) for name in ASKER}
    browser = as_(stage.dee)
    page = browser.get(f"/outreach/organizations/{group}").text
    start = f"/outreach/requests/new?organization={group}"
    assert f'href="{start}"' in page
    browser.get(start)
    to = f"/outreach/requests?organization={group}"
    form = browser.form(to)
    assert {name: form[name] for name in ASKER} == known
    again = browser.press(to, day="2026-12-17", starts="")
    assert again.status_code == 422
    assert f"kind=table&amp;organization={group}" in again.text
    browser.press(to, day="2026-12-17", starts="10:00", topics=str(stage.topic))
    with database.reading() as db:
        made = db.scalars(select(TalkRequest).order_by(TalkRequest.id.desc())).first()
        assert (made.organization_id, made.source) == (group, "phone")


def test_an_organization_that_no_longer_exists_is_not_proposed(
    database, stage, as_, settings, time
):
    with database.writing() as db:
        first = build.talk_request(db, time.at, settings)
        booking.book(Act(db, stage.clerk, time.at), first, build.TALK_AT)
        path = f"/outreach/organizations/{first.organization_id}"
    browser = as_(stage.dee)
    browser.get(path)
    tag = '<span class="tag off">closed</span>'
    assert tag in browser.press(f"{path}/closing").text
    browser.post(f"{path}/closing")
    assert "Brigid" not in browser.get("/outreach/requests/new").text
    assert tag in browser.get("/outreach/organizations").text
    with database.reading() as db:
        closed = (
            select(func.count()).select_from(AuditEntry).filter_by(action="organization.closed")
        )
        assert db.scalar(closed) == 1
    browser.get(path)
    assert tag not in browser.press(f"{path}/reopening").text
    with database.reading() as db:
        reopened = select(AuditEntry.id).filter_by(action="organization.reopened")
        assert len(db.scalars(reopened).all()) == 1
    assert "Brigid" in browser.get("/outreach/requests/new").text


def test_talks_that_we_offer_are_logged_with_what_they_said(database, stage, as_, time):
    clerk = as_(stage.dee)
    made = clerk.post("/outreach/organizations", name="Elm Library", kind="library")
    page = made.headers["location"]
    logged = clerk.post(
        f"{page}/approaches", topic_id=str(stage.topic), whom="Sam", asked_on="2026-12-01",
        note="Met at the fair",
    )  # fmt: skip
    assert logged.status_code == 303, logged.text
    assert "Met at the fair" in clerk.get(page).text
    answer = clerk.post(f"{page}/approaches/1/answer", said="later", note="In spring")
    assert answer.status_code == 303
    assert re.search(r"Later, maybe.*In spring", clerk.get(page).text, re.DOTALL)


@pytest.mark.parametrize(
    ("view", "there", "not_there"),
    [
        ("month", "2026-12-15", "2027-02-15"),
        ("week", "2026-12-28", "2026-12-21"),
        ("list", "2026-12-01", "2027-01-04"),
    ],
)
def test_all_talks_by_month_week_and_list(
    view, there, not_there, database, stage, as_, settings, time
):
    with database.writing() as db:
        build.talk(db, time.at, settings, topics=[stage.topic], place="Elm Hall")
        number = db.scalar(select(Presentation.id))
    clerk = as_(stage.dee)
    link = f"/outreach/talks/{number}"
    assert link in clerk.get(f"/outreach/calendar?view={view}&day={there}").text
    assert link not in clerk.get(f"/outreach/calendar?view={view}&day={not_there}").text


def test_a_snow_day_cancels_what_is_checked_and_tells(database, stage, cast, as_, settings, time):
    with database.writing() as db:
        talks = [
            build.talk(
                db, time.at, settings, starts=build.TALK_AT + time.span(hours=4 * n), words=str(n)
            ).id
            for n in range(2)
        ]
    to = "/outreach/closings?first=2026-12-30&last=2026-12-30"
    clerk = as_(stage.dee)
    clerk.get(to)
    sent = clerk.form(to) | {"what": "cancel", "reason": "Snow", "talks": [str(talks[0])]}
    clerk.client.post(to, data=sent)
    with database.reading() as db:
        states = {one: db.get_one(Presentation, one).state for one in talks}
        assert states == {talks[0]: "cancelled", talks[1]: "tentative"}
        assert "outreach.cancelled" in db.scalars(select(Message.kind)).all()


def test_a_request_says_who_asks_twice_and_what_else_is_on_that_day(
    database, stage, as_, settings, time
):
    with database.writing() as db:
        first = build.talk_request(db, time.at, settings, topics=[stage.topic], words="a")
        second = build.talk_request(db, time.at, settings, topics=[stage.topic], words="b")
        other = build.talk(
            db, time.at, settings, topics=[stage.topic], contact_email="x@y.example", words="c"
        )
        paths = [first.reference, f"/outreach/talks/{other.id}"]
        path = f"/outreach/requests/{second.id}"
    page = as_(stage.dee).get(path).text
    seen = page[page.index("Check first") :].split("</section>")[0]
    for one in paths:
        assert one in seen


@pytest.mark.parametrize(
    ("by", "line"),
    [
        ("month", "December 2026"), ("program", "Rides"), ("topic", "Safe at home"),
        ("town", "Northfield"), ("kind", "Senior center"),
    ],
)  # fmt: skip
def test_the_report_adds_up_by_each_of_its_groups(
    by, line, database, stage, cast, as_, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic], town="Northfield")
        talk_id = talk.id
    time.at = build.TALK_AT + time.span(days=1)
    clerk = as_(stage.dee)
    path = f"/outreach/talks/{talk_id}/outcome"
    sent = clerk.post(path, held="held", people="37", counted="counted")
    assert sent.status_code == 303, sent.text
    page = clerk.get(f"/outreach/report?from=2026-12-01&to=2026-12-31&by={by}").text
    assert re.search(
        rf'<th scope="row">\s*{line}[^<]*</th>.*?<strong>37</strong>', page, re.DOTALL
    ), re.findall(r'<th scope="row">[^<]*</th>', page)


def test_a_request_of_friday_did_not_arrive_today_on_sunday(database, stage, as_, settings, time):
    with database.writing() as db:
        number = build.talk_request(db, time.at, settings).id
    clerk = as_(stage.dee)
    path = f"/outreach/requests/{number}"
    assert "today" in words_after(clerk.get(path).text, "Received")
    while clock.local_day(time.at, settings.timezone).weekday() != 4:
        time.move(days=1)
    with database.writing() as db:
        number = build.talk_request(db, time.at, settings).id
    time.move(days=2)
    html = as_(stage.dee).get(f"/outreach/requests/{number}").text
    assert "today" not in words_after(html, "Received")


def words_after(html: str, heading: str) -> str:
    return html.split(f"<dt>{heading}</dt>")[1].split("</dd>")[0]

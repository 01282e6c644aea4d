"""Couples and families: each applies alone, by a link of their own or after a call."""

import re

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.messages.models import Message
from portal.permissions import NOBODY, Role
from portal.programs.application_models import Application, DeclineReason
from portal.programs.models import Program, Visibility
from portal.recruitment import applications, drafts, erasing, families, links, review
from portal.recruitment.families import Companion
from portal.recruitment.models import ApplicationDraft, Inquiry, Opportunity
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases
SAM = Companion("Sam Park", "sam@example.net", "")
IDA = Companion("Ida Park", "", "(555) 555-7711")
NIA = {"name": "Nia Park", "email": "nia@example.net", "phone": ""}


ODD = {"others-²-name": "x", f"others-{'9' * 5000}-name": "x", "others--name": "x"}
"""Numbers of rows that are none."""


@pytest.fixture
def listed(database, cast, time) -> int:
    with database.writing() as db:
        return build.opportunity(db, cast.driver, time.at).id


def begin(db, listed, at, companions, values=NIA):
    act, settings = Act(db, NOBODY, at), build.SETTINGS
    opportunity = db.get_one(Opportunity, listed)
    draft = drafts.start_draft(act, opportunity, values, settings, "en")
    families.bring_along(act, draft, companions, settings)
    return draft


def send(db, draft, at, name) -> Application:
    values = {
        "name": name,
        "email": draft.email,
        "phone": "",
        "language": "en",
        "why": f"I am {name}",
    }
    return applications.send_draft(Act(db, NOBODY, at), draft, values, build.SETTINGS)


@both
def test_each_gets_a_link_of_their_own_or_a_call(database, office, cast, time, listed):
    with database.writing() as db:
        first = begin(db, listed, time.at, [SAM, IDA])
        other = db.scalars(select(ApplicationDraft).where(ApplicationDraft.id != first.id)).one()
        assert (other.email, other.together) == (SAM.email, first.together)
        assert drafts.typed_in(other) == {"email": "sam@example.net"}  # nothing another typed
        assert other.link_hash != first.link_hash
        asked = db.scalars(select(Inquiry)).one()
        assert (asked.name, asked.phone, asked.program_id) == (IDA.name, IDA.phone, cast.rides)
    office.send()
    mails = {mail["To"]: mail for mail in office.box.mails}
    assert set(mails) == {"nia@example.net", "sam@example.net"}
    invited = mails["sam@example.net"].as_string()
    assert "Would you like to volunteer, too?" in invited
    assert not re.search("Nia|Park|Ida|nia@", invited)  # nothing that someone typed (SECURITY F6)


@both
def test_staff_sees_who_came_along_and_no_applicant_does(database, cast, time, listed, as_, public):
    with database.writing() as db:
        first = begin(db, listed, time.at, [SAM])
        other = db.scalars(select(ApplicationDraft).where(ApplicationDraft.id != first.id)).one()
        nia, sam = send(db, first, time.at, "Nia Park"), send(db, other, time.at, "Sam Park")
        alone = build.application(db, "Al Ott", cast.driver, time.at)
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        assert families.along_with(db, cy, nia.together, but=nia.id) == [sam]
        assert families.along_with(db, cy, alone.together) == []
        mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        assert families.along_with(db, mara, nia.together) == []
        number, other_id, path = nia.id, sam.id, links.application_path(build.SETTINGS, nia.link_id)
    assert "Applied together with" in as_(cast.cy).get(f"/applications/{number}").text
    assert "Sam" not in public.get(path).text
    with database.writing() as db:
        act = Act(db, cy, time.at)
        one = db.get_one(Application, other_id)
        review.start_review(act, one, None, build.SETTINGS)
        review.decline(act, one, DeclineReason.TIMES, "")
    page = public.get(path).text
    assert "We&#39;re reviewing your application." in page or "We're reviewing" in page
    assert not re.search("Sam|together", page)


def test_who_is_erased_is_with_no_one_any_more(database, cast, time, listed):
    with database.writing() as db:
        first = begin(db, listed, time.at, [SAM])
        nia = send(db, first, time.at, "Nia Park")
        applications.withdraw(Act(db, NOBODY, time.at), nia)
        time.move(days=4 * 366)
        erasing.erase(Act(db, NOBODY, time.at), nia.id, build.SETTINGS)
        assert (nia.name, nia.together) == ("", "")


def test_no_one_comes_along_where_it_is_confidential_or_in_a_crowd(database, cast, time, listed):
    with database.writing() as db:
        with pytest.raises(Refused):
            begin(db, listed, time.at, [SAM] * (families.MOST + 1))
        program = db.get_one(Program, cast.rides)
        program.visibility, program.public_label = Visibility.HIDDEN, "Community program"
        db.flush()
        with pytest.raises(Refused):
            begin(db, listed, time.at, [SAM])
        invited = select(Message).where(Message.kind == "application.invited")
        assert db.scalars(invited).all() == []


def test_a_form_that_is_not_finished_says_what_is_missing(database, public, time, listed):
    to = f"/opportunities/{listed}/apply"
    page = public.get(to).text
    opened = re.search(r'name="opened"\s+value="([^"]+)"', page)[1]
    time.move(minutes=1)
    values = NIA | {"opened": opened, "others-0-name": "Sam Park"}
    answer = public.press(to, **values)
    assert "Enter an email address or a phone number." in answer.text
    assert 'value="Sam Park"' in answer.text
    answer = public.press(
        to, **(values | {"others-0-name": "", "others-0-phone": "(555) 555-7711"})
    )
    assert "Enter their name." in answer.text
    with database.reading() as db:
        assert db.scalars(select(ApplicationDraft)).all() == []
    answer = public.press(to, **(values | {"others-0-email": "sam@example.net"} | ODD))
    assert "gets a link of their own" in answer.text
    with database.reading() as db:
        assert len(db.scalars(select(ApplicationDraft)).all()) == 2


@both
def test_no_stranger_is_written_to_again_and_again(database, cast, time, listed):
    invited = select(Message).where(Message.kind == "application.invited")
    with database.writing() as db:
        begin(db, listed, time.at, [SAM, Companion("Sam", "SAM@example.net", ""), SAM])
        begin(db, listed, time.at, [SAM, Companion("Nia", "Nia@Example.net", "")])
        assert [row.address for row in db.scalars(invited)] == ["sam@example.net"]
        begin(db, listed, time.move(days=15), [SAM])
        assert len(db.scalars(invited).all()) == 2


@both
def test_two_who_share_a_phone_are_two(database, cast, time, listed, as_):
    max_ = Companion("Max Park", "", IDA.phone)
    with database.writing() as db:
        first = begin(db, listed, time.at, [IDA, max_, IDA])
        number = send(db, first, time.at, "Nia Park").id
        rows = db.scalars(select(Inquiry).order_by(Inquiry.id)).all()
        assert [row.name for row in rows] == ["Ida Park", "Max Park"]
        asked = rows[0].id
    cy = as_(cast.cy)
    assert "Max Park" in cy.get(f"/applications/{number}").text
    assert "Nia Park" in cy.get(f"/inquiries/{asked}").text


@both
def test_where_mail_went_is_forgotten_with_the_draft(database, cast, time, listed):
    with database.writing() as db:
        begin(db, listed, time.at, [SAM])
        later = time.move(days=15)
        for number in drafts.expired(db, later):
            drafts.erase(db, number, later)
        assert set(db.scalars(select(Message.address))) == {""}
        assert db.scalars(select(ApplicationDraft)).all() == []


def test_a_phone_is_no_longer_than_its_column(public, time, listed):
    to = f"/opportunities/{listed}/apply"
    opened = re.search(r'name="opened"\s+value="([^"]+)"', public.get(to).text)[1]
    time.move(minutes=1)
    long = "(555) 555-7711" + " x" * 100
    answer = public.press(to, name="Nia Park", phone=long, opened=opened)
    assert "Enter a phone number with 7 to 15 digits." in answer.text

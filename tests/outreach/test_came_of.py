"""What comes of a presentation: its poster, who applies by it, and what they give."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.hours import entries
from portal.hours.models import HoursState
from portal.outreach.came_of import CameOf, came_of
from portal.permissions import Role
from portal.programs.application_models import Application
from portal.recruitment import applications, funnel, inquiries, review
from portal.recruitment.funnel import By
from portal.recruitment.posters import known_source
from tests import build
from tests.recruitment.test_door import codes_on

both = pytest.mark.both_databases


@pytest.fixture
def talk(database, cast, time) -> int:
    with database.writing() as db:
        build.opportunity(db, cast.driver, time.at, title="Drive a neighbor")
        return build.talk(db, time.at, build.SETTINGS).id


@pytest.mark.parametrize(
    ("mark", "kept"),
    [
        ("talk12", "talk12"), ("poster", "poster"), ("talk0", ""), ("talk", ""), ("talk12x", ""),
        ("talk1234567890", ""), ("talk１２", ""), ("", ""), (None, ""), ("x", ""),
    ],
)  # fmt: skip
def test_only_marks_of_ours_are_kept(mark, kept):
    assert known_source(mark) == kept


@both
def test_applications_placements_and_hours_are_counted_where_they_came_from(
    database, cast, time, talk
):
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.writing() as db:
        rows = [build.application(db, name, cast.driver, time.at) for name in ("A A", "B B", "C C")]
        rows[0].source = rows[1].source = f"talk{talk}"
        rows[2].source = f"talk{talk}1"
        review.start_review(Act(db, cy, time.at), rows[0], None, build.SETTINGS)
        review.accept(Act(db, cy, time.at), rows[0], time.at.date())
        applications.accept_role(Act(db, cy, time.at), rows[0], "UTC", staff=True)
        values = {
            "words": "?",
            "name": "N",
            "email": "n@example.com",
            "phone": "",
            "language": "en",
        }
        values |= {"source": f"talk{talk}"}
        inquiries.take_in(Act(db, cy, time.at), values, None, build.SETTINGS)
        db.flush()
        person = rows[0].person_id
        for day in ("2026-11-30", "2026-12-01"):
            work = build.work(cast, person_id=person, day=day)
            entries.add_entry(
                Act(db, build.OFFICE, time.at), work, HoursState.APPROVED, source="own"
            )
        db.flush()
        assert came_of(db, talk) == CameOf(1, 2, 1, 90), "what was given before is not counted"
        assert came_of(db, talk + 1) == CameOf(0, 0, 0, 0)
        day = time.at.date()
        found = funnel.funnel(db, cy, By.SOURCE, day, day, time.at, "UTC")
        assert [(one.count.key, one.count.applied) for one in found.lines] == [("talk", 3)]


def test_from_the_poster_to_the_page_of_the_talk(database, cast, time, public, as_, talk):
    ada = as_(cast.ada)
    page = f"/outreach/talks/{talk}"
    assert "Show the poster at the end." in ada.get(page).text
    for language in ("en", "es"):
        (code,) = codes_on(ada.get(f"{page}/poster/{language}").content)
        assert code.text.endswith(f"/o/talk/{talk}")
    assert ada.get(f"{page}/poster/xx").status_code == 404
    assert as_(cast.ana).get(f"{page}/poster/en").status_code == 404
    public.get(f"/o/talk/{talk}")
    assert public.response.url.query == f"from=talk{talk}".encode()
    link = next(
        one
        for one in public.text.split('"')
        if one.startswith("/opportunities/") and "from=" in one
    )
    public.get(link)
    start = next(one for one in public.text.split('"') if "/apply?from=" in one)
    public.get(start)
    time.move(seconds=10)
    public.press(start.partition("?")[0], name="Nia Park", email="nia@example.net")
    public.press(public.response.url.path, adult="y")
    with database.reading() as db:
        assert db.scalars(select(Application.source)).all() == [f"talk{talk}"]
    shown = ada.get(page).text
    assert "Hours given since" in shown
    assert "Presentation" in ada.get("/applications/report?by=source").text

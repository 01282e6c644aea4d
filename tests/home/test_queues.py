"""What waits for someone, as Home counts it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.app import DOMAINS
from portal.cases import matches
from portal.cases.models import HelpRequest, Match, MatchState
from portal.domain import Domain, Now, Queue
from portal.home import queues
from portal.lifecycle.retention_models import Retention, RetentionState
from portal.outreach.models import RequestState
from portal.people import addresses
from portal.people.models import Membership, Person
from portal.people.on_call_models import OnCallDay
from portal.people.sessions import viewer_of
from portal.permissions import Permission, Role
from portal.recruitment import review
from portal.requirements.review_settings import SAFETY_CHECK
from portal.screening.interview_models import Interview
from portal.screening.settings import ASK_JOBS
from portal.swaps.models import Swap, SwapState
from portal.training.models import Enrolment, EnrolmentState
from portal.web.render import Renderer
from portal.words import text
from tests import build


@pytest.mark.both_databases
def test_a_queue_may_have_a_name_of_any_length(database, cast, time):
    name = "applications_to_answer"
    queue = Queue(name, text("Applications"), "/", "people", 1, lambda viewer, now: select(Person))
    domains = [Domain("recruitment", queues=[queue])]
    with database.reading() as db:
        now = Now(time.at, "UTC")
        found = queues.counts_of(db, build.viewer(cast.ana), domains, now).values()
    assert [one.name for one in found] == [name]


LISTS = {
    "howtalk": "how", "rosters": "rows", "gaps": "lines", "help": "requests", "handoff": "matches", "asked": "matches", "help_due": "requests", "help_review": "requests", "emergencies": "rows", "match_overdue": "matches", "match_messages": "matches", "match_to-do": "matches", "match_visits": "matches", "swaps": "agreed", "affected": "lines", "proposals": "rows", "reviews": "page",
    "bare": "bare", "letters": "rows", "calls": "rows", "applications": "page", "my_applications": "page",
    "unowned_applications": "page", "kept": "page", "equipment": "page", "wishes": "wishes", "incidents": "page", "receivers": "short", "inquiries": "rows", "new_questions": "rows", "references": "page", "work_checks": "rows", "guests": "rows", "safety": "waiting", "safety_again": "again", "matches": "matches", "entries": "rows", "guardians": "page", "first_shifts": "rows", "own_first_shift": "rows", "interviews": "page", "reference_calls": "page",
    "questions": "questions", "hours": "page", "speak": "asked", "mytalks": "coming",
    "told": "untold", "milestones": "rows", "last_year": "rows", "talks": "page", "on-call-asked": "asked_days", "on-call-open": "open_days",
}  # fmt: skip
"""What the page that a queue opens calls the list of it."""
NO_LIST_YET = {"offers", "checks", "places", "address", "role_offered", "own_job"}
"""Queues of shifts open the schedule, which shows a week of all, and that of checks all that are under way; of the
last two there is one for a person."""


def test_every_queue_is_compared_or_named():
    names = {queue.name for domain in DOMAINS for queue in domain.queues} - {"own"}
    assert names == LISTS.keys() | NO_LIST_YET


@pytest.mark.populated
def test_the_number_of_a_queue_is_the_length_of_the_list_it_opens(
    database, cast, ids, time, as_, monkeypatch
):
    shown: dict[str, Any] = {}
    render = Renderer.render

    def noted(self, template, context, language, block=""):
        shown.clear()
        shown.update(context)
        return render(self, template, context, language, block)

    monkeypatch.setattr(Renderer, "render", noted)
    with database.writing() as db:
        left = build.application(db, "Uma Left", cast.driver, time.at)
        review.start_review(Act(db, build.viewer(cast.cy), time.at), left, None, build.SETTINGS)
        left.owner_id = None
        change(Act(db, build.OFFICE, time.at), SAFETY_CHECK, True, build.SETTINGS, cast.rides)
        wish = Retention(person_id=cast.bo, asked_on=time.at.date(), archive_on=time.at.date())
        wish.state, wish.decided_at = RetentionState.LEFT, time.at
        db.add(wish)
        met = db.get_one(Interview, ids.interview)
        met.starts_at, met.ends_at = time.at - timedelta(hours=2), time.at - timedelta(hours=1)
        tomorrow = select(OnCallDay).where(OnCallDay.day == time.at.date() + timedelta(days=1))
        db.scalars(tomorrow).one().person_id = None
        ivy = select(Membership).join(Person, Person.id == Membership.person_id)
        db.scalars(ivy.where(Person.name == "Ivy Roth")).one().until = time.at
        agreed = db.get_one(Swap, ids.swap)
        agreed.state, agreed.agreed_at = SwapState.AGREED, time.at
        help_ = db.get_one(Match, ids.asked_match)
        help_.state, help_.accepted_at = MatchState.ACCEPTED, time.at
        also_asked = build.help_request(
            Act(db, build.viewer(ids.lee, (Role.CASEWORKER, cast.rides)), time.at),
            ids.function,
            time.at.date() + timedelta(days=2),
            "24-0130",
            due_on=time.at.date() + timedelta(days=2),
        )
        cy = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        matches.propose(cy, also_asked, cast.bo, time.at.date(), build.SETTINGS)
        over = db.get_one(HelpRequest, ids.help_request)
        over.day = time.at.date() - timedelta(days=1)
        going_on = db.get_one(Match, ids.case_match)
        going_on.next_due_on = time.at.date() - timedelta(days=1)
    compared = set()
    for person in (
        cast.ada,
        cast.cy,
        cast.ana,
        cast.noel,
        ids.dee,
        ids.rex,
        ids.vic,
        ids.gil,
        ids.lee,
        ids.pat,
    ):
        with database.reading() as db:
            viewer = viewer_of(db, person, time.at)
            counts = queues.counts_of(db, viewer, DOMAINS, Now(time.at, "America/New_York"))
        browser = as_(person)
        for name, count in counts.items():
            if name in LISTS:
                browser.get(count.path)
                rows = getattr(shown[LISTS[name]], "rows", shown[LISTS[name]])
                if name == "talks":  # those that wait for the requester stand there, too
                    rows = [row for row in rows if row.state == RequestState.OPEN]
                assert count.number == len(rows), (name, person)
                compared.add(name)
    assert compared == LISTS.keys()


@pytest.mark.populated
def test_what_waits_for_one_person_waits_for_nobody_else(database, cast, ids, time):
    """Every queue that needs no permission is someone's in the scene, and none is a newcomer's."""
    with database.writing() as db:
        session = build.session(db, build.course(db, time.at, name="First aid"))
        offered = Enrolment(
            course_id=session.course_id, session_id=session.id, person_id=cast.bo, since=time.at,
            day=time.at.date(), state=EnrolmentState.OFFERED, answer_by=session.starts_at,
        )  # fmt: skip
        db.add(offered)
        addresses.propose(
            Act(db, build.OFFICE, time.at), db.get_one(Person, cast.bo), "b@x.example"
        )
        new = build.person(db, "Nia New", time.at).id
        change(Act(db, build.OFFICE, time.at), ASK_JOBS, True, build.SETTINGS)
    now, found = Now(time.at, "America/New_York"), {}
    with database.reading() as db:
        for person in (cast.ana, cast.bo, cast.sol, ids.vic, new):
            viewer = viewer_of(db, person, time.at)
            found[person] = set(queues.counts_of(db, viewer, DOMAINS, now))
    own = {
        queue.name
        for domain in DOMAINS
        for queue in domain.queues
        if queue.may is Permission.SIGNED_IN
    }
    assert found[cast.ana] | found[cast.bo] | found[cast.sol] | found[ids.vic] == own
    assert found[new] == set()

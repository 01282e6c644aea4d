"""What waits for somebody, as Home counts it."""

import pytest
from sqlalchemy import select

from portal.domain import Domain, Now, Queue
from portal.home import queues
from portal.people.models import Person
from portal.web.words import text
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

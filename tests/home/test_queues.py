"""What waits for somebody, as Home counts it."""

import pytest
from sqlalchemy import select

from portal.home import queues
from portal.people.models import Person
from portal.web.words import text
from tests import build


@pytest.mark.both_databases
def test_a_queue_may_have_a_name_of_any_length(database, cast, time, monkeypatch):
    name = "applications_to_answer"
    everybody = queues._counted(select(Person), queues._NEVER, queues._NEVER)
    monkeypatch.setattr(queues, "_own_talks", lambda viewer, at: {name: everybody})
    monkeypatch.setattr(
        queues, "QUEUES", (queues.Queue(name, text("Applications"), "/", "people"),)
    )
    with database.reading() as db:
        found, _ = queues.queues_of(db, build.viewer(cast.ana), "UTC", time.at)
    assert [one.name for one in found] == [name]

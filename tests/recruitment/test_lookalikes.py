"""Names that may be one person's; shown to those who may see both, and never joined by themselves."""

import pytest

from portal.people.sessions import viewer_of
from portal.programs.lookalikes import alike, lookalikes
from tests import build

SAME = [
    ("José Núñez", "Jose Nunez"),
    ("Nunez, Jose", "José Núñez"),
    ("Siobhan O'Brien", "Siobhan OBrien"),
    ("Siobhan O’Brien", "Siobhan O'brien"),
    ("Angus McLeod", "Angus MacLeod"),
    ("Bill Hart", "William Hart"),
    ("Peggy Lind", "Margaret Lind"),
    ("Lupe Reyes", "Guadalupe Reyes"),
    ("Mary-Ann Cole", "Mary Ann Cole"),
    ("Mary Ann Cole", "Mary Cole"),
    ("William A. Hart", "William Hart"),
    ("José Luis Núñez", "José Núñez"),
    ("Ana Reyes López", "Ana Reyes"),
]
OTHERS = [
    ("Ana Reyes", "Ana Rios"),
    ("Bill Hart", "Bill Hard"),
    ("William Hart", "Robert Hart"),
    ("Ana", "Ana Reyes"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_these_may_be_one_person(one, other):
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_these_may_not(one, other):
    assert not alike(one, other)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Somebody Else", "email": "BILL.hart@example.org", "phone": ""},
        {"name": "Somebody Else", "email": "", "phone": "+1 555 555 4321"},
        {"name": "Bill Hart", "email": "", "phone": "(555) 555-0000"},
        {"name": "Hart William", "email": "", "phone": "(555) 555-0000"},
    ],
)
def test_likely_people_are_found_by_address_phone_and_name(database, cast, time, typed):
    with database.writing() as db:
        known = build.person(
            db, "William Hart", time.at, email="bill.hart@example.org", phone="(555) 555-4321"
        ).id
        one = build.application(db, typed["name"], cast.driver, time.at)
        one.email, one.phone = typed["email"], typed["phone"]
    with database.reading() as db:
        one = db.merge(one, load=False)
        assert [it.id for it in lookalikes(db, viewer_of(db, cast.cy, time.at), one)] == [known]


def test_someone_of_another_program_is_not_shown(database, cast, time):
    with database.writing() as db:
        hana = build.application(db, "Hana Sato", cast.driver, time.at)
        name = db.get_one(build.Person, cast.hana).name
        hana.name = name
        assert lookalikes(db, viewer_of(db, cast.cy, time.at), hana) == []
        assert [one.name for one in lookalikes(db, viewer_of(db, cast.ada, time.at), hana)] == [
            name
        ]

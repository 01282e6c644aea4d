"""What people can do: saying it, seeing it, changing it, and the agency's list of words."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people import skills
from portal.people.models import Person
from portal.people.traits import PersonSkill, Skill, SkillKind
from portal.web.errors import NotFound, Refused, Stale
from tests import build
from tests.shifts.test_races import at_once

both = pytest.mark.both_databases


@pytest.fixture
def words(database, cast, time):
    """French, first aid, and the north of the county: their ids."""
    with database.writing() as db:
        return [
            build.skill(db, kind, name, time.at).id
            for kind, name in (
                (SkillKind.LANGUAGE, "French"),
                (SkillKind.SKILL, "First aid"),
                (SkillKind.DISTRICT, "North"),
            )
        ]


def levels(database, person_id) -> dict[str, tuple[str | None, bool]]:
    with database.reading() as db:
        rows = skills.skills_of(db, person_id)
        return {row.name: (row.level, row.verified_at is not None) for row in rows}


@both
def test_saying_seeing_and_changing(database, cast, time, words):
    french, aid, north = words
    with database.writing() as db:
        build.can(
            db, cast.ana, {french: "basic"}, [aid, north], time.at, drives=True, vehicle_seats=3
        )
        skills.verify(Act(db, build.viewer(cast.cy), time.at), cast.ana, french, "basic")
        skills.verify(Act(db, build.viewer(cast.cy), time.at), cast.ana, aid, "")
    assert levels(database, cast.ana) == {
        "French": ("basic", True), "First aid": (None, True), "North": (None, False),
    }  # fmt: skip
    with database.writing() as db:
        build.can(db, cast.ana, {french: "fluent"}, [aid], time.at)
    assert levels(database, cast.ana) == {"French": ("fluent", False), "First aid": (None, True)}
    with database.reading() as db:
        ana = db.get_one(Person, cast.ana)
        assert (ana.drives, ana.vehicle_seats) == (True, 3)
        row = db.scalars(select(PersonSkill).where(PersonSkill.skill_id == french)).one()
        assert row.declared_by_id == cast.ana
        actions = db.scalars(
            select(AuditEntry.action).where(AuditEntry.person_id == cast.ana)
        ).all()
    assert actions.count("person.skills") == 2
    assert actions.count("skill.verified") == 2


@both
def test_what_changed_since_staff_looked_is_not_seen(database, cast, time, words):
    with database.writing() as db:
        build.can(db, cast.ana, {words[0]: "native"}, [], time.at)
    with pytest.raises(Refused, match="since you opened"), database.writing() as db:
        skills.verify(Act(db, build.viewer(cast.cy), time.at), cast.ana, words[0], "basic")
    assert levels(database, cast.ana) == {"French": ("native", False)}


@both
def test_who_does_not_drive_has_no_car(database, cast, time, words):
    with database.writing() as db:
        build.can(db, cast.ana, {}, [], time.at, drives=True, vehicle_seats=3, vehicle_note="Van")
        build.can(db, cast.ana, {}, [], time.at, drives=False)
        ana = db.get_one(Person, cast.ana)
        assert (ana.vehicle_seats, ana.vehicle_note) == (None, "")


@both
def test_Z8_nobody_sees_their_own(database, cast, time, words):
    with database.writing() as db:
        build.can(db, cast.cy, {words[0]: "native"}, [], time.at)
    with pytest.raises(Refused, match="Someone else"), database.writing() as db:
        skills.verify(Act(db, build.viewer(cast.cy), time.at), cast.cy, words[0], "native")
    with pytest.raises(NotFound), database.writing() as db:
        skills.verify(Act(db, build.viewer(cast.cy), time.at), cast.bo, words[0], "")
    assert levels(database, cast.cy) == {"French": ("native", False)}


@both
def test_words_of_another_kind_or_of_nowhere_are_left_out(database, cast, time, words):
    french, aid, _ = words
    with database.writing() as db:
        build.can(db, cast.ana, {aid: "fluent", 9999: "basic"}, [french, 8888], time.at)
    assert levels(database, cast.ana) == {}


@both
def test_C3_of_two_at_once_one_is_shown_what_the_other_saved(database, cast, time, words):
    def saying(level: str):
        def work() -> str:
            with database.writing() as db:
                ana = db.get_one(Person, cast.ana)
                values = now | {"levels": {words[0]: level}}
                skills.declare(
                    Act(db, build.viewer(cast.ana), time.at), ana, values, now["version"]
                )
            return "saved"

        return work

    with database.reading() as db:
        now = skills.can_values(db, db.get_one(Person, cast.ana))
    results = at_once(saying("basic"), saying("fluent"))
    assert sorted(isinstance(one, Stale) for one in results) == [False, True]
    assert len(levels(database, cast.ana)) == 1


@both
def test_a_change_of_the_address_in_between_is_no_conflict(database, cast, time, words):
    with database.reading() as db:
        now = skills.can_values(db, db.get_one(Person, cast.ana))
    with database.writing() as db:
        db.get_one(Person, cast.ana).goes_by = "Annie"
    with database.writing() as db:
        ana = db.get_one(Person, cast.ana)
        skills.declare(Act(db, build.viewer(cast.ana), time.at), ana, now, now["version"])


@both
def test_a_closed_word_is_offered_to_nobody_new_and_kept_by_who_has_it(database, cast, time, words):
    french = words[0]
    with database.writing() as db:
        build.can(db, cast.ana, {french: "basic"}, [], time.at)
        skills.close_skill(Act(db, build.OFFICE, time.at), db.get_one(Skill, french))
        build.can(db, cast.ana, {french: "basic"}, [words[1]], time.at)
        build.can(db, cast.bo, {french: "basic"}, [], time.at)
    assert set(levels(database, cast.ana)) == {"French", "First aid"}
    assert levels(database, cast.bo) == {}
    with database.writing() as db:
        skills.reopen_skill(Act(db, build.OFFICE, time.at), db.get_one(Skill, french))
        assert french in [row.id for row in skills.vocabulary(db)]


@both
def test_a_word_stands_in_the_list_once(database, cast, time, words):
    with pytest.raises(Refused), database.writing() as db:
        build.skill(db, SkillKind.LANGUAGE, "French", time.at)
    with database.writing() as db:
        build.skill(db, SkillKind.SKILL, "French", time.at)


def test_one_says_what_one_can_do_without_a_script(database, cast, time, as_, words):
    french, aid, _ = words
    ana = as_(cast.ana)
    assert "Skills and availability" in ana.get("/me/details").text
    ana.get("/me/skills")
    page = ana.press(
        "/me/skills", **{f"level-{french}": "fluent", "skills": [str(aid)], "drives": "y",
        "vehicle_seats": "4", "vehicle_note": "Room for a walker"},
    ).text  # fmt: skip
    assert "were saved." in page
    assert levels(database, cast.ana) == {"French": ("fluent", False), "First aid": (None, False)}
    assert "Room for a walker" in ana.form("/me/skills")["vehicle_note"]
    wrong = ana.press("/me/skills", **{f"level-{french}": "basic", "vehicle_seats": "many"})
    assert wrong.status_code == 422
    assert ana.form("/me/skills")[f"level-{french}"] == "basic"


def test_staff_write_it_down_and_see_it(database, cast, time, as_, words):
    cy, path = as_(cast.cy), f"/people/{cast.bo}/skills"
    cy.get(path)
    cy.press(path, **{f"level-{words[0]}": "native", "asked": "in_person"})
    page = cy.press(f"{path}/{words[0]}/verification").text
    assert "confirmed by Cy Ortega, Tue, Dec 1" in page
    assert "French, native speaker" in cy.get(f"/people/{cast.bo}").text
    cy.get(path)
    assert "self-reported" in cy.press(f"{path}/{words[0]}/verification/end").text
    with database.reading() as db:
        asked = select(AuditEntry.asked).where(AuditEntry.action == "person.skills")
        assert db.scalars(asked).all() == ["in_person"]
    for stranger in (as_(cast.mara), as_(cast.ana)):
        assert stranger.get(path).status_code == 404
        assert stranger.post(f"{path}/{words[0]}/verification").status_code == 404


def test_staff_do_not_see_their_own_by_the_page_either(database, cast, time, as_, words):
    with database.writing() as db:
        build.can(db, cast.ada, {words[0]: "native"}, [], time.at)
    ada, path = as_(cast.ada), f"/people/{cast.ada}/skills"
    assert "verification" not in ada.get(path).text
    assert ada.post(f"{path}/{words[0]}/verification").status_code == 422


def test_a_stale_page_shows_what_was_saved_meanwhile(database, cast, time, as_, words):
    ana, cy = as_(cast.ana), as_(cast.cy)
    ana.get("/me/skills")
    cy.get(f"/people/{cast.ana}/skills")
    cy.press(f"/people/{cast.ana}/skills", **{f"level-{words[0]}": "basic"})
    answer = ana.press("/me/skills", drives="y")
    assert answer.status_code == 409
    assert "French (a few words)" in " ".join(answer.text.split())
    assert ana.press("/me/skills").status_code == 200


def test_the_administrator_keeps_the_list(database, cast, as_, words):
    ada = as_(cast.ada)
    assert 'href="/skills"' in ada.get("/programs").text
    assert 'href="/skills"' not in as_(cast.cy).get("/programs").text
    ada.get("/skills")
    assert "Welsh" in ada.press("/skills", kind="language", name="Welsh", name_es="Galés").text
    assert ada.press("/skills", kind="language", name="Welsh").status_code == 422
    path = f"/skills/{words[0]}"
    ada.get(f"{path}/edit")
    assert "Francais" in ada.press(path, name="Francais").text
    ada.get(f"{path}/edit")
    assert "not offered" in ada.press(f"{path}/closing").text
    ada.get(f"{path}/edit")
    assert "not offered" not in ada.press(f"{path}/reopening").text

"""Questions that a program composes: what may not be asked, who looks at them, and what becomes of answers."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.permissions import COMMAND_LINE, Role
from portal.programs.application_models import Application, DeclineReason
from portal.recruitment import erasing, questions, review
from portal.recruitment.question_models import ApplicationAnswer, ApplicationQuestion, QuestionKind
from portal.recruitment.refused_questions import why_refused
from portal.web.errors import Refused, Stale
from tests import build

both = pytest.mark.both_databases
PLAIN = {
    "position_id": None, "label": "Which languages do you speak?", "help": "", "options": "",
    "required": False, "rank": 10, "translations": {},
}  # fmt: skip


def compose(db, by, at, program, kind=QuestionKind.TEXT, **values):
    return questions.add_question(Act(db, by, at), program, PLAIN | {"kind": kind} | values)


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def listed(database, cast, time) -> int:
    with database.writing() as db:
        return build.opportunity(db, cast.driver, time.at, title="Drive a neighbor").id


@pytest.fixture
def asked(database, cast, time, cy) -> dict[str, int]:
    """A question of each kind for whoever applies as a driver."""
    with database.writing() as db:
        rows = {
            "words": compose(db, cy, time.at, cast.rides, required=True, rank=1),
            "car": compose(
                db, cy, time.at, cast.rides, QuestionKind.YES_NO, label="Do you have a car?",
                required=True, rank=2, translations={"es": {"label": "¿Tiene auto?"}},
            ),
            "size": compose(
                db, cy, time.at, cast.rides, QuestionKind.CHOICE, label="What size?", rank=3,
                options="Small\nLarge", translations={"es": {"options": "Pequeño\nGrande"}},
            ),
            "towns": compose(
                db, cy, time.at, cast.rides, QuestionKind.SEVERAL, label="Which towns?", rank=4,
                options="Millbrook\nElm Park\nHarbor",
            ),
            "from": compose(
                db, cy, time.at, cast.rides, QuestionKind.DATE, label="From when on?", rank=5
            ),
            "desk": compose(
                db, cy, time.at, cast.rides, label="Only at the desk", position_id=cast.desk
            ),
        }  # fmt: skip
        db.flush()
        return {name: row.id for name, row in rows.items()}


@pytest.mark.parametrize(
    "words",
    [
        "Have you ever been arrested?", "List any felonies", "Any convictions?",
        "What is your Social Security number?", "SSN", "Do you have any health problems?",
        "Are you disabled?", "What medication do you take?", "Are you pregnant?",
        "Are you a U.S. citizen?", "What is your immigration status?", "Where were you born?",
        "What's your religion?", "Are you married?", "Do you have children?", "Tell us about your family",
        "¿Ha sido arrestado?", "¿Tiene antecedentes penales?", "Número de Seguro Social",
        "¿Tiene alguna discapacidad?", "¿Está casada?", "¿Es ciudadano?", "¿Cuál es su religión?",
        "HÉALTH", "Dis-abled? Your disability:", "Have you ever been charged with a crime?",
        "How many children do you have?", "Do you have a wife?", "Are you single?",
        "Which church do you attend?", "Are you Catholic?", "What is your nationality?",
        "What country are you from?", "Do you use a wheelchair?", "Do you have cancer?",
        "What is your SS number?", "ar\u200drested", "¿Cuántos hijos tiene?", "¿Ha estado en prisión?",
        "¿Ha cometido un crimen?", "¿De qué país es?", "¿A qué iglesia va?", "¿Es soltero?",
        "Número de seguridad social", "How old are you?", "Your date of birth", "¿Cuántos años tiene?",
        "What is the name of your parish?", "Were you ever in trouble with the police?",
    ],
)  # fmt: skip
def test_what_an_application_must_not_ask_is_refused_with_the_reason(words):
    assert why_refused([words]) is not None


@pytest.mark.parametrize(
    "words",
    [
        "Can you lift 25 pounds?", "Do you like to work with children?", "Do you have a driver's license?",
        "Which languages do you speak?", "Why would you like to visit older adults?",
        "Have you worked with families?", "Which days suit you?", "¿Qué idiomas habla?",
        "Have you worked with senior citizens before?", "Do you know Medicare or Medicaid?",
        "Would you join our therapy dog team?", "Can you help at the health fair?",
        "Have you done health insurance counseling?", "Are you a licensed home health aide?",
        "Would you visit people with disabilities?", "¿Ha trabajado con ciudadanos mayores?",
        "¿Puede ayudar en la feria de salud?", "Which age group do you like to teach?",
        "Can you climb stairs?", "Where did you volunteer before?",
    ],
)  # fmt: skip
def test_what_a_program_may_ask_is_not(words):
    assert why_refused([words]) is None


@both
def test_the_words_of_every_language_and_of_the_answers_are_approved_at(database, cast, time, cy):
    with database.writing() as db:
        for values in (
            {"label": "Are you married?"},
            {"help": "For instance an illness."},
            {"translations": {"es": {"label": "¿Está casado?"}}},
        ):
            with pytest.raises(Refused):
                compose(db, cy, time.at, cast.rides, **values)
        with pytest.raises(Refused):
            compose(
                db, cy, time.at, cast.rides, QuestionKind.CHOICE, options="Disabled\nNot disabled"
            )
        for options in ("Only one", "Twice\nTwice", "\n".join(map(str, range(21)))):
            with pytest.raises(Refused):
                compose(db, cy, time.at, cast.rides, QuestionKind.CHOICE, options=options)
        with pytest.raises(Refused):
            compose(
                db, cy, time.at, cast.rides, QuestionKind.CHOICE, options="A\nB",
                translations={"es": {"options": "A"}},
            )  # fmt: skip
        with pytest.raises(Refused):
            compose(db, cy, time.at, cast.rides, position_id=cast.host)


@both
def test_a_coordinators_words_wait_for_an_administrator_and_anew_when_they_change(
    database, cast, time, cy
):
    office = replace(build.viewer(cast.ada, (Role.ADMINISTRATOR, None)))
    with database.writing() as db:
        row = compose(db, cy, time.at, cast.rides)
        assert compose(db, office, time.at, cast.rides, label="Own").approved_at == time.at
        db.flush()
        assert db.scalars(questions.to_approve(office)).all() == [row]
        assert db.scalars(questions.to_approve(cy)).all() == []
        questions.approve(Act(db, office, time.at), row, row.version)
        values = PLAIN | {"rank": 3}
        questions.edit_question(Act(db, cy, time.at), row, values, row.version)
        assert row.approved_at is not None, "only its place changed"
        db.flush()
        with pytest.raises(Stale):
            questions.edit_question(Act(db, cy, time.at), row, values, row.version - 1)
        values |= {"label": "Which languages do you speak well?"}
        questions.edit_question(Act(db, cy, time.at), row, values, row.version)
        assert row.approved_at is None


def test_a_program_asks_at_most_twenty_questions(database, cast, time, cy):
    with database.writing() as db:
        for _ in range(questions.MOST):
            compose(db, cy, time.at, cast.rides)
            db.flush()
        with pytest.raises(Refused):
            compose(db, cy, time.at, cast.rides)


def begin(browser, time, listed, **typed):
    """The path of a draft that someone begins."""
    browser.get(f"/opportunities/{listed}/apply")
    time.move(seconds=10)
    values = {"name": "Nia Park", "email": "nia@example.net", "phone": ""} | typed
    browser.press(f"/opportunities/{listed}/apply", **values)
    return browser.response.url.path


def answers(database) -> list[tuple[int, str]]:
    with database.reading() as db:
        rows = select(ApplicationAnswer.question_id, ApplicationAnswer.value)
        return [tuple(one) for one in db.execute(rows.order_by(ApplicationAnswer.id))]


def test_an_applicant_answers_and_nothing_typed_is_lost(
    database, cast, time, public, as_, listed, asked
):
    path = begin(public, time, listed)
    assert "Only at the desk" not in public.text
    assert public.text.index("Which languages") < public.text.index("Do you have a car?")
    names = {name: f"question_{number}" for name, number in asked.items()}
    typed = {names["towns"]: ["Harbor", "Millbrook"], names["from"]: "March 3 or so"}
    public.client.post(f"{path}/draft", data=public.form(path) | typed)
    public.get(path)
    assert public.form(path)[names["towns"]] == ["Millbrook", "Harbor"]
    assert public.form(path)[names["from"]] == "March 3 or so"
    public.press(path, adult="y", times="Tuesdays")
    assert public.response.status_code == 422
    assert "Enter a date like 3/14/2027." in public.text
    assert "Select one of these." in public.text
    assert public.form(path)["times"] == "Tuesdays"
    public.press(path, **{
        names["words"]: "Spanish", names["car"]: "yes", names["size"]: "Huge", names["from"]: "3/14/2027",
    })  # fmt: skip
    assert public.response.status_code == 422, "no size of ours"
    public.press(path, **{names["size"]: "Large"})
    assert "We got your application" in public.text
    assert answers(database) == [
        (asked["words"], "Spanish"), (asked["car"], "yes"), (asked["size"], "Large"),
        (asked["towns"], "Millbrook"), (asked["towns"], "Harbor"), (asked["from"], "2027-03-14"),
    ]  # fmt: skip
    with database.reading() as db:
        number = db.scalars(select(Application.id)).one()
    cy = as_(cast.cy)
    page = cy.get(f"/applications/{number}").text
    for words in (
        "Which languages do you speak?",
        "Spanish",
        "Do you have a car?",
        "Yes",
        "Harbor",
    ):
        assert words in page
    assert "Mar 14, 2027" in page
    assert "Nia Park" in cy.get(f"/applications?answer={asked['towns']}.Harbor").text
    assert "Nia Park" not in cy.get(f"/applications?answer={asked['towns']}.Elm Park").text
    table = cy.get(f"/applications.csv?answer={asked['car']}.yes").text
    head, line = csv.reader(io.StringIO(table.lstrip("\ufeff")))
    assert dict(zip(head, line, strict=True))["Which towns?"] == "Millbrook; Harbor"
    assert as_(cast.mara).get("/applications.csv").text.count("Nia") == 0
    assert as_(cast.ana).get("/applications.csv").status_code == 404


def test_another_language_after_an_error_is_the_same_page(public, time, listed, asked):
    path = begin(public, time, listed)
    public.press(path, times="Tuesdays")
    assert public.response.status_code == 422
    assert f'value="{path}"' in public.text.partition("/choices/language")[2]


def test_who_reads_spanish_chooses_in_spanish_and_the_agency_reads_its_own_words(
    database, cast, time, public, listed, asked
):
    public.client.cookies.set("language", "es")
    path = begin(public, time, listed)
    assert "¿Tiene auto?" in public.text
    assert "Grande" in public.text
    size = f"question_{asked['size']}"
    public.press(path, adult="y", **{
        size: "Large", f"question_{asked['words']}": "inglés", f"question_{asked['car']}": "no"
    })  # fmt: skip
    assert (asked["size"], "Large") in answers(database)


def test_whoever_applies_again_finds_their_answers_filled_in(
    database, cast, time, as_, listed, asked
):
    with database.writing() as db:
        build.opportunity(db, cast.desk, time.at, title="At the desk")
        earlier = build.application(db, cast.noel, cast.driver, time.at)
        values = {
            questions.name_of(asked["words"]): "Korean",
            questions.name_of(asked["car"]): "no",
        }
        questions.keep_answers(Act(db, build.OFFICE, time.at), earlier, values)
        review.decline(Act(db, build.OFFICE, time.at), earlier, DeclineReason.TIMES, "")
    noel = as_(cast.noel)
    noel.get(f"/opportunities/{listed}")
    noel.press(f"/opportunities/{listed}/application")
    path = noel.response.url.path
    form = noel.form(f"{path}/own")
    assert form[questions.name_of(asked["words"])] == "Korean"
    assert form[questions.name_of(asked["car"])] == "no"
    noel.press(f"{path}/own", **{questions.name_of(asked["words"]): "Korean, Spanish"})
    assert answers(database)[-2:] == [(asked["words"], "Korean, Spanish"), (asked["car"], "no")]


def test_the_office_writes_down_what_a_caller_says(database, cast, time, as_, asked):
    with database.writing() as db:
        number = build.application(db, "Nia Park", cast.driver, time.at).id
        other = build.application(db, "Ola Fir", cast.host, time.at).id
    cy = as_(cast.cy)
    page = f"/applications/{number}"
    cy.get(page)
    words, car = questions.name_of(asked["words"]), questions.name_of(asked["car"])
    cy.press(f"{page}/answers")
    assert cy.response.status_code == 422
    date = questions.name_of(asked["from"])
    cy.press(f"{page}/answers", **{words: "German", date: "nonsense"})
    assert cy.response.status_code == 422
    form = cy.form(f"{page}/answers")
    assert (form[words], form[date]) == ("German", "nonsense"), "what was typed is not lost"
    cy.press(f"{page}/answers", **{date: ""})
    assert "The answers were saved." in cy.text, "a caller may leave one out"
    cy.press(f"{page}/answers", **{car: "yes"})
    assert "The answers were saved." in cy.text
    assert words not in cy.form(f"{page}/answers"), "what is answered is not asked anymore"
    assert "Answers entered" in cy.text
    with database.writing() as db:
        row = db.get_one(Application, number)
        with pytest.raises(Refused):
            review.write_answers(Act(db, build.OFFICE, time.at), row, {words: "Again"})
        review.decline(Act(db, build.OFFICE, time.at), row, DeclineReason.TIMES, "")
        with pytest.raises(Refused):
            late = {questions.name_of(asked["from"]): "2027-03-14"}
            review.write_answers(Act(db, build.OFFICE, time.at), row, late)
    assert answers(database) == [(asked["words"], "German"), (asked["car"], "yes")]
    assert as_(cast.cy).post(f"/applications/{other}/answers").status_code == 404


def test_a_question_of_another_program_is_not_there(database, cast, time, as_, asked):
    mara = as_(cast.mara)
    assert "Do you have a car?" not in mara.get("/applications/questions").text
    path = f"/applications/questions/{asked['car']}"
    assert mara.get(path).status_code == 404
    for what in ("", "/closing", "/reopening", "/approval"):
        assert mara.post(path + what, label="Mine now").status_code == 404
    assert as_(cast.cy).post(f"{path}/approval").status_code == 404
    mara.post("/applications/questions", program=cast.rides, kind="text", label="Hm?", rank="1")
    assert mara.response.status_code == 422
    assert as_(cast.ana).get("/applications/questions").status_code == 404


def test_a_coordinator_composes_and_an_administrator_looks(database, cast, time, as_, listed):
    cy, ada = as_(cast.cy), as_(cast.ada)
    cy.get("/applications/questions/new")
    cy.press("/applications/questions", kind="text", label="Have you been arrested?")
    assert "Require a background check instead" in cy.text
    cy.press("/applications/questions", label="Which towns do you know?")
    assert "The question was saved" in cy.text
    assert "not approved yet" in cy.text
    assert "Application questions to approve" in ada.get("/me").text
    assert "Application questions to approve" not in cy.get("/me").text
    with database.reading() as db:
        path = f"/applications/questions/{db.scalars(select(ApplicationQuestion.id)).one()}"
    ada.get("/applications/questions?approve=yes")
    assert "Which towns do you know?" in ada.text
    ada.get(path)
    ada.press(f"{path}/approval")
    assert "No questions to approve." in ada.text
    cy.get(path)
    cy.press(f"{path}/closing")
    public = as_(cast.cy)
    assert "Which towns" not in begin_text(public, time, listed)
    cy.get(path)
    cy.press(f"{path}/reopening")
    assert "Which towns" in begin_text(public, time, listed)
    cy.get(path)
    cy.press(path, label="Which towns do you know well?")
    assert "not approved yet" in cy.text


def begin_text(browser, time, listed) -> str:
    begin(browser, time, listed)
    return browser.text


def test_an_answer_that_was_cleared_stays_cleared(database, cast, time, as_, listed, asked):
    with database.writing() as db:
        earlier = build.application(db, cast.noel, cast.driver, time.at)
        values = {questions.name_of(asked["words"]): "Korean"}
        questions.keep_answers(Act(db, build.OFFICE, time.at), earlier, values)
        review.decline(Act(db, build.OFFICE, time.at), earlier, DeclineReason.TIMES, "")
    noel = as_(cast.noel)
    noel.get(f"/opportunities/{listed}")
    noel.press(f"/opportunities/{listed}/application")
    path, words = noel.response.url.path, questions.name_of(asked["words"])
    form = noel.form(f"{path}/own")
    assert form[words] == "Korean"
    time.move(seconds=5)
    noel.client.post(f"{path}/draft", data=form | {words: ""})
    noel.get(path)
    assert noel.form(f"{path}/own")[words] == ""


def test_an_administrator_approves_only_the_words_they_saw(database, cast, time, as_, asked, cy):
    ada, number = as_(cast.ada), asked["desk"]
    path = f"/applications/questions/{number}"
    ada.get(path)
    with database.writing() as db:
        row = db.get_one(ApplicationQuestion, number)
        values = {name: questions.values_of(row)[name] for name in PLAIN} | {"label": "Another?"}
        questions.edit_question(Act(db, cy, time.at), row, values, row.version)
    ada.press(f"{path}/approval")
    assert ada.response.status_code == 409
    with database.reading() as db:
        assert db.get_one(ApplicationQuestion, number).approved_at is None
    ada.press(f"{path}/approval")
    assert "You approved the question." in ada.text


def test_a_table_has_no_formula_in_its_head(database, cast, time, as_, cy):
    with database.writing() as db:
        row = compose(db, cy, time.at, cast.rides, label="=HYPERLINK(1)")
        made = build.application(db, "Nia Park", cast.driver, time.at)
        db.flush()
        questions.keep_answers(Act(db, cy, time.at), made, {questions.name_of(row.id): "x"})
    head = as_(cast.cy).get("/applications.csv").text.splitlines()[0]
    assert ",=HYPERLINK" not in head
    assert "HYPERLINK" in head


def test_a_form_with_questions_outlives_the_session(database, cast, time, as_, asked):
    with database.writing() as db:
        number = build.application(db, "Nia Park", cast.driver, time.at).id
    cy, path = as_(cast.cy), f"/applications/{number}"
    cy.get(path)
    time.move(hours=20)
    cy.press(f"{path}/answers", **{questions.name_of(asked["words"]): "German"})
    again = as_(cast.cy)
    again.get("/session/kept")
    assert again.form(f"{path}/answers")[questions.name_of(asked["words"])] == "German"


@both
def test_closing_makes_room_and_reopening_needs_it(database, cast, time, cy):
    with database.writing() as db:
        act = Act(db, cy, time.at)
        first = compose(db, cy, time.at, cast.rides)
        questions.close(act, first)
        for _ in range(questions.MOST):
            compose(db, cy, time.at, cast.rides)
            db.flush()
        with pytest.raises(Refused):
            questions.reopen(act, first)


@both
def test_answers_are_erased_with_their_application(database, cast, time, cy, asked):
    with database.writing() as db:
        row = build.application(db, "Nia Park", cast.driver, time.at)
        values = {questions.name_of(asked["words"]): "Zebedee"}
        assert questions.keep_answers(Act(db, cy, time.at), row, values) == 1
        assert questions.keep_answers(Act(db, cy, time.at), row, values) == 0, "once"
        review.decline(Act(db, cy, time.at), row, DeclineReason.TIMES, "")
        number = row.id
    assert answers(database) == [(asked["words"], "Zebedee")]
    time.move(days=4 * 366)
    with database.writing() as db:
        erasing.erase(Act(db, COMMAND_LINE, time.at), number, build.SETTINGS)
    assert answers(database) == []

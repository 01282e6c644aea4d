"""Words: none outside the catalog, Spanish complete, and English that everyone can read."""

import importlib.util
import pickle
import re
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

from portal import clock, words
from portal.app import create_app
from portal.cases import contact_models as visits
from portal.cases.models import Case, HelpFunction, HelpRequest
from portal.guests.models import Guest
from portal.hours.models import HourRate, HoursEntry, HoursQuestion
from portal.incidents.models import Incident
from portal.languages import LANGUAGES, direction
from portal.lifecycle.board_models import BoardPage
from portal.lifecycle.first_shift_models import FirstShift
from portal.lifecycle.models import IssuedLetter, LetterWording
from portal.meetings.models import Meeting
from portal.messages.models import Message
from portal.outreach.intake_models import Topic
from portal.outreach.models import RequestEvent, TalkRequest
from portal.outreach.organization_models import Approach, Organization, OrganizationContact
from portal.outreach.outcome_models import FollowUp, Material
from portal.outreach.talk_models import CalendarReply, Presentation, SpeakerOffer
from portal.people.models import Person, SavedView
from portal.people.sessions import start_session
from portal.people.traits import Skill
from portal.programs.application_models import Application
from portal.programs.models import Closure, Funding, Position, Program, Site
from portal.programs.person_models import PersonExit, PersonNote
from portal.recruitment.models import ApplicationDraft, Inquiry, Opportunity
from portal.recruitment.question_models import ApplicationAnswer, ApplicationQuestion
from portal.requirements.check_models import RequirementText
from portal.requirements.evidence_models import Credential, Waiver
from portal.requirements.models import Reading, Requirement
from portal.screening.guardian_models import GuardianRequest
from portal.screening.interview_models import Interview
from portal.screening.list_models import ListEntry
from portal.screening.models import Reference
from portal.settings import Settings
from portal.shifts.early_models import EarlyList
from portal.shifts.group_models import Group, GroupName
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from portal.shifts.template_models import WeekTemplate
from portal.training.models import Course, CourseMaterial, QuizQuestion
from portal.training.proposal_models import LearningTarget
from portal.web.render import Renderer
from portal.words import CATALOGS, Catalog, text
from tests import build
from tests.browser import Browser
from tests.once import made_once
from tests.scene import populate
from tests.test_routes import ROLES, rows

ROOT = Path(__file__).parents[1]
_spec = importlib.util.spec_from_file_location("messages", ROOT / ".ci" / "messages.py")
messages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(messages)


def extracted(factory: pytest.TempPathFactory) -> list[Any]:
    """Every sentence of the code and the templates, read once in a run: it takes ten seconds."""
    path = made_once(
        factory,
        "sentences",
        lambda path: path.write_bytes(pickle.dumps(list(messages.extracted()))),
    )
    return pickle.loads(path.read_bytes())


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    return extracted(tmp_path_factory)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "portal/locale").glob("*.po")), ids=lambda path: path.stem
)
def test_every_sentence_is_translated_and_none_is_stale(catalog, path):
    with path.open("rb") as file:
        known = {message.id: message for message in read_po(file, locale=path.stem) if message.id}
    there = {message.id for message in catalog if message.id}
    assert there - set(known) == set(), "run `make messages` and translate"
    assert set(known) - there == set(), "run `make messages`"
    for message in known.values():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        assert all(forms), message.id
        names = {name for source in sources for name in re.findall(r"%\((\w+)\)s", source)}
        for form in forms:
            assert set(re.findall(r"%\((\w+)\)s", form)) <= names, message.id
            assert names - {"n"} <= set(re.findall(r"%\((\w+)\)s", form)), message.id


SPOKEN_TO = ("public", "ana", "cy", "ada", "gil")
"""Who together see every page; the others see fewer of the same."""


def spoken_to(expected: Sequence[str]) -> set[str]:
    """Of those who get a page, who is sent to it here: whoever may least and whoever may most."""
    may = [role for role in SPOKEN_TO if expected[list(ROLES).index(role)] not in ("no", "sign")]
    return {*may[:1], *may[-1:]}


class Pseudo(Catalog):
    """A language in which every sentence of the catalog stands between marks."""

    def gettext(self, source: str) -> str:
        return f"⟦{source}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{many}⟧"


class _Visible(HTMLParser):
    """What a person reads or hears of a page: text, and the attributes that are spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = ""

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.silent = tag
        self.said += [
            value
            for name, value in attrs
            if name in ("title", "alt", "aria-label", "placeholder") and value
        ]

    def handle_endtag(self, tag):
        if tag == self.silent:
            self.silent = ""

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


def unmarked(html: str) -> set[str]:
    """Words of a page that are neither from the catalog nor someone's own."""
    page = _Visible()
    page.feed(html)
    said = re.sub(r"https?://\S+", " ", "\n".join(page.said))
    while True:
        said = said.replace("«.", "«.»")  # the initial of a name
        less = re.sub(r"«[^«»⟦⟧]*»|⟦[^⟦⟧«»]*⟧", " ", said)
        if less == said:
            break
        said = less
    return set(re.findall(r"[^\W\d_]{2,}", said))


def mark(text_: str) -> str:
    return " ".join(f"«{word}»" for word in text_.split())


@pytest.fixture
def pseudo(monkeypatch, database, cast, time, settings):
    """A running portal in the pseudo-language, with everyone's own words marked."""
    monkeypatch.setitem(CATALOGS, "xx", Pseudo("xx", {}, {}))
    monkeypatch.setitem(LANGUAGES, "xx", "«X»")
    english = clock.NAMES["en"]
    monkeypatch.setitem(
        clock.NAMES, "xx",
        clock.Names(
            days=tuple(map(mark, english.days)),
            months=tuple(map(mark, english.months)), long_months=tuple(map(mark, english.long_months)), morning="«am»", afternoon="«pm»", day_first=False,
        ),
    )  # fmt: skip
    ids = populate(database, cast, time.at)
    with database.writing() as db:
        for table, names in (
            (Person, ("name", "email", "emergency_name", "emergency_relation", "agency_job")), (Site, ("name", "address", "directions", "access_notes")),
            (Program, ("name", "public_label", "description", "contact_name")), (Position, ("name", "description")),
            (Shift, ("title", "note")), (Pattern, ("title", "note")), (Closure, ("reason",)),
            (Skill, ("name",)), (Group, ("name",)), (Meeting, ("title",)), (HelpFunction, ("name",)), (Case, ("reference", "needs")), (HelpRequest, ("times",)), (visits.Contact, ("note",)), (visits.FollowUp, ("words",)), (visits.Letter, ("words",)), (EarlyList, ("name",)), (WeekTemplate, ("name",)), (GroupName, ("name",)),
            (Funding, ("name",)), (HourRate, ("source",)), (HoursQuestion, ("words",)), (HoursEntry, ("note",)),
            (Course, ("name", "description", "topic")), (CourseMaterial, ("title", "body")), (QuizQuestion, ("words",)),
            (Requirement, ("name", "description")), (LearningTarget, ("topic",)), (RequirementText, ("body",)),
            (Message, ("address",)), (Organization, ("name", "address", "town", "parking")), (OrganizationContact, ("name", "email")), (Topic, ("name", "description")),
            (TalkRequest, ("organization_name", "contact_name", "contact_email", "place", "address", "town", "ages", "door", "parking", "words", "reason", "reference")),
            (Presentation, ("place", "address", "town", "host_name", "parking", "door", "bring", "canceled_reason")), (FollowUp, ("words",)), (SpeakerOffer, ("clash_reason",)),
            (Material, ("title", "language", "edition")), (Approach, ("whom", "note")), (CalendarReply, ("address",)), (RequestEvent, ("words",)),
            (Opportunity, ("title", "summary", "description")), (Application, ("name", "email", "phone", "agency_job")), (Inquiry, ("words", "name", "email")), (ApplicationQuestion, ("label",)),  (Interview, ("place", "notes")), (FirstShift, ("words",)), (Guest, ("name", "email")), (ListEntry, ("name", "email", "address")), (GuardianRequest, ("name", "relation", "signed_name")), (Reference, ("name", "email", "knows", "known_since", "strengths", "concerns")), (ApplicationAnswer, ("asked",)),
            (PersonNote, ("words",)), (BoardPage, ("title", "body")), (IssuedLetter, ("body", "signer", "address")), (LetterWording, ("body",)), (Incident, ("happened_at", "place", "who", "what", "done", "outcome")), (PersonExit, ("what",)), (SavedView, ("name",)),
            (Reading, ("title", "body")), (Waiver, ("reason",)), (Credential, ("reason", "signed_name")),
        ):  # fmt: skip
            for row in db.query(table):
                for name in names:
                    setattr(row, name, mark(getattr(row, name)))
                if table in (Person, TalkRequest, Application, GuardianRequest, Guest, Reference):
                    row.language = "xx"
                if table is Person:
                    for phone in row.phones:
                        phone.label = mark(phone.label)
        for draft in db.query(ApplicationDraft):
            draft.language, draft.data = "xx", '{"name": "«Dot»", "email": "«dot»"}'
        for question in db.query(QuizQuestion):
            question.choices = "\n".join(map(mark, question.choices.splitlines()))
    quiet = Settings(**{**vars(settings), "agency_name": "«Agency»"})
    app = create_app(quiet, database, Renderer(quiet))
    with TestClient(app, base_url="http://testserver", headers={"accept-language": "xx"}) as server:
        yield Browser(server).client, vars(cast) | vars(ids)


KNOWN = {"Ctrl", "English", "Español", "Chrome", "Android", "Test", "on", "bo", "example", "org"}
"""Names of languages in themselves, of browsers, and an address."""


def test_no_word_stands_outside_the_catalogue(pseudo, database, time):
    """On every other page; `make soak` opens each and sends every form."""
    assert strange_words(pseudo, database, time, ("GET",), every=2) == {}


def strange_words(pseudo, database, time, methods, every=1) -> dict[str, set[str]]:
    """The words that are in no catalog, by the role, method and path that show them; of every so-manieth page."""
    client, ids = pseudo
    found: dict[str, set[str]] = {}
    for role in SPOKEN_TO:
        client.cookies.clear()
        if role != "public":
            with database.writing() as db:
                token, _ = start_session(db, ids[role], "Test", time.at)
            client.cookies.set("session", token)
        token = re.search(r'name="csrf" value="(\w+)"', client.get("/choices").text)[1]
        for method, path, expected in rows()[::every]:
            if role not in spoken_to(expected) and path != "/me":
                continue  # the same page again
            if method not in methods:
                continue
            to = path.format(**ids)
            if path.startswith(("/wordings/", "/imports", "/help", "/outreach/letters/")):
                continue  # show another language's words, those of someone's file, or a guide
            if method == "GET":
                answer = client.get(to)
            elif any(
                part in path
                for part in ("/end", "closing", "approval", "membership", "certificate")
            ):
                continue
            else:
                answer = client.post(
                    to,
                    data={
                        "csrf": token,
                        "name": "x" * 300,
                        "email": "«x»",
                        "address": "«x»",
                        "withdrawal_hours": "x",
                    },
                )
            if "text/html" in answer.headers["content-type"]:
                strange = unmarked(answer.text) - KNOWN
                if strange:
                    found[f"{role} {method} {path}"] = strange
    return found


def test_the_pseudo_language_would_notice():
    assert unmarked("<p>⟦Hello ⟦%(x)s⟧⟧ «Ana» 12</p><img alt='word'>") == {"word"}


def test_Spanish_reaches_pages_obstacles_and_dates(database, cast, time, as_):
    with database.writing() as db:
        db.get_one(Person, cast.sol).language = "es"
        shift = build.shift(db, cast.driver).id
        db.get_one(Position, cast.driver).translations = {"es": {"name": "Conductor"}}
    page = as_(cast.sol).get(f"/shifts/{shift}").text
    assert "Todavía no tiene la función Conductor." in page
    assert "jue 10 de dic, 12:00–2:00 p.\u00a0m." in page
    assert '<html lang="es"' in page


def test_the_language_is_the_persons_then_the_browsers_choice_then_its_wish(
    database, cast, as_, public
):
    assert '<html lang="es"' in public.get("/", headers={"accept-language": "fr, es-MX;q=0.8"}).text
    public.get("/choices")
    public.press("/choices/language", language="es")
    assert '<html lang="es"' in public.get("/").text
    browser = as_(cast.ana)
    browser.client.cookies.set("language", "es")
    assert '<html lang="en"' in browser.get("/me").text
    browser.press("/choices/language", language="es")
    assert '<html lang="es"' in as_(cast.ana).get("/me").text


def test_values_are_escaped_inside_sentences():
    assert words.fill("<b>%(x)s</b>", x="<i>") == "<b>&lt;i&gt;</b>"


def test_a_sentence_may_hold_another_one_and_functions_of_the_language():
    inner = text("Yes %(n)s", n=lambda language: language)
    assert str(text("Say %(x)s", x=inner)) == "Say Yes en"


def grade(sentences: list[str]) -> float:
    """The Flesch-Kincaid school grade of some sentences."""
    parts = [
        part for sentence in sentences for part in re.split(r"[.!?:]\s*", sentence) if part.strip()
    ]
    all_words = [word for part in parts for word in re.findall(r"[A-Za-z']+", part)]
    return (
        0.39 * len(all_words) / len(parts)
        + 11.8 * sum(map(syllables, all_words)) / len(all_words)
        - 15.59
    )


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Sign in"
msgstr "Zaloguj"

msgid "%(n)s spot open"
msgid_plural "%(n)s spots open"
msgstr[0] "%(n)s miejsce"
msgstr[1] "%(n)s miejsca"
msgstr[2] "%(n)s miejsc"
"""


def test_a_third_language_comes_with_its_file(monkeypatch, tmp_path):
    """Its sentences, its plural forms, however many, and its dates; English where it has no sentence."""
    (tmp_path / "pl.po").write_text(PO)
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    monkeypatch.setitem(LANGUAGES, "pl", "Polski")
    polish = words._load("pl")
    assert polish.gettext("Sign in") == "Zaloguj"
    assert polish.gettext("Sign out") == "Sign out"
    said = {
        n: polish.ngettext("%(n)s spot open", "%(n)s spots open", n) for n in (1, 2, 5, 22, 112)
    }
    assert [said[n].split()[1] for n in (1, 2, 5, 22, 112)] == [
        "miejsce", "miejsca", "miejsc", "miejsca", "miejsc",
    ]  # fmt: skip
    assert polish.ngettext("%(n)s day", "%(n)s days", 1) == "%(n)s day"
    assert clock.day_text(date(2026, 12, 1), "pl", 2026) == "wt., 1 gru"
    assert clock.month_text(date(2026, 12, 1), "pl") == "grudzień 2026"


def test_every_file_of_sentences_is_a_language_with_its_own_name():
    assert LANGUAGES["es"] == "Español"
    assert set(LANGUAGES) == {"en"} | {path.stem for path in (ROOT / "portal/locale").glob("*.po")}
    assert (direction("en"), direction("es"), direction("ar")) == ("ltr", "ltr", "rtl")


def test_forms_ask_for_what_the_agency_writes_in_every_language(database, cast, as_):
    ada = as_(cast.ada)
    page = ada.get("/programs/new").text
    assert "Name (Spanish)" in page
    ada.press(
        "/programs", name="Meals", name_es="Comidas", visibility="public", withdrawal_hours="24"
    )
    with database.reading() as db:
        made = db.query(Program).filter_by(name="Meals").one()
        assert made.translations == {"es": {"name": "Comidas"}}

"""How the portal talks: the words of docs/words.md, in every sentence of the catalog."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.test_languages import extracted, grade

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "portal" / "templates"

NEVER = (
    r"e-mails?|mails?(?! (server|paper))|somebody|everybody|nobody|anybody|any more|meanwhile|tick(s|ed)?|"
    r"hand(s|ed)? in|call(s|ed)? off|bring in|brought in|w(rite|rote|ritten) down|driving license|stands? in|"
    r"sums|summed|talks?(?! about)|courses?|patterns?|paperwork|regularly|takes? part|take off|taken off|"
    r"in line|the line|whom|gaps?|rota|licence|rested|good until|cancelled|enrol(l?ed|ment)?|"
    r"may not|give a role|look(s|ed)? after|not there|as yet|"
    r"please (choose|type|write|give|fill|look|say|keep)"
)
"""What no sentence says; docs/words.md names the word to use instead."""

ALLOWED = {
    "Add a new person",
}

STAFF = re.compile(
    r"(directory/(?!enter|register|email_sign_in)|programs/|shifts/(affected|asks|attendance|call_off|choose|"
    r"closure|copy|edit|move|now|pattern|roster|schedule|trials|_slots|forms|pattern_forms|views/(reach|shifts|"
    r"patterns|closures|calls)|closures|copying|shift_slots|shifts)|hours/(queue|sheet|entr|views/staff|"
    r"questions)|reports/|training/(learners|edit|paper|proposals|results|session_edit|show|targets|courses|"
    r"forms|sessions|enrolments|views/(courses|sessions|proposals))|requirements/(check|ending|index|person|"
    r"requirement|review|rule|trial|upload|forms|checks|kinds|rules|trials|waivers|decisions|credentials|views/)"
    r"|files/|outbox/|outreach/(?!own|request|status|sent|proof|talks|public_forms|hosting|intake)|agency/|"
    r"demo/|people/(memberships|forms|identities|supervision|notices|_finding|domain|settings|skill_forms)|"
    r"occasions/settings)"
)
"""Where sentences for staff alone stand; all others are read by volunteers and the public."""


def _sentences(catalog):
    for message in catalog:
        if message.id:
            yield (message.id if isinstance(message.id, tuple) else (message.id,)), message


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    return list(_sentences(extracted(tmp_path_factory)))


def test_no_sentence_says_what_the_glossary_replaces(sentences):
    never = re.compile(rf"\b({NEVER})\b", re.IGNORECASE)
    found = {
        one: hit[0]
        for forms, _ in sentences
        for one in forms
        if one not in ALLOWED and (hit := never.search(re.sub(r"%\(\w+\)s|\{\w+\}", "x", one)))
    }
    assert found == {}


def test_sentences_are_plain(sentences):
    """Grade 8 for what volunteers and the public read, 10 for what staff alone read; the formula says
    little of fewer than ten words."""
    hard = {}
    for forms, message in sentences:
        places = [
            path.removeprefix("portal/").removeprefix("templates/") for path, _ in message.locations
        ]
        most = 10 if all(STAFF.match(place) for place in places) else 8
        said = re.sub(r"%\(\w+\)s|\{\w+\}", "it", forms[0])
        if len(said.split()) >= 10 and (found := grade([said])) > most:
            hard[said] = (round(found, 1), most, places[0])
    assert hard == {}


def test_amounts_dates_and_spacing(sentences):
    for forms, _ in sentences:
        for one in forms:
            assert "(s)" not in one, one
            assert "  " not in one, one
            assert not re.search(r"\d %|%%? ?\d{1,3} %|\)s %%", one), one
            assert not re.search(r"\b\d{1,2}:\d\d\b(?! [ap]m|\.| -)(?!-)", one), one
            assert not re.search(r"\d{4}-\d\d-\d\d", one), one
            assert not re.search(r"\b(he|she|his|her|him)\b", one), one


def test_no_message_begins_in_lower_case(sentences):
    for forms, _ in sentences:
        for one in forms:
            if one.startswith(("Hello,", "Hello {", "Good morning {")):
                assert "\n\n" in one or one == "Hello {name},", one
                for part in one.split("\n\n")[1:]:
                    assert part[0].isupper() or part[0] == "{", one


VERBS = {
    "Accept",
    "Add",
    "Apply",
    "Approve",
    "Ask",
    "Assign",
    "Book",
    "Cancel",
    "Change",
    "Clear",
    "Close",
    "Complete",
    "Confirm",
    "Continue",
    "Copy",
    "Create",
    "Decline",
    "Delete",
    "Deny",
    "Dismiss",
    "Check",
    "Edit",
    "Fill",
    "Hide",
    "Email",
    "End",
    "Filter",
    "Find",
    "Import",
    "Invite",
    "Join",
    "Keep",
    "Leave",
    "Log",
    "Merge",
    "Mark",
    "Move",
    "Offer",
    "Open",
    "Pause",
    "Preview",
    "Print",
    "Propose",
    "Publish",
    "Put",
    "Read",
    "Record",
    "Refresh",
    "Register",
    "Remove",
    "Reopen",
    "Repeat",
    "Request",
    "Resume",
    "Save",
    "Search",
    "See",
    "Send",
    "Set",
    "Shadow",
    "Show",
    "Sign",
    "Skip",
    "Start",
    "Stop",
    "Submit",
    "Suggest",
    "Switch",
    "Tell",
    "Try",
    "Turn",
    "Undo",
    "Update",
    "Upload",
    "Use",
    "Withdraw",
    "Write",
}
"""What a button begins with: the ordinary verb. A new one is added here on purpose."""

ANSWERS = ("Yes,", "No,", "Sorry,", "Not", "I ", "I'm ", "Dismiss")
"""How a button begins that answers a question of the page."""

SAID_BY_SOMEBODY = {
    "They called and said yes",
    "They called and said no",
    "Reached them",
    "Left a message",
    "No answer",
}
"""Buttons that record what someone said on the phone."""

SAMPLES = {"Main menu", "Quiet", "Danger", "Not now", "In progress"}
"""Buttons of the page that shows every part of the portal."""


def buttons() -> set[str]:
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        for body in re.findall(r"<button\b(.*?)</button>", path.read_text(), re.DOTALL):
            label = re.sub(r"<span class=\"visually-hidden\">.*?</span>", "", body, flags=re.DOTALL)
            for one, many in re.findall(
                r"(?:\b_|ngettext)\(\s*\"((?:[^\"\\]|\\.)*)\"(?:\s*,\s*\"((?:[^\"\\]|\\.)*)\")?",
                label,
            ):
                found |= {one, many} - {""}
    return found


def test_buttons_are_short_and_begin_with_a_verb():
    known = buttons()
    assert len(known) > 150
    wrong = {
        one
        for one in known - SAID_BY_SOMEBODY - SAMPLES
        if len(one.replace("%(n)s", "12")) > 32
        or not (one.split()[0] in VERBS or one.startswith(ANSWERS))
        or one.endswith(".")
    }
    assert wrong == set()


def test_labels_are_no_sentences():
    """A label, help aside, ends in no period."""
    for path in (ROOT / "portal").rglob("*.py"):
        for label in re.findall(
            r"_field\(\s*text\(\s*\"((?:[^\"\\]|\\.)*)\"\s*\)", path.read_text()
        ):
            if not label.startswith(("I ", "New people only")):
                assert not label.endswith((".", ":")), (path.name, label)


@pytest.fixture(scope="module")
def spanish():
    with (ROOT / "portal" / "locale" / "es.po").open("rb") as file:
        return [message for message in read_po(file, locale="es") if message.id]


NUNCA = (
    r"tú|tus|tienes|puedes|haz|vosotros|ordenador|móvil|charlas?|plazas?|apuntad[oa]s?|e-mail|emails?|"
    r"slots?|rol|roles|clic|link|click|formación|(?<!en )cursos?|papeleo|coger|añadir|añade|acotar|entrenador"
)
"""What the Spanish never says: usted, words of the United States, and one word for one thing."""


def test_spanish_keeps_to_its_glossary(spanish):
    never = re.compile(rf"\b({NUNCA})\b", re.IGNORECASE)
    for message in spanish:
        for one in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not never.search(re.sub(r"%\(\w+\)s|\{\w+\}", "x", one)), one
            assert ".." not in one.replace("...", ""), one
            assert not re.search(r"\d %|\)s %%", one), one
            assert one.count("¿") == one.count("?"), one
            assert one.count("¡") == one.count("!"), one


SAME = re.compile(r"[\W\d]*(%\(\w+\)s[\W\d]*)*")
PROPER = {
    "iPhone, iPad, Mac", "Google Calendar", "Outlook", "No", "no", "Color", "confidential", "Error", "Total", "%(minutes)s min",
}  # fmt: skip


def test_spanish_leaves_no_English(spanish):
    left = {
        message.id
        for message in spanish
        if message.string == message.id
        and message.id not in PROPER
        and not SAME.fullmatch(str(message.id))
    }
    assert left == set()


NAME_NEVER = re.compile(
    r"\b(tick(s|ed|ing)?|call(s|ed|ing)? off|rota|licence|rested|cancell(ed|ing))\b", re.IGNORECASE
)
PROSE_NEVER = re.compile(
    NAME_NEVER.pattern
    + r"|\b(somebody|everybody|nobody|anybody|e-mails?|hand(s|ed|ing)? in|colours?|behaviour|"
    r"catalogues?|judgement)\b",
    re.IGNORECASE,
)


def _words_of_code(path: Path):
    """The names, comments and docstrings of a module as words, each with what it may not say. Stored values
    are strings, and stay."""
    source = path.read_text()
    if not PROSE_NEVER.search(source.replace("_", " ")):
        return  # most files; taking one apart is slow
    docstrings = {
        node.body[0].value.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and ast.get_docstring(node)
    }
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            yield token.string.replace("_", " "), NAME_NEVER
        elif token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and token.start[0] in docstrings
        ):
            yield token.string, PROSE_NEVER


@pytest.mark.parametrize("folder", ["portal", "tests", ".ci"])
def test_code_says_what_the_screens_say(folder):
    found = {
        f"{path.relative_to(ROOT)}: {words[:60]}": hit[0]
        for path in (ROOT / folder).rglob("*.py")
        for words, never in _words_of_code(path)
        if (hit := never.search(words)) and words != "cancelled caught"  # anyio's name
    }
    assert found == {}

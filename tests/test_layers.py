"""The house rules that a machine can hold: who may import whom, and what templates may not do."""

import ast
import re
import re._parser as re_parser  # type: ignore[import-not-found]
from pathlib import Path

import pytest

from portal.app import DOMAINS
from portal.programs.forms import ICONS

ROOT = Path(__file__).parents[1] / "portal"
LAYERS = [
    {"app", "__main__", "demo", "operating", "serving", "worker"},
    {
        "lifecycle",
        "oversight",
        "merging",
        "reports",
        "search",
        "closings",
        "calendars",
        "directory",
        "home",
        "outbox",
        "files",
        "guide",
        "guests",
        "kiosks",
        "autofill",
        "swaps",
    },
    {"shifts", "outreach", "cases", "screening"},
    {"recruitment", "incidents"},
    {"training", "meetings"},
    {"requirements"},
    {"hours", "commitments", "occasions"},
    {"programs"},
    {"undo"},
    {"people"},
    {"domain"},
    {"people_lists", "searching", "closing"},
    {"messages"},
    {"agency"},
    {"audit", "imports"},
    {"web"},
    {
        "act",
        "columns",
        "db",
        "reads",
        "weather",
        "permissions",
        "clock",
        "folders",
        "ical",
        "images",
        "expiring",
        "savepoints",
        "languages",
        "ical_blocks",
        "ical_busy",
        "ical_reading",
        "ical_replies",
        "ical_rules",
        "pdf",
        "periods",
        "postal",
        "reading",
        "settings",
        "migrating",
        "schema",
        "tables",
        "typed",
        "words",
    },
]
"""Imports go down only, never up or sideways; the bottom row's modules may use each other."""

MODULES = sorted(ROOT.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def level(part: str) -> int:
    return next(index for index, layer in enumerate(LAYERS) if part in layer)


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.split(".")[0] == "portal"
        ):
            parts = node.module.split(".")[1:]
            found += [parts[0]] if parts else [name.name for name in node.names]
        elif isinstance(node, ast.Import):
            found += [
                name.name.split(".")[1] for name in node.names if name.name.startswith("portal.")
            ]
    return found


HANDED = [
    "worker.py", "home/queues.py", "domain.py", "outbox/notices.py", "outbox/calls.py",
    "outbox/views/calls.py", "outbox/views/mail.py", "outbox/views/messages.py",
    "outbox/views/wordings.py", "calendars/feeds.py", "calendars/views.py", "home/views.py", "reports/views.py", "outbox/letters.py",
    "outbox/views/letters.py",
    "web/request.py",
]  # fmt: skip
DOMAIN_NAMES = {
    "programs",
    "hours",
    "commitments",
    "requirements",
    "training",
    "shifts",
    "outreach",
}


@pytest.mark.parametrize("name", HANDED)
def test_what_works_across_domains_is_handed_them(name):
    found = set(imports(ast.parse((ROOT / name).read_text())))
    assert not found & (DOMAIN_NAMES - {"programs"})


def test_a_domain_is_declared_once_and_names_its_things_once():
    declared = sorted(path.parent.name for path in ROOT.glob("*/domain.py"))
    assert sorted(one.name for one in DOMAINS) == declared
    for names in (
        [queue.name for domain in DOMAINS for queue in domain.queues],
        [queue.rank for domain in DOMAINS for queue in domain.queues],
        [chore.name for domain in DOMAINS for chore in domain.chores],
        [chore.rank for domain in DOMAINS for chore in domain.chores],
        [name for domain in DOMAINS for name in domain.notices],
        [entry.rank for domain in DOMAINS for entry in domain.navigation],
    ):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("domain", ["shifts", "training", "outreach"])
def test_P2_what_outsiders_may_not_read_is_cut_in_one_place(domain):
    """Messages and events of occasions ask `occasions.outside`, and look at no program's visibility themselves."""
    for name in ("notices.py", "events.py"):
        tree = ast.parse((ROOT / domain / name).read_text())
        functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
        names = {
            node.id for one in functions for node in ast.walk(one) if isinstance(node, ast.Name)
        }
        assert "Visibility" not in names


def imports_go_down_only(path):
    own = part_of(path)
    if own == "__init__":
        return
    for other in imports(ast.parse(path.read_text())):
        if other == own or other == "__version__":
            continue
        bottom = own in LAYERS[-1] and other in LAYERS[-1]
        top = own in LAYERS[0] and other in LAYERS[0]
        assert level(other) > level(own) or bottom or top, f"{own} imports {other}"


def nothing_is_imported_inside_a_function(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom)]
            assert not inner, f"{node.name} imports"


def test_only_the_clock_asks_for_the_time():
    for path in MODULES:
        if path.name != "clock.py":
            assert not re.search(
                r"datetime\.now|datetime\.utcnow|date\.today|time\.time\(", path.read_text()
            ), path


def test_nothing_commits_but_the_database_module():
    for path in MODULES:
        assert ".commit(" not in path.read_text(), path


def test_O1_templates_escape_everything_and_carry_no_script_or_style():
    forbidden = {
        r"\|\s*safe\b": "unescaped text",
        r"<script(?![^>]*\bsrc=)": "an inline script",
        r"<style|\sstyle=": "an inline style",
        r"<[a-z][^>{]*\son[a-z]+=": "an inline handler",
        r"hx-on|hx-vals=.js:|hx-trigger=\"[^\"]*\[": "something htmx would evaluate",
        r"javascript:": "a script address",
        r"\s[a-z-]+=\{\{": "an attribute without quotes",
        r"autoescape|Markup": "escaping switched by hand",
    }
    for path in TEMPLATES:
        for pattern, what in forbidden.items():
            found = re.search(pattern, path.read_text())
            assert not found, f"{path.name}: {what}: {found and found[0]}"


LONG = {
    "_macros.html", "base.html", "hours/own/_is_this_wrong.html", "outreach/_row.html", "outreach/own_talk/_facts.html",
    "outreach/show/_what_they_ask_for.html", "outreach/status.html", "outreach/talk/_the_talk.html",
    "people/_skills.html", "programs/funding.html", "shifts/show/_spot.html", "training/_row.html",
}  # fmt: skip
"""Templates over 80 lines; the list may only become shorter."""


def test_a_preview_is_looked_at_again_without_doing_it():
    """Enter, and the button that says so, only look again; what does it has a button of its own."""
    found = 0
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        if path.name != "_macros.html" and ("look_button(" in text or "Update preview" in text):
            found += 1
            assert "{{ enter_looks() }}" in text, path.name
            assert "{{ look_button(" in text, path.name
    assert found == 7


def test_templates_can_be_read():
    found = {path: path.read_text().splitlines() for path in TEMPLATES}
    assert not [path for path, lines in found.items() if any(len(line) > 160 for line in lines)]
    assert {
        str(path.relative_to(ROOT / "templates"))
        for path, lines in found.items()
        if len(lines) > 80
    } == LONG


def test_what_keeps_its_lines_begins_without_one():
    """Text that is shown with its line breaks (`said`, `letter`) has none of the template's."""
    opened = (
        r'class="[^"\n]*\b(?:said|letter)\b[^"\n]*"(?:[^>\n]|\{\{[^\n]*?\}\})*>\n\s*(?!\{[{%]-)'
    )
    assert not [path for path in TEMPLATES if re.search(opened + r"\S", path.read_text())]


def test_every_post_form_carries_its_token():
    for path in TEMPLATES:
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL):
            assert "hidden_fields(" in form, f"{path.name}: {form[:80]}"


def test_every_icon_in_use_is_in_the_sprite():
    sprite = (ROOT / "static/icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'icon\("([a-z0-9-]+)"\)', path.read_text())
    }
    for domain in DOMAINS:
        used |= {one.icon for one in (*domain.navigation, *domain.queues)}
    used |= set(ICONS)
    assert used - known == set()


def a_module_says_what_it_is_for_and_is_not_long(path):
    tree = ast.parse(path.read_text())
    part = path.relative_to(ROOT).parts[0]
    assert ast.get_docstring(tree) or path.name == "__init__.py"
    assert part == "demo" or len(path.read_text().splitlines()) <= 300


LONG_FUNCTIONS = {
    "hours/entries.py:propose",
    "messages/outside.py:tell_outsider",
    "outreach/rescheduling.py:edit_talk",
    "outreach/speaker_candidates.py:speakers_for",
    "outreach/views/desk.py:show_request",
    "people/proofs.py:ask_proof",
    "people/supervision.py:give",
    "requirements/credentials.py:append",
    "requirements/rules.py:list_rules",
    "shifts/attendance.py:mark",
    "shifts/importing_calendar.py:_write",
    "shifts/obstacles.py:signup_obstacles",
    "training/views/own.py:show_session",
    "web/render.py:_functions",
}
"""Functions over 40 lines; the list may only become shorter."""


def test_functions_are_short():
    found = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != "demo"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 40
    }
    assert found == LONG_FUNCTIONS


def returns(path: Path) -> dict[str, str]:
    """What each public function of a module says that it returns."""
    return {
        node.name: ast.unparse(node.returns or ast.Constant(None))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def what_is_read_has_a_type(path):
    """Rows leave a module as read models, and a module that has some gives nothing of unknown type."""
    found = {} if path.name == "reads.py" else returns(path)
    assert not [name for name, given in found.items() if "AnyRow" in given]
    if re.search(r"^from portal.reads import .*\bread\b", path.read_text(), re.MULTILINE):
        vague = {"Any", "Sequence[Any]", "list[Any]", "PageOf[Any]", "Mapping[str, Any]"}
        assert not [name for name, given in found.items() if given in vague]


def nested(tree, inside: bool = False) -> bool:
    """Whether something repeated without end holds something else repeated without end."""
    for operator, given in tree:
        endless = str(operator) in ("MAX_REPEAT", "MIN_REPEAT") and given[1] > 100
        parts = given if isinstance(given, tuple | list) else [given]
        if endless and inside:
            return True
        for part in parts:
            for inner in part if isinstance(part, list) else [part]:
                if isinstance(inner, re_parser.SubPattern) and nested(inner, inside or endless):
                    return True
    return False


def patterns() -> list[str]:
    """Every regular expression that is written out in the code."""
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).startswith("re.")
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    value = first.value
                    found.append(value.decode() if isinstance(value, bytes) else value)
    return found


def test_I6_no_pattern_repeats_within_a_repeat():
    assert len(patterns()) > 10
    assert [one for one in patterns() if nested(re_parser.parse(one))] == []
    assert nested(re_parser.parse(r"(a+)+$"))
    assert nested(re_parser.parse(r"(?:x|\\d*)*"))
    assert not nested(re_parser.parse(r"a+b+c*"))


@pytest.mark.parametrize(
    "holds",
    [
        imports_go_down_only,
        nothing_is_imported_inside_a_function,
        a_module_says_what_it_is_for_and_is_not_long,
        what_is_read_has_a_type,
    ],
    ids=lambda holds: holds.__name__,
)
def test_of_every_module(holds):
    for path in MODULES:
        holds(path)

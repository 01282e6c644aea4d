"""Templates: one Jinja environment per language, and pages that know who is looking.

Calls with constant arguments — `_("Sign up")`, `icon("house")`, `static("css/portal.css")` —
are answered when a template is compiled, so a page pays nothing for being translatable.
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from portal import clock
from portal.languages import SOURCE, direction
from portal.settings import Settings
from portal.web.durations import duration_text
from portal.web.fields import phone_digits
from portal.words import CATALOGS, Catalog, fill, in_language, translation_of

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"


@cache
def static(path: str) -> str:
    """The address of a file of ours, with its content's mark, so browsers may keep it for good."""
    mark = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={mark}"


def icon(name: str) -> Markup:
    """A small picture beside words; it says nothing that the words do not."""
    return fill(
        '<svg class="icon" aria-hidden="true"><use href="%(sprite)s#%(name)s"></use></svg>',
        sprite=static("icons.svg"),
        name=name,
    )


def drawing(name: str) -> Markup:
    """A drawing of ours for a public page or an empty list; it says nothing that the words do not."""
    return fill(
        '<svg class="drawing" aria-hidden="true"><use href="%(file)s#%(name)s"></use></svg>',
        file=static("drawings.svg"),
        name=name,
    )


MARKED = '<span lang="%(source)s">%(said)s</span>'
"""What an agency wrote and did not translate: a screen reader says it in the language it is in (WCAG 3.1.2)."""


def dial(number: str) -> str:
    """A phone number as a telephone dials it: digits, and a plus in front if it has one."""
    return ("+" if number.strip().startswith("+") else "") + phone_digits(number)


INDENT = re.compile(r"[ \t]*\n\s*")
AFTER_A_BLOCK = re.compile(
    r"(</?(?:article|dd|details|div|dl|dt|form|li|ol|p|section|table|tbody|td|th|thead|tr|ul)\b[^<>]*>)\n"
)
"""A line break that no browser shows."""


class _Fold(NodeTransformer):
    """Answers calls of pure functions with constant arguments while a template is compiled, and leaves
    indentation out."""

    def __init__(self, pure: Mapping[str, Callable[..., Any]]) -> None:
        self.pure = pure

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        """A template's indentation is for whoever reads it; a page of two hundred rows need not carry it."""
        data = AFTER_A_BLOCK.sub(r"\1", INDENT.sub("\n", node.data))
        return nodes.TemplateData(data, lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        arguments = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
        starred = node.dyn_args is not None or node.dyn_kwargs is not None
        if name not in self.pure or starred or len(arguments) != len(node.args):
            return node
        constant = nodes.Const(self.pure[name](*arguments), lineno=node.lineno)
        if not node.kwargs:
            return constant
        if name != "_":
            return node
        filler = nodes.Name("fill", "load", lineno=node.lineno)
        return nodes.Call(filler, [constant], node.kwargs, None, None, lineno=node.lineno)


class _Templates(Environment):
    """An environment that folds constants; everything is escaped, whatever its file is called."""

    pure: Mapping[str, Callable[..., Any]] = {}

    def make_globals(self, d: Any) -> Any:
        """One plain dictionary; Jinja's chain of two is walked for every name of every row."""
        return {**self.globals, **(d or {})}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Fold(self.pure).visit(tree)
        return tree


COMPILED = "COMPILED_TEMPLATES"
"""The variable that names a private folder in which processes of one release share compiled templates, such as
those of one run of the tests. What lies there is run as code, so without it nothing is kept."""


def _compiled_in(language: str) -> FileSystemBytecodeCache | None:
    """Where the compiled templates of a language are kept; its words are folded into them."""
    folder = os.environ.get(COMPILED)
    return FileSystemBytecodeCache(folder, f"{language}-%s.cache") if folder else None


KEPT_PARTS = {
    "dots": "_parts.html",
    "fullness": "_parts.html",
    "glyph": "_parts.html",
    "shift_row": "shifts/_row.html",
    "slip": "shifts/_slip.html",
}
"""Macros that are rendered once for the same values, and the file each stands in.

They depend on their values and the language alone. What a viewer may not read is not among the
values, so nothing kept for one viewer can reach another.
"""


def _kept(environment: Environment, name: str, file: str) -> Callable[..., Markup]:
    """A macro that remembers what it gave; fifty rows of a list have few different parts."""

    @lru_cache(maxsize=4096)
    def part(*values: Any) -> Markup:
        macro = getattr(environment.get_template(file).module, name)
        return Markup(macro(*values).strip())  # noqa: S704 - a rendered template of ours

    return part


class Renderer:
    """Renders templates in every language the portal speaks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._environments: dict[str, Environment] = {}

    def render(
        self, template: str, context: Mapping[str, Any], language: str, block: str = ""
    ) -> str:
        """A whole page, or one block of it alone."""
        page = self.in_language(language).get_template(template)
        if not block:
            return page.render(context)
        return "".join(page.blocks[block](page.new_context(dict(context))))

    def has_block(self, template: str, block: str) -> bool:
        """Whether a page can answer for this part alone."""
        return block in self.in_language("en").get_template(template).blocks

    def in_language(self, language: str) -> Environment:
        """The templates of one language."""
        if language not in self._environments:
            self._environments[language] = self._environment(CATALOGS[language])
        return self._environments[language]

    def _environment(self, catalog: Catalog) -> Environment:
        environment = _Templates(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=_compiled_in(catalog.language),
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.pure = {
            "_": catalog.gettext,
            "icon": icon,
            "drawing": drawing,
            "static": static,
        }
        environment.globals |= self._functions(catalog)
        environment.globals |= {
            name: _kept(environment, name, file) for name, file in KEPT_PARTS.items()
        }
        return environment

    def _functions(self, catalog: Catalog) -> dict[str, Any]:
        language, home = catalog.language, self._settings.timezone

        def this_year() -> int:
            return clock.local_day(clock.now(), home).year

        def span(starts: datetime, ends: datetime, zone: str = home) -> str:
            return clock.span_text(starts, ends, zone, language, this_year())

        def moment(at: datetime, zone: str = home) -> str:
            return clock.moment_text(at, zone, language, this_year())

        def day(at: datetime | date, zone: str = home) -> str:
            value = clock.local_day(at, zone) if isinstance(at, datetime) else at
            return clock.day_text(value, language, this_year())

        def hours(starts: datetime, ends: datetime, zone: str = home) -> str:
            return clock.hours_text(starts, ends, zone, language, this_year())

        def translate(source: str, **values: Any) -> str:
            return fill(catalog.gettext(source), **values) if values else catalog.gettext(source)

        def count(one: str, many: str, n: int, **values: Any) -> Markup:
            return fill(catalog.ngettext(one, many, n), n=n, **values)

        def plain(source: str, translations: Mapping[str, Any] | None, name: str = "name") -> str:
            return in_language(language, source, translations, name)

        def written(source: str, translations: Mapping[str, Any] | None, name: str = "name") -> str:
            if language == SOURCE or not source:
                return source
            said = translation_of(language, translations, name)
            return fill(MARKED, source=SOURCE, said=source) if said is None else said

        return {
            "_": translate,
            "ngettext": count,
            "fill": fill,
            "say": catalog.say,
            "icon": icon,
            "drawing": drawing,
            "dial": dial,
            "static": static,
            "span": span,
            "moment": moment,
            "clock_time": lambda at, zone=home: clock.time_text(at, zone, language),
            "wall": partial(clock.wall_text, language=language),
            "wall_time": partial(clock.wall_time_text, language=language),
            "day": day,
            "hours": hours,
            "month": partial(clock.month_text, language=language),
            "number": "{:,}".format,
            "duration": lambda minutes: duration_text(minutes, language),
            "written": written,
            "plain_written": plain,
            "direction": direction(language),
            "language": language,
            "home_zone": home,
            "agency": self._settings.agency_name,
            "agency_phone": self._settings.agency_phone,
            "demo": self._settings.demo,
            "logo": bool(self._settings.logo),
        }

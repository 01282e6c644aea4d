"""Bring portal/locale/*.po up to date with the sentences in the code and the templates.

Run by `make messages`. New sentences appear with an empty translation, which a test refuses;
sentences that nothing uses any more are removed.
"""

import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "portal" / "locale"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "text": None, "ngettext": (1, 2), "count_text": (1, 2)}


@cache
def extracted() -> Catalog:
    """Every sentence of ours, with where it stands."""
    catalog = Catalog(project="portal", charset="utf-8", fuzzy=False)
    for path, _, message, comments, _context in extract_from_dir(
        ROOT / "portal",
        METHODS,
        keywords=KEYWORDS,
        options_map={"templates/**.html": {"silent": "false"}},
    ):
        catalog.add(message, locations=[(f"portal/{path}", 0)], auto_comments=comments)
    return catalog


def main() -> None:
    found = extracted()
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            known = read_po(file, locale=path.stem)
        known.update(found, no_fuzzy_matching=True)
        known.obsolete.clear()
        with path.open("wb") as file:
            write_po(
                file, known, width=100, omit_header=False, include_lineno=False, sort_output=True
            )
        missing = [message.id for message in known if message.id and not all(_strings(message))]
        print(f"{path.name}: {len(known)} sentences, {len(missing)} without a translation")
        if missing and "--check" in sys.argv:
            sys.exit(1)


def _strings(message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


if __name__ == "__main__":
    main()

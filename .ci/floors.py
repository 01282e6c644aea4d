"""Write docs/floors.md: which package may import which, from the test that holds it (tests/test_layers.py)."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/floors.md"
HEAD = """# The floors

Imports go down only, never up or sideways; the modules of the bottom row may use each other. Made by
`.ci/floors.py` from `tests/test_layers.py`, which fails when an import breaks it.

| floor | packages and modules | what the first of them says it is |
|---|---|---|
"""


def layers() -> list[set[str]]:
    """The floors as the test lists them, the highest first."""
    tree = ast.parse((ROOT / "tests/test_layers.py").read_text())
    found = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "LAYERS"
    )
    given: list[set[str]] = ast.literal_eval(found)
    return given


def purpose(name: str) -> str:
    """The first line of a package's or module's docstring; "" for one that is not there yet."""
    for path in (f"{name}.py", f"{name}/__init__.py", f"{name}/domain.py", f"{name}/models.py"):
        if (ROOT / "portal" / path).exists():
            said = ast.get_docstring(ast.parse((ROOT / "portal" / path).read_text())) or ""
            if said:
                return said.partition("\n")[0]
    return ""


def there(name: str) -> bool:
    """Whether the portal has a package or module of this name."""
    return (ROOT / "portal" / name).is_dir() or (ROOT / f"portal/{name}.py").exists()


def page() -> str:
    """The page's text."""
    rows = []
    for number, floor in enumerate(reversed(layers())):
        names = sorted(name for name in floor if there(name))
        if names:
            said = next((text for text in map(purpose, names) if text), "")
            rows.append(f"| {number} | {', '.join(f'`{name}`' for name in names)} | {said} |")
    return HEAD + "\n".join(reversed(rows)) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != page() and "docs/floors.md is old: run .ci/floors.py")
    PAGE.write_text(page())

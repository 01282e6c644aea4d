"""How long the functions, modules and templates of the portal are: median, ninth tenth and longest, in lines.

Lines are counted as they stand. What hides in long lines shows in the templates' widest.
"""

import ast
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

PORTAL = Path(__file__).parents[1] / "portal"


def functions() -> Iterator[int]:
    """The lines of every function and method."""
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1


def lines(pattern: str) -> list[int]:
    """The lines of every file that a pattern finds."""
    return [len(path.read_text().splitlines()) for path in PORTAL.rglob(pattern)]


def widest() -> int:
    """The characters of the longest line of a template."""
    return max(
        len(line) for path in PORTAL.rglob("*.html") for line in path.read_text().splitlines()
    )


def figures(name: str, found: Sequence[int]) -> str:
    """One line of figures."""
    ninth = statistics.quantiles(found, n=10)[-1]
    median = statistics.median(found)
    return f"{name:9} {len(found):5}  median {median:.0f}, p90 {ninth:.0f}, longest {max(found)}"


if __name__ == "__main__":
    print(figures("functions", list(functions())))
    print(figures("modules", lines("*.py")))
    print(figures("templates", lines("*.html")) + f"; widest line {widest()} characters")

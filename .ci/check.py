"""Check one file: format, lint and types, and the tests of its domain on SQLite. Usage: .ci/check.py FILE"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = ROOT / ".venv/bin"


def tests_of(path: Path) -> list[str]:
    """The tests that are about a file: itself, its domain's folder, or those named after its module."""
    parts = path.parts
    if parts[0] == "tests":
        return [str(path)]
    domain = parts[1].removesuffix(".py") if parts[0] == "portal" else ""
    if domain == "templates":
        domain = parts[2]
    near = [ROOT / f"tests/{domain}", ROOT / f"tests/test_{domain}.py"]
    return [str(one.relative_to(ROOT)) for one in near if one.exists()] or ["tests/test_layers.py"]


def main(path: Path) -> int:
    """Run everything and give the first exit code that is not 0."""
    code = [str(path)] if path.suffix == ".py" else []
    steps = [
        [BIN / "ruff", "format", *code],
        [BIN / "ruff", "check", "--fix", *code],
        [BIN / "mypy"],
        [BIN / "pytest", "-q", "-n", "2", "--sqlite", "tests/test_layers.py", *tests_of(path)],
    ]
    codes = [
        subprocess.run(list(map(str, step)), cwd=ROOT, check=False).returncode for step in steps
    ]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Which file? make check FILE=portal/shifts/signups.py")
    sys.exit(main(Path(sys.argv[1]).resolve().relative_to(ROOT)))

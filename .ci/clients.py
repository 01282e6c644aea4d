"""Fetch the calendar programs that the tests read our feeds with, by hash, into .venv/clients.

khal and vdirsyncer get an environment of their own, since they pin what we do not; ical.js is one
file, run in the tests' browser. Run by .ci/prepare; does nothing when all is there.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from vendor import fetch

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "tests" / "calendars" / "clients.lock"
FOLDER = ROOT / ".venv" / "clients"
ICAL_JS = (
    "ical.js",
    "2.2.1",
    "sha512-yK/UlPbEs316igb/tjRgbFA8ZV75rCsBJp/hWOatpyaPNlgw0dGDmU+FoicOcwX4xXkeXOkYiOmCqNPFpNPkQg==",
)


def main() -> None:
    mark = FOLDER / "ready"
    wanted = hashlib.sha256(LOCK.read_bytes() + ICAL_JS[2].encode()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    venv.create(FOLDER, with_pip=True, clear=True)
    subprocess.run(
        [FOLDER / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", LOCK],
        check=True,
    )
    with fetch(*ICAL_JS) as archive:
        file = archive.extractfile("package/dist/ical.min.js")
        assert file
        (FOLDER / "ical.min.js").write_bytes(file.read())
    mark.write_text(wanted)


if __name__ == "__main__":
    main()

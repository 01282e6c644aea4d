"""Fetch the front-end files that portal/static/vendor holds, from the npm registry, by hash.

Run by `make vendor` after changing a version here. The files are committed, so no one needs
npm or a network to run the portal.
"""

import base64
import hashlib
import io
import re
import shutil
import tarfile
import urllib.request
from pathlib import Path

from portal.app import DOMAINS
from portal.programs.forms import ICONS

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "portal" / "static" / "vendor"
REGISTRY = "https://registry.npmjs.org"

PACKAGES = {
    "htmx.org": (
        "4.0.1",
        "sha512-oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
        ["dist/htmx.min.js", "LICENSE"],
    ),
    "bootstrap": (
        "5.3.9",
        "sha512-20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w==",
        ["dist/css/bootstrap.min.css", "dist/css/bootstrap.rtl.min.css", "LICENSE"],
    ),
    "bootstrap-icons": (
        "1.13.2",
        "sha512-fAU1Ly3dH7hwRg+CB8EZ0Vl0fF80zgXHeUVJyfUOKzoURr+TbwISbCW5tKUoQLERaWYG2emTCybcPbD96hdD1A==",
        ["LICENSE"],
    ),
    "@fontsource-variable/atkinson-hyperlegible-next": (
        "5.3.0",
        "sha512-UnLzNUy1RWoLDfydAatP4NaRm99X/WbQEph7q/PymJnCFIOOwKOx3pBmp5ys8trO0dM+CKGuJgeZP9fAR4mQpA==",
        [
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
            "LICENSE",
        ],
    ),
}


def fetch(name: str, version: str, integrity: str) -> tarfile.TarFile:
    """A package's archive, once its SHA-512 is the one written above."""
    url = f"{REGISTRY}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    with urllib.request.urlopen(url, timeout=60) as answer:
        data = answer.read()
    found = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found != integrity:
        raise SystemExit(f"{name} {version}: expected {integrity}, got {found}")
    return tarfile.open(fileobj=io.BytesIO(data))


def icon_names() -> list[str]:
    """Every icon that a template, a role, a queue or the navigation names."""
    found = {
        name
        for path in (ROOT / "portal").rglob("*.html")
        for name in re.findall(r'icon\("([a-z0-9-]+)"\)', path.read_text())
    }
    for domain in DOMAINS:
        found.update(one.icon for one in (*domain.navigation, *domain.queues))
    found.update(ICONS)
    return sorted(found)


def sprite(archive: tarfile.TarFile) -> str:
    """The icons in use as one file of symbols."""
    symbols = []
    for name in icon_names():
        file = archive.extractfile(f"package/icons/{name}.svg")
        assert file, name
        svg = file.read().decode()
        box = re.search(r'viewBox="([^"]+)"', svg)
        assert box
        inner = svg[svg.index(">") + 1 : svg.rindex("</svg>")].strip()
        symbols.append(f'<symbol id="{name}" viewBox="{box[1]}">{inner}</symbol>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">\n'
        + "\n".join(symbols)
        + "\n</svg>\n"
    )


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name, (version, integrity, files) in PACKAGES.items():
        folder = VENDOR / f"{name.rpartition('/')[2]}-{version}"
        folder.mkdir(parents=True)
        with fetch(name, version, integrity) as archive:
            for path in files:
                file = archive.extractfile(f"package/{path}")
                assert file, path
                (folder / Path(path).name).write_bytes(file.read())
            if name == "bootstrap-icons":
                (ROOT / "portal/static/icons.svg").write_text(sprite(archive))


if __name__ == "__main__":
    main()

"""The guides, as pages: what stands in docs/guide, in the reader's language; and how accessible all is."""

from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import Response

from portal.languages import SOURCE
from portal.permissions import Permission, Role
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.page import Page, get
from portal.web.request import Request
from portal.words import Words, text

FOLDER = Path(__file__).parents[2] / "docs" / "guide"
PICTURES = FOLDER / "pictures"
GUIDES: dict[str, Words] = {
    "volunteers": text("Volunteers"),
    "coordinators": text("Coordinators"),
    "outreach": text("Outreach staff"),
    "screeners": text("Screeners"),
    "trainers": text("Trainers"),
    "supervisors": text("Supervisors"),
    "caseworkers": text("Caseworkers"),
    "administrators": text("Administrators"),
}
"""The guides by name, and whom each is for."""

GUIDE_OF: dict[Role, str] = {
    Role.ADMINISTRATOR: "administrators",
    Role.COORDINATOR: "coordinators",
    Role.SCREENER: "screeners",
    Role.TRAINER: "trainers",
    Role.OUTREACH_CLERK: "outreach",
    Role.SUPERVISOR: "supervisors",
    Role.CASEWORKER: "caseworkers",
}
"""The guide that opens first for a staff role; of several roles, the first here counts."""

A_DAY = 24 * 3600


@cache
def guide_of(name: str, language: str) -> Markup:
    """A guide in a language; in English where it is not translated. Its text is ours, and raw HTML in it
    would come out as text."""
    path = FOLDER / f"{name}.{language}.md"
    if language == SOURCE or not path.exists():
        path = FOLDER / f"{name}.md"
    html = MarkdownIt("commonmark", {"html": False}).render(path.read_text(encoding="utf-8"))
    html = html.replace(
        '<img src="pictures/', '<img class="shown" loading="lazy" src="/help/pictures/'
    )
    return Markup(html)  # noqa: S704 - from our own files


@cache
def pictures() -> dict[str, bytes]:
    """The pictures of the guides, by name."""
    return {path.name: path.read_bytes() for path in PICTURES.glob("*.png")}


def choose(request: Request) -> See:
    """The guide for the viewer's role."""
    roles = request.viewer.roles
    name = next((guide for role, guide in GUIDE_OF.items() if role in roles), "volunteers")
    return See(f"/help/{name}")


def show(request: Request, name: str) -> Screen:
    """A guide."""
    if name not in GUIDES:
        raise NotFound
    return screen(
        "guide/show.html",
        title=text("Guide: %(whom)s", whom=GUIDES[name]),
        words=guide_of(name, request.language),
        guides=GUIDES,
        name=name,
    )


def show_picture(request: Request, name: str) -> Response:
    """A picture of a guide."""
    if name not in pictures():
        raise NotFound
    headers = {"cache-control": f"public, max-age={A_DAY}"}
    return Response(pictures()[name], media_type="image/png", headers=headers)


def show_accessibility(request: Request) -> Screen:
    """How accessible the portal is, what is known to be missing, and whom to tell."""
    return screen("guide/accessibility.html")


pages: list[Page] = [
    get("/help", choose, Permission.PUBLIC),
    get("/help/{name}", show, Permission.PUBLIC),
    get("/help/pictures/{name}", show_picture, Permission.PUBLIC),
    get("/accessibility", show_accessibility, Permission.PUBLIC),
]

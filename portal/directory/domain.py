"""What the directory offers: pages about people across domains."""

from collections.abc import Collection, Iterator

from sqlalchemy import false, select, true

from portal.directory import routes
from portal.directory.skills import SkillForm
from portal.domain import Domain, Panel, Texts
from portal.people.traits import Skill
from portal.permissions import Permission, Role
from portal.web.request import Request
from portal.web.shared import Entry
from portal.words import text


def _home(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    if Role.SUPERVISOR in request.viewer.roles:
        yield Panel(78, "directory/home/_supervised.html", {})


DOMAIN = Domain(
    "directory",
    pages=routes.pages,
    texts=(
        Texts(
            text("Skills"),
            lambda viewer: select(Skill).where(
                Skill.closed_at.is_(None),
                true() if viewer.everywhere(Permission.AGENCY_MANAGE) else false(),
            ),
            SkillForm.translated,
            lambda row: f"/skills/{row.id}/edit",
        ),
    ),
    home=_home,
    navigation=(
        Entry(
            text("People"),
            "/people",
            "people",
            Permission.PEOPLE_MANAGE,
            also=("/letters", "/supervision", "/trials"),
            rank=40,
        ),
    ),
)

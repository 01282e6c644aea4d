"""What the directory offers: pages about people across domains."""

from collections.abc import Collection, Iterator

from sqlalchemy import false, func, select, true

from portal.directory import on_call, routes
from portal.directory.searches import PEOPLE
from portal.directory.skills import SkillForm
from portal.domain import Domain, Panel, Queue, Texts
from portal.people import on_call_reading
from portal.people.on_call_models import OnCallDay
from portal.people.traits import Skill
from portal.permissions import Permission, Role
from portal.programs.scopes import in_viewers_programs
from portal.web.request import Request
from portal.web.shared import Entry
from portal.words import text


def _home(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    yield from on_call.home(request)
    if request.viewer.roles & {Role.SUPERVISOR, Role.ON_CALL_NOW}:
        yield Panel(78, "directory/home/_supervised.html", {})


DOMAIN = Domain(
    "directory",
    searches=(PEOPLE,),
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
    queues=(
        Queue(
            "on-call-asked",
            text("Days on call to cover"),
            "/on-call",
            "clock",
            47,
            lambda viewer, now: on_call_reading.asked_of(viewer.person_id, now.at),
            due=func.min(OnCallDay.starts_at),
        ),
        Queue(
            "on-call-open",
            text("Days with no one on call"),
            "/on-call",
            "clock-history",
            184,
            lambda viewer, now: on_call_reading.open_days(
                in_viewers_programs(OnCallDay.program_id, viewer, Permission.PEOPLE_MANAGE), now.at
            ),
            due=func.min(OnCallDay.starts_at),
            may=Permission.PEOPLE_MANAGE,
        ),
    ),
    navigation=(
        Entry(
            text("People"),
            "/people",
            "people",
            Permission.PEOPLE_MANAGE,
            also=("/letters", "/supervision", "/trials", "/on-call"),
            rank=40,
        ),
    ),
)

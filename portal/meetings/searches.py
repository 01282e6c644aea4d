"""Meetings, as the search over everything finds them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_

from portal import clock
from portal.meetings.models import Meeting
from portal.meetings.scopes import MANAGE, managed_meetings
from portal.people.search import MOST_WORDS
from portal.programs.models import Program
from portal.searching import MOST_HITS, Hit, Search
from portal.web.request import Request
from portal.words import text


def find_meetings(request: Request, query: str) -> Sequence[Hit]:
    """The next meetings of the viewer's programs whose title or program has every word."""
    columns = (Meeting.title, Program.name)
    has_all = and_(
        *(
            or_(*(one.icontains(word, autoescape=True) for one in columns))
            for word in query.split()[:MOST_WORDS]
        )
    )
    rows = request.db.execute(
        managed_meetings(request.viewer)
        .with_only_columns(
            Meeting.id, Meeting.title, Meeting.starts_at, Meeting.ends_at, Meeting.zone,
            Program.name.label("program"),
        )
        .join(Program, Program.id == Meeting.program_id)
        .where(Meeting.ends_at > request.at, Meeting.canceled_at.is_(None), has_all)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_HITS)
    )  # fmt: skip
    return [Hit(row.title, _note(request, row), f"/meetings/{row.id}") for row in rows]


def _note(request: Request, row: Any) -> str:
    when = clock.span_text(row.starts_at, row.ends_at, row.zone, request.language, request.at.year)
    return f"{when} · {row.program}"


MEETINGS_FOUND = Search(text("Meetings and socials"), "people", 35, MANAGE, find_meetings)

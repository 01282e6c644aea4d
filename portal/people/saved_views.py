"""Views of a list that people save: a filter with a name, their own alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.people.models import SavedView
from portal.permissions import Viewer
from portal.web.errors import Refused
from portal.words import text

MOST = 20
LONGEST_QUERY = 1000
LISTS = {
    "people": ("/people", text("People")),
    "schedule": ("/schedule", text("Schedule")),
    "gaps": ("/gaps", text("Unfilled shifts")),
    "applications": ("/applications", text("Applications")),
    "hours": ("/hours", text("Hours")),
    "outreach": ("/outreach", text("Outreach")),
}
"""The lists of which views can be saved, by name: the address and what each is called."""
PASSING = {"schedule": ("week", "draft"), "gaps": ("until",)}
"""Parts of the address of a list that say which days are shown, not what one looks for."""


@dataclass(frozen=True)
class Views:
    """What a list shows of saved views: one's own of it, its name and address, and what it shows now."""

    own: Sequence[SavedView]
    page: str
    path: str
    query: str


def views_of(db: Session, viewer: Viewer, page: str, query: str) -> Views:
    """The saved views for the page of a list that was asked for with a query."""
    return Views(list_views(db, viewer, page), page, LISTS[page][0], lasting(page, query))


def own_views(viewer: Viewer) -> Select[SavedView]:
    """A viewer's saved views, of every list."""
    return select(SavedView).where(SavedView.person_id == viewer.person_id)


def list_views(db: Session, viewer: Viewer, page: str) -> Sequence[SavedView]:
    """Those of one list, by name."""
    of_page = own_views(viewer).where(SavedView.page == page)
    return db.scalars(of_page.order_by(SavedView.name).limit(MOST)).all()


def lasting(page: str, query: str) -> str:
    """A list's query without empty parts, page and days. Nothing for nonsense."""
    try:
        parts = parse_qsl(query, max_num_fields=100)
    except ValueError:
        return ""
    return urlencode(
        [(name, value) for name, value in parts if name not in ("after", *PASSING.get(page, ()))]
    )


def save_view(act: Act, page: str, name: str, query: str) -> SavedView:
    """Save a view of a list under a name; the same name again replaces it. Raises Refused for one too many."""
    query = lasting(page, query)
    if not query:
        raise Refused(text("Filter the list first, or choose columns. Then save the view."))
    if len(query) > LONGEST_QUERY:
        raise Refused(text("This filter is too long to save."))
    mine = list_views(act.db, act.by, page)
    view = next((one for one in mine if one.name == name), None)
    if view is None and len(mine) >= MOST:
        raise Refused(text("You can save up to %(most)s views. Delete one first.", most=MOST))
    if view is None:
        assert act.by.person_id
        view = SavedView(person_id=act.by.person_id, page=page, name=name)
        act.db.add(view)
    view.query, view.saved_at = query, act.at
    record(act, "view.saved", view)
    return view


def delete_view(act: Act, view: SavedView) -> None:
    """Delete a saved view."""
    record(act, "view.deleted", view)
    act.db.delete(view)

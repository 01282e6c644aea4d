"""Views of a list that people save: a filter with a name, their own alone."""

from collections.abc import Collection, Sequence
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


def own_views(viewer: Viewer, page: str) -> Select[SavedView]:
    """A viewer's saved views of a list."""
    return select(SavedView).where(SavedView.person_id == viewer.person_id, SavedView.page == page)


def list_views(db: Session, viewer: Viewer, page: str) -> Sequence[SavedView]:
    """The same, by name."""
    return db.scalars(own_views(viewer, page).order_by(SavedView.name).limit(MOST)).all()


def known_query(query: str, names: Collection[str]) -> str:
    """A query with only the parts that a list knows, without empty ones. Raises ValueError for nonsense."""
    parts = parse_qsl(query, max_num_fields=100)
    return urlencode([(name, value) for name, value in parts if name in names])


def save_view(act: Act, page: str, name: str, query: str) -> SavedView:
    """Save a view under a name; the same name again replaces it. Raises Refused for one too many."""
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

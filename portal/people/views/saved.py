"""Saved views: filters of lists under a name, one's own alone."""

from typing import Any

import wtforms

from portal.people import saved_views
from portal.people.models import SavedView
from portal.people.saved_views import LISTS
from portal.web.answers import Screen, See, screen
from portal.web.choices import choice_field
from portal.web.errors import NotFound
from portal.web.fields import text_field
from portal.web.forms import Form, form_of
from portal.web.request import Request
from portal.words import text


class ViewForm(Form):
    """A name for what a list shows now; `query` is that."""

    page = choice_field(text("List"), {name: words for name, (_, words) in LISTS.items()})
    name = text_field(text("Name of the view"), most=60, required=True)
    query = wtforms.HiddenField()


def index(request: Request, form: Any = None) -> Screen:
    """All of one's saved views, by list; and the one that had no name yet."""
    own = request.db.scalars(
        saved_views.own_views(request.viewer)
        .order_by(SavedView.page, SavedView.name)
        .limit(saved_views.MOST * len(LISTS))
    ).all()
    return screen(
        "people/saved_views.html",
        views=[one for one in own if one.page in LISTS],
        lists=LISTS,
        form=form,
        saving=form_of(form, ViewForm),
    )


def save(request: Request, form: ViewForm) -> See:
    """Keep what a list shows under a name."""
    view = saved_views.save_view(request.act, form.page.data, form.name.data, form.query.data or "")
    return See(f"{LISTS[view.page][0]}?{view.query}", text("The view was saved."))


def delete(request: Request, form: Any, view_id: int) -> See:
    """Delete a view of one's own."""
    mine = saved_views.own_views(request.viewer).where(SavedView.id == view_id)
    view = request.db.scalars(mine).one_or_none()
    if view is None:
        raise NotFound
    path = LISTS[view.page][0]
    saved_views.delete_view(request.act, view)
    return See(path, text("The view was deleted."))

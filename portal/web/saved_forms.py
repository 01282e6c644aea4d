"""Forms that the end of a session caught: shown again after signing in, never sent by themselves."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.routing import Match

from portal.web.arguments import accepted
from portal.web.errors import NotFound, Refused
from portal.web.models import KeptForm
from portal.web.page import Post
from portal.web.request import Request
from portal.words import text

KEPT_FOR = timedelta(hours=1)
NOT_SENT = text(
    "You were signed out before this was sent. Here is what you typed. Check it, "
    "then press the button again."
)


def has_kept_form(db: Session, person_id: int, at: datetime) -> bool:
    """Whether something this person typed is waiting; forgets everyone's that waited too long."""
    db.execute(delete(KeptForm).where(KeptForm.at < at - KEPT_FOR))
    return db.scalar(select(KeptForm.person_id).where(KeptForm.person_id == person_id)) is not None


def show_kept_form(request: Request, form: Any = None) -> Any:
    """The page of the form, with everything typed in it and nothing sent."""
    person_id = request.viewer.person_id
    kept = request.db.get(KeptForm, person_id)
    if kept is None or kept.at < request.at - KEPT_FOR:
        raise NotFound
    request.trail(lambda db: _forget(db, person_id))
    path, _, query = kept.path.partition("?")
    page, ids = _form_at(request, path)
    request.as_if_asked(query)
    if not request.viewer.may(page.may):
        raise NotFound
    shape = page.shape(request, page.form, **ids)
    bound = shape(FormData(json.loads(kept.data)))
    bound.refuse(Refused(NOT_SENT))
    return page.again.view(request, **accepted(page.again.view, ids | {"form": bound}))


def _forget(db: Session, person_id: int | None) -> None:
    db.execute(delete(KeptForm).where(KeptForm.person_id == person_id))


def _form_at(request: Request, path: str) -> tuple[Post, dict[str, Any]]:
    scope = {"type": "http", "method": "POST", "path": path}
    for routes in request.app.routes:
        match, found = routes.matches(scope)
        if match is Match.FULL and isinstance(found["endpoint"], Post):
            return found["endpoint"], found["path_params"]
    raise NotFound

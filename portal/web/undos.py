"""What staff do can be undone for a while; `portal.undo` keeps what that takes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from portal.permissions import Permission
from portal.web.answers import See
from portal.web.request import Request
from portal.web.shared import Undos


def with_undo(request: Request, may: Permission, verb: Callable[[Request, Session], Any]) -> Any:
    """What a verb answers; what staff changed by it can be undone for a while."""
    undos: Undos | None = request.portal.gives.get(Undos)
    for_all = may in (Permission.PUBLIC, Permission.SIGNED_IN)
    if undos is None or for_all or not request.viewer.may(may):
        return verb(request, request.db)
    undos.begin(request.db)
    result = verb(request, request.db)
    flash = result.flash if isinstance(result, See) else None
    undo_id = undos.keep(request, request.said(flash) if flash else "")
    return replace(result, undo_id=undo_id) if isinstance(result, See) else result

"""What one can undo, and undoing it."""

from portal.images import Undoable
from portal.undo import undoing
from portal.undo.forms import UndoForm
from portal.undo.keeping import can_undo, undoable
from portal.web.addresses import own_path
from portal.web.answers import Screen, See, screen
from portal.web.forms import Form
from portal.web.request import Request
from portal.words import text


def list_undos(request: Request, form: Form | None = None) -> Screen:
    """What the viewer did in the last ten minutes and can still undo."""
    found = can_undo(request.db, undoable(request.viewer.person_id, request.at))
    back = own_path(form.next.data or "", "") if isinstance(form, UndoForm) else ""
    return screen("undo/list.html", found=found, form=form, back=back)


def undo(request: Request, form: UndoForm, undo_id: int) -> See:
    """Undo what the viewer did, and go back to where they were."""
    said = undoing.take_back(request.act, undo_id, _undoables(request))
    back = own_path(form.next.data or "", "/undo")
    if not said:
        return See(back, text("Undone. No one was told about it."))
    return See(back, text("Undone. No one was told about it: %(what)s", what=said))


def _undoables(request: Request) -> dict[str, Undoable]:
    return {one.name: one for domain in request.portal.domains for one in domain.undoables}

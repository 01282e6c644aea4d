"""What was typed into a form that the end of a session caught is kept for its person (SECURITY S4)."""

import json

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from wtforms.fields import PasswordField

from portal.web import csrf
from portal.web.forms import Form
from portal.web.models import KeptForm
from portal.web.request import Request

MOST_LETTERS = 64 * 1024


def save_form(request: Request, form: Form, person_id: int) -> None:
    """Keep what was sent, to be shown again after signing in; nothing of a form with a password, or of one that
    says so."""
    if not form.kept or any(isinstance(item, PasswordField) for item in form):
        return
    fields = [
        (name, value)
        for name, value in request.form_data.multi_items()
        if isinstance(value, str) and name != csrf.FIELD
    ]
    kept = json.dumps(fields)
    if not fields or len(kept) > MOST_LETTERS:
        return
    row = {"person_id": person_id, "path": request.kept_path, "data": kept, "at": request.at}

    def save(db: Session) -> None:
        db.execute(delete(KeptForm).filter_by(person_id=person_id))
        db.execute(insert(KeptForm).values(**row))

    request.trail(save)

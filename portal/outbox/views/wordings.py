"""Wordings: how an agency words each kind of message."""

from sqlalchemy import select

from portal.audit.log import record
from portal.messages.compose import words_of
from portal.messages.kinds import Envelope, Notice, Recipient, Saying
from portal.messages.models import Wording
from portal.outbox.forms import (
    WordingForm,
)
from portal.outbox.notices import NOTICES
from portal.web.errors import NotFound, Refused
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import LANGUAGES, text


def list_wordings(request: Request) -> Screen:
    """Every kind of message in every language: our words, the agency's, or missing."""
    own = {(row.kind, row.language) for row in request.db.scalars(select(Wording))}
    kinds = [notice for notice in NOTICES.values() if notice.kind.name != "letter"]
    missing = [
        (notice, language)
        for notice in kinds
        for language in LANGUAGES
        if (notice.kind.name, language) not in own
        and any((notice.kind.name, other) in own for other in LANGUAGES)
    ]
    return screen(
        "outbox/wordings.html", kinds=kinds, own=own, missing=missing, languages=LANGUAGES
    )


def edit_wording(
    request: Request, kind: str, language: str, form: WordingForm | None = None
) -> Screen:
    """Word a kind of message, and see it with an example filled in."""
    notice, row = _wording(request, kind, language)
    form = form or WordingForm(obj=row)
    example = {name: f"[{name}]" for name in notice.names}
    reader = Recipient(None, request.viewer.name.split()[0], "", language)
    ours = words_of(
        notice, Saying(example), reader, Envelope(0, kind, None, 0), None, request.settings
    )
    typed = (form.subject.data, form.body.data) if form.subject.data and form.body.data else None
    return screen(
        "outbox/wording.html",
        form=form,
        notice=notice,
        kind=kind,
        language=language,
        language_name=LANGUAGES[language],
        ours=ours,
        preview=words_of(
            notice, Saying(example), reader, Envelope(0, kind, None, 0), typed, request.settings
        ),
        names=sorted({"name", "agency", "phone", *notice.names}),
    )


def _wording(request: Request, kind: str, language: str) -> tuple[Notice, Wording | None]:
    notice = NOTICES.get(kind)
    if notice is None or kind == "letter" or language not in LANGUAGES:
        raise NotFound
    row = request.db.scalar(
        select(Wording).where(Wording.kind == kind, Wording.language == language)
    )
    return notice, row


def update_wording(request: Request, form: WordingForm, kind: str, language: str) -> See | Screen:
    """Save a wording, or only look at it; two empty fields go back to our words."""
    notice, row = _wording(request, kind, language)
    if wrong := form.unknown(notice):
        raise Refused(fields=wrong)
    if request.form_data.get("look"):
        return edit_wording(request, kind, language, form)
    if bool(form.subject.data) != bool(form.body.data):
        raise Refused(text("Please write both the subject and the message, or neither."))
    if not form.subject.data:
        if row:
            request.db.delete(row)
    elif row:
        row.subject, row.body = form.subject.data, form.body.data
    else:
        request.db.add(
            Wording(kind=kind, language=language, subject=form.subject.data, body=form.body.data)
        )
    record(
        request.db, request.viewer, "wording.edited", ("wording", row.id if row else None),
        at=request.at, detail=f"{kind} {language}",
    )  # fmt: skip
    return See("/wordings", text("Saved."))

"""Wordings: how an agency words each kind of message."""

from sqlalchemy import select

from portal.languages import LANGUAGES
from portal.messages.compose import words_of
from portal.messages.kinds import Envelope, Notice, Recipient, Saying
from portal.messages.models import Wording
from portal.outbox import wordings
from portal.outbox.forms import WordingForm
from portal.outbox.notices import notices_of
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.request import Request
from portal.words import text


def list_wordings(request: Request) -> Screen:
    """Every kind of message in every language: our words, the agency's, or missing."""
    own = {(row.kind, row.language) for row in request.db.scalars(select(Wording))}
    kinds = [
        notice
        for notice in notices_of(request.portal.domains).values()
        if notice.kind.name != "letter"
    ]
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
    notice = _notice(request, kind, language)
    values = wordings.wording_values(wordings.wording_of(request.db, kind, language))
    form = form or WordingForm(data=values)
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


def _notice(request: Request, kind: str, language: str) -> Notice:
    notice = notices_of(request.portal.domains).get(kind)
    if notice is None or kind == "letter" or language not in LANGUAGES:
        raise NotFound
    return notice


def update_wording(request: Request, form: WordingForm, kind: str, language: str) -> See | Screen:
    """Save a wording, or only look at it."""
    if wrong := form.unknown(_notice(request, kind, language)):
        raise Refused(fields=wrong)
    if request.form_data.get("look"):
        return edit_wording(request, kind, language, form)
    wordings.save_wording(
        request.act, kind, language, form.subject.data, form.body.data, form.version.data
    )
    return See("/wordings", text("The email wording was saved."))

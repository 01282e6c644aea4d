"""Files with which applicants answer a question, added while they fill in an application."""

from typing import Any

from portal.people.views.strangers import Guard
from portal.recruitment import drafts, links, question_files, questions
from portal.recruitment.public_forms import DraftForm
from portal.recruitment.views.applying import draft_of, draft_with_questions
from portal.requirements import evidence
from portal.web.answers import See
from portal.web.errors import Refused
from portal.web.forms import Form
from portal.web.request import Request
from portal.web.uploads import uploads
from portal.words import text

FILES = Guard("apply-file", per_address=12, per_network=12, in_all=100, least_seconds=0)
"""For files: reading one takes a turn of the machine."""


def file_with_questions(
    request: Request, form: type[Form], token: str, asked_id: int
) -> type[Form]:
    """The same where a file comes with it."""
    return draft_with_questions(request, form, token)


def read_file(request: Request, form: DraftForm, token: str, asked_id: int) -> evidence.File:
    """Keep what was typed, and read the file that was chosen, before it is written. Whose draft it is was asked
    for its shape. Raises Refused beside its question."""
    FILES.spend(request, None)
    with request.portal.database.writing() as db:
        drafts.save_draft(db, links.draft_of(db, token, request.at), _typed(form), request.at)
    name = questions.name_of(asked_id)
    sent = uploads(request, name, question_files.LARGEST)
    try:
        return evidence.read(sent[:1])
    except Refused as refused:
        raise Refused(fields={name: next(iter(refused.fields.values()))}) from None


def _typed(form: DraftForm) -> dict[str, Any]:
    return {name: one for name, one in form.values.items() if name != "quiet"}


def add_file(request: Request, form: DraftForm, token: str, asked_id: int) -> See:
    """Answer a question with a file; what was typed so far is saved, too."""
    draft = draft_of(request, token)
    question_files.add_file(request.db, draft, asked_id, request.prepared, request.at)
    return See(f"/applying/{token}", text("The file was added. Not sent yet."))

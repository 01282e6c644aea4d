"""How letters are worded, by the agency or a program."""

from sqlalchemy import select

from portal.languages import LANGUAGES
from portal.lifecycle import letter_words
from portal.lifecycle.forms import LetterWordingForm
from portal.lifecycle.letter_words import KIND_WORDS
from portal.lifecycle.models import LetterKind, LetterWording
from portal.lifecycle.views.writing import facts_of
from portal.permissions import Permission
from portal.programs.scopes import in_viewers_programs
from portal.programs.views.choices import program_options
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import text

PEOPLE = Permission.PEOPLE_MANAGE


def list_wordings(request: Request) -> Screen:
    """How each kind of letter is worded: by us, by the agency, by a program."""
    mine = in_viewers_programs(LetterWording.program_id, request.viewer, PEOPLE)
    own = {
        (row.program_id, row.kind, row.language)
        for row in request.db.scalars(select(LetterWording).where(mine).limit(1000))
    }
    return screen("lifecycle/wordings.html", own=own, languages=LANGUAGES, **facts_of(request))


def _wording(request: Request) -> tuple[LetterKind, int | None, str]:
    """Which wording the address names; NotFound for a program or language that is not there."""
    kind, language = request.asked("kind"), request.asked("language")
    number = request.asked_id("program")
    if kind not in set(LetterKind) or language not in LANGUAGES:
        raise NotFound
    if not request.viewer.may_in(PEOPLE, number):
        raise NotFound
    return LetterKind(kind), number, language


def edit_wording(request: Request, form: LetterWordingForm | None = None) -> Screen:
    """Word a kind of letter."""
    kind, number, language = _wording(request)
    row = letter_words.own_wording(request.db, kind, number, language)
    return screen(
        "lifecycle/wording.html",
        form=form or LetterWordingForm(data=letter_words.wording_values(row)),
        kind=kind,
        program=dict(program_options(request, Permission.PEOPLE_MANAGE)).get(number or 0),
        language_name=LANGUAGES[language],
        now=letter_words.wording(request.db, kind, number, language),
        address=request.url.query,
        kinds=KIND_WORDS,
    )


def save_wording(request: Request, form: LetterWordingForm) -> See:
    """Save a wording."""
    letter_words.save_wording(
        request.act, *_wording(request), form.body.data or "", form.version.data
    )
    return See("/people/letters/wordings", text("The wording was saved."))

"""What every page of a match that goes on shows: visits and calls, what is to be done, and messages."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.cases import letters, reading, scopes, story
from portal.cases.contact_forms import (
    KIND_WORDS,
    MEDIUM_WORDS,
    TOPIC_WORDS,
    ContactForm,
    LetterForm,
)
from portal.cases.contact_models import Contact, ContactMatch, FollowUp
from portal.cases.models import KNOWN, HelpRequest, Match
from portal.programs.scopes import one
from portal.web.answers import Screen, screen
from portal.web.forms import form_of
from portal.web.request import Request, today_of

MOST = 100


def note_read(request: Request, match: Match) -> None:
    """Note that a viewer opens a case through a match, and has read its messages."""
    reading.note_opened(request, match.case)
    match_id, me = match.id, request.viewer.person_id
    assert me
    request.trail(lambda db: letters.note_read(db, match_id, me))


def inside(request: Request, match: Match, form: Any) -> dict[str, Any]:
    """What happened inside a match, as its page shows it to whoever follows it."""
    db = request.db
    return {
        "contacts": story.contacts_of(db, request.viewer, match),
        "follow_ups": story.follow_ups_of(db, match.id),
        "letters": story.letters_of(db, match.id),
        "writing": form_of(form, LetterForm),
        "contact_kinds": KIND_WORDS,
        "media": MEDIUM_WORDS,
        "topics": TOPIC_WORDS,
        "today": today_of(request),
    }


def contact_screen(request: Request, match: Match, form: Any, back: str) -> Screen:
    """The page on which a visit or call is entered."""
    reading.note_seen(request, match.case_id, match.program_id)
    draft = story.draft_of(request.db, match.id, request.viewer.person_id)
    others = request.db.scalars(
        select(Match)
        .options(joinedload(Match.request).joinedload(HelpRequest.function))
        .where(
            Match.person_id == match.person_id,
            Match.program_id == match.program_id,
            Match.state.in_(KNOWN),
            Match.id != match.id,
            scopes.without_conflict(Match.case_id, request.viewer),
        )
        .order_by(Match.id)
        .limit(MOST)
    ).all()
    return screen(
        "cases/contact.html",
        match=match,
        back=back,
        own=match.person_id == request.viewer.person_id,
        drafted=bool(draft) and form is None,
        also=others,
        form=form or ContactForm(data={"day": today_of(request), **draft}),
    )


def contact_of(request: Request, match: Match, contact_id: int) -> Contact:
    """A visit or call of a match."""
    found = (
        select(Contact)
        .join(ContactMatch, ContactMatch.contact_id == Contact.id)
        .where(ContactMatch.match_id == match.id)
    )
    return one(request.db, found, Contact.id == contact_id)


def follow_up_of(request: Request, match: Match, follow_up_id: int) -> FollowUp:
    """Something to do of a match."""
    found = select(FollowUp).where(FollowUp.match_id == match.id)
    return one(request.db, found, FollowUp.id == follow_up_id)

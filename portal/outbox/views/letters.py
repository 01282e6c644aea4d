"""Letters: writing to a list of people."""

from collections.abc import Mapping, Sequence

from portal.domain import Audience, Domain
from portal.outbox import letters
from portal.outbox.forms import LetterForm
from portal.outbox.letters import Readers
from portal.people.finding import finding, wish_of
from portal.people.skills import vocabulary
from portal.people_lists import people_conditions, people_filters
from portal.programs.models import Position
from portal.programs.scopes import managed_positions, one
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview
from portal.web.request import Request
from portal.words import count_text


def audiences(domains: Sequence[Domain]) -> Mapping[str, Audience]:
    """Every domain's audiences, by what an address calls them."""
    return {name: one for domain in domains for name, one in domain.audiences.items()}


def _readers(request: Request) -> Readers:
    """Which list the address names."""
    wish = wish_of(request)
    for name, audience in audiences(request.portal.domains).items():
        if number := request.asked_id(name):
            about = audience.of(request, number)
            return Readers(
                name,
                about.id,
                audience.people(about.id),
                about.starts_at,
                about.program_id,
                wish=wish,
            )
    if position_id := request.asked_id("position"):
        position = one(request.db, managed_positions(request.viewer), Position.id == position_id)
        return Readers(program_id=position.program_id, position_id=position.id, wish=wish)
    more = people_conditions(request)
    return Readers(query=request.asked("q"), which=request.asked("which"), wish=wish, more=more)


def new_letter(request: Request, form: LetterForm | None = None) -> Screen:
    """Write to a list of people: who gets it, by mail or by a call, and who is left out."""
    which = _readers(request)
    found = letters.readers_of(request.db, request.viewer, which)
    form = form or LetterForm()
    preview = form.refusal if isinstance(form.refusal, Preview) else None
    form.seen.data = preview.seen if preview else ""
    lists = audiences(request.portal.domains)
    more = [name for one in people_filters(request) for name in one.names]
    everyone = {reader.id for reader in found}
    return screen(
        "outbox/letter.html",
        form=form,
        to=preview.changes[2:] if preview else None,
        found=found[: letters.MOST_CHECKED],
        number=len(found),
        left_out=sum(reader.how == "off" for reader in found),
        selected=everyone & set(form.people.data) or everyone,
        action=f"/letters?{request.url.query}",
        finding=finding(request, vocabulary(request.db)),
        asked={name: request.asked(name) for name in (*lists, "position", "q", "which", *more)},
    )


def send_letter(request: Request, form: LetterForm) -> See:
    """Send it to those who are checked."""
    which = _readers(request)
    number = letters.send_letter(
        request.act,
        which,
        form.subject.data,
        form.body.data,
        None if form.everyone.data else form.people.data,
        form.seen.data or "",
    )
    back = "/people"
    if which.about_id:
        back = audiences(request.portal.domains)[which.audience].back(which.about_id)
    return See(
        back, count_text("Message sent to %(n)s person.", "Message sent to %(n)s people.", number)
    )

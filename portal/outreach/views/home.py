"""What outreach shows on Home: what one is asked to speak about, and the next talk one gives."""

from collections.abc import Collection, Iterator

from portal.domain import Panel
from portal.occasions.away import away
from portal.outreach.events import KIND_WORDS
from portal.outreach.mine import own_talks
from portal.outreach.talk_models import OfferState, Presentation
from portal.web.request import Request


def panels(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    """The talks one is asked to give, and the next one gives. Reads nothing for those who have none."""
    if not {"speak", "mytalks"} & set(queues):
        return
    ahead = Presentation.starts_at > request.at
    found = own_talks(request.db, request.viewer, ahead, soonest=True)
    for row in found:
        if row.state == OfferState.ASKED and row.answer_by and row.answer_by > request.at:
            yield Panel(40, "outreach/home/_asked.html", {"row": row, "kinds": KIND_WORDS})
    given = next((row for row in found if row.state == OfferState.ACCEPTED), None)
    if given:
        zone = request.settings.timezone
        when = away(given.starts_at, given.zone, request.at, zone)
        facts = {"row": given, "kinds": KIND_WORDS, "away": when}
        yield Panel(50, "outreach/home/_next.html", facts, given.starts_at)

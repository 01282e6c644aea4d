"""What a page says of a message, and to whom."""

from typing import Any

from portal.messages.compose import words_of
from portal.messages.envelopes import wording_of
from portal.messages.kinds import Envelope, Notice, Recipient, Saying
from portal.people.notify import Recipients
from portal.web.request import Request

READERS = Recipients()


def words(
    request: Request, notice: Notice, saying: Saying, reader: Recipient, envelope: Envelope
) -> dict[str, Any]:
    """A message in words, the agency's or ours, for a page."""
    wording = wording_of(request.db, envelope.kind, reader.language)
    return words_of(notice, saying, reader, envelope, wording, request.settings)

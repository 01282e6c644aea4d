"""The call list: writing down how a call went."""

from datetime import timedelta

from portal.act import Act
from portal.audit.log import record
from portal.domain import Answerable
from portal.messages.models import Message, State

OUTCOMES = {"reached": "reached", "word": "left word", "none": "no answer"}
"""How a call can go, and what a message keeps of it."""


def note_call(
    act: Act, message: Message, outcome: str, about: Answerable | None, longest: timedelta
) -> None:
    """Write down how a call went. Reached, it is done, and an offer's time to answer begins."""
    message.tries += 1
    message.why, message.next_at = OUTCOMES[outcome], act.at
    if outcome == "reached":
        message.state, message.sent_at = State.SENT, act.at
        if about and about.reached:
            about.reached(act.db, message.subject_id, longest, act.at)
    record(act, f"call.{outcome}", message)

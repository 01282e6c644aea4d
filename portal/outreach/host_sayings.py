"""What hosts read about their talk."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import (
    Envelope,
    Saying,
)
from portal.occasions.telling import (
    WHAT,
    WHEN,
    WHERE,
    WHY,
    before,
    previously,
)
from portal.outreach import events
from portal.outreach.events import (
    proposed_name,
)
from portal.outreach.models import (
    CounterKind,
    CounterOffer,
    CounterState,
    RequestDate,
    TalkRequest,
)
from portal.outreach.sayings import (
    NUMBER,
    WHO,
    invitation_of,
    request_values,
    talk_row,
    talk_values,
    to_requester,
)
from portal.outreach.talk_models import (
    TalkState,
)
from portal.settings import Settings
from portal.words import CATALOGS, text


def countered(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(TalkRequest, to.subject_id)
    offer = db.scalar(
        select(CounterOffer).where(
            CounterOffer.request_id == to.subject_id, CounterOffer.state == CounterState.OPEN
        )
    )
    if row is None or offer is None:
        return None
    dates = db.scalars(
        select(RequestDate.starts_at)
        .where(RequestDate.counter_id == offer.id)
        .order_by(RequestDate.starts_at)
    )
    lines = tuple(clock.moment_text(one, row.zone, to.language, at.year) for one in dates)
    say = CATALOGS[to.language].say
    what = {
        CounterKind.DATE: text("Another date"),
        CounterKind.SPEAKER: text("Another speaker"),
        CounterKind.LITERATURE: text("Brochures instead"),
    }[CounterKind(offer.kind)]
    said = ": ".join(filter(None, (say(what), proposed_name(db, offer.speaker_id))))
    values = request_values(row, to) | {"words": offer.words, "what": said}
    facts = ((NUMBER, row.reference), (text("We propose"), values["what"]))
    return to_requester(row, settings, values=values, facts=facts, lines=lines)


def host_talk(
    method: str, state: TalkState, db: Session, to: Envelope, settings: Settings, at: datetime
) -> Saying | None:
    """To the host, about a talk: on, changed or canceled, with an invitation of this `method` if there is one.
    Of the speaker only what they agree to."""
    row = talk_row(db, int(to.told.get("talk", 0)))
    request = db.get(TalkRequest, to.subject_id)
    if row is None or request is None or row.talk_state != state or row.ends_at <= at:
        return None
    values = request_values(request, to) | talk_values(db, row, to, at)
    values["who"] = events.speaker_names(db, [row.talk_id])[row.talk_id]
    values["reason"] = to.told.get("why") or row.canceled_reason
    if was := before(row, to, at):
        values["before"] = was
    facts = (
        (NUMBER, request.reference),
        (WHAT, values["what"]),
        (WHEN, values["when"]),
        previously(values),
        (WHERE, values["where"]),
        (WHO, values["who"] if method == "REQUEST" else ""),
        (WHY, values["reason"]),
    )
    invite = invitation_of(row, to, settings, method, "") if method else None
    return to_requester(request, settings, values=values, facts=facts, invite=invite)

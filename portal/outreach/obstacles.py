"""What is in the way of asking someone to take part in a presentation, and of their yes: every reason at once.

Each function gives reasons and refuses nothing; the verbs of `speaking` collect them and refuse once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.commitments.commitments import clashes
from portal.outreach.booking import LEAST_NOTICE, accepted, when_of
from portal.outreach.clashing import ENGAGED, Clash, clash_of, closures_on, why_not
from portal.outreach.eligibility import ineligible_reason
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.talk_models import CURRENT_TALKS, Presentation, SpeakerOffer, Speaks
from portal.people.models import Person
from portal.words import Words, text

TOO_CLOSE = text("The presentation is too close to ask by email. Call them.")


def of_the_talk(db: Session, talk: Presentation, at: datetime) -> Iterator[Words]:
    """It was canceled, or has begun."""
    if talk.state not in CURRENT_TALKS:
        yield text("This presentation was canceled.")
    if db.get(TalkOutcome, talk.id) or talk.starts_at <= at:
        yield text("This presentation already began.")


def of_the_notice(talk: Presentation, at: datetime) -> Iterator[Words]:
    """There is no time left to answer."""
    if talk.starts_at - LEAST_NOTICE <= at:
        yield TOO_CLOSE


def of_the_person(
    db: Session, talk: Presentation, person: Person, role: str, offers: Sequence[SpeakerOffer]
) -> Iterator[Words]:
    """They are asked already, someone else speaks, or they may not take part on that day."""
    if any(one.person_id == person.id for one in offers):
        yield text("%(name)s was already asked.", name=person.name)
    if role == Speaks.SPEAKER and any(one.role == Speaks.SPEAKER for one in accepted(offers)):
        yield text("This presentation has a speaker. Remove them first.")
    if problem := ineligible_reason(db, talk, person, role):
        yield problem


def of_the_time(
    db: Session,
    talk: Presentation,
    person: Person,
    clash_reason: str,
    offer: SpeakerOffer | None = None,
) -> tuple[set[Clash], list[Words], dict[str, Words]]:
    """What else they have at that time: all of it, the reasons for the whole form, and those beside a field.

    A presentation they are confirmed for is in the way for good; being busy or away, or that we are closed,
    only until someone writes why it is all right.
    """
    found = clash_of(db, person.id, when_of(talk), offer)
    busy, away = ([person.name] if one in found else [] for one in (Clash.BUSY, Clash.AWAY))
    covered = offer is not None and offer.clash_reason
    closed = [] if covered else closures_on(db, when_of(talk), talk.site_id, talk.program_id)
    words = why_not(busy, away, closed)
    speaks = text("%(name)s has another presentation at that time.", name=person.name)
    return (
        found,
        [speaks] if Clash.TALK in found else [],
        {"clash_reason": words} if words and not clash_reason else {},
    )


def of_a_yes(
    db: Session, talk: Presentation, offer: SpeakerOffer, offers: Sequence[SpeakerOffer]
) -> Iterator[Words]:
    """Someone else speaks by now, they may not on that day, or are confirmed for something else then. What is
    only held for them is not in the way."""
    if offer.role == Speaks.SPEAKER and any(one.role == Speaks.SPEAKER for one in accepted(offers)):
        yield text("Someone else is giving this presentation now. Thank you!")
    if problem := ineligible_reason(db, talk, offer.person, offer.role):
        yield problem
    found = [
        row
        for row in clashes(db, offer.person_id, talk.starts_at, talk.ends_at)
        if (row.kind, row.source_id) != (ENGAGED, offer.id) and row.held_until is None
    ]
    if any(row.kind == ENGAGED for row in found) or (found and not offer.clash_busy):
        yield text("You now have something else at that time. Call us.")

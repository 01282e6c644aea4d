"""What people are told about matches: that there is something to see. Nothing of a case leaves the portal."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.cases.models import KNOWN, Match, MatchEnd, MatchState
from portal.cases.scopes import followed_matches, own_matches
from portal.messages.kinds import Envelope, Kind, Notice, Saying, Topic, Urgency
from portal.people.sessions import viewer_of
from portal.settings import Settings
from portal.words import Words, text

PROPOSED = Kind("match.proposed", Urgency.SOON, calls=True)
ACCEPTED = Kind("match.accepted", Urgency.SOON, calls=True)
DECLINED = Kind("match.declined", Urgency.SOON)
AGREED = Kind("match.agreed", Urgency.SOON, calls=True)
NOT_NEEDED = Kind("match.not_needed", Urgency.SOON, calls=True)
MOVED = Kind("match.moved", Urgency.SOON, calls=True)
EMERGENCY = Kind("emergency_access.opened", Urgency.NOW, calls=True)
LETTER = Kind("match.letter", Urgency.SOON, calls=True)
DIGEST = Kind("match.digest", Urgency.CAN_WAIT, Topic.DIGEST)
ENDED = Kind("match.ended", Urgency.SOON, calls=True)

YES = ("yes", text("Yes, I'll help"))
NO = ("no", text("No, not this time"))


def _say(
    link: tuple[Words, str],
    states: Collection[MatchState],
    ends: Collection[MatchEnd],
    db: Session,
    to: Envelope,
    settings: Settings,
    at: datetime,
    **more: Any,
) -> Saying | None:
    """Something to see, while a match is in one of some states, or ended in one of some ways."""
    row = db.execute(select(Match.state, Match.end).where(Match.id == to.subject_id)).one_or_none()
    if row is None or not (row.state in states or row.end in ends):
        return None
    return Saying(link=link, **more)


def _letter(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """A message to read, for the volunteer or for whoever follows the match, while it goes on."""
    viewer = replace(viewer_of(db, to.person_id, at), today=clock.local_day(at, settings.timezone))
    here, known = Match.id == to.subject_id, Match.state.in_(KNOWN)
    own = db.scalars(own_matches(viewer).where(here, known)).first() is not None
    if not own and db.scalars(followed_matches(viewer).where(here, known)).first() is None:
        return None
    path = f"/me/matches/{to.subject_id}" if own else f"/matches/{to.subject_id}"
    return Saying(link=(text("Read it"), path))


_OWN = (text("See what it's about"), "/me/matches")
_REQUESTS = (text("See requests"), "/help-requests")
_OPEN = frozenset(MatchState) - {MatchState.ENDED, MatchState.PROPOSED}
_NOTICES = (
    Notice(
        PROPOSED,
        text("Could you help a client? (volunteers)"),
        text("Could you help someone?"),
        text(
            "Hello {name},\n\nSomeone could use your help. Sign in to see what it's about, and say yes or no. "
            "You can always say no."
        ),
        partial(_say, _OWN, (MatchState.PROPOSED,), (), answers=(YES, NO)),
    ),
    Notice(
        MOVED,
        text("A new date: can you still help? (volunteers)"),
        text("The date changed: can you still help?"),
        text(
            "Hello {name},\n\nThe date of your help changed. Sign in to see the new one, and say yes or no."
        ),
        partial(_say, _OWN, (MatchState.PROPOSED,), (), answers=(YES, NO)),
    ),
    Notice(
        ACCEPTED,
        text("A volunteer said yes (caseworkers)"),
        text("A volunteer said yes: tell the client"),
        text(
            "Hello {name},\n\nA volunteer said yes to one of your requests. Tell the client. Enter what the "
            "client says if they don't know each other yet."
        ),
        partial(_say, _REQUESTS, (MatchState.ACCEPTED, *KNOWN), ()),
    ),
    Notice(
        DECLINED,
        text("A volunteer can't help (coordinators)"),
        text("A volunteer can't help this time"),
        text("Hello {name},\n\nA volunteer said no to a request. It looks for someone again."),
        partial(_say, _REQUESTS, (), (MatchEnd.DECLINED, MatchEnd.VOLUNTEER)),
    ),
    Notice(
        AGREED,
        text("The client said yes (volunteers)"),
        text("Your caseworker will call you"),
        text(
            "Hello {name},\n\nThank you for saying yes. The caseworker will call you and tell you what you "
            "need to know."
        ),
        partial(_say, _OWN, _OPEN, ()),
    ),
    Notice(
        NOT_NEEDED,
        text("Not needed this time (volunteers)"),
        text("Not needed this time, thank you"),
        text(
            "Hello {name},\n\nThank you for saying yes. Your help isn't needed this time. We'll gladly ask you "
            "again."
        ),
        partial(_say, _OWN, (), (MatchEnd.NOT_NEEDED, MatchEnd.WITHDRAWN)),
    ),
    Notice(
        EMERGENCY,
        text("Emergency access (privacy officers)"),
        text("A case was opened in an emergency"),
        text(
            "Hello {name},\n\nSomeone without a right to a case opened it in an emergency. Privacy officers "
            "review it. Caseworkers see on the page of the case who did."
        ),
        lambda db, to, settings, at: Saying(link=(text("Sign in"), "/me")),
    ),
    Notice(
        LETTER,
        text("A message about helping someone (volunteers, caseworkers)"),
        text("You have a message"),
        text("Hello {name},\n\nYou have a message about your help. Sign in to read it."),
        _letter,
    ),
    Notice(
        ENDED,
        text("Helping a client ended (volunteers)"),
        text("Thank you for your help"),
        text(
            "Hello {name},\n\nThe help you gave has come to an end. Thank you. Questions? Call {phone}."
        ),
        partial(_say, _OWN, (), (MatchEnd.DONE, MatchEnd.OTHER)),
    ),
)
NOTICES = {notice.kind.name: notice for notice in _NOTICES}

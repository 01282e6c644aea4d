"""What people are told about swaps, for as long as it is so."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal.messages.kinds import Envelope, Notice, Saying
from portal.occasions.telling import NAMES, when
from portal.people.models import Person
from portal.people.people import short_name
from portal.settings import Settings
from portal.shifts.events import ABOUT, what_of
from portal.shifts.models import Signup
from portal.shifts.sayings import TELLER, is_on, who_in
from portal.swaps.message_kinds import AGREED, DECLINED, LAPSED, PROPOSED, REFUSED
from portal.swaps.models import Swap, SwapState
from portal.swaps.scopes import ON, current
from portal.swaps.scopes import is_on as is_enabled
from portal.words import text

BOARD = (text("See the trade board"), "/swaps")
TO_APPROVE = (text("See swaps"), "/schedule/swaps")
YES = ("yes", text("Yes, swap"))
NO = ("no", text("No, keep mine"))


def _say(
    state: SwapState, db: Session, to: Envelope, settings: Settings, at: datetime, **more: Any
) -> Saying | None:
    """A swap in a state: what is `what` to the reader is their own shift, `other_what` the other one."""
    row = db.get_one(Swap, to.subject_id)
    if state == SwapState.PROPOSED:
        row = current(db, row)
    ended = (SwapState.LAPSED, SwapState.TAKEN_BACK)
    if row.state not in (ended if state in ended else (state,)):
        return None
    own, other = row.offer.signup_id, row.signup_id
    who = row.person_id
    if to.person_id == row.person_id:
        own, other, who = other, own, row.offer.person_id
    mine, theirs = (db.execute(ABOUT.where(Signup.id == one)).one() for one in (own, other))
    if not is_on(mine, at):  # they no longer have what it is about
        return None
    if state in WAITS and not is_enabled(db, ON, row.program_id):
        return None
    if state in WAITS and not (is_on(theirs, at) and min(mine.starts_at, theirs.starts_at) > at):
        return None
    person = db.get_one(Person, who)
    coordinates = state == SwapState.AGREED
    name = person.name if coordinates else short_name(person.name, person.goes_by)
    values = {
        "who": who_in(mine, name, to.language),
        "other_what": what_of(theirs, to.language),
        "other_when": when(theirs, to.language, at),
    }
    return TELLER.say(mine, to, at, values=values, **more)


WAITS = (SwapState.PROPOSED, SwapState.AGREED)
_MORE = (*NAMES, "who", "other_what", "other_when")
_NOTICES = (
    Notice(
        PROPOSED,
        text("Someone offers a shift for one on the trade board"),
        text("Swap? {other_when} for your {when}"),
        text(
            "Hello {name},\n\n{who} offers {other_what}, {other_when}, for your shift: {what}, {when}. Would "
            "you swap? Until you say yes, you both keep your shifts."
        ),
        partial(_say, SwapState.PROPOSED, answers=(YES, NO), link=BOARD),
        _MORE,
    ),
    Notice(
        AGREED,
        text("Two people would like to swap (coordinators)"),
        text("Swap to approve: {when} and {other_when}"),
        text(
            "Hello {name},\n\nTwo people would like to swap {what}, {when}, and {other_what}, {other_when}. "
            "They keep their shifts until you approve it."
        ),
        partial(_say, SwapState.AGREED, link=TO_APPROVE),
        _MORE,
    ),
    Notice(
        DECLINED,
        text("No to a proposed swap"),
        text("No swap: you keep {what}, {when}"),
        text(
            "Hello {name},\n\n{who} can't swap {other_what}, {other_when}. You keep your shift: {what}, {when}."
        ),
        partial(_say, SwapState.DECLINED, link=BOARD),
        _MORE,
    ),
    Notice(
        LAPSED,
        text("A proposed swap is no longer possible"),
        text("No swap: you keep {what}, {when}"),
        text(
            "Hello {name},\n\nThe swap for {other_what}, {other_when}, is no longer possible. Your shift is as "
            "it was: {what}, {when}."
        ),
        partial(_say, SwapState.LAPSED, link=BOARD),
        _MORE,
    ),
    Notice(
        REFUSED,
        text("A coordinator didn't approve a swap"),
        text("No swap: you keep {what}, {when}"),
        text(
            "Hello {name},\n\nThe coordinator didn't approve the swap for {other_what}, {other_when}. You keep "
            "your shift: {what}, {when}. Questions? Call {contact}, {contact_phone}."
        ),
        partial(_say, SwapState.REFUSED, link=BOARD),
        _MORE,
    ),
)
NOTICES = {notice.kind.name: notice for notice in _NOTICES}

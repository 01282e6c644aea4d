"""When the next visit or call of a match is due, and when it is overdue."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal import clock
from portal.agency.settings import value_of
from portal.cases.models import HelpRequest, Match
from portal.cases.settings import CONTACT_DAYS
from portal.settings import Settings


def first_due(db: Session, match: Match, at: datetime, settings: Settings) -> date:
    """By when a match that was just handed off owes its first meeting: the day it is asked for, or the day by
    which the request owes it."""
    request = match.request
    today = clock.local_day(at, request.zone)
    asked = request.day or request.due_on
    if asked is not None and asked >= today:
        return asked
    return today + timedelta(days=_every(db, request, settings))


def due_after(db: Session, request: HelpRequest, day: date, settings: Settings) -> date | None:
    """By when the next visit or call is due after one on a day; None if one was all that was asked for."""
    if not request.lasting:
        return None
    return day + timedelta(days=_every(db, request, settings))


def _every(db: Session, request: HelpRequest, settings: Settings) -> int:
    if request.every_days is not None:
        return request.every_days
    return value_of(db, CONTACT_DAYS, settings, program_id=request.program_id)

"""Meetings as calendar events, as neutral as their programs ask for (CALENDARS 6, SECURITY P2, P10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from portal.ical import Happening
from portal.meetings.models import Answer, Invitee, Meeting, MeetingKind
from portal.occasions.outside import (
    CANCELED_SINCE,
    ONLINE,
    calendar_of,
    happening,
    shown,
    site_of,
    title_of,
)
from portal.programs.models import Program, Site
from portal.reads import rows
from portal.settings import Settings
from portal.words import CATALOGS, Words, text

KIND_WORDS: Mapping[MeetingKind, Words] = {
    MeetingKind.MEETING: text("Meeting"),
    MeetingKind.SOCIAL: text("Social"),
}

ABOUT = (
    select(
        Invitee.id,
        Invitee.person_id,
        Invitee.answer,
        Invitee.since,
        Invitee.ended_before,
        case((Invitee.ended_before > 0, Invitee.since)).label("last_ended"),
        Meeting.id.label("meeting_id"),
        Meeting.kind,
        Meeting.title,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.zone,
        Meeting.canceled_at,
        Meeting.canceled_reason,
        Meeting.sequence,
        Meeting.revised_at,
        (Meeting.online_link != "").label("online"),
        Meeting.program_id,
        Program.name.label("program"),
        Program.public_label,
        Program.visibility,
        Program.translations.label("program_translations"),
        Program.contact_name,
        Program.contact_phone,
        Site.name.label("site"),
        Site.address,
        Site.confidential,
    )
    .join(Meeting, Meeting.id == Invitee.meeting_id)
    .join(Program, Program.id == Meeting.program_id)
    .outerjoin(Site, Site.id == Meeting.site_id)
)
"""Someone who is invited, with the meeting, as messages and calendars need it."""

_FEED = (
    ABOUT.where(
        Invitee.person_id == bindparam("person_id"),
        Invitee.answer == Answer.YES,
        *shown(Meeting.starts_at, Meeting.ends_at),
        or_(Meeting.canceled_at.is_(None), and_(Meeting.canceled_at > CANCELED_SINCE)),
    )
    .order_by(Meeting.starts_at, Invitee.id)
    .limit(1000)
)


def what_of(row: Any, language: str) -> str:
    """What a meeting is called outside the portal: its title; the label of a sensitive program."""
    return title_of(row, language, KIND_WORDS[row.kind], row.title)


def place_of(row: Any, language: str) -> str:
    """Where a meeting is, where that may leave the portal; else nothing."""
    return CATALOGS[language].say(ONLINE) if row.online and not row.site else site_of(row)


def happening_of(
    row: Any, settings: Settings, language: str, *, canceled: bool = False
) -> Happening:
    """A meeting as a calendar event."""
    name, path = f"meeting-{row.meeting_id}", f"/meetings/{row.meeting_id}"
    title, place = what_of(row, language), place_of(row, language)
    return happening(row, settings, name, title, place, path, canceled=canceled)


def feed_of(
    db: Session, person_id: int, settings: Settings, language: str, at: datetime
) -> Sequence[Happening]:
    """The meetings someone said yes to, and for a while those of them that were canceled."""
    found = rows(db, _FEED, calendar_of(person_id, at))
    return [happening_of(row, settings, language) for row in found]

"""Talks as messages and calendars need them, as neutral as their programs ask (CALENDARS 6, SECURITY P2)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from portal.ical import Happening
from portal.occasions.outside import (
    AHEAD,
    CANCELED_SINCE,
    IN_PORTAL,
    ONLINE,
    calendar_of,
    is_private,
    shown,
    title_of,
)
from portal.outreach.intake_models import RequestKind, Topic
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import Organization
from portal.outreach.talk_models import (
    OfferState,
    Presentation,
    Speaker,
    SpeakerOffer,
    Speaks,
    TalkState,
)
from portal.people.models import Person
from portal.programs.models import Program, Site, Visibility
from portal.reads import among, rows
from portal.settings import Settings
from portal.words import CATALOGS, Words, in_language, text

KIND_WORDS: dict[str, Words] = {
    RequestKind.PRESENTATION: text("Presentation"),
    RequestKind.TABLE: text("Information table"),
    RequestKind.TOUR: text("Tour"),
    RequestKind.MEDIA: text("Press"),
    RequestKind.LITERATURE: text("Brochures"),
    RequestKind.QUESTION: text("Question"),
}
"""What is asked for, in a word or two."""

_clerk = aliased(Person)
_TALK = (
    Presentation.id.label("talk_id"), Presentation.state.label("talk_state"), Presentation.starts_at,
    Presentation.ends_at, Presentation.zone, Presentation.place, Presentation.address,
    (Presentation.online_link != "").label("online"), Presentation.sequence,
    Presentation.revised_at, Presentation.canceled_reason, Presentation.host_canceled,
    Presentation.wants_at,
    Presentation.program_id, Presentation.clerk_id, Presentation.public,
    TalkRequest.id.label("request_id"), TalkRequest.kind, TalkRequest.organization_name,
    TalkRequest.link_id, Organization.name.label("organization"), Topic.name.label("topic"),
    Topic.translations.label("topic_translations"), Topic.description.label("topic_description"),
    Program.visibility, Program.public_label, Program.translations.label("program_translations"),
    Site.name.label("site"), Site.address.label("site_address"), Site.confidential, _clerk.name.label("clerk"),
)  # fmt: skip


def _joined(statement: Any) -> Any:
    return (
        statement.join(TalkRequest, TalkRequest.id == Presentation.request_id)
        .outerjoin(Organization, Organization.id == Presentation.organization_id)
        .outerjoin(Topic, Topic.id == Presentation.topic_id)
        .outerjoin(Program, Program.id == Presentation.program_id)
        .outerjoin(Site, Site.id == Presentation.site_id)
        .outerjoin(_clerk, _clerk.id == Presentation.clerk_id)
    )


OF_TALK = _joined(select(*_TALK).select_from(Presentation))
"""A talk, as messages and calendars need it."""

OF_OFFER = _joined(
    select(
        SpeakerOffer.id,
        SpeakerOffer.person_id,
        SpeakerOffer.role,
        SpeakerOffer.state,
        SpeakerOffer.answer_by,
        SpeakerOffer.answered_at,
        *_TALK,
    )
    .select_from(SpeakerOffer)
    .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
)
"""Someone who was asked to take part in a talk, with it."""

_FEED = (
    OF_OFFER.where(
        SpeakerOffer.person_id == bindparam("person_id"),
        *shown(Presentation.starts_at, Presentation.ends_at),
        or_(
            and_(
                SpeakerOffer.state == OfferState.ACCEPTED,
                Presentation.state == TalkState.CONFIRMED,
            ),
            and_(
                SpeakerOffer.state == OfferState.RELEASED,
                Presentation.canceled_at > CANCELED_SINCE,
            ),
        ),
    )
    .order_by(Presentation.starts_at, SpeakerOffer.id)
    .limit(1000)
)
_PUBLIC = (
    OF_TALK.where(
        Presentation.public,
        Presentation.state == TalkState.CONFIRMED,
        *shown(Presentation.starts_at, Presentation.ends_at),
        or_(Presentation.program_id.is_(None), Program.visibility == Visibility.PUBLIC),
    )
    .order_by(Presentation.starts_at, Presentation.id)
    .limit(200)
)
_SPEAKERS = (
    select(SpeakerOffer.presentation_id, Person.name, Person.goes_by, Speaker.shows_name)
    .join(SpeakerOffer, SpeakerOffer.person_id == Person.id)
    .outerjoin(Speaker, Speaker.person_id == Person.id)
    .where(
        among(SpeakerOffer.presentation_id, "talks"),
        SpeakerOffer.state == OfferState.ACCEPTED,
        SpeakerOffer.role != Speaks.SHADOW,
    )
    .order_by(SpeakerOffer.role.desc(), SpeakerOffer.id)
)


def what_of(row: Any, language: str) -> str:
    """What a talk is called outside the portal: its topic; the label of a sensitive program."""
    kind = KIND_WORDS[row.kind]
    topic = in_language(language, row.topic or "", row.topic_translations, "name")
    return title_of(row, language, kind, topic or CATALOGS[language].say(kind))


def host_of(row: Any) -> str:
    """For whom a talk is."""
    return str(row.organization or row.organization_name or "")


def place_of(row: Any, language: str) -> str:
    """Where a talk is."""
    if row.confidential:
        return CATALOGS[language].say(IN_PORTAL)
    if row.site:
        return ", ".join(filter(None, (row.site, row.site_address)))
    if row.online and not row.place and not row.address:
        return CATALOGS[language].say(ONLINE)
    return ", ".join(filter(None, (row.place, row.address)))


def speaker_names(
    db: Session, talk_ids: Collection[int], *, agreed: bool = False
) -> dict[int, str]:
    """Who speaks at each of some talks, as hosts learn it: the first name, or more if they agree. `agreed`:
    only those who agreed to have their name on the public page."""
    found: dict[int, list[str]] = {number: [] for number in talk_ids}
    for row in rows(db, _SPEAKERS, {"talks": sorted(talk_ids)}):
        if row.shows_name or not agreed:
            found[row.presentation_id].append(public_name(row))
    return {number: ", ".join(names) for number, names in found.items()}


def public_name(row: Any) -> str:
    """What outsiders read of a speaker: the first name, or the whole one if they agree to it."""
    return str(row.name if row.shows_name else row.goes_by or row.name.split()[0])


def proposed_name(db: Session, person_id: int | None) -> str:
    """Whom we propose to a requester, as outsiders read them; nothing without a person."""
    found = select(Person.name, Person.goes_by, Speaker.shows_name).outerjoin(
        Speaker, Speaker.person_id == Person.id
    )
    row = db.execute(found.where(Person.id == person_id)).first()
    return public_name(row) if row else ""


def happening_of(
    row: Any, settings: Settings, language: str, path: str = "", *, canceled: bool = False
) -> Happening:
    """A talk as a calendar event: the same UID for host, speakers and clerk, whoever speaks."""
    host = "" if is_private(row) else host_of(row)
    return Happening(
        uid=f"talk-{row.talk_id}@{settings.host}",
        sequence=row.sequence,
        revised_at=row.revised_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=": ".join(filter(None, (what_of(row, language), host))),
        location=place_of(row, language),
        url=settings.base_url.rstrip("/") + path if path else "",
        canceled=canceled or row.talk_state == TalkState.CANCELED,
    )


def feed_of(
    db: Session, person_id: int, settings: Settings, language: str, at: datetime
) -> Sequence[Happening]:
    """The talks that someone gives as events, and for a while those that were canceled."""
    found = rows(db, _FEED, calendar_of(person_id, at))
    return [happening_of(row, settings, language, f"/me/talks/{row.id}") for row in found]


def public_talks(db: Session, at: datetime) -> Sequence[Any]:
    """The coming talks that are open to the public; none of a sensitive program."""
    return rows(db, _PUBLIC, {"first": at, "last": at + AHEAD})


def public_happening(row: Any, settings: Settings, language: str) -> Happening:
    """An open talk as anyone's calendar has it."""
    return happening_of(row, settings, language, "/talks")

"""What pages of outreach say: reasons, history and what there is to choose from, in the viewer's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.outreach.models import RequestState
from portal.outreach.request_reads import topics_offered
from portal.outreach.scopes import topics_seen
from portal.outreach.suggest import Reason, Suggestion, Why
from portal.outreach.talk_models import OfferState, TalkState
from portal.people.traits import Skill, SkillKind
from portal.web.durations import duration_text
from portal.web.request import Request
from portal.words import Words, count_text, text

STATE_WORDS: Mapping[str, tuple[Words, str]] = {
    RequestState.UNPROVED: (text("email not confirmed"), "low"),
    RequestState.OPEN: (text("to answer"), "gap"),
    RequestState.COUNTERED: (text("waiting for their reply"), "low"),
    RequestState.BOOKED: (text("booked"), "full"),
    RequestState.DONE: (text("done"), "full"),
    RequestState.DECLINED: (text("declined"), "off"),
    RequestState.WITHDRAWN: (text("withdrawn"), "off"),
    RequestState.EXPIRED: (text("never confirmed"), "off"),
}
TALK_WORDS: Mapping[str, tuple[Words, str]] = {
    TalkState.TENTATIVE: (text("not confirmed yet"), "low"),
    TalkState.CONFIRMED: (text("confirmed"), "full"),
    TalkState.CANCELED: (text("canceled"), "off"),
}
OFFER_WORDS: Mapping[str, tuple[Words, str]] = {
    OfferState.WAITS: (text("next to ask"), "off"),
    OfferState.HELD: (text("time held"), "low"),
    OfferState.ASKED: (text("no reply yet"), "low"),
    OfferState.ACCEPTED: (text("confirmed"), "full"),
    OfferState.DECLINED: (text("said no"), "off"),
    OfferState.LAPSED: (text("didn't reply"), "off"),
    OfferState.WITHDRAWN: (text("not needed"), "off"),
    OfferState.RELEASED: (text("no longer speaking"), "off"),
}
EVENT_WORDS: Mapping[str, Words] = {
    "received": text("Request received"),
    "proved": text("Email confirmed"),
    "spoke": text("Someone spoke with them"),
    "expired": text("Email never confirmed"),
    "amended": text("Request changed"),
    "owner": text("Assigned to"),
    "routed": text("Sent to another program"),
    "linked": text("Program"),
    "note": text("Note"),
    "declined": text("Declined"),
    "answered": text("Answered"),
    "countered": text("We proposed something else"),
    "counter_yes": text("They accepted"),
    "counter_no": text("They declined"),
    "withdrawn": text("They withdrew"),
    "booked": text("Presentation booked"),
    "speaker": text("New speaker:"),
    "speaker_out": text("No longer speaking:"),
    "moved": text("Presentation moved"),
    "wants_move": text("They asked for another date"),
    "kept": text("Other date not possible"),
    "cancelled": text("Presentation canceled"),
    "outcome": text("Report completed"),
    "told": text("Told by phone or letter"),
    "reply_accept": text("Their calendar says yes"),
    "reply_declin": text("A calendar says no"),
    "reply_tentat": text("A calendar says maybe"),
}


REPLY_WORDS: Mapping[str, Words] = {
    "accepted": text("yes"),
    "declined": text("no"),
    "tentative": text("maybe"),
}


def reason_words(request: Request, reason: Reason, names: Mapping[int, str]) -> Words:
    """One reason in words."""
    said = ", ".join(names.get(number, "") for number in reason.ids)
    number = reason.number
    words: dict[Why, Words] = {
        Why.TOPIC: text("knows the topic"),
        Why.NOT_CLEARED: text("not cleared that day"),
        Why.FREE: text("free"),
        Why.BUSY: text("busy at that time"),
        Why.AWAY: text("away on that day"),
        Why.CLOSED: text("closed on that day"),
        Why.NOT_THEN: text("outside usual hours"),
        Why.LANGUAGES: text("speaks %(languages)s", languages=said),
        Why.NO_LANGUAGE: text("doesn't speak %(languages)s", languages=said),
        Why.THIS_MONTH: text(
            "%(n)s of %(most)s presentations this month", n=number, most=reason.of
        ),
        Why.AT_CAP: text(
            "already %(n)s of %(most)s presentations this month", n=number, most=reason.of
        ),
        Why.FREE_WEEK: text("no presentation that week"),
        Why.BUSY_WEEK: text("another presentation within days"),
        Why.DISTRICT: text("knows that part of the county"),
        Why.LAST_TALK: count_text(
            "%(n)s presentation in six months", "%(n)s presentations in six months", number
        ),
        Why.NEVER_SPOKE: text("first presentation"),
        Why.NEVER_THERE: text("first visit"),
        Why.BEEN_THERE: count_text("visited %(n)s time", "visited %(n)s times", number),
    }
    return words[reason.why]


FOR = (Why.TOPIC, Why.LANGUAGES, Why.FREE, Why.FREE_WEEK, Why.DISTRICT)
"""What speaks for someone; what is neither good nor bad is only said."""


def _sign(reason: Reason) -> str:
    if not reason.good:
        return "against"
    return "for" if reason.why in FOR else "so"


def shown(
    request: Request, found: Sequence[Suggestion], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Suggestions as the template prints them."""
    return [
        {
            "id": one.person_id,
            "name": one.name,
            "clear": one.clear,
            "free": one.free,
            "why": [
                (_sign(reason), reason_words(request, reason, names)) for reason in one.reasons
            ],
        }
        for one in found
    ]


def skill_names(request: Request) -> dict[str, list[tuple[int, str]]]:
    """The agency's languages and districts, in the viewer's language."""
    rows = request.db.execute(
        select(Skill.id, Skill.kind, Skill.name, Skill.translations)
        .where(Skill.kind.in_((SkillKind.LANGUAGE, SkillKind.DISTRICT)), Skill.closed_at.is_(None))
        .order_by(Skill.name)
        .limit(300)
    ).all()
    return {
        kind: [
            (row.id, request.written(row.name, row.translations))
            for row in rows
            if row.kind == kind
        ]
        for kind in (SkillKind.LANGUAGE.value, SkillKind.DISTRICT.value)
    }


def choices(request: Request, *, staff: bool) -> dict[str, Any]:
    """What the request form offers: topics, languages, districts."""
    names = skill_names(request)
    found = (
        request.db.scalars(topics_seen(request.viewer))
        if staff
        else topics_offered(request.db, staff=False)
    )
    return {
        "topics": [
            (
                row.id,
                text(
                    "%(name)s (%(length)s)",
                    name=request.written(row.name, row.translations),
                    length=duration_text(row.minutes, request.language),
                ),
            )
            for row in found
        ],
        "languages": names[SkillKind.LANGUAGE],
        "districts": names[SkillKind.DISTRICT],
    }


def names_of(db: Session, ids: Sequence[int]) -> Sequence[Any]:
    """Some words of the agency's list."""
    return db.execute(
        select(Skill.id, Skill.name, Skill.translations).where(Skill.id.in_(ids))
    ).all()

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
from portal.web.request import Request
from portal.web.words import Words, count_text, text

STATE_WORDS: Mapping[str, tuple[Words, str]] = {
    RequestState.UNPROVED: (text("e-mail not confirmed"), "low"),
    RequestState.OPEN: (text("to answer"), "gap"),
    RequestState.COUNTERED: (text("waits for their answer"), "low"),
    RequestState.BOOKED: (text("booked"), "full"),
    RequestState.DONE: (text("done"), "full"),
    RequestState.DECLINED: (text("declined"), "off"),
    RequestState.WITHDRAWN: (text("taken back"), "off"),
    RequestState.EXPIRED: (text("never confirmed"), "off"),
}
TALK_WORDS: Mapping[str, tuple[Words, str]] = {
    TalkState.TENTATIVE: (text("not confirmed yet"), "low"),
    TalkState.CONFIRMED: (text("confirmed"), "full"),
    TalkState.CANCELLED: (text("canceled"), "off"),
}
OFFER_WORDS: Mapping[str, tuple[Words, str]] = {
    OfferState.WAITS: (text("next in the queue"), "off"),
    OfferState.HELD: (text("time kept free"), "low"),
    OfferState.ASKED: (text("asked"), "low"),
    OfferState.ACCEPTED: (text("comes"), "full"),
    OfferState.DECLINED: (text("said no"), "off"),
    OfferState.LAPSED: (text("did not answer"), "off"),
    OfferState.WITHDRAWN: (text("not needed"), "off"),
    OfferState.RELEASED: (text("off it"), "off"),
}
EVENT_WORDS: Mapping[str, Words] = {
    "received": text("The request arrived"),
    "proved": text("They confirmed their e-mail"),
    "spoke": text("Somebody spoke with them"),
    "expired": text("Nobody confirmed the e-mail"),
    "amended": text("The request was changed"),
    "owner": text("Looked after by"),
    "routed": text("Sent to another program"),
    "linked": text("Belongs to"),
    "note": text("Note"),
    "declined": text("Declined"),
    "answered": text("Answered"),
    "countered": text("We proposed something else"),
    "counter_yes": text("They take it"),
    "counter_no": text("They do not take it"),
    "withdrawn": text("They took it back"),
    "booked": text("A talk was booked"),
    "speaker": text("Somebody speaks:"),
    "speaker_out": text("Off the talk:"),
    "moved": text("The talk was moved"),
    "wants_move": text("They ask for another date"),
    "kept": text("The other date was not possible"),
    "cancelled": text("A talk was canceled"),
    "outcome": text("Written down how it went"),
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
        Why.CLOSED: text("we are closed on that day"),
        Why.NOT_THEN: text("usually can't at that time"),
        Why.LANGUAGES: text("speaks %(languages)s", languages=said),
        Why.NO_LANGUAGE: text("no %(languages)s", languages=said),
        Why.THIS_MONTH: text("%(n)s of %(most)s talks this month", n=number, most=reason.of),
        Why.AT_CAP: text("%(n)s of %(most)s talks this month already", n=number, most=reason.of),
        Why.RESTED: text("rested"),
        Why.NOT_RESTED: text("another talk within days"),
        Why.DISTRICT: text("knows that part of the county"),
        Why.LAST_TALK: count_text(
            "%(n)s talk in half a year", "%(n)s talks in half a year", number
        ),
        Why.NEVER_SPOKE: text("no talk yet"),
        Why.NEVER_THERE: text("has never been there"),
        Why.BEEN_THERE: count_text("was there %(n)s time", "was there %(n)s times", number),
    }
    return words[reason.why]


FOR = (Why.TOPIC, Why.LANGUAGES, Why.FREE, Why.RESTED, Why.DISTRICT)
"""What speaks for somebody; what is neither good nor bad is only said."""


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
                    "%(name)s (%(n)s minutes)",
                    name=request.written(row.name, row.translations),
                    n=row.minutes,
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

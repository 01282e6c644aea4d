"""Booking a talk: a date becomes one; who is engaged by it; it is canceled. See changing.py for what changes.

Lock order, as everywhere: persons by id, then the talk, never back. Whoever is engaged by a talk has their time
in the ledger of commitments, held while they are asked.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.commitments.commitments import free_time
from portal.occasions.blocks import Block, Blocks
from portal.outreach import message_kinds
from portal.outreach.clashing import ENGAGED, When
from portal.outreach.intake_models import BOOKED_KINDS
from portal.outreach.models import WAITING_STATES, DateKind, RequestDate, RequestState, TalkRequest
from portal.outreach.organizations import ensure, misspelled
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.request_events import lock_request, note_event, tell_owner, tell_requester
from portal.outreach.speaker_candidates import main_topic
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    OPEN_OFFERS,
    OfferState,
    Presentation,
    SpeakerOffer,
    TalkBlock,
    TalkState,
)
from portal.outreach.triage import settle, take_counter_back
from portal.people.notify import notify, tell_each
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.web.errors import Again, NotFound, Refused
from portal.words import text

TALK, OFFER = "presentation", "speaker_offer"

LEAST_NOTICE = timedelta(hours=1)
"""An offer lapses this long before the talk at the latest."""


def book(act: Act, request: TalkRequest, starts_at: datetime) -> Presentation:
    """A date of a request becomes a talk, with everything that they told us. No one speaks yet."""
    lock_request(act.db, request)
    if request.kind not in BOOKED_KINDS:
        raise Refused(text("You can answer this request, but not book it."))
    if request.state not in (*WAITING_STATES, RequestState.BOOKED):
        raise Refused(text("Only an open request can be booked."))
    if starts_at <= act.at:
        raise Refused(fields={"day": text("This time is in the past.")})
    if any(talk.starts_at == starts_at for talk in coming_talks(act.db, request.id, act.at)):
        raise Refused(text("This date is already booked."))
    if request.organization_id is None and misspelled(act.db, request):  # or the list gets it twice
        raise Refused(text("Select one of these organizations first, or press “Add as new”."))
    take_counter_back(act.db, request, act.at)
    talk = _talk_of(act, request, starts_at)
    act.db.add(talk)
    act.db.flush()
    _use_date(act.db, request, talk, starts_at)
    if request.owner_id is None:
        request.owner_id = act.by.person_id
    settle(act.db, request, act.at)
    note_event(act, request, "booked")
    note(act, talk, "booked")
    return talk


def _talk_of(act: Act, request: TalkRequest, starts_at: datetime) -> Presentation:
    """A new talk with everything that a request says, and what is known of its organization."""
    organization = ensure(act, request)
    topic = main_topic(act.db, request.id)
    return Presentation(
        request_id=request.id,
        organization_id=request.organization_id,
        topic_id=topic and topic.id,
        program_id=request.program_id,
        clerk_id=request.owner_id or act.by.person_id,
        state=TalkState.TENTATIVE,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=request.minutes),
        zone=request.zone,
        place=request.place or (organization.name if organization else ""),
        address=request.address or (organization.address if organization else ""),
        town=request.town or (organization.town if organization else ""),
        district_id=request.district_id or (organization and organization.district_id),
        online_link=request.online_link,
        host_name=request.contact_name,
        host_phone=request.contact_phone,
        parking=request.parking or (organization.parking[:300] if organization else ""),
        door=request.door,
        public=request.open_to_public,
        made_at=act.at,
        revised_at=act.at,
    )


def _use_date(db: Session, request: TalkRequest, talk: Presentation, starts_at: datetime) -> None:
    """The date that became a talk; another one than they named stands in the list from now on."""
    found = db.scalars(
        select(RequestDate).where(
            RequestDate.request_id == request.id, RequestDate.presentation_id.is_(None)
        )
    ).all()
    chosen = next((one for one in found if one.starts_at == starts_at), None)
    if chosen is None:
        chosen = RequestDate(request_id=request.id, kind=DateKind.OURS, starts_at=starts_at)
        db.add(chosen)
    chosen.presentation_id = talk.id


def lock_talk(db: Session, talk_id: int) -> Presentation:
    """Hold a talk still until the transaction ends, and read it anew."""
    found = db.get(
        Presentation,
        talk_id,
        populate_existing=True,
        with_for_update={"of": Presentation, "key_share": True},
    )
    if found is None:
        raise NotFound
    return found


def offers_of(db: Session, talk_id: int) -> Sequence[SpeakerOffer]:
    """Whom a talk engages or waits for, in the order in which they were asked."""
    return db.scalars(
        select(SpeakerOffer)
        .where(SpeakerOffer.presentation_id == talk_id, SpeakerOffer.state.in_(OPEN_OFFERS))
        .options(joinedload(SpeakerOffer.person))
        .order_by(SpeakerOffer.id)
        .execution_options(populate_existing=True)
    ).all()


def when_of(talk: Presentation) -> When:
    """From when to when a talk is."""
    return When(talk.starts_at, talk.ends_at, talk.zone)


def accepted(offers: Sequence[SpeakerOffer]) -> list[SpeakerOffer]:
    """Who of them takes part."""
    return [one for one in offers if one.state == OfferState.ACCEPTED]


def hold(db: Session, talk_ids: Collection[int], blocks: Blocks) -> None:
    """Hold everyone whom some talks engage or who is on their blocks, then the talks, then the blocks. Whoever
    came in meanwhile makes it run again."""
    cut = _cut(db, talk_ids)
    people = _engaged(db, talk_ids, cut, blocks)
    lock_people(db, sorted(people))
    for talk_id in sorted(talk_ids):
        lock_talk(db, talk_id)
    if cut:
        blocks.hold(db, cut)
    if _cut(db, talk_ids) != cut or not _engaged(db, talk_ids, cut, blocks) <= people:
        raise Again


def _cut(db: Session, talk_ids: Collection[int]) -> list[int]:
    found = select(TalkBlock.shift_id).where(TalkBlock.presentation_id.in_(talk_ids))
    return list(db.scalars(found.order_by(TalkBlock.shift_id)))


def _engaged(
    db: Session, talk_ids: Collection[int], cut: Collection[int], blocks: Blocks
) -> set[int]:
    found = select(SpeakerOffer.person_id).where(
        SpeakerOffer.presentation_id.in_(talk_ids), SpeakerOffer.state.in_(OPEN_OFFERS)
    )
    return set(db.scalars(found)) | (blocks.people(db, cut) if cut else set())


def cancel(
    act: Act, talk: Presentation, reason: str, blocks: Blocks, *, host: bool = False
) -> bool:
    """Cancel a talk, for us or for the `host`: everyone is free and told, and it stays with its reason. Gives
    whether it was still on."""
    hold(act.db, [talk.id], blocks)
    offers = offers_of(act.db, talk.id)
    if talk.state == TalkState.CANCELED:
        return False
    cut = blocks_on(act.db, talk, blocks)
    if act.by.person_id is not None:
        check_may_change(act.by, cut)
    if act.db.get(TalkOutcome, talk.id):
        raise Refused(text("This presentation already has a report. It can't be changed."))
    was_confirmed = talk.state == TalkState.CONFIRMED
    talk.state, talk.canceled_at, talk.canceled_reason = TalkState.CANCELED, act.at, reason
    talk.host_canceled, talk.wants_at = host, None
    talk.sequence, talk.revised_at = talk.sequence + 1, act.at
    talk.told_sequence = talk.sequence
    told = {one.id: one.person_id for one in accepted(offers)}
    end_offers(act.db, offers, act.at)
    if cut:
        blocks.cancel(act.db, act.by, [row.id for row in cut], reason, act.at)
    _after_canceling(act.db, talk, act.at)
    act.db.flush()
    tell_each(act, message_kinds.SPEAKING_CANCELED, OFFER, told, program_id=talk.program_id)
    if was_confirmed:
        tell_clerk(act, talk, message_kinds.CLERK_CANCELED)
    if not host:
        tell_requester(act, message_kinds.CANCELED, talk.request, talk=talk.id)
    elif was_confirmed:
        tell_requester(act, message_kinds.CANCELED, talk.request, talk=talk.id)
        tell_owner(act, talk.request, "cancelled")
    note_event(act, talk.request, "cancelled", reason)
    note(act, talk, "cancelled", "host" if host else "us")
    return True


def _after_canceling(db: Session, talk: Presentation, at: datetime) -> None:
    """The date is free to be booked again; a request without a talk is open for us."""
    for one in db.scalars(select(RequestDate).where(RequestDate.presentation_id == talk.id)):
        one.presentation_id = None
        one.kind = DateKind.ALTERNATE
    settle(db, talk.request, at)


def end_offers(db: Session, offers: Sequence[SpeakerOffer], at: datetime) -> None:
    """No one is asked, held or engaged any more. Whoever takes part is released, and told by the caller."""
    free_time(db, ENGAGED, [one.id for one in offers])
    for one in offers:
        released = one.state == OfferState.ACCEPTED
        one.state = OfferState.RELEASED if released else OfferState.WITHDRAWN
        one.answered_at = at


def coming_talks(db: Session, request_id: int, at: datetime) -> Sequence[Presentation]:
    """The talks of a request that have not begun and are on, the soonest first."""
    return db.scalars(
        select(Presentation)
        .where(
            Presentation.request_id == request_id,
            Presentation.state.in_(CURRENT_TALKS),
            Presentation.starts_at > at,
        )
        .order_by(Presentation.starts_at)
        .limit(60)
    ).all()


def block_ids(db: Session, talk_id: int) -> list[int]:
    """The blocks of time of a table at a fair."""
    found = select(TalkBlock.shift_id).where(TalkBlock.presentation_id == talk_id)
    return list(db.scalars(found.order_by(TalkBlock.shift_id)))


def blocks_on(db: Session, talk: Presentation, blocks: Blocks) -> list[Block]:
    """The blocks of a table that are on."""
    shift_ids = block_ids(db, talk.id)
    if not shift_ids:
        return []
    return [row for row in blocks.rows(db, shift_ids) if not row.canceled_at]


def check_may_change(by: Viewer, cut: Sequence[Block]) -> None:
    """Raise Refused for whoever does not book for the program whose people sign up for these blocks."""
    if not all(by.may_in(Permission.OUTREACH_MANAGE, row.program_id) for row in cut):
        raise Refused(
            text(
                "People of another program signed up for blocks of this table. Only someone "
                "who books for the whole agency can move or cancel it."
            )
        )


def tell_confirmed(act: Act, talk: Presentation) -> None:
    """Tell the host and the clerk that the talk is on, with the entry for their calendars."""
    tell_requester(act, message_kinds.CONFIRMED, talk.request, talk=talk.id)
    tell_clerk(act, talk, message_kinds.CLERK_CONFIRMED)


def tell_clerk(act: Act, talk: Presentation, kind: Any) -> None:
    """Tell the clerk of a talk, with the entry for their calendar."""
    if talk.clerk_id:
        notify(act, kind, talk, [talk.clerk_id], starts_at=talk.starts_at)


def affected_by(scope: Any, first: datetime, last: datetime) -> Any:
    """The talks of a scope that are on between two moments."""
    return scope.where(
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.starts_at < last,
        Presentation.ends_at > first,
    ).order_by(Presentation.starts_at, Presentation.id)


def note(act: Act, talk: Presentation, done: str, detail: str | None = None) -> None:
    """Note in the audit what was done to a talk."""
    record(act, f"talk.{done}", talk, detail)

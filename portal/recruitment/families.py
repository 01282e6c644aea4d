"""Couples and families: whoever begins an application names who comes along, and each of them applies alone.

Only a name and a contact are taken from the one who begins. The others get a link of their own or a call, and
neither sees what the other answers, or how it ends.
"""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.languages import SOURCE
from portal.messages.models import Message
from portal.permissions import Viewer
from portal.programs.application_models import Application
from portal.programs.scopes import visible_applications
from portal.recruitment import inquiries
from portal.recruitment.drafts import LASTS, start_draft
from portal.recruitment.message_kinds import INVITED
from portal.recruitment.models import ApplicationDraft, Inquiry, Opportunity
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import CATALOGS, text

MOST = 3
"""How many may come along with whoever begins."""
CALL = text("Comes along with someone who applies. Call to ask if they'd like to apply, too.")


class Companion(NamedTuple):
    """Someone who would apply along with another: a name, and an email address or a phone number."""

    name: str
    email: str
    phone: str


def bring_along(
    act: Act, draft: ApplicationDraft, companions: Sequence[Companion], settings: Settings
) -> None:
    """Mail each companion a link to an application of their own; whoever has no email waits for a call among
    the questions of the public. No address gets more than one such mail while its link works. Raises Refused
    in a sensitive program, and for more than three."""
    opportunity = act.db.get_one(Opportunity, draft.opportunity_id)
    if not may_bring(opportunity) or len(companions) > MOST:
        raise Refused(text("Each of you applies separately for this role."))
    draft.together = draft.together or secrets.token_hex(8)
    known = {draft.email.lower()}
    for one in companions:
        if not one.email:
            _to_call(act, draft, one, opportunity, settings)
        elif (address := one.email.lower()) not in known and not _invited(act, address):
            known.add(address)
            _invite(act, draft, address, opportunity, settings)


def _invited(act: Act, address: str) -> bool:
    lately = select(Message.id).where(
        Message.address == address,
        Message.kind == INVITED.name,
        Message.created_at > act.at - LASTS,
    )
    return act.db.scalar(lately.limit(1)) is not None


def _to_call(
    act: Act, draft: ApplicationDraft, one: Companion, opportunity: Opportunity, settings: Settings
) -> None:
    values = one._asdict() | {
        "words": CATALOGS[SOURCE].say(CALL),
        "language": draft.language,
        "together": draft.together,
    }
    inquiries.take_in(act, values, opportunity, settings)


def may_bring(opportunity: Opportunity) -> bool:
    """Whether one may apply along with others: never where who applies is confidential."""
    return not opportunity.position.program.sensitive


def _invite(
    act: Act, first: ApplicationDraft, address: str, opportunity: Opportunity, settings: Settings
) -> None:
    # What someone else typed of them stands neither in the mail nor on their page (SECURITY F6).
    start_draft(
        act, opportunity, {"email": address}, settings, first.language, first.source,
        kind=INVITED, together=first.together,
    )  # fmt: skip


def along_with(
    db: Session, viewer: Viewer, together: str, *, but: int | None = None
) -> Sequence[Application]:
    """The applications of those who apply together, for staff alone; `but` leaves out one."""
    if not together:
        return []
    return db.scalars(
        visible_applications(viewer)
        .options(joinedload(Application.person))
        .where(Application.together == together, Application.id.is_distinct_from(but))
        .order_by(Application.id)
        .limit(2 * MOST)
    ).all()


def to_call_with(db: Session, viewer: Viewer, together: str) -> Sequence[Inquiry]:
    """Those who come along with an applicant and wait for a call, for staff alone."""
    if not together:
        return []
    found = inquiries.waiting(viewer).where(Inquiry.together == together)
    return db.scalars(found.order_by(Inquiry.id).limit(MOST)).all()

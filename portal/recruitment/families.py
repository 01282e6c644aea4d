"""Couples and families: whoever begins an application names who comes along, and each of them applies alone.

Only a name and a contact are taken from the one who begins. The others get a link of their own or a call, and
neither sees what the other answers, or how it ends.
"""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.languages import SOURCE
from portal.messages.outside import Outsider, tell_outsider
from portal.permissions import Viewer
from portal.programs.application_models import Application
from portal.programs.scopes import visible_applications
from portal.recruitment import inquiries
from portal.recruitment.drafts import new_draft
from portal.recruitment.message_kinds import INVITED
from portal.recruitment.models import ApplicationDraft, Opportunity
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
    the questions of the public. Raises Refused in a sensitive program, and for more than three."""
    opportunity = act.db.get_one(Opportunity, draft.opportunity_id)
    if not may_bring(opportunity) or len(companions) > MOST:
        raise Refused(text("Each of you applies alone for this role."))
    draft.together = draft.together or secrets.token_hex(8)
    for one in companions:
        if one.email:
            _invite(act, draft, one, opportunity, settings)
        else:
            words = CATALOGS[SOURCE].say(CALL)
            values = one._asdict() | {"words": words, "language": draft.language}
            inquiries.take_in(act, values, opportunity, settings)


def may_bring(opportunity: Opportunity) -> bool:
    """Whether one may apply along with others: never where who applies is confidential."""
    return not opportunity.position.program.sensitive


def _invite(
    act: Act, first: ApplicationDraft, one: Companion, opportunity: Opportunity, settings: Settings
) -> None:
    draft = new_draft(
        act, opportunity, one._asdict(), settings, first.language, first.source, first.together
    )
    whom = Outsider("", draft.language, draft.email)  # nothing that was typed (SECURITY F6)
    tell_outsider(
        act, INVITED, ("application_draft", draft.id), whom, program_id=opportunity.program_id
    )


def along_with(db: Session, viewer: Viewer, application: Application) -> Sequence[Application]:
    """The applications of those who came along with an applicant, for staff alone."""
    if not application.together:
        return []
    return db.scalars(
        visible_applications(viewer)
        .options(joinedload(Application.person))
        .where(Application.together == application.together, Application.id != application.id)
        .order_by(Application.id)
        .limit(2 * MOST)
    ).all()

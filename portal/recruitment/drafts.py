"""Applications that are not sent yet: begun without an account, saved while one types, good for 14 days."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.db import lock_row
from portal.messages.kinds import Kind
from portal.messages.models import Message
from portal.messages.outside import Outsider, tell_outsider
from portal.people.models import Person
from portal.programs.applications import open_application
from portal.programs.placements import has_role
from portal.recruitment.links import new_link
from portal.recruitment.message_kinds import DRAFT
from portal.recruitment.models import ApplicationDraft, Opportunity
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text

LASTS = timedelta(days=14)
LARGEST = 64 * 1024
"""The most characters a draft may hold, as JSON."""


def start_draft(
    act: Act,
    opportunity: Opportunity,
    values: Mapping[str, Any],
    settings: Settings,
    language: str,
    source: str = "",
    *,
    kind: Kind = DRAFT,
    together: str = "",
) -> ApplicationDraft:
    """Begin an application. A link with which to go on later is mailed to the address in `values`, if there is
    one; the mail has nothing in it that was typed (SECURITY F6)."""
    draft = ApplicationDraft(
        opportunity_id=opportunity.id,
        email=values.get("email", ""),
        language=language,
        source=source,
        together=together,
        data=_written(values),
        created_at=act.at,
        saved_at=act.at,
        ends_at=act.at + LASTS,
        **new_link(settings, draft=True),
    )
    act.db.add(draft)
    act.db.flush()
    if draft.email:
        whom = Outsider("", language, draft.email)
        tell_outsider(
            act, kind, ("application_draft", draft.id), whom, program_id=opportunity.program_id
        )
    return draft


def own_draft(
    act: Act, opportunity: Opportunity, person: Person, settings: Settings, source: str = ""
) -> ApplicationDraft:
    """The draft of someone signed in for an opportunity, begun if there is none."""
    if open_application(act.db, person.id, opportunity.position_id):
        raise Refused(text("You already applied for this role."))
    if has_role(act.db, person.id, opportunity.position_id, act.by.today or act.at.date()):
        raise Refused(text("You already have this role."))
    found = act.db.scalar(
        select(ApplicationDraft)
        .where(
            ApplicationDraft.person_id == person.id,
            ApplicationDraft.opportunity_id == opportunity.id,
            ApplicationDraft.application_id.is_(None),
            ApplicationDraft.ends_at > act.at,
        )
        .limit(1)
    )
    if found is not None:
        return found
    draft = ApplicationDraft(
        opportunity_id=opportunity.id,
        person_id=person.id,
        language=person.language,
        source=source,
        created_at=act.at,
        saved_at=act.at,
        ends_at=act.at + LASTS,
        **new_link(settings, draft=True),
    )
    act.db.add(draft)
    act.db.flush()
    return draft


def save_draft(
    db: Session, draft: ApplicationDraft, values: Mapping[str, Any], at: datetime
) -> None:
    """Keep what was typed so far. One that was sent stays as it is; one that is too large is refused."""
    lock_draft(db, draft)
    if draft.application_id is not None:
        return
    written = _written(values)
    if len(written) > LARGEST:
        raise Refused(text("This is too long to save. Shorten your answers."))
    draft.data, draft.saved_at = written, at


def lock_draft(db: Session, draft: ApplicationDraft) -> None:
    """Lock a draft until the transaction ends, and read it anew: what is typed and what is sent may meet."""
    lock_row(db, draft)


def _written(values: Mapping[str, Any]) -> str:
    return json.dumps({name: one for name, one in values.items() if one}, ensure_ascii=False)


def typed_in(draft: ApplicationDraft) -> dict[str, Any]:
    """What was typed into a draft so far."""
    found: dict[str, Any] = json.loads(draft.data)
    return found


def expired(db: Session, at: datetime, most: int = 200) -> list[int]:
    """The drafts whose time is over, for the worker."""
    ended = select(ApplicationDraft.id).where(ApplicationDraft.ends_at <= at)
    return list(db.scalars(ended.order_by(ApplicationDraft.ends_at).limit(most)))


def erase(db: Session, draft_id: int, at: datetime) -> None:
    """Erase a draft whose time is over, and where mail about it went."""
    about = (Message.subject_kind == "application_draft", Message.subject_id == draft_id)
    db.execute(update(Message).where(*about).values(address="", told="", shown=""))
    db.execute(
        delete(ApplicationDraft).where(
            ApplicationDraft.id == draft_id, ApplicationDraft.ends_at <= at
        )
    )

"""Questions from the public: taking one in, and answering it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.agency.settings import value_of
from portal.audit.log import record
from portal.db import lock_row
from portal.messages.outside import Outsider, tell_outsider
from portal.people.models import Person, Status
from portal.people.people import add_unproved
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.recruitment import message_kinds
from portal.recruitment.models import Inquiry, InquiryKind, Opportunity
from portal.recruitment.settings import FIRST_ANSWER_DAYS
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text


def visible_inquiries(viewer: Viewer) -> Select[Inquiry]:
    """The questions about one's programs, and those that are about none."""
    mine = in_viewers_programs(Inquiry.program_id, viewer, Permission.PLACEMENTS_DECIDE)
    return select(Inquiry).where(or_(Inquiry.program_id.is_(None), mine))


def waiting(viewer: Viewer) -> Select[Inquiry]:
    """Those that no one answered."""
    return visible_inquiries(viewer).where(Inquiry.answered_at.is_(None))


_owner = aliased(Person)


class Line(NamedTuple):
    """A question as the list prints it."""

    id: int
    kind: InquiryKind
    name: str
    words: str
    received_at: datetime
    answer_by: date
    answered_at: datetime | None
    owner: str | None


def lines(db: Session, viewer: Viewer, *, answered: bool) -> list[Line]:
    """The questions that wait, the longest wait first, or the newest answered ones."""
    found = visible_inquiries(viewer).where(Inquiry.answered_at.is_not(None))
    scope = (found if answered else waiting(viewer)).outerjoin(
        _owner, _owner.id == Inquiry.owner_id
    )
    query: Any = scope.with_only_columns(
        Inquiry.id,
        Inquiry.kind,
        Inquiry.name,
        Inquiry.words,
        Inquiry.received_at,
        Inquiry.answer_by,
        Inquiry.answered_at,
        _owner.name.label("owner"),
    )
    order = Inquiry.answered_at.desc() if answered else Inquiry.received_at
    return read(db, Line, query.order_by(order, Inquiry.id).limit(200))


def take_in(
    act: Act, values: Mapping[str, Any], opportunity: Opportunity | None, settings: Settings
) -> Inquiry:
    """Take a question in. The same from the same address within the day is one."""
    program_id = opportunity.program_id if opportunity else None
    today = clock.local_day(act.at, settings.timezone)
    days = value_of(act.db, FIRST_ANSWER_DAYS, settings, program_id)
    same = select(Inquiry).where(
        Inquiry.answered_at.is_(None),
        Inquiry.received_at > act.at - clock.ONE_DAY,
        Inquiry.email == values["email"],
        Inquiry.phone == values["phone"],
        Inquiry.name == values["name"],
        Inquiry.words == values["words"],
        Inquiry.opportunity_id.is_not_distinct_from(opportunity and opportunity.id),
    )
    if (before := act.db.scalar(same.limit(1))) is not None:
        return before
    row = Inquiry(
        kind=InquiryKind.QUESTION if opportunity else InquiryKind.INTEREST,
        opportunity_id=opportunity and opportunity.id,
        program_id=program_id,
        received_at=act.at,
        answer_by=clock.business_day_after(today, days),
        **values,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "inquiry.received", row)
    return row


def answer(act: Act, row: Inquiry, reply: str, version: int | None) -> None:
    """Answer a question, once: by mail, if there is an address; else `reply` says what they heard by phone."""
    lock_row(act.db, row)
    if row.answered_at is not None or (version is not None and version != row.version):
        raise Refused(text("Someone already answered this."))
    row.reply, row.answered_at, row.answered_by_id = reply, act.at, act.by.person_id
    record(act, "inquiry.answered", row)
    if row.email:
        whom = Outsider("", row.language, row.email)  # nothing they typed (SECURITY F6)
        tell_outsider(
            act, message_kinds.ANSWERED, ("inquiry", row.id), whom, program_id=row.program_id
        )


def own(act: Act, row: Inquiry) -> None:
    """Look after a question oneself; whoever did so before is told by the page."""
    lock_row(act.db, row)
    row.owner_id = act.by.person_id
    record(act, "inquiry.owned", row)


def become_prospect(act: Act, row: Inquiry, person: Person | None) -> Person:
    """Give whoever asked a record as someone interested: the `person` they were recognized as, or a new one."""
    lock_row(act.db, row)
    if row.prospect_id is not None or not row.name:
        raise Refused(text("Someone else already made a record."))
    if person is None:
        person = add_unproved(act, row.name, row.phone, row.language, Status.PROSPECT)
    row.prospect_id = person.id
    row.owner_id = row.owner_id or act.by.person_id
    record(act, "inquiry.became_person", row)
    return person

"""Who pays: dated labels of a program, or of one of its positions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.programs.models import Funding, Position, Program
from portal.web.errors import NotFound, Refused
from portal.words import text


def labels_of(db: Session, program_id: int) -> Sequence[Funding]:
    """A program's labels: its own first, then its positions', the newest day on top."""
    return db.scalars(
        select(Funding)
        .where(Funding.program_id == program_id)
        .order_by(Funding.position_id.is_not(None), Funding.position_id, Funding.first_day.desc())
        .limit(200)
    ).all()


def remove_label(act: Act, label: Funding) -> None:
    """Take a label away that was wrong; what it paid for is summed under the program's, or under no one."""
    record(act, "funding.removed", label)
    act.db.delete(label)


def save_label(act: Act, program_id: int, label: Funding | None, values: Mapping[str, Any]) -> None:
    """Add a label, or change one. Two of the same scope never hold on the same day."""
    act.db.execute(select(Program.id).where(Program.id == program_id).with_for_update())
    position_id = values["position_id"]
    if position_id:
        position = act.db.get(Position, position_id)
        if position is None or position.program_id != program_id:
            raise NotFound
    first, last = values["first_day"], values["last_day"]
    if last and last < first:
        raise Refused(fields={"last_day": text("This is before the first day.")})
    same = select(Funding).where(
        Funding.program_id == program_id,
        Funding.position_id.is_not_distinct_from(position_id),
        Funding.id != (label.id if label else 0),
        or_(Funding.last_day.is_(None), Funding.last_day >= first),
        Funding.first_day <= (last or date.max),
    )
    if other := act.db.scalar(same.limit(1)):
        words = text("%(name)s already funds some of these days.", name=other.name)
        raise Refused(fields={"first_day": words})
    action = "funding.edited" if label else "funding.added"
    if label is None:
        label = Funding(program_id=program_id)
        act.db.add(label)
    label.position_id, label.name = position_id, values["name"]
    label.first_day, label.last_day = first, last
    record(act, action, label)

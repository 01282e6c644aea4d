"""What is erased with an application: whom the applicant named and what they said, and notes of interviews."""

import secrets

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.messages.marks import held, is_new_day
from portal.messages.models import Mark, Message
from portal.programs.application_models import Application
from portal.screening.interview_models import Interview
from portal.screening.models import Reference

MARK = "screening_erased"
TEXTS = ("name", "email", "phone", "knows", "known_since", "strengths", "concerns")


def each_day(act: Act, zone: str) -> int:
    """Once on each local day: erase what was said of applicants whose applications were erased; gives how many
    references and interviews that were."""
    mark = held(act.db, MARK)
    if mark is None:
        mark = Mark(name=MARK, at=act.at)
        act.db.add(mark)
    elif not is_new_day(act.db, MARK, zone, act.at):
        return 0
    mark.at = act.at
    rows = _of_erased(act.db)
    for row in rows:
        act.db.execute(
            update(Reference)
            .where(Reference.id == row)
            .values(
                **dict.fromkeys(TEXTS, ""), recommends=None, remind_at=None, entered_by_id=None,
                link_id=secrets.token_hex(16), link_hash=secrets.token_hex(32),
            )
        )  # fmt: skip
    talks = _interviews(act.db)
    act.db.execute(update(Interview).where(Interview.id.in_(talks)).values(notes="", place=""))
    for noun, ids in (("reference", rows), ("interview", talks)):
        about = (Message.subject_kind == noun, Message.subject_id.in_(ids))
        act.db.execute(update(Message).where(*about).values(address="", told="", shown=""))
    return len(rows) + len(talks)


def _interviews(db: Session) -> list[int]:
    return list(
        db.scalars(
            select(Interview.id)
            .join(Application, Application.id == Interview.application_id)
            .where(
                Application.erased_at.is_not(None),
                or_(Interview.notes != "", Interview.place != ""),
            )
        )
    )


def _of_erased(db: Session) -> list[int]:
    return list(
        db.scalars(
            select(Reference.id)
            .join(Application, Application.id == Reference.application_id)
            .where(Application.erased_at.is_not(None), Reference.name != "")
        )
    )

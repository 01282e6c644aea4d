"""What is erased with an application: whom the applicant named and what they said, and notes of interviews."""

import secrets

from sqlalchemy import Select, exists, or_, select, update

from portal.act import Act
from portal.messages.models import Message
from portal.programs.application_models import Application
from portal.screening.interview_models import Interview
from portal.screening.models import Reference

TEXTS = ("name", "email", "phone", "knows", "known_since", "strengths", "concerns")


def of_erased() -> Select[int]:
    """The applications that were erased, while a reference, an interview or its mail still says something."""
    said = exists().where(Reference.application_id == Application.id, Reference.name != "")
    noted = exists().where(
        Interview.application_id == Application.id,
        or_(
            Interview.notes != "",
            Interview.place != "",
            exists().where(
                Message.subject_kind == "interview",
                Message.subject_id == Interview.id,
                Message.told != "",
            ),
        ),
    )
    return (
        select(Application.id)
        .where(Application.erased_at.is_not(None), or_(said, noted))
        .order_by(Application.id)
    )


def erase(act: Act, application_id: int) -> None:
    """Erase what was said of an applicant whose application was erased. Doing it twice is once."""
    erased = exists().where(Application.id == application_id, Application.erased_at.is_not(None))
    db = act.db
    for row in db.scalars(
        select(Reference.id).where(Reference.application_id == application_id, erased)
    ).all():
        values = dict.fromkeys(TEXTS, "") | {
            "recommends": None, "remind_at": None, "entered_by_id": None,
            "link_id": secrets.token_hex(16), "link_hash": secrets.token_hex(32),
        }  # fmt: skip
        db.execute(update(Reference).where(Reference.id == row).values(**values))
    db.execute(
        update(Interview)
        .where(Interview.application_id == application_id, erased)
        .values(notes="", place="")
    )
    for noun, kind in (("reference", Reference), ("interview", Interview)):
        theirs = select(kind.id).where(kind.application_id == application_id, erased)
        about = (Message.subject_kind == noun, Message.subject_id.in_(theirs))
        db.execute(update(Message).where(*about).values(address="", told="", shown=""))

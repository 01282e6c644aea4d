"""What people say to an offer, or to being asked: on a page, from a mail, or by phone."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.act import Act
from portal.shifts import cover, signups, waiting
from portal.shifts.waiting_models import Ask, Waiting
from portal.web.errors import NotFound

SUBJECTS = {"waiting": Waiting, "ask": Ask}
"""What can be answered, by the word that a message has for it."""


def answered(db: Session, kind: str, subject_id: int) -> Waiting | Ask:
    """The offer or the ask that is answered."""
    row = db.get(SUBJECTS[kind], subject_id) if kind in SUBJECTS else None
    if not isinstance(row, Waiting | Ask):
        raise NotFound
    return row


def give_answer(act: Act, row: Waiting | Ask, answer: str, *, staff: bool = False) -> None:
    """Do what someone said: "yes" signs up under the ordinary rules, "pass" stays in line without this
    spot, "leave" leaves the line, and "no" is the answer to an ask."""
    if answer == "yes":
        signups.sign_up(act, row.person_id, row.shift_id, slot_id=row.slot_id, staff=staff)
    elif isinstance(row, Ask):
        cover.decline(act, row.person_id, row.id)
    elif answer == "pass":
        waiting.pass_on(act, row.person_id, row.slot_id)
    else:
        waiting.leave(act, row.person_id, row.slot_id)


def answer(noun: str, act: Act, subject_id: int, said: str) -> None:
    """Do what someone said from the page of a mail."""
    give_answer(act, answered(act.db, noun, subject_id), said)


def reached(noun: str, db: Session, subject_id: int, longest: timedelta, at: datetime) -> None:
    """Someone was told by phone: the time to answer an offer begins."""
    if noun == "waiting":
        waiting.reached(db, subject_id, longest, at)


def roster_of(noun: str, db: Session, subject_id: int) -> str:
    """The roster that takes the person's answer."""
    return f"/shifts/{answered(db, noun, subject_id).shift_id}/roster"

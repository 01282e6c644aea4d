"""What people say to an offer, or to being asked: on a page, from a mail, or by phone."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.act import Act
from portal.shifts import cover, releases, signups, still_coming, waiting
from portal.shifts.models import Signup
from portal.shifts.waiting_models import Ask, Waiting
from portal.web.errors import NotFound
from portal.words import text

SUBJECTS = {"waiting": Waiting, "ask": Ask, "signup": Signup}
"""What can be answered, by the word that a message has for it."""


THANKS = {
    "waiting": text("Thank you! You're signed up."),
    "ask": text("Thank you! You're signed up."),
    "signup": text("Thank you! See you there."),
}
"""What people read after a yes."""


def answered(db: Session, kind: str, subject_id: int) -> Waiting | Ask | Signup:
    """The offer or the ask that is answered."""
    row = db.get(SUBJECTS[kind], subject_id) if kind in SUBJECTS else None
    if not isinstance(row, Waiting | Ask | Signup):
        raise NotFound
    return row


def give_answer(act: Act, row: Waiting | Ask | Signup, answer: str, *, staff: bool = False) -> None:
    """Do what someone said: "yes" signs up under the ordinary rules, "pass" stays in line without this
    spot, "leave" leaves the line, and "no" is the answer to an ask. Of a signup, whether one still comes."""
    if isinstance(row, Signup):
        _say_whether_coming(act, row, coming=answer == "yes")
    elif answer == "yes":
        signups.sign_up(act, row.person_id, row.shift_id, slot_id=row.slot_id, staff=staff)
    elif isinstance(row, Ask):
        cover.decline(act, row.person_id, row.id)
    elif answer == "pass":
        waiting.pass_on(act, row.person_id, row.slot_id)
    else:
        waiting.leave(act, row.person_id, row.slot_id)


def _say_whether_coming(act: Act, signup: Signup, *, coming: bool) -> None:
    """Whoever doesn't come cancels or, after the cut-off, says that they can't make it."""
    if coming:
        still_coming.confirm(act, signup.person_id, signup.shift_id)
    elif act.at <= signup.shift.withdraw_until or signup.trainee:
        signups.withdraw(act, signup.person_id, signup.shift_id)
    else:
        releases.cant_make_it(act, signup.person_id, signup.shift_id, keep=False)


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

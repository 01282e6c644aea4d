"""Questions: a person says that an entry of theirs is wrong, and gets an answer."""

from portal.act import Act
from portal.hours.entries import correct, not_own, note
from portal.hours.models import HoursEntry, HoursQuestion, HoursState
from portal.hours.notices import ANSWERED
from portal.hours.undoable import ENTRIES
from portal.images import watch
from portal.people.notify import notify
from portal.web.errors import Refused
from portal.words import text


def ask(act: Act, entry: HoursEntry, words: str) -> HoursQuestion:
    """Say that an entry of one's own is wrong. Until it is answered, it does not count."""
    act.db.refresh(entry, with_for_update=True)
    if entry.state not in (HoursState.SUBMITTED, HoursState.APPROVED):
        raise Refused(
            text(
                "This time entry changed since you opened this page, or you already asked about it."
            )
        )
    entry.state = HoursState.DISPUTED
    question = HoursQuestion(entry_id=entry.id, words=words, asked_at=act.at)
    act.db.add(question)
    act.db.flush()
    note(act, entry, "questioned")
    return question


def answer(act: Act, question: HoursQuestion, words: str, minutes: int | None) -> None:
    """Answer what someone asked about their hours. With other `minutes` they are corrected, without
    they stand; either way they are approved with that."""
    entry = question.entry
    not_own(act.by, entry)
    act.db.refresh(entry, with_for_update=True)
    act.db.refresh(question)
    if question.answered_at:
        raise Refused(text("Someone else already answered this."))
    watch(act, ENTRIES, [entry.id])
    question.answer, question.answered_at, question.answered_by_id = words, act.at, act.by.person_id
    if entry.state == HoursState.DISPUTED:
        if minutes is not None and minutes != entry.minutes:
            correct(act, entry, minutes, words[:300])
        else:
            entry.state = HoursState.APPROVED
            entry.approved_by_id, entry.approved_at = act.by.person_id, act.at
    note(act, entry, "answered")
    notify(act, ANSWERED, question, [entry.person_id])

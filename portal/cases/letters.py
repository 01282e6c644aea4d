"""What volunteer, caseworker and supervisor write each other in a match. Mail says only that there is one."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.cases import match_notices as notices
from portal.cases.cases import refuse_identifiers
from portal.cases.contact_models import Letter, LetterRead
from portal.cases.models import KNOWN, Match
from portal.cases.scopes import no_conflict, supervisors_in
from portal.people.models import Membership
from portal.people.notify import notify
from portal.people.supervisors import supervisors_of
from portal.web.errors import Refused
from portal.words import text


def write(act: Act, match: Match, words: str, today: date, *, sure: bool) -> Letter:
    """Write to the others of a match, from the handoff to the end."""
    act.db.refresh(match, with_for_update=True)
    if match.state not in KNOWN:
        raise Refused(text("Messages can be written from the handoff until the help ends."))
    refuse_identifiers(act.db, match.program_id, {"words": words}, sure=sure)
    assert act.by.person_id
    row = Letter(match_id=match.id, person_id=act.by.person_id, at=act.at, words=words)
    act.db.add(row)
    act.db.flush()
    note_read(act.db, match.id, act.by.person_id)
    record(act, "match_letter.added", row, "sure" if sure else None)
    others = {match.person_id, match.request.caseworker_id, *_supervisors(act.db, match, today)}
    notify(act, notices.LETTER, match, sorted(others - {act.by.person_id}))
    return row


def _supervisors(db: Session, match: Match, today: date) -> set[int]:
    """Who looks after the volunteer today and may read of the match: not everyone who supervises may."""
    cares = supervisors_of(db, match.person_id, today)
    acting = {care.acting_id for care in cares if care.program_id == match.program_id}
    found = supervisors_in(match.program_id).where(
        Membership.person_id.in_(acting), no_conflict(match.case_id, Membership.person_id)
    )
    return set(db.scalars(found))


def note_read(db: Session, match_id: int, person_id: int) -> None:
    """Note that someone has read every letter of a match that there is."""
    last = db.scalar(select(func.max(Letter.id)).where(Letter.match_id == match_id))
    if last is None:
        return
    values = {"match_id": match_id, "person_id": person_id, "letter_id": last}
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(LetterRead).values(**values)  # the same page may be opened twice at this moment
    db.execute(
        row.on_conflict_do_update(
            index_elements=["match_id", "person_id"], set_={"letter_id": row.excluded.letter_id}
        )
    )

"""Background checks, step by step. The portal keeps which steps were taken and how it ended: no report,
no offense, no note (SECURITY P7).

Nothing is ordered before the person saw the disclosure alone on a page and signed. Nobody is turned down
without the first notice, the waiting time and the second notice (15 U.S.C. 1681b(b)(3)).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.log import record
from portal.messages.kinds import Kind as MessageKind
from portal.people.models import Person
from portal.people.people import lock_people
from portal.people.telling import tell
from portal.permissions import Permission, Viewer
from portal.programs.placements import a_program_of
from portal.programs.scopes import held, people_seen_with
from portal.requirements import notices
from portal.requirements.credentials import (
    OWN,
    From,
    Paper,
    current_text,
    decide_against,
    write_down,
)
from portal.requirements.kinds import STEPS, missing_texts
from portal.requirements.models import (
    OPEN_CHECKS,
    BackgroundCheck,
    CheckState,
    Kind,
    Requirement,
    RequirementText,
    TextKind,
)
from portal.web.errors import Refused
from portal.web.words import text

SOURCE = "check"
MEANWHILE = text("This check is at another step now. Please look again.")


def handled_checks(viewer: Viewer) -> Select[BackgroundCheck]:
    """The checks a screener handles: of the people they may see, never their own."""
    people = people_seen_with(viewer, Permission.SCREENING_HANDLE).with_only_columns(Person.id)
    theirs = select(Requirement.id).where(
        or_(
            Requirement.program_id.is_(None),
            held(Requirement.program_id, viewer, Permission.SCREENING_HANDLE),
        )
    )
    return select(BackgroundCheck).where(
        BackgroundCheck.person_id.in_(people),
        BackgroundCheck.requirement_id.in_(theirs.correlate(None)),
        BackgroundCheck.person_id.is_distinct_from(viewer.person_id),
    )


def ask(
    db: Session,
    by: Viewer,
    person_id: int,
    requirement: Requirement,
    at: datetime,
    *,
    asked: str | None = None,
) -> BackgroundCheck:
    """Ask somebody to authorize a check. It takes every wording to be approved. Asking twice is asking
    once."""
    _not_own(by, person_id)
    if requirement.kind != Kind.BACKGROUND_CHECK or requirement.closed_at:
        raise Refused(text("This is not a check that can be asked for."))
    if missing_texts(db, requirement):
        raise Refused(text("Its wordings are not approved yet, so this check cannot be used."))
    lock_people(db, [person_id])
    open_one = db.scalar(
        select(BackgroundCheck).where(
            BackgroundCheck.person_id == person_id,
            BackgroundCheck.requirement_id == requirement.id,
            BackgroundCheck.state.in_(OPEN_CHECKS),
        )
    )
    if open_one is not None:
        return open_one
    check = BackgroundCheck(
        person_id=person_id, requirement_id=requirement.id, state=CheckState.ASKED, asked_at=at,
        asked_by_id=by.person_id,
    )  # fmt: skip
    db.add(check)
    db.flush()
    _note(db, by, check, "asked", at, asked)
    _tell(db, by, notices.CHECK, check, at)
    return check


@dataclass(frozen=True)
class Wordings:
    """The versions that somebody was shown when they signed."""

    disclosure_id: int
    authorization_id: int
    rights_id: int | None


def wordings_of(db: Session, check: BackgroundCheck) -> dict[TextKind, RequirementText]:
    """The newest approved version of each wording of a check."""
    found = {
        kind: current_text(db, check.requirement_id, kind)
        for kind in STEPS[check.requirement.check_path or ""].texts
    }
    return {kind: one for kind, one in found.items() if one is not None}


def see_disclosure(
    db: Session, by: Viewer, check: BackgroundCheck, shown_id: int, at: datetime
) -> None:
    """Note that the person saw the disclosure, alone on its page. Only they can."""
    if check.person_id != by.person_id:
        raise Refused(MEANWHILE)
    _at_step(check, CheckState.ASKED)
    if wordings_of(db, check)[TextKind.DISCLOSURE].id != shown_id:
        raise Refused(text("The text changed meanwhile. Please read it again."))
    check.disclosed_at, check.disclosure_id = at, shown_id
    _note(db, by, check, "disclosed", at)


def authorize(
    db: Session, by: Viewer, check: BackgroundCheck, shown: Wordings, name: str, at: datetime
) -> None:
    """Sign the authorization, with the name as typed; the disclosure was seen before."""
    if check.person_id != by.person_id:
        raise Refused(MEANWHILE)
    _at_step(check, CheckState.ASKED)
    if check.disclosed_at is None:
        raise Refused(text("Please read the first page before you sign."))
    if _current(db, check) != shown or check.disclosure_id != shown.disclosure_id:
        raise Refused(text("The text changed meanwhile. Please read it again."))
    _sign(check, shown, name, at)
    _note(db, by, check, "authorized", at)


def authorize_on_paper(
    db: Session, by: Viewer, check: BackgroundCheck, name: str, at: datetime
) -> None:
    """Note that the person read the printed disclosure and signed the printed authorization, both in the
    newest version."""
    _not_own(by, check.person_id)
    _at_step(check, CheckState.ASKED)
    shown = _current(db, check)
    check.disclosed_at, check.disclosure_id = at, shown.disclosure_id
    _sign(check, shown, name, at)
    check.on_paper = True
    _note(db, by, check, "authorized", at, "paper")


def _current(db: Session, check: BackgroundCheck) -> Wordings:
    found = wordings_of(db, check)
    rights = found.get(TextKind.RIGHTS)
    return Wordings(
        found[TextKind.DISCLOSURE].id, found[TextKind.AUTHORIZATION].id,
        rights.id if rights else None,
    )  # fmt: skip


def _sign(check: BackgroundCheck, shown: Wordings, name: str, at: datetime) -> None:
    check.state, check.authorized_at, check.signed_name = CheckState.AUTHORIZED, at, name
    check.authorization_id, check.rights_id = shown.authorization_id, shown.rights_id


def order(
    db: Session, by: Viewer, check: BackgroundCheck, on: date, zone: str, at: datetime
) -> None:
    """Note that the check was ordered, on a local day. It takes the signed authorization."""
    _not_own(by, check.person_id)
    _at_step(check, CheckState.AUTHORIZED)
    _has_been(on, clock.local_day(at, zone))
    assert check.authorized_at
    if on < clock.local_day(check.authorized_at, zone):
        raise Refused(fields={"day": text("It cannot be ordered before they signed.")})
    check.state, check.ordered_on = CheckState.ORDERED, on
    _note(db, by, check, "ordered", at)


def came_back(
    db: Session, by: Viewer, check: BackgroundCheck, on: date, today: date, at: datetime
) -> None:
    """Note that the answer is there. What it says stays outside the portal."""
    _not_own(by, check.person_id)
    _at_step(check, CheckState.ORDERED)
    _has_been(on, today)
    if check.ordered_on and on < check.ordered_on:
        raise Refused(fields={"day": text("It cannot be back before it was ordered.")})
    check.state, check.returned_on = CheckState.RETURNED, on
    _note(db, by, check, "returned", at)


def clear(db: Session, by: Viewer, check: BackgroundCheck, paper: Paper, at: datetime) -> None:
    """Decide that the person may serve. This is possible after the first notice, too."""
    _not_own(by, check.person_id)
    _at_step(check, CheckState.RETURNED, CheckState.NOTICE_SENT)
    write_down(db, by, check.person_id, check.requirement, paper, at, source=From(SOURCE, check.id))
    _decided(check, CheckState.CLEARED, by, at)
    _note(db, by, check, "cleared", at)


def send_first_notice(
    db: Session, by: Viewer, check: BackgroundCheck, zone: str, at: datetime
) -> None:
    """Tell the person, before anything is decided against them, that it may be; the waiting time begins."""
    _not_own(by, check.person_id)
    _at_step(check, CheckState.RETURNED)
    wait = STEPS[check.requirement.check_path or ""].wait_days
    check.state, check.first_notice_at = CheckState.NOTICE_SENT, at
    check.first_notice_id = wordings_of(db, check)[TextKind.FIRST_NOTICE].id
    check.decide_from = clock.business_day_after(clock.local_day(at, zone), wait + 1)
    _note(db, by, check, "noticed", at)
    _tell(db, by, notices.CHECK_LETTER, check, at)


def turn_down(db: Session, by: Viewer, check: BackgroundCheck, today: date, at: datetime) -> None:
    """Decide against the person, once the waiting time is over, and send the second notice with that."""
    _not_own(by, check.person_id)
    _at_step(check, CheckState.NOTICE_SENT)
    if check.decide_from is None or today < check.decide_from:
        raise Refused(text("The person still has time to answer the first notice."))
    decide_against(
        db, by, check.person_id, check.requirement, today, at, source=From(SOURCE, check.id)
    )
    check.second_notice_at = at
    check.second_notice_id = wordings_of(db, check)[TextKind.SECOND_NOTICE].id
    _decided(check, CheckState.TURNED_DOWN, by, at)
    _note(db, by, check, "turned_down", at)
    _tell(db, by, notices.CHECK_LETTER, check, at)


def stop(db: Session, by: Viewer, check: BackgroundCheck, at: datetime) -> None:
    """Stop a check that is not needed any more. Once the answer is there, it has to be decided."""
    _not_own(by, check.person_id)
    _at_step(check, CheckState.ASKED, CheckState.AUTHORIZED, CheckState.ORDERED)
    _decided(check, CheckState.STOPPED, by, at)
    _note(db, by, check, "stopped", at)


def _has_been(on: date, today: date) -> None:
    if on > today:
        raise Refused(fields={"day": text("This day is still to come.")})


def _decided(check: BackgroundCheck, state: CheckState, by: Viewer, at: datetime) -> None:
    check.state, check.decided_at, check.decided_by_id = state, at, by.person_id


def _not_own(by: Viewer, person_id: int) -> None:
    if by.person_id == person_id:
        raise Refused(OWN)


def _at_step(check: BackgroundCheck, *states: CheckState) -> None:
    if check.state not in states:
        raise Refused(MEANWHILE)


def _note(
    db: Session,
    by: Viewer,
    check: BackgroundCheck,
    done: str,
    at: datetime,
    asked: str | None = None,
) -> None:
    db.flush()
    record(
        db, by, f"check.{done}", ("check", check.id), at=at, person_id=check.person_id, asked=asked
    )


def _tell(db: Session, by: Viewer, kind: MessageKind, check: BackgroundCheck, at: datetime) -> None:
    program_id = a_program_of(db, check.person_id)
    tell(db, by, kind, ("check", check.id), [check.person_id], at, program_id=program_id)

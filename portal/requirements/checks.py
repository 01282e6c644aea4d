"""Background checks, step by step. The portal keeps which steps were taken and how it ended: no report,
no offense, no note (SECURITY P7).

Nothing is ordered before the person saw the disclosure alone on a page and signed. No one is turned down
without the first notice, the waiting time and the second notice (15 U.S.C. 1681b(b)(3)).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act, Ref
from portal.audit.log import record
from portal.messages.kinds import Kind as MessageKind
from portal.people.models import Person
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.programs.placements import a_program_of
from portal.programs.scopes import in_viewers_programs, people_seen_with
from portal.requirements import notices
from portal.requirements.check_models import (
    OPEN_CHECKS,
    BackgroundCheck,
    CheckState,
    RequirementText,
    TextKind,
)
from portal.requirements.credentials import OWN, From, Paper, current_text, standing, write_down
from portal.requirements.decisions import decide_against
from portal.requirements.kinds import STEPS, missing_texts
from portal.requirements.models import Kind, Requirement
from portal.web.errors import Refused
from portal.words import text

SOURCE = "check"
MEANWHILE = text("This check moved to another step. Check it again.")


def handled_checks(viewer: Viewer) -> Select[BackgroundCheck]:
    """The checks a screener handles: of the people they may see, never their own."""
    people = people_seen_with(viewer, Permission.SCREENING_HANDLE).with_only_columns(Person.id)
    theirs = select(Requirement.id).where(
        or_(
            Requirement.program_id.is_(None),
            in_viewers_programs(Requirement.program_id, viewer, Permission.SCREENING_HANDLE),
        )
    )
    return select(BackgroundCheck).where(
        BackgroundCheck.person_id.in_(people),
        BackgroundCheck.requirement_id.in_(theirs.correlate(None)),
        BackgroundCheck.person_id.is_distinct_from(viewer.person_id),
    )


def ask(act: Act, person_id: int, requirement: Requirement) -> BackgroundCheck:
    """Ask someone to authorize a check. It takes every wording to be approved. Asking twice is asking
    once."""
    _not_own(act.by, person_id)
    if requirement.kind != Kind.BACKGROUND_CHECK or requirement.closed_at:
        raise Refused(text("This check can't be requested."))
    if not may_be_asked(act.db, person_id, requirement, act.by.today or act.at.date()):
        raise Refused(text("Another check has to be clear first."))
    if missing_texts(act.db, requirement):
        raise Refused(text("This check can't be used until someone approves its documents."))
    lock_people(act.db, [person_id])
    open_one = act.db.scalar(
        select(BackgroundCheck).where(
            BackgroundCheck.person_id == person_id,
            BackgroundCheck.requirement_id == requirement.id,
            BackgroundCheck.state.in_(OPEN_CHECKS),
        )
    )
    if open_one is not None:
        return open_one
    check = BackgroundCheck(
        person_id=person_id,
        requirement_id=requirement.id,
        state=CheckState.ASKED,
        asked_at=act.at,
        asked_by_id=act.by.person_id,
    )
    act.db.add(check)
    act.db.flush()
    _note(act, check, "asked")
    _tell(act, notices.CHECK, check)
    return check


def may_be_asked(db: Session, person_id: int, requirement: Requirement, today: date) -> bool:
    """Whether the check that comes first, if there is one, is clear on a day."""
    if requirement.after_id is None:
        return True
    return bool(standing(db, person_id, requirement.after_id, today))


@dataclass(frozen=True)
class Wordings:
    """The versions that someone was shown when they signed."""

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


def see_disclosure(act: Act, check: BackgroundCheck, shown_id: int) -> None:
    """Note that the person saw the disclosure, alone on its page. Only they can."""
    if check.person_id != act.by.person_id:
        raise Refused(MEANWHILE)
    _at_step(check, CheckState.ASKED)
    if wordings_of(act.db, check)[TextKind.DISCLOSURE].id != shown_id:
        raise Refused(text("The wording changed since you opened this page. Read it again."))
    check.disclosed_at, check.disclosure_id = act.at, shown_id
    _note(act, check, "disclosed")


def authorize(act: Act, check: BackgroundCheck, shown: Wordings, name: str) -> None:
    """Sign the authorization, with the name as typed; the disclosure was seen before."""
    if check.person_id != act.by.person_id:
        raise Refused(MEANWHILE)
    _at_step(check, CheckState.ASKED)
    if check.disclosed_at is None:
        raise Refused(text("Read the first page before you sign."))
    if _current(act.db, check) != shown or check.disclosure_id != shown.disclosure_id:
        raise Refused(text("The wording changed since you opened this page. Read it again."))
    _sign(check, shown, name, act.at)
    _note(act, check, "authorized")


def authorize_on_paper(act: Act, check: BackgroundCheck, name: str) -> None:
    """Note that the person read the printed disclosure and signed the printed authorization, both in the
    newest version."""
    _not_own(act.by, check.person_id)
    _at_step(check, CheckState.ASKED)
    shown = _current(act.db, check)
    check.disclosed_at, check.disclosure_id = act.at, shown.disclosure_id
    _sign(check, shown, name, act.at)
    check.on_paper = True
    _note(act.but(asked="paper"), check, "authorized")


def _current(db: Session, check: BackgroundCheck) -> Wordings:
    found = wordings_of(db, check)
    rights = found.get(TextKind.RIGHTS)
    return Wordings(
        found[TextKind.DISCLOSURE].id,
        found[TextKind.AUTHORIZATION].id,
        rights.id if rights else None,
    )


def _sign(check: BackgroundCheck, shown: Wordings, name: str, at: datetime) -> None:
    check.state, check.authorized_at, check.signed_name = CheckState.AUTHORIZED, at, name
    check.authorization_id, check.rights_id = shown.authorization_id, shown.rights_id


def order(act: Act, check: BackgroundCheck, on: date, zone: str) -> None:
    """Note that the check was ordered, on a local day. It takes the signed authorization."""
    _not_own(act.by, check.person_id)
    _at_step(check, CheckState.AUTHORIZED)
    _has_been(on, clock.local_day(act.at, zone))
    assert check.authorized_at
    if on < clock.local_day(check.authorized_at, zone):
        raise Refused(fields={"day": text("They need to sign before you can order it.")})
    check.state, check.ordered_on = CheckState.ORDERED, on
    _note(act, check, "ordered")


def came_back(act: Act, check: BackgroundCheck, on: date, today: date) -> None:
    """Note that the answer is there. What it says stays outside the portal."""
    _not_own(act.by, check.person_id)
    _at_step(check, CheckState.ORDERED)
    _has_been(on, today)
    if check.ordered_on and on < check.ordered_on:
        raise Refused(fields={"day": text("The result can't be dated before the order.")})
    check.state, check.returned_on = CheckState.RETURNED, on
    _note(act, check, "returned")


def clear(act: Act, check: BackgroundCheck, paper: Paper) -> None:
    """Decide that the person may serve. This is possible after the first notice, too."""
    _not_own(act.by, check.person_id)
    _at_step(check, CheckState.RETURNED, CheckState.NOTICE_SENT)
    write_down(act, check.person_id, check.requirement, paper, source=From(SOURCE, check.id))
    _decided(check, CheckState.CLEARED, act.by, act.at)
    _note(act, check, "cleared")


def send_first_notice(act: Act, check: BackgroundCheck, zone: str) -> None:
    """Tell the person, before anything is decided against them, that it may be; the waiting time begins."""
    _not_own(act.by, check.person_id)
    _at_step(check, CheckState.RETURNED)
    wait = STEPS[check.requirement.check_path or ""].wait_days
    check.state, check.first_notice_at = CheckState.NOTICE_SENT, act.at
    check.first_notice_id = wordings_of(act.db, check)[TextKind.FIRST_NOTICE].id
    check.decide_from = clock.business_day_after(clock.local_day(act.at, zone), wait + 1)
    _note(act, check, "noticed")
    _tell(act, notices.CHECK_LETTER, check)


def turn_down(act: Act, check: BackgroundCheck, today: date) -> None:
    """Decide against the person, once the waiting time is over, and send the second notice with that."""
    _not_own(act.by, check.person_id)
    _at_step(check, CheckState.NOTICE_SENT)
    if check.decide_from is None or today < check.decide_from:
        raise Refused(text("The person still has time to reply to the first notice."))
    decide_against(act, check.person_id, check.requirement, today, source=From(SOURCE, check.id))
    check.second_notice_at = act.at
    check.second_notice_id = wordings_of(act.db, check)[TextKind.SECOND_NOTICE].id
    _decided(check, CheckState.TURNED_DOWN, act.by, act.at)
    _note(act, check, "turned_down")
    _tell(act, notices.CHECK_LETTER, check)


def stop(act: Act, check: BackgroundCheck) -> None:
    """Stop a check that is not needed any more. Once the answer is there, it has to be decided."""
    _not_own(act.by, check.person_id)
    _at_step(check, CheckState.ASKED, CheckState.AUTHORIZED, CheckState.ORDERED)
    _decided(check, CheckState.STOPPED, act.by, act.at)
    _note(act, check, "stopped")


def _has_been(on: date, today: date) -> None:
    if on > today:
        raise Refused(fields={"day": text("This date is in the future.")})


def _decided(check: BackgroundCheck, state: CheckState, by: Viewer, at: datetime) -> None:
    check.state, check.decided_at, check.decided_by_id = state, at, by.person_id


def _not_own(by: Viewer, person_id: int) -> None:
    if by.person_id == person_id:
        raise Refused(OWN)


def _at_step(check: BackgroundCheck, *states: CheckState) -> None:
    if check.state not in states:
        raise Refused(MEANWHILE)


def _note(act: Act, check: BackgroundCheck, done: str) -> None:
    record(act, f"check.{done}", check)


def _tell(act: Act, kind: MessageKind, check: BackgroundCheck) -> None:
    program_id = a_program_of(act.db, check.person_id)
    notify(act, kind, Ref("check", check.id, None, program_id), [check.person_id])

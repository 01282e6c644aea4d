"""Terms that a requirement can't have: a date where there is no paper, checks that wait for each other."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.requirements.models import Kind, Requirement, Validity
from portal.web.errors import Refused
from portal.words import text


def check_terms(db: Session, requirement: Requirement) -> None:
    """Raise Refused for terms that can't be."""
    _check_validity(requirement)
    _check_order(db, requirement)


def _check_validity(requirement: Requirement) -> None:
    """An interview and a reference have no paper with a date."""
    dateless = requirement.kind in (Kind.INTERVIEW, Kind.REFERENCE)
    if dateless and requirement.validity == Validity.DATED:
        words = text("This has no date of its own. Select another length.")
        raise Refused(fields={"validity": words})


def _check_order(db: Session, requirement: Requirement) -> None:
    """A check waits for another check, of its program or the agency, that does not wait for it."""
    if requirement.after_id is None:
        return
    wrong = Refused(fields={"after_id": text("Select another background check.")})
    before = db.get(Requirement, requirement.after_id)
    if requirement.kind != Kind.BACKGROUND_CHECK or before is None:
        raise wrong
    if before.program_id not in (None, requirement.program_id) or before.closed_at:
        raise wrong
    seen: set[int] = set()
    while before is not None and before.id not in seen:
        if before.kind != Kind.BACKGROUND_CHECK or before.id == requirement.id:
            raise wrong
        seen.add(before.id)
        before = db.get(Requirement, before.after_id) if before.after_id else None


def checks_to_wait_for(viewer: Viewer, but: int | None) -> Select[Requirement]:
    """The open background checks that another one may wait for, as far as a viewer sees them."""
    programs = in_viewers_programs(Requirement.program_id, viewer, Permission.REQUIREMENTS_MANAGE)
    return select(Requirement).where(
        or_(Requirement.program_id.is_(None), programs),
        Requirement.kind == Kind.BACKGROUND_CHECK,
        Requirement.closed_at.is_(None),
        Requirement.id.is_distinct_from(but),
    )

"""Signed-in browsers: starting, recognizing and ending them, on the server."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from portal.act import Act, of_person
from portal.audit.log import record
from portal.people.identity_models import SignIn
from portal.people.models import Membership, Person, Status
from portal.people.on_call_models import OnCallDay
from portal.people.tokens import hashed, new_token
from portal.permissions import MAY_BE_ON_CALL, Role, SessionLimits, Viewer, session_limits
from portal.reads import rows
from portal.web.shared import Visit

NOTE_USE_AFTER = timedelta(minutes=1)
"""Last use is written at most this often, so that reading does not mean writing (S4)."""


def _on_call(person: Any, at: Any) -> ColumnElement[bool]:
    """Inside a query: the day on which a person is on call at a moment."""
    return and_(
        OnCallDay.person_id == person,
        Person.status != Status.ON_LEAVE,
        OnCallDay.starts_at <= at,
        OnCallDay.ends_at > at,
    )


def _held(found: Sequence[Any]) -> frozenset[tuple[Role, int | None]]:
    """The staff roles in rows of a person: those they hold, and the one that being on call gives whoever may
    be on call for that program."""
    held = {(Role(row.role), row.program_id) for row in found if row.role}
    programs = {row.on_call_for for row in found} - {None}
    able = {program for role, program in held if role in MAY_BE_ON_CALL}
    on_call = {(Role.ON_CALL_NOW, program) for program in programs if able & {None, program}}
    return frozenset(held | on_call)


_VISIT = (
    select(
        SignIn.id,
        SignIn.used_at,
        SignIn.idle_seconds,
        SignIn.ends_at,
        SignIn.ended_at,
        SignIn.person_id,
        Person.name,
        Person.language,
        Person.status,
        Membership.role,
        Membership.program_id,
        OnCallDay.program_id.label("on_call_for"),
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(Membership, (Membership.person_id == SignIn.person_id) & Membership.until.is_(None))
    .outerjoin(OnCallDay, _on_call(SignIn.person_id, bindparam("at", type_=OnCallDay.ends_at.type)))
    .where(SignIn.token_hash == bindparam("token_hash"))
)


def load_viewer(db: Session, token: str, at: datetime) -> Visit:
    """Who holds a session cookie, with the staff roles they hold now (SECURITY Z4)."""
    found = rows(db, _VISIT, {"token_hash": hashed(token), "at": at})
    if not found or found[0].status == Status.ENDED:
        return Visit()
    first = found[0]
    if (
        first.ended_at
        or at >= first.ends_at
        or at - first.used_at > timedelta(seconds=first.idle_seconds)
    ):
        return Visit(lapsed=first.person_id)
    viewer = Viewer(
        person_id=first.person_id,
        name=first.name,
        language=first.language,
        session_id=first.id,
        memberships=_held(found),
    )
    if at - first.used_at < NOTE_USE_AFTER:
        return Visit(viewer)

    def note_use(db: Session) -> None:
        db.execute(update(SignIn).where(SignIn.id == first.id).values(used_at=at))

    return Visit(viewer, trail=note_use)


def roles_of(db: Session, person_id: int) -> frozenset[Role]:
    """The staff roles a person holds now."""
    rows = db.scalars(
        select(Membership.role).where(Membership.person_id == person_id, Membership.until.is_(None))
    )
    return frozenset(Role(role) for role in rows)


def start_session(
    db: Session, person_id: int, browser: str, at: datetime, own_days: int = 0
) -> tuple[str, SessionLimits]:
    """Sign a person in on a browser: a new session and its cookie's token, never a planted one (S2).
    On a phone of their own it lasts `own_days`, unless they hold a staff role."""
    over = or_(SignIn.ends_at < at - REMEMBERED, SignIn.ended_at < at - REMEMBERED)
    db.execute(delete(SignIn).where(over))
    roles = roles_of(db, person_id)
    limits = session_limits(roles)
    if own_days and not roles:
        limits = SessionLimits(timedelta(days=own_days), timedelta(days=own_days))
    token, token_hash = new_token()
    db.execute(
        insert(SignIn).values(
            token_hash=token_hash,
            person_id=person_id,
            browser=browser,
            created_at=at,
            used_at=at,
            idle_seconds=int(limits.idle.total_seconds()),
            ends_at=at + limits.absolute,
        )
    )
    viewer = Viewer(person_id=person_id)
    record(Act(db, viewer, at), "session.started", of_person(person_id))
    return token, limits


def end_session(act: Act, session_id: int) -> bool:
    """Sign one of one's own browsers out; False if there is no such one."""
    condition = (
        (SignIn.id == session_id)
        & (SignIn.person_id == act.by.person_id)
        & SignIn.ended_at.is_(None)
    )
    if act.db.scalar(select(SignIn.id).where(condition)) is None:
        return False
    act.db.execute(update(SignIn).where(condition).values(ended_at=act.at))
    record(act, "session.ended", of_person(act.by.person_id))
    return True


def end_sessions(
    act: Act, person_id: int, *, keep: int | None = None, gently: bool = False
) -> None:
    """Sign a person out everywhere, but for the session `keep`. `gently` is for people who do it themselves: a
    form that was open there comes back to them. Where someone else may have been in, nothing does."""
    theirs = (SignIn.person_id == person_id, SignIn.id != (keep or 0))
    if gently:
        act.db.execute(
            update(SignIn).where(*theirs, SignIn.ended_at.is_(None)).values(ended_at=act.at)
        )
    else:
        act.db.execute(delete(SignIn).where(*theirs))
    record(act, "session.all_ended", of_person(person_id))


REMEMBERED = timedelta(days=2)
"""How long it is known whose browser a session that is over was on."""

FRESH = timedelta(minutes=15)
"""How long after signing in one may change what identifies one, without the password once more."""


def is_fresh(db: Session, viewer: Viewer, at: datetime) -> bool:
    """Whether the viewer signed in on this browser just now."""
    since = select(SignIn.id).where(SignIn.id == viewer.session_id, SignIn.created_at > at - FRESH)
    return db.scalar(since) is not None


def viewer_of(db: Session, person_id: int | None, at: datetime) -> Viewer:
    """A person with the staff roles they hold now, for work that goes on after their request (SECURITY Z9).
    Someone who has ended holds none."""
    found = db.execute(
        select(
            Person.name,
            Person.language,
            Membership.role,
            Membership.program_id,
            OnCallDay.program_id.label("on_call_for"),
        )
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.until.is_(None))
        .outerjoin(OnCallDay, _on_call(Person.id, at))
        .where(Person.id == person_id, Person.status != Status.ENDED)
    ).all()
    if not found:
        return Viewer()
    return Viewer(person_id, found[0].name, found[0].language, memberships=_held(found))


def sessions_of(db: Session, person_id: int, at: datetime) -> list[SignIn]:
    """The browsers a person is signed in on, last used first."""
    rows = db.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ends_at > at, SignIn.ended_at.is_(None))
        .order_by(SignIn.used_at.desc())
        .limit(50)
    )
    return [row for row in rows if at - row.used_at <= timedelta(seconds=row.idle_seconds)]


def browser_name(user_agent: str) -> str:
    """A browser in words its owner recognizes ("Chrome on Android"); nothing that identifies it further."""
    kinds = {
        "Edg": "Edge",
        "OPR": "Opera",
        "SamsungBrowser": "Samsung Internet",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    systems = {
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "CrOS": "Chromebook",
        "Mac OS": "Mac",
        "Linux": "Linux",
    }
    kind = next((name for mark, name in kinds.items() if mark in user_agent), "Browser")
    system = next((name for mark, name in systems.items() if mark in user_agent), "")
    return f"{kind} on {system}" if system else kind

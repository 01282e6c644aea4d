"""Open events of the demo agency: two to come, and two that are over, with guests who came again."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.guests import events, guests
from portal.guests.models import Guest, OpenEvent
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs.models import Position, Program, Site
from portal.requirements import kinds
from portal.requirements.check_models import TextKind
from portal.requirements.models import Kind, Validity, Verifier
from portal.settings import Settings
from portal.shifts import shifts
from portal.shifts.shift_slots import SlotWish

PROGRAM = "Aging and Disability Services"
NAME, NAME_ES = "Liability agreement for guests", "Acuerdo de responsabilidad para invitados"
WORDS = (
    "I take part of my own free will. I follow what the staff tells me, and I tell them at once if I get hurt. "
    "I know that helping has risks, and I don't hold the county liable for what happens by accident."
)
WORDS_ES = (
    "Participo por mi propia voluntad. Sigo lo que me diga el personal y aviso enseguida si me lastimo. Sé que "
    "ayudar tiene riesgos, y no hago responsable al condado de lo que pase por accidente."
)
GUESTS = (
    ("Marisol Quint", "marisol.quint@demo.example", ""),
    ("Devon Ashby", "devon.ashby@demo.example", ""),
    ("Old Mr. Pruitt", "", "(555) 555-6110"),
)
EVENTS = (
    ("Packing day: fall boxes", -13, 12), ("Packing day: winter boxes", -6, 12),
    ("Packing day: spring boxes", 12, 20), ("Garden day at the senior center", 26, 15),
)  # fmt: skip
"""Title, days from today, and places for guests."""


def give_events(db: Session, zone: str, at: datetime) -> None:
    """Four shifts are open to everyone; two guests were at both that are over."""
    settings = Settings(timezone=zone, secret_key="x" * 40)
    program = db.scalars(select(Program).where(Program.name == PROGRAM)).one()
    position = db.scalars(
        select(Position).where(Position.program_id == program.id, Position.name == "Lunch server")
    ).first()
    assert position
    site = db.scalars(
        select(Site)
        .where(Site.program_id.is_(None), Site.confidential.is_(False))
        .order_by(Site.id)
    ).first()
    by = db.scalars(
        select(Membership.person_id).where(
            Membership.role == Role.COORDINATOR, Membership.program_id == program.id
        )
    ).first()
    staff = Viewer(person_id=by, memberships=frozenset({(Role.COORDINATOR, program.id)}))
    agreement = _agreement(db, at)
    for title, days, places in EVENTS:
        then = at + timedelta(days=min(days, 0) - 10)
        day = clock.local_day(at + timedelta(days=days), zone)
        starts = clock.as_calendars_do(day, time(9, 30), zone)
        values = {
            "title": title, "site_id": site.id if site else None, "note": "Wear closed shoes.",
            "starts_at": starts, "ends_at": starts + timedelta(hours=3), "zone": zone, "opens_at": None,
            "closes_at": starts, "withdraw_until": starts - timedelta(hours=24),
        }  # fmt: skip
        act = Act(db, staff, then)
        shift = shifts.add_shift(act, program, values, [SlotWish(position.id, 1, 2)])
        event = events.open_event(act, shift, agreement, places, no_clients=True)
        _come(db, event, settings, then, GUESTS if days < 20 else GUESTS[:1])
        if days < 0:
            came = select(Guest.id).where(Guest.event_id == event.id, Guest.email != "")
            guests.mark(Act(db, staff, at), event, set(db.scalars(came)))


def _come(
    db: Session,
    event: OpenEvent,
    settings: Settings,
    at: datetime,
    people: tuple[tuple[str, str, str], ...],
) -> None:
    wording = events.wording(db, event)
    assert wording
    for name, email, phone in people:
        values = {"name": name, "email": email, "phone": phone, "language": "en"}
        guests.come(
            Act(db, NOBODY, at), event, values, settings, text_id=wording.id, source="poster"
        )


def _agreement(db: Session, at: datetime) -> int:
    act = Act(db, COMMAND_LINE, at - timedelta(days=60))
    values = {
        "kind": Kind.AGREEMENT, "name": NAME, "description": "", "validity": Validity.NONE, "months": None,
        "yearly": "", "strict": True, "verifier": Verifier.COORDINATOR, "check_path": None,
        "translations": {"es": {"name": NAME_ES}},
    }  # fmt: skip
    made = kinds.add_requirement(act, values, None)
    wording = kinds.add_text(act, made, TextKind.AGREEMENT, WORDS, {"es": {"body": WORDS_ES}})
    kinds.approve_text(act, wording, "County Counsel", act.at.date())
    return made.id

"""What stands between a person and a spot: every reason at once, each with what to do about it.

The page shows these before anyone presses; `sign_up` asks again under the lock.
"""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.models import Commitment
from portal.occasions.obstacles import Obstacle
from portal.people.models import Status
from portal.shifts.facts import Facts
from portal.shifts.obstacle_words import AboutThem, Kind, ToYou
from portal.shifts.spots import Spot
from portal.words import Words, text

STAFF_MAY = {Kind.NOT_OPEN, Kind.CLOSED, Kind.STARTED}
"""Sign-up times bind volunteers; a coordinator may add people outside them."""

ONCE_BEGUN = {Kind.FULL, Kind.OVER_LIMIT, Kind.KEPT}
"""What does not bind staff once a shift has begun: someone simply came."""


def signup_obstacles(
    facts: Facts,
    spot: Spot,
    at: datetime,
    clash: Commitment | None,
    *,
    staff: bool = False,
    trainee: bool = False,
    override: bool = False,
) -> list[Obstacle]:
    """Every reason why the person of these facts cannot take a spot now. Empty means they can.

    With `staff` the sentences speak about the person instead of to them, name nothing of
    what else they do, and the times of sign-up do not bind. A `trainee` takes a place to learn. With
    `override` limits do not bind an adult, nor the wishes of their group.
    """
    row, person = facts.row, facts.person
    assert person
    own = person.own_slot_id is not None
    # A sensitive role's requirements reveal the role (P2), so show them only to holders and applicants; others
    # have no page on which to hand anything in for it.
    knows = spot.placed or spot.asked or (staff and not facts.sensitive)
    found = (
        (Kind.CANCELED, row.canceled_at is not None),
        (Kind.STARTED, at >= row.starts_at),
        (Kind.ALREADY_IN, own),
        (Kind.FULL, (spot.learning >= spot.trainees if trainee else spot.full(at)) and not own),
        (
            Kind.NOT_OPEN,
            not spot.promised(at) and _not_open(facts, at),
        ),
        (Kind.CLOSED, facts.takes_none(spot) or _too_late_to_sign_up(facts, spot, at)),
        (Kind.NOT_ACTIVE, person.status != Status.ACTIVE),
        (Kind.NOT_PLACED, not spot.placed and not own),
        (Kind.NOT_CLEARED, not own and knows and not spot.cleared(trainee=trainee)),
        (Kind.OVERLAP, clash is not None and not own),
        (Kind.OVER_LIMIT, not own and not (override and not facts.minor) and bool(facts.too_much)),
        (Kind.KEPT, not own and not override and bool(facts.kept)),
    )
    kinds = [kind for kind, stands in found if stands]
    if staff:
        may = STAFF_MAY | ONCE_BEGUN if at >= row.starts_at else STAFF_MAY
        kinds = [kind for kind in kinds if kind not in may]
    if not kinds:
        return []
    say = (AboutThem if staff else ToYou)(facts, spot, at, clash)
    say.only_full, say.trainee = kinds == [Kind.FULL], trainee
    return [obstacle for kind in kinds for obstacle in say.obstacles(kind)]


def clash_of(db: Session, facts: Facts) -> Commitment | None:
    """What engages the person during the shift, if anything does."""
    person = facts.person
    return db.get(Commitment, person.clash_id) if person and person.clash_id else None


def too_late(withdraw_until: datetime, zone: str, name: str, phone: str) -> Words:
    """What people read who cannot take themselves off any more: until when, and whom to call."""
    until = partial(clock.moment_text, withdraw_until, zone, this_year=withdraw_until.year)
    if phone:
        return text(
            "You could cancel online until %(when)s. It's too late now. Call %(name)s, %(phone)s.",
            when=until,
            name=name,
            phone=phone,
        )
    return text(
        "You could cancel online until %(when)s. It's too late now. Call the office.", when=until
    )


def _not_open(facts: Facts, at: datetime) -> bool:
    """Whether sign-up opens for the person later."""
    return facts.opens_at is not None and at < facts.opens_at


def _too_late_to_sign_up(facts: Facts, spot: Spot, at: datetime) -> bool:
    """Whether sign-up closed. Whoever was asked to help may still say yes, or take what is handed to them."""
    asked = spot.ask_id or spot.handed_over
    return not asked and facts.row.closes_at <= at < facts.row.starts_at

"""What people offer the rest of the portal."""

from sqlalchemy import Select, func, select

from portal.act import Act
from portal.domain import Chore, Domain, Now, Queue, Round, ids
from portal.people import departures, leaving, routes
from portal.people.identity_models import AddressChange
from portal.people.notices import NOTICES
from portal.people.on_call_notices import NOTICES as ON_CALL_NOTICES
from portal.people.people_list import FILTER
from portal.people.settings import OWN_PHONE_DAYS, SECOND_STEP_DAYS
from portal.permissions import Permission, Viewer
from portal.web.shared import Entry
from portal.words import text


def _proposed(viewer: Viewer, now: Now) -> Select[AddressChange]:
    """The address that staff wrote down for someone, which they have not confirmed yet."""
    return select(AddressChange).where(
        AddressChange.person_id == viewer.person_id, AddressChange.effective_at.is_(None)
    )


def _depart(act: Act, departure_id: int, now: Round) -> None:
    """Take someone who leaves off everything that is coming, in every domain."""
    releases = [one.release for one in now.domains if one.release]
    departures.depart(act.db, departure_id, releases, now.zone, act.at)


DOMAIN = Domain(
    "people",
    pages=routes.pages,
    settings=(
        OWN_PHONE_DAYS,
        SECOND_STEP_DAYS,
    ),
    navigation=(
        Entry(
            text("My volunteers"),
            "/supervision",
            "people",
            Permission.SUPERVISION_SEE,
            also=("/trials",),
            unless=Permission.PEOPLE_MANAGE,
            rank=90,
        ),
        Entry(text("You"), "/me/details", "person", Permission.SIGNED_IN, on_phone=True, rank=130),
    ),
    notices={**NOTICES, **ON_CALL_NOTICES},
    queues=(
        Queue(
            "address",
            text("New email address to confirm"),
            "/me/email",
            "envelope",
            45,
            _proposed,
            oldest=func.min(AddressChange.created_at),
        ),
    ),
    chores=(Chore("departures", 100, ids(lambda now: departures.due()), _depart),),
    release=leaving.release,
    engaged=leaving.engaged,
    people_filter=FILTER,
)

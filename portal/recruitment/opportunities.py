"""Opportunities: writing one, putting it before the public, and taking it back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from portal.act import Act
from portal.audit.log import record
from portal.permissions import Permission, Viewer
from portal.postal import place_of
from portal.programs.models import Position, Site
from portal.programs.scopes import in_viewers_programs
from portal.recruitment.models import Opportunity
from portal.web.errors import Refused, unless_stale
from portal.words import text

WRONG_CODE = text("Enter a five-digit ZIP code.")


def managed_opportunities(viewer: Viewer) -> Select[Opportunity]:
    """The opportunities of the programs a coordinator coordinates."""
    return select(Opportunity).where(
        in_viewers_programs(Opportunity.program_id, viewer, Permission.PROGRAMS_MANAGE)
    )


def add_opportunity(act: Act, position: Position, values: Mapping[str, Any]) -> Opportunity:
    """Write an opportunity for a position; the public does not see it yet."""
    _check(act, position, values)
    values = with_coordinates(values)
    row = Opportunity(position_id=position.id, program_id=position.program_id, **values)
    act.db.add(row)
    act.db.flush()
    record(act, "opportunity.added", row)
    return row


def edit_opportunity(
    act: Act, row: Opportunity, values: Mapping[str, Any], version: int | None
) -> None:
    """Change an opportunity. Raises Stale if someone saved since `version` was shown."""
    unless_stale(values_of(row), version)
    _check(act, row.position, values)
    for name, value in with_coordinates(values).items():
        setattr(row, name, value)
    record(act, "opportunity.edited", row)


def with_coordinates(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the middle of their ZIP code."""
    if "postal_code" not in values:
        return dict(values)
    latitude, longitude = place_of(values["postal_code"]) or (None, None)
    return {**values, "latitude": latitude, "longitude": longitude}


def values_of(row: Opportunity) -> dict[str, Any]:
    """An opportunity's columns as its form holds them."""
    return {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}


def _check(act: Act, position: Position, values: Mapping[str, Any]) -> None:
    code = values.get("postal_code")
    if code and place_of(code) is None:
        raise Refused(fields={"postal_code": WRONG_CODE})
    if (site_id := values.get("site_id")) is None:
        return
    site = act.db.get(Site, site_id)
    own = site is not None and site.program_id in (None, position.program_id)
    if site is None or not own or site.confidential or site.closed_at:
        raise Refused(fields={"site_id": text("Select a location that may be shown to everyone.")})


def publish(act: Act, row: Opportunity) -> None:
    """Put an opportunity before the public, from now on. One of a sensitive program is refused."""
    if row.program.sensitive:
        raise Refused(text("Not everyone may see this program, so you can't publish this."))
    if row.position.closed_at or row.program.closed_at:
        raise Refused(text("This role isn't open to new volunteers."))
    if row.published_at is None or row.closed_at is not None:
        row.published_at, row.closed_at = act.at, None
        record(act, "opportunity.published", row)


def close(act: Act, row: Opportunity) -> None:
    """Take an opportunity back: it is listed no longer, and takes no new applications."""
    if row.closed_at is None:
        row.closed_at = act.at
        record(act, "opportunity.closed", row)

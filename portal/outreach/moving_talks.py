"""Moving talks by days, as on a day of snow."""

from collections.abc import Sequence

from portal import clock
from portal.act import Act
from portal.occasions.blocks import Blocks
from portal.outreach.booking import (
    hold,
)
from portal.outreach.clashing import (
    in_a_row,
)
from portal.outreach.rescheduling import edit_talk, span_of, talk_values
from portal.outreach.talk_models import (
    Presentation,
)
from portal.web.errors import Refused
from portal.words import Words, text


def move_by(
    act: Act, talk: Presentation, days: int, clash_reason: str, blocks: Blocks, *, why: str = ""
) -> None:
    """Move a talk by whole days, to the same time of the clock there."""
    starts = clock.to_local(talk.starts_at, talk.zone)
    starts_at = clock.as_calendars_do(
        starts.date() + days * clock.ONE_DAY, starts.time(), talk.zone
    )
    values = talk_values(talk) | {
        "starts_at": starts_at,
        "ends_at": starts_at + (talk.ends_at - talk.starts_at),
    }
    edit_talk(act, talk, values, talk.version, clash_reason, blocks, why=why)


def move_all(
    act: Act,
    talks: Sequence[Presentation],
    days: int,
    clash_reason: str,
    blocks: Blocks,
    *,
    why: str = "",
) -> None:
    """Move some talks by whole days, all or none. What is in the way is said of all of them at once."""
    hold(act.db, [talk.id for talk in talks], blocks)
    clashing: list[Words] = []
    wrong: list[Words] = []
    for talk in sorted(
        talks, key=lambda one: one.starts_at, reverse=True
    ):  # none in the next one's way
        name, span = talk.request.from_name, span_of(talk, act.at)
        try:
            move_by(act, talk, days, clash_reason, blocks, why=why)
        except Refused as refused:
            for said, to in ((refused.reasons, wrong), (refused.fields.values(), clashing)):
                to += [
                    text("%(name)s, %(when)s: %(why)s", name=name, when=span, why=one)
                    for one in said
                ]
    if wrong or clashing:
        raise Refused(*wrong, fields={"clash_reason": in_a_row(clashing)} if clashing else {})

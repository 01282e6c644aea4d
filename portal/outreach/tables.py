"""A table at a fair: its time is cut into blocks for which people sign up like for shifts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.occasions.blocks import Block, Blocks
from portal.outreach.booking import (
    block_ids,
    blocks_on,
    check_may_change,
    lock_talk,
    note,
    tell_confirmed,
)
from portal.outreach.intake_models import RequestKind
from portal.outreach.talk_models import (
    Presentation,
    TalkBlock,
    TalkState,
)
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.web.errors import Refused
from portal.words import text


def add_blocks(act: Act, talk: Presentation, minutes: int, people: int, blocks: Blocks) -> int:
    """Cut a table's time into blocks for which people sign up like for shifts; gives how many there are."""
    lock_talk(act.db, talk.id)
    if talk.starts_at <= act.at:
        raise Refused(text("This presentation already began."))
    if talk.request.kind != RequestKind.TABLE or talk.state == TalkState.CANCELED:
        raise Refused(text("Only a table has blocks of time."))
    if block_ids(act.db, talk.id):
        raise Refused(text("This table already has blocks. Change them on the schedule."))
    topic = talk.topic
    if topic is None or topic.position_id is None:
        raise Refused(
            text("Select a topic with a role first. People with that role sign up for the blocks.")
        )
    position = act.db.get_one(Position, topic.position_id)
    if not act.by.may_in(Permission.OUTREACH_MANAGE, position.program_id):
        raise Refused(text("The role of this topic belongs to a program you don't book for."))
    spans, starts_at = [], talk.starts_at
    while starts_at < talk.ends_at:
        ends_at = min(starts_at + timedelta(minutes=minutes), talk.ends_at)
        spans.append((starts_at, ends_at))
        starts_at = ends_at
    title = talk.organization.name if talk.organization else talk.request.from_name
    made = blocks.add(
        act.db,
        act.by,
        topic.position_id,
        (title[:200], place_words(talk)),
        spans,
        people,
        talk.zone,
        act.at,
    )
    act.db.add_all(TalkBlock(presentation_id=talk.id, shift_id=one) for one in made)
    if talk.state == TalkState.TENTATIVE:
        talk.state, talk.sequence, talk.revised_at = TalkState.CONFIRMED, talk.sequence + 1, act.at
        act.db.flush()
        tell_confirmed(act, talk)
    note(act, talk, "blocks")
    return len(made)


def names_on(
    db: Session, viewer: Viewer, rows: Sequence[Block], blocks: Blocks
) -> Mapping[int, Sequence[str]]:
    """Who stands at a table when, for whoever books for the program of its blocks."""
    own = [row.id for row in rows if viewer.may_in(Permission.OUTREACH_MANAGE, row.program_id)]
    return blocks.names(db, own) if own else {}


def place_words(talk: Presentation) -> str:
    """Where a table is, as the people of its blocks read it: nothing of a confidential place."""
    if talk.site and talk.site.confidential:
        return ""
    if talk.site:
        return ", ".join(filter(None, (talk.site.name, talk.site.address)))
    return ", ".join(filter(None, (talk.place, talk.address)))


def move_blocks(act: Act, talk: Presentation, before: tuple[datetime, str], blocks: Blocks) -> None:
    """The blocks of a table follow it from where it was `before`: its start, and its place in words."""
    began, place = before
    later = _of_the_clock(talk.starts_at, talk.zone) - _of_the_clock(began, talk.zone)
    places = (place, place_words(talk))
    cut = blocks_on(act.db, talk, blocks)
    if cut and (later or places[0] != places[1]):
        check_may_change(act.by, cut)
        blocks.move(act.db, act.by, [row.id for row in cut], later, places, act.at)


def _of_the_clock(at: datetime, zone: str) -> datetime:
    return clock.to_local(at, zone).replace(tzinfo=None)

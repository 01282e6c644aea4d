"""How a talk went: people reached, what was given, promises, and the speakers' time for the hours ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.commitments.commitments import free_time
from portal.hours import entries
from portal.hours.entries import Work
from portal.hours.models import Source
from portal.outreach.booking import accepted, lock_talk, note, offers_of
from portal.outreach.clashing import ENGAGED
from portal.outreach.models import RequestState
from portal.outreach.outcome_models import FollowUp, Handout, Held, Material, TalkOutcome
from portal.outreach.request_events import note_event
from portal.outreach.talk_models import CURRENT_TALKS, Presentation, SpeakerOffer, TalkState
from portal.programs.models import Placement, Position
from portal.web.errors import Refused, Stale
from portal.words import text

MATERIAL = "material"


@dataclass(frozen=True)
class Told:
    """What someone tells about a talk. `handouts` are numbers by material, `minutes` of each speaker by offer,
    `follow_ups` promises with their day."""

    held: str
    people: int = 0
    counted: bool = False
    languages: str = ""
    referrals: int = 0
    went_well: str = ""
    handouts: Mapping[int, int] | None = None
    minutes: Mapping[int, int] | None = None
    follow_ups: Sequence[tuple[str, date]] = ()


def write_down(act: Act, talk: Presentation, told: Told, version: int | None) -> TalkOutcome:
    """Write down how a talk went, or correct it. Raises Stale when someone else wrote meanwhile."""
    lock_talk(act.db, talk.id)
    if talk.starts_at > act.at:
        raise Refused(text("This presentation hasn't begun yet."))
    canceled = talk.state == TalkState.CANCELED
    if canceled and told.held in (Held.HELD, Held.NOBODY_CAME):
        raise Refused(fields={"held": text("This presentation was already canceled.")})
    there = act.db.get(TalkOutcome, talk.id, populate_existing=True)
    if (there.version if there else 0) != (version or 0):
        raise Stale({"version": there.version if there else 0})
    row = there or TalkOutcome(presentation_id=talk.id)
    held = told.held == Held.HELD
    row.held, row.people, row.counted = Held(told.held), told.people if held else 0, told.counted
    row.languages, row.went_well = told.languages, told.went_well
    row.referrals = told.referrals if held else 0
    row.written_by_id, row.written_at = act.by.person_id, act.at
    act.db.add(row)
    act.db.flush()
    _write_handouts(act.db, talk.id, told.handouts or {} if held else {})
    _write_hours(act, talk, told)
    act.db.add_all(
        FollowUp(presentation_id=talk.id, words=words, due_on=day) for words, day in told.follow_ups
    )
    if talk.request.state == RequestState.BOOKED and not _more_to_come(act.db, talk, act.at):
        talk.request.state, talk.request.decided_at = RequestState.DONE, act.at
    note_event(act, talk.request, "outcome")
    note(act, talk, "outcome", told.held)
    return row


def _more_to_come(db: Session, talk: Presentation, at: datetime) -> bool:
    others = select(Presentation.id).where(
        Presentation.request_id == talk.request_id,
        Presentation.id != talk.id,
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.ends_at > at,
    )
    return db.scalar(others.limit(1)) is not None


def _write_handouts(db: Session, talk_id: int, numbers: Mapping[int, int]) -> None:
    known = set(db.scalars(select(Material.id).where(Material.id.in_(numbers))))
    if set(numbers) - known:
        raise Refused(text("Select from the list of materials."))
    db.execute(delete(Handout).where(Handout.presentation_id == talk_id))
    db.add_all(
        Handout(presentation_id=talk_id, material_id=one, number=number)
        for one, number in numbers.items()
        if number > 0
    )
    db.flush()


def _write_hours(act: Act, talk: Presentation, told: Told) -> None:
    """The time of everyone who took part and has the role goes to the ledger and waits for approval. No one
    spoke where nothing took place, unless they stood before an empty room."""
    took_place = told.held in (Held.HELD, Held.NOBODY_CAME)
    offers = accepted(offers_of(act.db, talk.id))
    work: dict[int, Work | None] = {}
    for one in offers:
        minutes = (told.minutes or {}).get(one.id, default_minutes(talk))
        one.minutes = minutes if took_place else 0
        position = act.db.get(Position, one.position_id) if one.position_id else None
        if position is None or not _serves(act.db, one):
            continue
        work[one.id] = (
            Work(
                one.person_id,
                position.program_id,
                position.id,
                clock.local_day(talk.starts_at, talk.zone),
                one.minutes,
            )
            if one.minutes
            else None
        )
    if work:
        entries.propose(act, Source.PRESENTATION, work)
    if not took_place:
        free_time(act.db, ENGAGED, [one.id for one in offers])


def _serves(db: Session, offer: SpeakerOffer) -> bool:
    """Whether someone spoke as a volunteer in the role; staff speak in their working time."""
    found = select(Placement.id).where(
        Placement.person_id == offer.person_id, Placement.position_id == offer.position_id
    )
    return db.scalar(found.limit(1)) is not None


def default_minutes(talk: Presentation) -> int:
    """What a talk counts if no one says otherwise: how long it was booked for."""
    return int((talk.ends_at - talk.starts_at) / timedelta(minutes=1))


def handouts_of(db: Session, talk_id: int) -> dict[int, int]:
    """What was given at a talk: numbers by material."""
    found = select(Handout.material_id, Handout.number).where(Handout.presentation_id == talk_id)
    return {row.material_id: row.number for row in db.execute(found)}


def follow_ups_of(db: Session, talk_id: int) -> Sequence[FollowUp]:
    """What was promised at a talk, the soonest first."""
    return db.scalars(
        select(FollowUp)
        .where(FollowUp.presentation_id == talk_id)
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(50)
    ).all()


def finish(act: Act, row: FollowUp) -> None:
    """A promise is kept. Twice is once."""
    if row.done_at is None:
        row.done_at, row.done_by_id = act.at, act.by.person_id
        note(act, row.presentation, "follow_up_done")


def materials(*, current: bool = False) -> Select[Material]:
    """What we give out; `current` leaves out what a newer edition replaced."""
    found = select(Material).order_by(Material.title, Material.language, Material.edition.desc())
    return (found.where(Material.superseded_at.is_(None)) if current else found).limit(300)


def add_material(act: Act, title: str, language: str, edition: str) -> Material:
    """A new edition of something; earlier ones of the same title and language are superseded."""
    same = select(Material).where(Material.title == title, Material.language == language)
    for one in act.db.scalars(same):
        if one.edition == edition:
            raise Refused(fields={"edition": text("This edition is already in the list.")})
        if one.superseded_at is None:
            one.superseded_at = act.at
    row = Material(title=title, language=language, edition=edition)
    act.db.add(row)
    act.db.flush()
    record(act, "material.added", row)
    return row


def supersede(act: Act, row: Material) -> None:
    """Hand it out no more. Twice is once."""
    if row.superseded_at is None:
        row.superseded_at = act.at
        record(act, "material.superseded", row)

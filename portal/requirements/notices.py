"""What people are told about their paperwork. Mail never says which paper, check or decision it is about;
that is read in the portal."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Urgency
from portal.people.models import Membership, Person, Status
from portal.permissions import Role
from portal.programs.models import Placement, PlacementState
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.models import Reading, ReadingDone
from portal.requirements.scopes import CURRENT, LASTS_LONGER
from portal.settings import Settings
from portal.words import text

RETURNED = Kind("paper.returned", Urgency.SOON, calls=True)
ENDS = Kind("paper.ends", Urgency.CAN_WAIT, calls=True)
ENDING = Kind("papers.ending", Urgency.CAN_WAIT)
CHECK = Kind("check.asked", Urgency.SOON, calls=True)
CHECK_LETTER = Kind("check.letter", Urgency.SOON, calls=True)
READ_THIS = Kind("reading.sent", Urgency.CAN_WAIT, calls=True)
SEE_PAPERS = (text("See your requirements"), "/me/paperwork")


def _returned(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    credential = db.get_one(Credential, to.subject_id)
    return Saying(link=SEE_PAPERS) if credential.outcome == Outcome.RETURNED else None


def _ends(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Untrue once something lasts longer."""
    ends = select(Credential.expires_on).where(
        Credential.id == to.subject_id, CURRENT, ~LASTS_LONGER
    )
    expires_on = db.scalar(ends)
    if expires_on is None:
        return None
    day = clock.day_text(expires_on, to.language, at.year)
    return Saying({"day": day}, link=SEE_PAPERS)


def _ending(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """How much ends soon in a coordinator's programs."""
    today = clock.local_day(at, settings.timezone)
    mine = select(Membership.program_id).where(
        Membership.person_id == to.person_id,
        Membership.role == Role.COORDINATOR,
        Membership.until.is_(None),
    )
    placed = (
        select(Placement.person_id)
        .join(Person, Person.id == Placement.person_id)
        .where(
            Placement.program_id.in_(mine),
            Placement.state == PlacementState.ACTIVE,
            Person.status != Status.ENDED,
        )
    )
    number = db.scalar(
        select(func.count(Credential.id)).where(
            Credential.outcome == Outcome.ACCEPTED,
            CURRENT,
            Credential.expires_on >= today,
            Credential.expires_on <= today + 60 * clock.ONE_DAY,
            ~LASTS_LONGER,
            Credential.person_id.in_(placed),
        )
    )
    link = (text("See what expires soon"), "/paperwork/ending")
    return Saying({"number": str(number)}, link=link) if number else None


def _check(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    check = db.get_one(BackgroundCheck, to.subject_id)
    return Saying(link=SEE_PAPERS) if check.state == CheckState.ASKED else None


def _letter(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    return Saying(link=SEE_PAPERS)


def _read_this(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    reading = db.get_one(Reading, to.subject_id)
    done = select(ReadingDone.reading_id).where(
        and_(ReadingDone.reading_id == reading.id, ReadingDone.person_id == to.person_id)
    )
    if reading.ended_at or db.scalar(done):
        return None
    day = clock.day_text(reading.due_on, to.language, at.year)
    return Saying({"day": day}, link=(text("Read it"), f"/me/readings/{reading.id}"))


_NOTICES = (
    Notice(
        RETURNED,
        text("A document needs changes"),
        text("A document needs changes"),
        text(
            "Hello {name},\n\nWe reviewed a document you submitted, and it needs changes. "
            "Open your requirements to see what to do."
        ),
        _returned,
    ),
    Notice(
        ENDS,
        text("A document expires soon"),
        text("One of your documents expires on {day}"),
        text(
            "Hello {name},\n\nOne of your documents expires on {day}. Open your requirements "
            "to see which one, and submit a new one in time to keep your shifts."
        ),
        _ends,
        ("day",),
    ),
    Notice(
        ENDING,
        text("Documents expiring soon, each morning (coordinators)"),
        text("Documents that expire within 60 days: {number}"),
        text(
            "Good morning {name},\n\nSome documents of people in your programs expire soon. "
            "Open the list to see them."
        ),
        _ending,
        ("number",),
    ),
    Notice(
        CHECK,
        text("Something to read and sign"),
        text("Something to read and sign"),
        text(
            "Hello {name},\n\nThere's something for you to read and sign. Open your "
            "requirements to read it."
        ),
        _check,
    ),
    Notice(
        CHECK_LETTER,
        text("Letter in the portal"),
        text("There's a letter for you"),
        text(
            "Hello {name},\n\nThere's a letter for you in the portal. It says by when you "
            "can reply. If you'd like it on paper, call us: {phone}."
        ),
        _letter,
    ),
    Notice(
        READ_THIS,
        text("Required reading due"),
        text("Read this by {day}"),
        text(
            "Hello {name},\n\nThere's something new to read for your role. Read it in the "
            "portal by {day}. After that, you can sign up for shifts only once you have read it."
        ),
        _read_this,
        ("day",),
    ),
)
NOTICES: Notices = {notice.kind.name: notice for notice in _NOTICES}

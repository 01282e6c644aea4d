"""Which requests, talks and offers a viewer may see. Checks live in the query."""

from sqlalchemy import Select, or_, select

from portal.outreach.eligibility import presents, speakers
from portal.outreach.intake_models import Topic
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import Organization
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer, SpeakerTopic
from portal.people.models import Membership, Person
from portal.permissions import Permission, Role, Viewer
from portal.programs.models import Placement, PlacementState, Program, Visibility
from portal.programs.scopes import in_viewers_programs, people_seen_with

MANAGE = Permission.OUTREACH_MANAGE
_NOT_SHOWN = (OfferState.WAITS, OfferState.HELD, OfferState.WITHDRAWN)
"""What someone who was never asked does not learn."""


def visible_requests(viewer: Viewer) -> Select[TalkRequest]:
    """The requests of one's programs; those that went to no program are for the agency's clerks."""
    return select(TalkRequest).where(in_viewers_programs(TalkRequest.program_id, viewer, MANAGE))


def visible_talks(viewer: Viewer) -> Select[Presentation]:
    """The talks of one's programs."""
    return select(Presentation).where(in_viewers_programs(Presentation.program_id, viewer, MANAGE))


def organizations() -> Select[Organization]:
    """Every organization: whoever books talks shares what is known of them."""
    return select(Organization)


def speakers_seen(viewer: Viewer) -> Select[Person]:
    """The speakers someone may ask: those of their programs, and staff who present."""
    if viewer.everywhere(MANAGE):
        return speakers()
    own = people_seen_with(viewer, MANAGE).with_only_columns(Person.id)
    return speakers().where(Person.id.in_(own) | presents(Person.id))


def topics_seen(viewer: Viewer) -> Select[Topic]:
    """The topics someone may choose from: the agency's, and those of their programs."""
    mine = Topic.program_id.is_(None) | in_viewers_programs(Topic.program_id, viewer, MANAGE)
    return select(Topic).where(mine, Topic.closed_at.is_(None)).order_by(Topic.name)


def writable_topics(viewer: Viewer) -> Select[Topic]:
    """The topics a viewer may write, closed ones too: the agency's take the agency, and those of hidden
    programs the program, also from the agency's clerks."""
    own = Topic.program_id.in_(
        routable_programs(viewer).with_only_columns(Program.id).order_by(None)
    )
    mine = own | Topic.program_id.is_(None) if viewer.everywhere(MANAGE) else own
    return select(Topic).where(mine).order_by(Topic.name)


def own_topics(person_id: int | None) -> Select[Topic]:
    """What a speaker may choose for themselves: nothing of a sensitive program but what is theirs already, or
    that of a program in which they serve (SECURITY Z5)."""
    theirs = select(SpeakerTopic.topic_id).where(SpeakerTopic.person_id == person_id)
    serve = select(Placement.program_id).where(
        Placement.person_id == person_id, Placement.state == PlacementState.ACTIVE
    )
    return (
        select(Topic)
        .outerjoin(Program, Program.id == Topic.program_id)
        .where(
            Topic.closed_at.is_(None),
            Topic.program_id.is_(None)
            | (Program.visibility == Visibility.PUBLIC)
            | Topic.id.in_(theirs)
            | Topic.program_id.in_(serve),
        )
        .order_by(Topic.name)
        .limit(300)
    )


def possible_clerks(program_id: int | None) -> Select[Person]:
    """Who could look after a request: the agency's clerks and administrators, and its program's."""
    mine = Membership.program_id.is_(None) | (Membership.program_id == program_id)
    roles = (Role.OUTREACH_CLERK, Role.COORDINATOR, Role.ADMINISTRATOR)
    return (
        select(Person)
        .where(
            Person.id.in_(
                select(Membership.person_id).where(
                    Membership.role.in_(roles), Membership.until.is_(None), mine
                )
            )
        )
        .order_by(Person.name)
        .limit(200)
    )


def routable_programs(viewer: Viewer) -> Select[Program]:
    """Where a viewer may send a request: the agency's clerks anywhere but to hidden programs, whose names they
    do not learn; others among their own programs."""
    found = select(Program).where(
        in_viewers_programs(Program.id, viewer, MANAGE), Program.closed_at.is_(None)
    )
    if not viewer.everywhere(Permission.AGENCY_MANAGE):
        own = sorted(viewer.programs_with(MANAGE))
        found = found.where(or_(Program.visibility != Visibility.HIDDEN, Program.id.in_(own)))
    return found.order_by(Program.name)


def own_offers(viewer: Viewer) -> Select[SpeakerOffer]:
    """What one was asked to speak at oneself."""
    return select(SpeakerOffer).where(
        SpeakerOffer.person_id == viewer.person_id, SpeakerOffer.state.not_in(_NOT_SHOWN)
    )

"""Reading one's own talks: what one is asked, and what one gives."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from portal.outreach.intake_models import RequestKind, Topic
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import Organization
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.scopes import own_offers
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer, Speaks, TalkState
from portal.permissions import Viewer
from portal.reads import read

MINE = (OfferState.ASKED, OfferState.ACCEPTED)


class OwnTalk(NamedTuple):
    """A talk that one is asked to give, or gives."""

    id: int
    state: OfferState
    role: Speaks
    answer_by: datetime | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    talk_state: TalkState
    kind: RequestKind
    topic: str | None
    translations: Mapping[str, Any]
    organization: str | None
    outcome: int | None


def own_talks(
    db: Session, viewer: Viewer, *where: ColumnElement[bool], soonest: bool = False
) -> Sequence[OwnTalk]:
    """The talks that one is asked to give, or gives, as lists print them: the latest first, or the soonest."""
    order = Presentation.starts_at if soonest else Presentation.starts_at.desc()
    return read(
        db,
        OwnTalk,
        own_offers(viewer)
        .with_only_columns(
            SpeakerOffer.id,
            SpeakerOffer.state,
            SpeakerOffer.role,
            SpeakerOffer.answer_by,
            Presentation.starts_at,
            Presentation.ends_at,
            Presentation.zone,
            Presentation.place,
            Presentation.state.label("talk_state"),
            TalkRequest.kind,
            Topic.name.label("topic"),
            Topic.translations,
            Organization.name.label("organization"),
            TalkOutcome.presentation_id.label("outcome"),
        )
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .join(TalkRequest, TalkRequest.id == Presentation.request_id)
        .outerjoin(Topic, Topic.id == Presentation.topic_id)
        .outerjoin(Organization, Organization.id == Presentation.organization_id)
        .outerjoin(TalkOutcome, TalkOutcome.presentation_id == Presentation.id)
        .where(SpeakerOffer.state.in_(MINE), Presentation.state != TalkState.CANCELED, *where)
        .order_by(order, SpeakerOffer.id)
        .limit(200),
    )

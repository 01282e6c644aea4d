"""Two questions to each side when a match is over: how it went, and whether they would do it again."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from portal.act import Act
from portal.audit.log import record
from portal.cases.contact_models import MatchReview, Side, Went
from portal.cases.models import Match, MatchState
from portal.cases.scopes import own_matches, without_conflict
from portal.permissions import Viewer
from portal.web.errors import Refused
from portal.words import text


def answer(act: Act, match: Match, side: Side, went: Went, *, again: bool) -> None:
    """Keep the answers of one side of a match that is over, once."""
    act.db.refresh(match, with_for_update=True)
    if match.state != MatchState.ENDED or match.first_met_on is None:
        raise Refused(text("This is asked once the help is over."))
    if act.db.get(MatchReview, (match.id, side)) is None:
        row = MatchReview(match_id=match.id, side=side, went=went, again=again, at=act.at)
        act.db.add(row)
        act.db.flush()
        record(act, f"match.reviewed_by_{side}", match)


def _unanswered(viewer: Viewer) -> ColumnElement[bool]:
    answered = exists().where(MatchReview.match_id == Match.id, MatchReview.side == Side.VOLUNTEER)
    return and_(
        Match.person_id == viewer.person_id,
        Match.state == MatchState.ENDED,
        Match.first_met_on.is_not(None),
        without_conflict(Match.case_id, viewer),
        ~answered,
    )


def own_unanswered(viewer: Viewer) -> Select[Match]:
    """The ended matches of a volunteer who met the client and didn't say yet how it went."""
    return select(Match).where(_unanswered(viewer))


def current_or_unanswered(viewer: Viewer) -> Select[Match]:
    """A volunteer's own matches that go on, and those."""
    current = own_matches(viewer).whereclause
    assert current is not None
    return select(Match).where(or_(current, _unanswered(viewer)))

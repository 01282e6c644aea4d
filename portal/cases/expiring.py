"""Everything that tells something of a case, and what is left of it some time after the case closed."""

from sqlalchemy import ColumnElement, Select, and_, or_, select

from portal.cases.conflict_models import Conflict
from portal.cases.contact_models import (
    Contact,
    ContactDraft,
    ContactMatch,
    FollowUp,
    Letter,
    LetterRead,
)
from portal.cases.emergency_models import EmergencyAccess
from portal.cases.models import Case, HelpRequest, Match
from portal.expiring import Expires


def _matches(case_id: int) -> Select[int]:
    return select(Match.id).where(Match.case_id == case_id)


def _contacts(case_id: int) -> ColumnElement[bool]:
    """Also those that were for another client, too: what was typed tells of both."""
    of_case = select(ContactMatch.contact_id).where(ContactMatch.match_id.in_(_matches(case_id)))
    return Contact.id.in_(of_case)


def _follow_ups(case_id: int) -> ColumnElement[bool]:
    """Also those that came with a visit for another client, too."""
    of_case = select(ContactMatch.contact_id).where(ContactMatch.match_id.in_(_matches(case_id)))
    return or_(FollowUp.match_id.in_(_matches(case_id)), FollowUp.contact_id.in_(of_case))


EXPIRES = (
    Expires(
        Case,
        lambda case_id: Case.id == case_id,
        {
            "needs": "",
            "safety": "",
            "contact_ways": "",
            "contact_from": None,
            "contact_until": None,
        },
    ),
    Expires(HelpRequest, lambda case_id: HelpRequest.case_id == case_id, {"times": ""}),
    Expires(Contact, _contacts, {"note": "", "topics": ""}),
    Expires(FollowUp, _follow_ups, {"words": ""}),
    Expires(Letter, lambda case_id: Letter.match_id.in_(_matches(case_id))),
    Expires(LetterRead, lambda case_id: LetterRead.match_id.in_(_matches(case_id))),
    Expires(ContactDraft, lambda case_id: ContactDraft.match_id.in_(_matches(case_id))),
    Expires(EmergencyAccess, lambda case_id: EmergencyAccess.case_id == case_id, {"reason": ""}),
    Expires(
        Conflict,
        lambda case_id: and_(Conflict.case_id == case_id, Conflict.asked_by_id.is_not(None)),
        {"reason": "-"},
    ),
)
"""Minutes, miles and dates stay for the report, and the hours of the ledger, which know no case."""

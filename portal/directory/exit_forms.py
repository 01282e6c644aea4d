"""The form with which someone leaves."""

import wtforms

from portal.programs.person_models import Equipment, ExitReason, MayReturn
from portal.web.choices import choice_field
from portal.web.fields import text_field
from portal.web.forms import Form
from portal.words import text

REASON_WORDS = {
    ExitReason.MOVED.value: text("Moved away"),
    ExitReason.TIME.value: text("No longer has the time"),
    ExitReason.DONE.value: text("Finished what they came for"),
    ExitReason.INACTIVE.value: text("Inactive for a long time"),
    ExitReason.ENDED_BY_US.value: text("We ended it"),
    ExitReason.OTHER.value: text("Another reason"),
}
RETURN_WORDS = {
    MayReturn.YES.value: text("Yes"),
    MayReturn.ASK.value: text("Ask the coordinator first"),
    MayReturn.NO.value: text("No"),
}
EQUIPMENT_WORDS = {
    Equipment.NONE.value: text("They had nothing of ours"),
    Equipment.RETURNED.value: text("Everything is back"),
    Equipment.OUTSTANDING.value: text("They still have something"),
}


class ExitForm(Form):
    """Why someone leaves, whether they may return, and what they have of the agency's."""

    reason = choice_field(text("Reason"), REASON_WORDS)
    may_return = choice_field(text("May they return?"), RETURN_WORDS)
    equipment = choice_field(text("Keys, badge, or equipment"), EQUIPMENT_WORDS)
    what = text_field(
        text("What they still have"), most=200, help=text("Front door key, badge 41, phone")
    )
    seen = wtforms.HiddenField()

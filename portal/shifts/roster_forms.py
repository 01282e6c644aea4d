"""The forms of a roster: adding, removing, and what people said."""

import wtforms

from portal.people.forms import asked_field
from portal.shifts.cant_reasons import WORDS
from portal.web.choices import check_field, choice_field, chosen_field
from portal.web.fields import hidden_number, text_field
from portal.web.forms import Form
from portal.web.ids import as_id
from portal.words import text


class RosterForm(Form):
    """A coordinator adds someone."""

    person = chosen_field(text("Person"))
    slot = chosen_field(text("Role"))
    trainee = check_field(text("They're shadowing"))
    asked = asked_field()
    over_limit = text_field(text("Reason to add them all the same"), most=300)


class CheckForm(Form):
    """What a lead writes down of someone, as the pressed button says it: "in-55"; and how many seconds `ago` it
    was pressed, if there was no connection then."""

    check = wtforms.HiddenField()
    ago = hidden_number()

    @property
    def said(self) -> tuple[str, int] | None:
        """What, and of which signup; None for nonsense."""
        what, _, number = (self.check.data or "").rpartition("-")
        signup_id = as_id(number)
        return (what, signup_id) if what and signup_id is not None else None


class RemovalForm(Form):
    reason = text_field(text("Reason"), most=300, required=True)
    asked = asked_field()


class LineAnswerForm(Form):
    """What someone in line said on the phone."""

    answer = choice_field(
        text("What did they say?"),
        {
            "yes": text("Yes, they take the spot"),
            "pass": text("Not this time, keep them on the waitlist"),
            "leave": text("They leave the waitlist"),
        },
    )
    asked = asked_field(required=True)


class CantForm(Form):
    """That one can't come: why, in a word, and whether one would come all the same."""

    cant_reason = choice_field(text("Reason"), WORDS, required=False)
    keep = check_field(text("I'll still come if no one else can"))


class CantForForm(CantForm):
    """The same as staff heard it."""

    cant_reason = choice_field(text("Reason, if they said it"), WORDS, required=False)
    keep = check_field(text("They'll still come if no one else can"))
    asked = asked_field(required=True)

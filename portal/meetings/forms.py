"""The forms of meetings."""

from typing import Any

import wtforms

from portal.meetings.events import KIND_WORDS
from portal.meetings.models import Meeting, MeetingKind
from portal.people.forms import asked_field
from portal.web.choices import choice_field, chosen_field
from portal.web.fields import hidden_number, link_field, long_text_field, text_field
from portal.web.forms import Form
from portal.web.spans import SpanForm
from portal.words import text

_OWN = ("kind", "title", "site_id", "online_link", "note")


class MeetingForm(SpanForm):
    """A meeting as staff write it: local day and times, and where."""

    kind = choice_field(text("Kind"), {one.value: words for one, words in KIND_WORDS.items()})
    title = text_field(text("Title"), most=120, required=True)
    site_id = chosen_field(text("Location"), required=False)
    online_link = link_field(
        text("Link, if it is online"), help=text("Only people who are invited see it.")
    )
    note = long_text_field(
        text("Note for the people invited"),
        help=text("What it's about, what to bring. Don't include client names."),
    )
    version = hidden_number()

    @classmethod
    def showing(cls, meeting: Meeting) -> "MeetingForm":
        """The form filled from a meeting."""
        span = cls.span_data(meeting.starts_at, meeting.ends_at, meeting.zone)
        return cls(data={name: getattr(meeting, name) for name in (*_OWN, "version")} | span)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, and that it is somewhere."""
        valid = super().validate(*args, **kwargs)
        if self.site_id.data is None and not self.online_link.data:
            nowhere = text("Select a location, or enter a link if it's online.")
            self.site_id.errors = (nowhere,)
            return False
        return valid

    @property
    def columns(self) -> dict[str, Any]:
        """The meeting's columns, once the form is valid."""
        return {name: self[name].data for name in (*_OWN, "zone")} | {
            "kind": MeetingKind(self.kind.data),
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }


class NewMeetingForm(MeetingForm):
    """A meeting with its program, which doesn't change later."""

    program = chosen_field(text("Program"))


class CancelMeetingForm(Form):
    """Why a meeting is canceled."""

    reason = text_field(
        text("Reason"), most=300, required=True, help=text("Everyone invited can read this.")
    )


class InviteForm(Form):
    """Whom to invite: a group, one more person, or both; `seen` marks the list that was looked at."""

    whom = chosen_field(text("Group"), required=False)
    who = text_field(text("One person: name, phone, or email"), most=120)
    seen = wtforms.HiddenField()


ANSWERS = {"yes": text("Yes, I'll come"), "no": text("No, I can't come")}
THEIR_ANSWERS = {"yes": text("They said yes"), "no": text("They said no")}


class AnswerForm(Form):
    """Whether one comes."""

    said = choice_field(text("Answer"), ANSWERS)


class TheirAnswerForm(Form):
    """What someone told staff, and how."""

    said = choice_field(text("Answer"), THEIR_ANSWERS)
    asked = asked_field(required=True)

"""The forms about requests for talks and what becomes of them."""

from collections.abc import Mapping
from typing import Any

import wtforms

from portal.outreach.action_forms import MoveAskForm
from portal.outreach.organization_models import Said
from portal.outreach.request_forms import radio_field
from portal.outreach.request_words import ORGANIZATION_WORDS
from portal.outreach.speaker_offers import ANSWER_HOURS
from portal.outreach.talk_models import Speaks
from portal.people.forms import asked_field
from portal.web.choices import check_field, choice_field, chosen_field, ids_field
from portal.web.fields import (
    day_field,
    hidden_number,
    link_field,
    long_text_field,
    number_field,
    phone_field,
    text_field,
)
from portal.web.forms import Form, clean
from portal.web.ids import as_id
from portal.web.translated import TranslatedForm
from portal.words import Words, text

SAID_WORDS: Mapping[str, Words] = {
    Said.NOTHING: text("Nothing yet"),
    Said.YES: text("Yes"),
    Said.LATER: text("Later, maybe"),
    Said.NO: text("No"),
}
SPEAKS_WORDS: Mapping[str, Words] = {
    Speaks.SPEAKER: text("Speaker"),
    Speaks.CO: text("Co-presenter"),
    Speaks.SHADOW: text("Shadowing"),
}
MODE_WORDS: Mapping[str, Words] = {
    "ask": text("Email them to ask"),
    "yes": text("They said yes to me"),
    "hold": text("Hold their time and ask later"),
}


ALL_THE_SAME = text("Reason for booking anyway")


def clash_field() -> wtforms.StringField:
    """Why a new time is all right in spite of a clash."""
    return text_field(
        ALL_THE_SAME,
        most=300,
        help=text("Needed only if someone is busy or away at the new time, or you're closed."),
    )


class BookForm(MoveAskForm):
    """Request, date, speaker, confirm: on one page."""

    person = chosen_field(text("Speaker"), required=False)
    mode = radio_field(text("How to book"), MODE_WORDS, default="ask")
    hours = number_field(text("Hours to reply"), least=1, most=720, default=ANSWER_HOURS)
    clash_reason = text_field(ALL_THE_SAME, most=300)
    asked = asked_field()


class AskSpeakerForm(Form):
    """Ask someone to take part in a talk."""

    person = chosen_field(text("Person"))
    role = choice_field(text("Part"), SPEAKS_WORDS, default=Speaks.SPEAKER)
    mode = radio_field(text("How to book"), MODE_WORDS, default="ask")
    hours = number_field(text("Hours to reply"), least=1, most=720, default=ANSWER_HOURS)
    clash_reason = text_field(ALL_THE_SAME, most=300)
    asked = asked_field()


class OwnAnswerForm(Form):
    """Yes or no, for oneself."""

    answer = wtforms.HiddenField()


class AllTheSameForm(Form):
    """Why someone takes part although they are away."""

    clash_reason = text_field(ALL_THE_SAME, most=300, required=True)


class OfferAnswerForm(OwnAnswerForm):
    """What someone said, as a clerk writes it down."""

    asked = asked_field(required=True)


class TalkForm(MoveAskForm):
    """A booked talk: when, where, who receives us, what to bring."""

    minutes = number_field(text("Length in minutes"), least=5, most=960)
    topic_id = chosen_field(text("Topic"), required=False)
    site_id = chosen_field(text("One of our locations"), required=False)
    place = text_field(text("Location"))
    address = text_field(text("Address"), most=300)
    town = text_field(text("Town"), most=80)
    district_id = chosen_field(text("Part of the county"), required=False)
    online_link = link_field(
        text("Link, if it is online"),
        help=text("Starts with https. Only speakers and the host see it."),
    )
    host_name = text_field(text("Host on the day"), most=120)
    host_phone = phone_field(text("Phone on the day"))
    parking = text_field(text("Parking"), most=300)
    door = text_field(text("Who opens the door, and when?"))
    bring = long_text_field(text("What to bring"), most=1000)
    public = check_field(text("Open to the public"), help=text("We'll list it on our public page."))
    clash_reason = clash_field()
    version = hidden_number()


class OrganizationForm(Form):
    name = text_field(text("Name"), required=True)
    kind = choice_field(text("Kind"), ORGANIZATION_WORDS)
    address = text_field(text("Address"), most=300)
    town = text_field(text("Town"), most=80)
    district_id = chosen_field(text("Part of the county"), required=False)
    parking = long_text_field(text("Parking and how to get in"), most=1000)
    access = long_text_field(text("Steps, microphone, projector"), most=1000)
    notes = long_text_field(text("What went well, what to do differently"), most=4000)
    version = hidden_number()


class ApproachForm(Form):
    """A talk that we offered."""

    topic_id = chosen_field(text("Topic"), required=False)
    whom = text_field(text("Who did you ask?"), most=120)
    asked_on = day_field(text("Date"))
    note = text_field(text("Note"), most=300)


class SaidForm(Form):
    said = choice_field(text("What did they say?"), SAID_WORDS)
    note = text_field(text("Note"), most=300)


class TopicForm(TranslatedForm):
    translated = ("name", "description")

    name = text_field(text("Name"), most=120, required=True)
    description = long_text_field(text("Public description"), most=1000)
    minutes = number_field(text("Length in minutes"), least=5, most=480, default=45)
    program_id = chosen_field(text("Program"), required=False)
    position_id = chosen_field(
        text("Speaker role"),
        required=False,
        help=text(
            "We suggest people who have this role and are cleared. Staff who present can "
            "also give this presentation."
        ),
    )
    version = hidden_number()


class MaterialForm(Form):
    title = text_field(text("Title"), most=120, required=True)
    language = text_field(text("Language"), most=40, required=True)
    edition = text_field(
        text("Edition"), most=40, help=text("Earlier editions are marked as replaced.")
    )


class SpeakerForm(Form):
    """What someone speaks about, and how often."""

    topics = ids_field(text("Your topics"))
    per_month = number_field(text("Maximum presentations per month"), least=0, most=31, default=3)
    rest_days = number_field(
        text("Minimum days between presentations"), least=0, most=60, default=2
    )
    shows_name = check_field(
        text("Show my full name on the public page and in letters to hosts"),
        help=text("If you leave this off, they see your first name only."),
    )
    version = hidden_number()


class SpeakerForForm(SpeakerForm):
    """The same, when staff write it down."""

    topics = ids_field(text("Their topics"))
    shows_name = check_field(
        text("Show their full name on the public page and in letters to hosts")
    )
    asked = asked_field(required=True)


class CalendarForm(Form):
    calendar_url = link_field(
        text("Your calendar's address (.ics)"),
        help=text("We keep only when you're busy, nothing else. Leave blank to stop."),
    )


class TermsForm(Form):
    """Days ahead and the cut-off for each kind; rows like `least-table`."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        sent = formdata.items() if formdata else ()
        self.typed = {name: clean(str(value))[:10] for name, value in sent if "-" in name}

    def row(self, kind: str) -> tuple[int, int, int, bool] | None:
        """What was typed for one kind; None for nonsense."""
        numbers = [
            as_id(self.typed.get(f"{name}-{kind}", "")) for name in ("least", "most", "cutoff")
        ]
        least, most, cutoff = numbers
        if least is None or most is None or cutoff is None or least >= most:
            return None
        if most > 1000 or cutoff > 720:
            return None
        return least, most, cutoff, f"open-{kind}" in self.typed


class PledgeForm(TranslatedForm):
    translated = ("words",)

    words = long_text_field(text("What people agree to"), most=1000, required=True)


class RoutesForm(Form):
    """A program for each part of the county: rows like `d-7`."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        sent = formdata.items() if formdata else ()
        pairs = {as_id(name[2:]): as_id(value) for name, value in sent if name.startswith("d-")}
        self.wanted = {number: value for number, value in pairs.items() if number is not None}


class BlocksForm(Form):
    minutes = number_field(text("Length of a block in minutes"), least=15, most=480, default=120)
    people = number_field(text("People in each block"), least=1, most=50, default=2)


class SnowForm(Form):
    """What happens to the talks of some days."""

    talks = ids_field(text("Presentations"))
    what = radio_field(
        text("What should happen to them?"),
        {"cancel": text("Cancel them"), "move": text("Move them by some days")},
    )
    days = number_field(text("Number of days"), least=1, most=60, required=False, default=7)
    reason = text_field(
        text("Reason"), most=300, required=True, help=text("Hosts and speakers can read this.")
    )
    clash_reason = clash_field()


class PasteForm(Form):
    words = long_text_field(text("The message"), most=100_000, required=True)

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
from portal.programs.forms import TranslatedForm
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
from portal.web.words import Words, text

SAID_WORDS: Mapping[str, Words] = {
    Said.NOTHING: text("Nothing yet"),
    Said.YES: text("Yes"),
    Said.LATER: text("Later, maybe"),
    Said.NO: text("No"),
}
SPEAKS_WORDS: Mapping[str, Words] = {
    Speaks.SPEAKER: text("Speaker"),
    Speaks.CO: text("Co-presenter"),
    Speaks.SHADOW: text("Comes along to learn"),
}
MODE_WORDS: Mapping[str, Words] = {
    "ask": text("Ask them by mail"),
    "yes": text("They said yes to me"),
    "hold": text("Only keep the time free, ask later"),
}


ALL_THE_SAME = text("Why is it all right all the same?")


def clash_field() -> wtforms.StringField:
    """Why a new time is all right in spite of a clash."""
    return text_field(
        ALL_THE_SAME,
        most=300,
        help=text("Only if somebody is busy or away at the new time, or you are closed."),
    )


class BookForm(MoveAskForm):
    """Request, date, speaker, confirm: on one page."""

    person = chosen_field(text("Who speaks?"), required=False)
    mode = radio_field(text("How?"), MODE_WORDS, default="ask")
    hours = number_field(text("How many hours to answer?"), least=1, most=720, default=ANSWER_HOURS)
    clash_reason = text_field(ALL_THE_SAME, most=300)
    asked = asked_field()


class AskSpeakerForm(Form):
    """Ask somebody to take part in a talk."""

    person = chosen_field(text("Who?"))
    role = choice_field(text("As what?"), SPEAKS_WORDS, default=Speaks.SPEAKER)
    mode = radio_field(text("How?"), MODE_WORDS, default="ask")
    hours = number_field(text("How many hours to answer?"), least=1, most=720, default=ANSWER_HOURS)
    clash_reason = text_field(ALL_THE_SAME, most=300)
    asked = asked_field()


class OwnAnswerForm(Form):
    """Yes or no, for oneself."""

    answer = wtforms.HiddenField()


class AllTheSameForm(Form):
    """Why somebody takes part although they are away."""

    clash_reason = text_field(ALL_THE_SAME, most=300, required=True)


class OfferAnswerForm(OwnAnswerForm):
    """What somebody said, as a clerk writes it down."""

    asked = asked_field(required=True)


class TalkForm(MoveAskForm):
    """A booked talk: when, where, who receives us, what to bring."""

    minutes = number_field(text("How long, in minutes?"), least=5, most=960)
    topic_id = chosen_field(text("Topic"), required=False)
    site_id = chosen_field(text("A place of ours"), required=False)
    place = text_field(text("Place"))
    address = text_field(text("Address"), most=300)
    town = text_field(text("Town"), most=80)
    district_id = chosen_field(text("Part of the county"), required=False)
    online_link = link_field(
        text("Link, if it is online"),
        help=text("It begins with https. Only speakers and the host see it."),
    )
    host_name = text_field(text("Who receives us?"), most=120)
    host_phone = phone_field(text("Phone on the day"))
    parking = text_field(text("Where to park?"), most=300)
    door = text_field(text("Who opens the door, and when?"))
    bring = long_text_field(text("What to bring"), most=1000)
    public = check_field(text("Anybody may come"), help=text("Then we tell about it on our page."))
    clash_reason = clash_field()
    version = hidden_number()


class OrganizationForm(Form):
    name = text_field(text("Name"), required=True)
    kind = choice_field(text("Kind"), ORGANIZATION_WORDS)
    address = text_field(text("Address"), most=300)
    town = text_field(text("Town"), most=80)
    district_id = chosen_field(text("Part of the county"), required=False)
    parking = long_text_field(text("Where to park, how to get in"), most=1000)
    access = long_text_field(text("Steps, microphone, projector"), most=1000)
    notes = long_text_field(text("What went well, what to do differently"), most=4000)
    version = hidden_number()


class ApproachForm(Form):
    """A talk that we offered."""

    topic_id = chosen_field(text("Topic"), required=False)
    whom = text_field(text("Whom did you ask?"), most=120)
    asked_on = day_field(text("When?"))
    note = text_field(text("Note"), most=300)


class SaidForm(Form):
    said = choice_field(text("What did they say?"), SAID_WORDS)
    note = text_field(text("Note"), most=300)


class TopicForm(TranslatedForm):
    translated = ("name", "description")

    name = text_field(text("Name"), most=120, required=True)
    name_es = text_field(text("Name in Spanish"), most=120)
    description = long_text_field(text("What people hear about"), most=1000)
    description_es = long_text_field(text("What people hear about, in Spanish"), most=1000)
    minutes = number_field(text("How long, in minutes?"), least=5, most=480, default=45)
    program_id = chosen_field(text("Which program's is it?"), required=False)
    position_id = chosen_field(
        text("Which role gives it?"),
        required=False,
        help=text(
            "Its people are suggested while they are cleared. Staff who present may give it, too."
        ),
    )
    version = hidden_number()


class MaterialForm(Form):
    title = text_field(text("Title"), most=120, required=True)
    language = text_field(text("Language"), most=40, required=True)
    edition = text_field(
        text("Edition"), most=40, help=text("Earlier editions of it are marked as replaced.")
    )


class SpeakerForm(Form):
    """What somebody speaks about, and how often."""

    topics = ids_field(text("What do you talk about?"))
    per_month = number_field(text("How many talks a month at most?"), least=0, most=31, default=3)
    rest_days = number_field(text("How many days between two talks?"), least=0, most=60, default=2)
    shows_name = check_field(
        text("My name may stand on the public page and in letters to hosts"),
        help=text("Otherwise they read your first name only."),
    )
    version = hidden_number()


class SpeakerForForm(SpeakerForm):
    """The same, when staff write it down."""

    topics = ids_field(text("What do they talk about?"))
    shows_name = check_field(
        text("Their name may stand on the public page and in letters to hosts")
    )
    asked = asked_field(required=True)


class CalendarForm(Form):
    calendar_url = link_field(
        text("Address of your calendar (.ics)"),
        help=text("We keep only when you are busy, nothing else. Leave it empty to stop."),
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


class PledgeForm(Form):
    words = long_text_field(text("What people acknowledge"), most=1000, required=True)
    words_es = long_text_field(text("The same in Spanish"), most=1000)


class RoutesForm(Form):
    """A program for each part of the county: rows like `d-7`."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        sent = formdata.items() if formdata else ()
        pairs = {as_id(name[2:]): as_id(value) for name, value in sent if name.startswith("d-")}
        self.wanted = {number: value for number, value in pairs.items() if number is not None}


class BlocksForm(Form):
    minutes = number_field(
        text("How long is a block, in minutes?"), least=15, most=480, default=120
    )
    people = number_field(text("How many people in each?"), least=1, most=50, default=2)


class SnowForm(Form):
    """What happens to the talks of some days."""

    talks = ids_field(text("Talks"))
    what = radio_field(
        text("What happens to them?"),
        {"cancel": text("Cancel them"), "move": text("Move them by some days")},
    )
    days = number_field(text("By how many days?"), least=1, most=60, required=False, default=7)
    reason = text_field(
        text("Why?"), most=300, required=True, help=text("Hosts and speakers can read this.")
    )
    clash_reason = clash_field()


class PasteForm(Form):
    words = long_text_field(text("The message"), most=100_000, required=True)

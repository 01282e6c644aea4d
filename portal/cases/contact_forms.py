"""The forms of what happens inside a match. None takes a file. Over a lost session only a draft is kept."""

import json
import re
from collections.abc import Mapping

from portal.cases.contact_models import ContactKind, Medium, Topic, Went
from portal.cases.contacts import Told
from portal.cases.forms import NO_NAMES
from portal.people.forms import asked_field
from portal.web.choices import check_field, checks_field, choice_field, ids_field
from portal.web.errors import Refused
from portal.web.fields import day_field, long_text_field, number_field, text_field
from portal.web.forms import Form
from portal.words import Words, text

KIND_WORDS: Mapping[str, Words] = {
    ContactKind.VISIT: text("Visit"),
    ContactKind.CALL: text("Call"),
    ContactKind.RIDE: text("Ride"),
    ContactKind.ERRAND: text("Errand"),
    ContactKind.OTHER: text("Other"),
}
MADE, ATTEMPTED = "made", "attempted"
MADE_WORDS: Mapping[str, Words] = {
    MADE: text("It took place"),
    ATTEMPTED: text("No one was there, or no one answered"),
}
MEDIUM_WORDS: Mapping[str, Words] = {
    Medium.IN_PERSON: text("In person"),
    Medium.PHONE: text("By phone"),
    Medium.VIDEO: text("By video"),
    Medium.WRITTEN: text("In writing"),
}
TOPIC_WORDS: Mapping[str, Words] = {
    Topic.COMPANY: text("Company"),
    Topic.LEARNING: text("School or learning"),
    Topic.FORMS: text("Forms and letters"),
    Topic.APPOINTMENT: text("An appointment"),
    Topic.HOUSEHOLD: text("Home and errands"),
    Topic.WORK: text("Work"),
    Topic.OTHER: text("Other"),
}
WENT_WORDS: Mapping[str, Words] = {
    Went.WELL: text("Well"),
    Went.SO_SO: text("So-so"),
    Went.BADLY: text("Not well"),
}
AGAIN_WORDS: Mapping[str, Words] = {"yes": text("Yes"), "no": text("No")}
MILES = re.compile(r"(\d{1,3})(?:[.,](\d))?")
SURE = text("I checked: nothing here tells who the client is")


class ContactForm(Form):
    """A visit or call, made or attempted."""

    kept = False

    day = day_field(text("Day"))
    kind = choice_field(text("What was it?"), KIND_WORDS, default=ContactKind.VISIT.value)
    made = choice_field(text("Did it take place?"), MADE_WORDS, default=MADE)
    medium = choice_field(text("How?"), MEDIUM_WORDS, default=Medium.IN_PERSON.value)
    minutes = number_field(text("Minutes"), least=0, most=1440, required=False)
    miles = text_field(
        text("Miles"), most=6, help=text("Such as 12 or 12.5. Leave it blank for none.")
    )
    topics = checks_field(text("About"), TOPIC_WORDS, least=0)
    note = long_text_field(text("Note for the caseworker"), most=500, help=NO_NAMES)
    follow_up = text_field(text("To do next"), most=120, help=NO_NAMES)
    due_on = day_field(text("To do by"), required=False)
    also = ids_field(text("It was also for"))
    sure = check_field(SURE)
    asked = asked_field()

    @property
    def told(self) -> Told:
        """What was entered, once the form is valid; Refused for miles that are no number."""
        return Told(
            day=self.day.data,
            kind=ContactKind(self.kind.data),
            made=self.made.data == MADE,
            medium=Medium(self.medium.data),
            minutes=self.minutes.data or 0,
            tenths=self._tenths(),
            topics=" ".join(self.topics.data),
            note=self.note.data or "",
            follow_up=self.follow_up.data or "",
            due_on=self.due_on.data,
            also=self.also.data,
            sure=self.sure.data,
        )

    def _tenths(self) -> int:
        typed = (self.miles.data or "").strip()
        if not typed:
            return 0
        found = MILES.fullmatch(typed)
        if found is None:
            raise Refused(fields={"miles": text("Enter miles from 0 to 999.9, such as 12.5.")})
        return int(found[1]) * 10 + int(found[2] or 0)


class DraftForm(Form):
    """The same while it is typed, as it is: nothing is checked yet."""

    kept = False

    day = text_field(text("Day"), most=20)
    kind = text_field(text("What was it?"), most=10)
    made = text_field(text("Did it take place?"), most=10)
    medium = text_field(text("How?"), most=10)
    minutes = text_field(text("Minutes"), most=10)
    miles = text_field(text("Miles"), most=10)
    note = long_text_field(text("Note for the caseworker"), most=500)
    follow_up = text_field(text("To do next"), most=120)
    due_on = text_field(text("To do by"), most=20)

    @property
    def typed(self) -> str:
        """What is typed so far, as a draft keeps it."""
        return json.dumps({name: value for name, value in self.data.items() if value})


class LetterForm(Form):
    """Something to write to the others."""

    kept = False

    words = long_text_field(text("Message"), most=500, required=True, help=NO_NAMES)
    sure = check_field(SURE)


class FollowUpForm(Form):
    """Something to do by a day."""

    kept = False

    follow_up = text_field(text("To do next"), most=120, required=True, help=NO_NAMES)
    due_on = day_field(text("To do by"))
    sure = check_field(SURE)


class ReviewForm(Form):
    """How it went."""

    went = choice_field(text("How did it go?"), WENT_WORDS)
    again = choice_field(text("Again, if someone asked?"), AGAIN_WORDS)

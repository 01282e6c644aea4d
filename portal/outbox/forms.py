"""The forms about messages."""

import wtforms

from portal.messages.compose import COMMON_NAMES, NAME
from portal.messages.kinds import TOPIC_WORDS, Notice
from portal.people.reminding import HOURS
from portal.web.choices import checks_field, choice_field, ids_field
from portal.web.fields import hidden_number, long_text_field, text_field
from portal.web.forms import Form
from portal.words import Words, count_text, text

HOUR_WORDS = {
    str(hours): count_text("%(n)s day before", "%(n)s days before", hours // 24)
    if hours % 24 == 0
    else count_text("%(n)s hour before", "%(n)s hours before", hours)
    for hours in HOURS
}


class ChoicesForm(Form):
    """What a person gets by mail, and when they are reminded."""

    topics = checks_field(
        text("Email me"), {topic.value: words for topic, words in TOPIC_WORDS.items()}, least=0
    )
    hours = checks_field(text("Remind me"), HOUR_WORDS, least=0)

    @property
    def off(self) -> str:
        """The topics that are switched off, as a person's record keeps them."""
        return ",".join(topic for topic in TOPIC_WORDS if topic not in self.topics.data)

    @property
    def remind_hours(self) -> str:
        return ",".join(self.hours.data)


class AnswerForm(Form):
    """A press on the page that a mail leads to."""

    answer = wtforms.HiddenField()


class CallForm(Form):
    """How a call went."""

    outcome = choice_field(
        text("How did the call go?"),
        {
            "reached": text("Reached them"),
            "word": text("Left a message"),
            "none": text("No answer"),
        },
    )


class LetterForm(Form):
    """A message to many; `seen` marks whom it goes to."""

    subject = text_field(text("Subject"), most=150, required=True)
    body = long_text_field(
        text("Message"),
        required=True,
        help=text(
            "Each person gets their own email. {name} becomes their first name. Don't "
            "include client names."
        ),
    )
    people = ids_field()
    everyone = wtforms.HiddenField()
    seen = wtforms.HiddenField()


class WordingForm(Form):
    """How the agency words a kind of message; empty goes back to our words."""

    subject = text_field(text("Subject"), most=150)
    body = long_text_field(text("Message"))
    version = hidden_number()

    def unknown(self, notice: Notice) -> dict[str, Words]:
        """Names in braces that this kind of message does not know, beside their fields."""
        known = {*COMMON_NAMES, *notice.names}
        found = {}
        for field in (self.subject, self.body):
            wrong = [name for name in NAME.findall(field.data or "") if name not in known]
            if wrong:
                found[field.name] = text(
                    "We don't know this name: %(wrong)s. You can use: %(known)s.",
                    wrong=", ".join(f"{{{name}}}" for name in wrong),
                    known=", ".join(f"{{{name}}}" for name in sorted(known)),
                )
        return found

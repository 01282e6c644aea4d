"""The forms about training."""

from collections.abc import Mapping
from typing import Any

import wtforms

from portal.people.forms import asked_field
from portal.training.courses import lines_of
from portal.training.models import MOST_MINUTES, Confirm, CourseSession, Presence, Result
from portal.training.results import Mark
from portal.web.choices import choice_field, chosen_field
from portal.web.durations import duration_field
from portal.web.fields import (
    day_field,
    hidden_number,
    link_field,
    long_text_field,
    number_field,
    text_field,
)
from portal.web.forms import Form
from portal.web.ids import as_id
from portal.web.rows import RowsForm
from portal.web.spans import SpanForm
from portal.web.translated import TranslatedForm
from portal.words import Words, text

CONFIRM_WORDS = {
    Confirm.PERSON.value: text("Someone approves it"),
    Confirm.RULE.value: text("Count it right away"),
}
OUTCOMES: Mapping[str, tuple[Words, Presence, Result | None]] = {
    "passed": (text("Completed"), Presence.CAME, Result.PASSED),
    "failed": (text("Not completed"), Presence.CAME, Result.FAILED),
    "came": (text("Attended"), Presence.CAME, None),
    "no_show": (text("No-show"), Presence.NO_SHOW, None),
    "excused": (text("Excused"), Presence.EXCUSED, None),
}
"""How it can go for someone: the words, whether they came, and the result."""


class CourseForm(TranslatedForm):
    """A course as staff write it."""

    translated = ("name", "description", "topic")

    program_id = chosen_field(text("Program"), required=False)
    name = text_field(text("Name"), most=120, required=True)
    description = long_text_field(text("What people learn"))
    topic = text_field(
        text("Topic"),
        most=60,
        help=text("We total learning time by topic, like Safety."),
        list="topics",
    )
    minutes = duration_field(
        text("Length"),
        most=MOST_MINUTES,
        required=True,
        help=text("Counts as learning time. For example: 2 hr 30 min, 2.5, or 150 min."),
    )
    requirement_id = chosen_field(
        text("Requirement it meets"),
        required=False,
        help=text("The requirement says how long it's valid."),
    )
    position_id = chosen_field(
        text("Role it assigns"), required=False, help=text("Most trainings assign none.")
    )
    confirm = choice_field(text("After completion"), CONFIRM_WORDS)
    pass_percent = number_field(
        text("Percent of right answers to pass the quiz"),
        least=1,
        most=100,
        required=False,
        help=text("Leave blank if there is no quiz."),
    )
    version = hidden_number()


class MaterialForm(Form):
    title = text_field(text("Title"), required=True)
    body = long_text_field(text("Text"), most=10_000)
    link = link_field(text("Or a link"), help=text("Starts with https."))


class QuizQuestionForm(TranslatedForm):
    """One question with its answers, one a line."""

    translated = ("words", "choices")

    words = text_field(text("Question"), most=300, required=True)
    choices = long_text_field(
        text("Answers to choose from"), required=True, help=text("One per line.")
    )
    right = number_field(
        text("Number of the right answer"), least=1, most=50, help=text("1 for the first line.")
    )

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        return {
            language: words | {"choices": "\n".join(lines_of(words.get("choices", "")))}
            for language, words in super().translations.items()
        }


class PrerequisiteForm(Form):
    needs = chosen_field(text("Training to complete first"))


class SessionForm(SpanForm):
    """A session as staff write it: local day and times, where, and for how many."""

    site_id = chosen_field(text("Location"), required=False)
    online_link = link_field(
        text("Link, if it is online"), help=text("Only registered people and staff see it.")
    )
    capacity = number_field(text("Maximum people"), least=1, most=10_000)
    per_trainer = number_field(
        text("Maximum people per trainer"),
        least=1,
        most=10_000,
        required=False,
        help=text("If you set this, the number of trainers limits the spots."),
    )
    note = long_text_field(
        text("Note for volunteers"), help=text("What to bring. Don't include client names.")
    )
    version = hidden_number()

    @classmethod
    def showing(cls, session: CourseSession) -> "SessionForm":
        """The form filled from a session."""
        names = ("site_id", "online_link", "capacity", "per_trainer", "note", "version")
        span = cls.span_data(session.starts_at, session.ends_at, session.zone)
        return cls(data={name: getattr(session, name) for name in names} | span)

    @property
    def columns(self) -> dict[str, Any]:
        """The session's columns, once the form is valid."""
        names = ("site_id", "online_link", "capacity", "per_trainer", "note", "zone")
        return {name: self[name].data for name in names} | {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }


class CancelSessionForm(Form):
    reason = text_field(
        text("Reason"), most=300, required=True, help=text("Everyone registered can read this.")
    )


class LearnerForm(Form):
    """Staff enrol someone, or have them give the session."""

    person = chosen_field(text("Person"))
    asked = asked_field()


class LearnerRemovalForm(Form):
    reason = text_field(text("Reason"), most=300, required=True)
    asked = asked_field()


class PaperForm(Form):
    """A pass from paper."""

    person = chosen_field(text("Person"))
    day = day_field(text("Date"))
    note = text_field(text("Note"), most=300, help=text("They can read this."))
    asked = asked_field(required=True)


class DenialForm(Form):
    reason = text_field(text("Reason"), most=300, required=True, help=text("They can read this."))


class TargetForm(Form):
    topic = text_field(text("Topic"), most=60, required=True, list="topics")
    minutes = duration_field(
        text("Time per year"), most=1000 * 60, required=True, help=text("For example: 8 or 7.5.")
    )
    program_id = chosen_field(text("Program"), required=False)
    position_id = chosen_field(text("Role"), required=False)


class ResultsForm(RowsForm):
    """For each learner how it went, and a note; `all_passed` for everyone who is left."""

    all_passed = wtforms.HiddenField()

    def marks(self, unmarked: set[int]) -> dict[int, Mark]:
        """What was written down, by enrolment. Those of `unmarked` without an answer passed if all did."""
        notes = self.row_values("n")
        chosen = {
            number: value for number, value in self.row_values("o").items() if value in OUTCOMES
        }
        if self.all_passed.data:
            chosen = dict.fromkeys(unmarked, "passed") | chosen
        return {
            number: Mark(OUTCOMES[value][1], OUTCOMES[value][2], notes.get(number, ""))
            for number, value in chosen.items()
        }


class QuizForm(RowsForm):
    """One choice for each question."""

    @property
    def answers(self) -> dict[int, int]:
        """The chosen answers, from 0, by question."""
        found = {number: as_id(value) for number, value in self.row_values("q").items()}
        return {number: value for number, value in found.items() if value is not None}

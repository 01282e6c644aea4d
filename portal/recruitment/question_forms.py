"""The form in which a question is composed, and the fields in which applicants answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar

import wtforms

from portal.clock import now
from portal.recruitment.question_models import ApplicationQuestion, QuestionKind
from portal.recruitment.questions import NO, YES, Answer, lines_of, name_of
from portal.typed import read_day
from portal.web.choices import (
    Radio,
    check_field,
    checks_field,
    choice_field,
    chosen_field,
    select_choices,
)
from portal.web.fields import (
    WRONG_DAY,
    checks_of,
    hidden_number,
    long_text_field,
    number_field,
    text_field,
)
from portal.web.forms import Checked, Form, clean, shaped
from portal.web.translated import TranslatedForm
from portal.words import Words, text

KIND_WORDS: Mapping[QuestionKind, Words] = {
    QuestionKind.TEXT: text("In their own words"),
    QuestionKind.YES_NO: text("Yes or no"),
    QuestionKind.CHOICE: text("One of several answers"),
    QuestionKind.SEVERAL: text("Any of several answers"),
    QuestionKind.DATE: text("A date"),
    QuestionKind.FILE: text("A file"),
}
YES_NO_WORDS: Mapping[str, Words] = {YES: text("Yes"), NO: text("No")}
MOST_LETTERS = 2000
F = TypeVar("F", bound=Form)


class QuestionForm(TranslatedForm):
    """A question to applicants, in every language."""

    translated = ("label", "help", "options")

    position_id = chosen_field(
        text("Role"), required=False, help=text("Leave it blank to ask for every role.")
    )
    label = text_field(text("Question"), required=True)
    help = text_field(text("Explanation"), most=300)
    options = long_text_field(
        text("Answers to choose from"),
        help=text("One per line. Only if there are several answers to choose from."),
    )
    required = check_field(text("Everyone must answer it"))
    rank = number_field(
        text("Place in the list"),
        least=1,
        most=99,
        default=50,
        help=text("Low numbers come first."),
    )
    version = hidden_number()


class ApproveForm(Form):
    """Which words an administrator found good."""

    version = hidden_number()


class NewQuestionForm(QuestionForm):
    """A new one: for which program, and how it is answered."""

    program = chosen_field(text("Program"))
    kind = choice_field(
        text("How it's answered"), {one.value: words for one, words in KIND_WORDS.items()}
    )


class _Needed:
    """Marks a file that is needed; whether it was added is known when the application is sent."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        pass


def _field(
    question: ApplicationQuestion, required: bool, label: str, help: Any, options: Mapping[str, Any]
) -> Any:
    kind = question.kind
    if kind == QuestionKind.SEVERAL:
        return checks_field(label, options, least=int(required), help=help)
    if kind in (QuestionKind.CHOICE, QuestionKind.YES_NO):
        wrong = text("Select one of these.")
        checks = checks_of(required, Checked(lambda value: value in options, wrong), missing=wrong)
        return Radio(
            label, checks, choices=select_choices(options), validate_choice=False, description=help
        )
    if kind == QuestionKind.FILE:
        return wtforms.FileField(
            label,
            [_Needed()] if required else [],
            description=help or text("A photo, or a PDF under 5 MB."),
            render_kw={"accept": "application/pdf,image/jpeg,image/png"},
        )
    if kind == QuestionKind.DATE:
        return wtforms.StringField(
            label,
            checks_of(required, Checked(_is_day, WRONG_DAY)),
            filters=[_as_day],
            default="",
            description=help or text("For example, 3/14/2027."),
            render_kw={"maxlength": 30},
        )
    return long_text_field(label, most=MOST_LETTERS, required=required, help=help)  # type: ignore[arg-type]


def _as_day(value: str | None) -> str:
    """A typed date as it is kept; what is no date stays as it was typed."""
    typed = clean(value)
    try:
        return read_day(typed, now().date()).isoformat() if typed else ""
    except ValueError:
        return typed


def _is_day(value: str) -> bool:
    try:
        read_day(value, now().date())
    except ValueError:
        return False
    return True


def with_questions(
    base: type[F],
    questions: Sequence[ApplicationQuestion],
    written: Any,
    *,
    all_optional: bool = False,
) -> type[F]:
    """A form that asks some questions after what `base` asks; `written` says an agency's words in the reader's
    language. Staff, for whom they are `all_optional`, enters what it was told."""
    fields: dict[str, Any] = {}
    for one in questions:
        said = {name: written(getattr(one, name), one.translations, name) for name in NAMES}
        options: Mapping[str, Any] = YES_NO_WORDS
        if one.kind != QuestionKind.YES_NO:
            options = dict(zip(lines_of(one.options), lines_of(said["options"]), strict=False))
        required = one.required and not all_optional
        fields[name_of(one.id)] = _field(one, required, said["label"], said["help"], options)
    return shaped(base, fields)


def answer_words(answer: Answer, day: Any) -> Words | str:
    """An answer as it is read; `day` says a date in the reader's language."""
    if answer.kind == QuestionKind.YES_NO:
        return YES_NO_WORDS.get(answer.value, answer.value)
    if answer.kind == QuestionKind.DATE:
        return str(day(date.fromisoformat(answer.value)))
    if answer.kind == QuestionKind.FILE:
        return KIND_WORDS[QuestionKind.FILE]
    return answer.value


NAMES = ("label", "help", "options")


def while_typing(base: type[F], questions: Sequence[ApplicationQuestion]) -> type[F]:
    """A form of what was typed so far, with the questions; anything goes."""
    fields: dict[str, Any] = {}
    for one in questions:
        if one.kind == QuestionKind.FILE:
            continue
        if one.kind == QuestionKind.SEVERAL:
            fields[name_of(one.id)] = wtforms.SelectMultipleField(
                "", validate_choice=False, choices=[], default=()
            )
        else:
            fields[name_of(one.id)] = long_text_field(text("Answer"), most=20000)
    return shaped(base, fields)

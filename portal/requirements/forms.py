"""The forms about paperwork: submitting, reviewing, rules, checks, things to read."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import wtforms

from portal import clock
from portal.people.forms import asked_field
from portal.requirements.check_models import TextKind
from portal.requirements.evidence_models import Outcome
from portal.requirements.models import (
    BUILT_IN,
    CheckPath,
    Kind,
    Requirement,
    Stage,
    Validity,
    Verifier,
)
from portal.typed import read_month_day
from portal.web.choices import check_field, choice_field, chosen_field, ids_field
from portal.web.fields import day_field, hidden_number, long_text_field, number_field, text_field
from portal.web.forms import Form
from portal.web.translated import TranslatedForm
from portal.words import Words, count_text, text

KIND_WORDS: Mapping[str, Words] = {
    Kind.DOCUMENT: text("Document"),
    Kind.LICENSE: text("Driver's license"),
    Kind.INSURANCE: text("Insurance"),
    Kind.HEALTH: text("Health check"),
    Kind.AGREEMENT: text("Agreement to sign"),
    Kind.COURSE: text("Training"),
    Kind.REFERENCE: text("Reference"),
    Kind.INTERVIEW: text("Interview"),
    Kind.BACKGROUND_CHECK: text("Background check"),
    Kind.TRIAL: text("Trial period"),
    Kind.CUSTOM: text("Something else"),
    Kind.GUARDIAN: text("Parent or guardian’s consent"),
}
OUTCOME_WORDS: Mapping[str, Words] = {
    Outcome.SUBMITTED: text("in review"),
    Outcome.ACCEPTED: text("accepted"),
    Outcome.RETURNED: text("needs changes"),
    Outcome.EXTENDED: text("in progress"),
    Outcome.NOT_MET: text("not met"),
    Outcome.REVOKED: text("no longer valid"),
}
VALIDITY_WORDS: Mapping[str, Words] = {
    Validity.NONE: text("doesn't expire"),
    Validity.DATED: text("until the expiration date on the document"),
    Validity.MONTHS: text("a number of months from its issue date"),
    Validity.YEARLY: text("until a date each year"),
}
PATH_WORDS: Mapping[str, Words] = {
    CheckPath.COMPANY: text("Background check company's report"),
    CheckPath.REGISTER: text("State registry"),
    CheckPath.DRIVING: text("Driving record"),
}
VERIFIER_WORDS: Mapping[str, Words] = {
    Verifier.COORDINATOR: text("Coordinators"),
    Verifier.SCREENER: text("Screeners only"),
}
STAGE_WORDS: Mapping[str, Words] = {
    Stage.APPLY: text("before someone gets the role"),
    Stage.FIRST: text("before their first shift"),
    Stage.ALWAYS: text("for every shift"),
}
TEXT_WORDS: Mapping[str, Words] = {
    TextKind.AGREEMENT: text("Agreement"),
    TextKind.DISCLOSURE: text("Disclosure, on a page by itself"),
    TextKind.AUTHORIZATION: text("Authorization to sign"),
    TextKind.RIGHTS: text("Summary of rights"),
    TextKind.FIRST_NOTICE: text("First notice"),
    TextKind.SECOND_NOTICE: text("Second notice"),
}


class PaperForm(Form):
    """The dates of a paper. The second is needed where the paper itself says until when it is good."""

    issued_on = day_field(text("Issue date"))
    expires_on = day_field(text("Expiration date"), required=False)


class HandInForm(PaperForm):
    """A paper with its file; staff say how it reached them."""

    file = wtforms.FileField(
        text("File"), description=text("A PDF, or photos of one or more sides. Up to 10 MB.")
    )
    asked = asked_field()


class WriteDownForm(PaperForm):
    """What staff saw themselves."""

    requirement = chosen_field(text("Requirement"))
    asked = asked_field()


class ReturnForm(Form):
    reason = text_field(text("What needs to change?"), most=300, required=True)


class RevokeForm(Form):
    on = day_field(text("No longer valid from"))
    reason = text_field(text("Reason"), most=300, required=True)


class WaiverForm(Form):
    requirement = chosen_field(text("Requirement to waive"))
    position = chosen_field(text("Role"), required=False)
    first_day = day_field(text("From"))
    last_day = day_field(text("Last day"))
    reason = text_field(text("Reason"), most=300, required=True)


class SignForm(Form):
    """A signature: the full name as typed, for the version of the text that was shown."""

    name = text_field(text("Your full name, as your signature"), required=True, autocomplete="name")
    shown = hidden_number()
    rights = hidden_number()
    disclosure = hidden_number()


class ShownForm(Form):
    shown = hidden_number()


class PaperSignForm(Form):
    name = text_field(text("Name as signed on the paper"), required=True)


class DayForm(Form):
    day = day_field(text("Date"))


class AskCheckForm(Form):
    requirement = chosen_field(text("Check"))
    asked = asked_field()


class RequirementForm(TranslatedForm):
    """A kind of proof. Its kind, and how a check is done, stay as they were first chosen."""

    translated = ("name", "description")
    kind = choice_field(
        text("Kind"),
        {kind: said for kind, said in KIND_WORDS.items() if kind not in (Kind.TRIAL, *BUILT_IN)},
    )
    check_path = choice_field(text("Type of check"), PATH_WORDS, required=False)
    name = text_field(text("Name"), most=120, required=True)
    description = long_text_field(
        text("What it is and how to get it"), help=text("Volunteers read this.")
    )
    validity = choice_field(text("How long it's valid"), VALIDITY_WORDS)
    months = number_field(text("Number of months"), least=1, most=240, required=False)
    yearly = text_field(text("Date each year"), most=20, help=text("Month and day, like 6/30"))
    verifier = choice_field(text("Who reviews it"), VERIFIER_WORDS, default=Verifier.COORDINATOR)
    strict = check_field(
        text("Counts only after it's accepted"),
        help=text("Otherwise, it counts as soon as it's submitted."),
    )
    program = chosen_field(text("Program"), required=False)
    after_id = chosen_field(
        text("Ask for it only after"),
        required=False,
        help=text("Only for background checks: another one that has to be clear first."),
    )
    version = hidden_number()

    def validate_months(self, field: wtforms.Field) -> None:
        """Months are needed where they say how long it is good."""
        if self.validity.data == Validity.MONTHS and not field.data:
            raise wtforms.ValidationError(text("Enter the number of months."))

    def validate_yearly(self, field: wtforms.Field) -> None:
        """A date of each year is needed where it says how long it is valid; kept as MM-DD."""
        if self.validity.data != Validity.YEARLY:
            return
        try:
            month, day = read_month_day(field.data)
        except ValueError:
            raise wtforms.ValidationError(text("Enter a month and day like 6/30.")) from None
        field.data = f"{month:02}-{day:02}"


def validity_of(requirement: Requirement) -> Words:
    """How long a proof of this kind is valid, with its number or its date."""
    if requirement.validity == Validity.MONTHS:
        return count_text(
            "%(n)s month from its issue date",
            "%(n)s months from its issue date",
            requirement.months or 0,
        )
    if requirement.validity == Validity.YEARLY:
        day = partial(clock.yearly_text, requirement.yearly)
        return text("until %(day)s each year", day=day)
    return VALIDITY_WORDS[requirement.validity]


class TextForm(TranslatedForm):
    """A new version of a wording."""

    translated = ("body",)

    kind = choice_field(text("Which document?"), TEXT_WORDS)
    body = long_text_field(text("Text"), most=20_000, required=True)


class ApproveTextForm(Form):
    approved_by = text_field(
        text("Approved by"), most=120, required=True, help=text("Attorney or decision maker")
    )
    approved_on = day_field(text("Date"))


class RuleForm(Form):
    """What a role asks for: any one of the proofs checked. `seen` marks whom it touches, as looked at."""

    program = chosen_field(text("Program"), required=False)
    position = chosen_field(text("Role"), required=False)
    requirements = ids_field()
    stage = choice_field(text("When it's needed"), STAGE_WORDS, default=Stage.ALWAYS)
    trainees = check_field(text("Also for people who are shadowing"))
    effective_on = day_field(text("Start date"))
    whom = choice_field(
        text("Applies to"),
        {
            "spare": text("New people only. Current clearances stay valid until they expire."),
            "all": text("Everyone, from the date below"),
        },
        default="spare",
    )
    binds_all_on = day_field(text("Everyone from"), required=False)
    seen = wtforms.HiddenField()


class ReadingForm(TranslatedForm):
    """Something to read, and by when."""

    translated = ("title", "body")

    program = chosen_field(text("Program"), required=False)
    position = chosen_field(text("Role"), required=False)
    title = text_field(text("Title"), required=True)
    body = long_text_field(text("Text"), most=20_000, required=True)
    due_on = day_field(text("Read by"))


class ReadForm(Form):
    asked = asked_field(required=True)


class TrialForm(Form):
    """A position's trial period; 0 of both is none."""

    months = number_field(text("Months"), least=0, most=36, default=0)
    shifts = number_field(text("Shifts with a supervisor"), least=0, most=100, default=0)


def kinds_by_hand(kind: str) -> bool:
    """Whether staff may write a kind of proof down themselves."""
    return kind not in (Kind.BACKGROUND_CHECK, Kind.TRIAL)


def values_of(form: RequirementForm) -> dict[str, Any]:
    """What a requirement's form says, without its program."""
    return {name: value for name, value in form.values.items() if name != "program"}

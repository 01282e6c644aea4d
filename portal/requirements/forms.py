"""The forms about paperwork: handing in, reviewing, rules, checks, things to read."""

from collections.abc import Mapping
from typing import Any

import wtforms

from portal.people.forms import asked_field
from portal.programs.forms import TranslatedForm
from portal.requirements.check_models import TextKind
from portal.requirements.evidence_models import Outcome
from portal.requirements.models import CheckPath, Kind, Stage, Validity, Verifier
from portal.web.choices import check_field, choice_field, chosen_field, ids_field
from portal.web.fields import day_field, hidden_number, long_text_field, number_field, text_field
from portal.web.forms import Form
from portal.web.words import Words, text

KIND_WORDS: Mapping[str, Words] = {
    Kind.DOCUMENT: text("Document"),
    Kind.LICENSE: text("Driving license"),
    Kind.INSURANCE: text("Insurance"),
    Kind.HEALTH: text("Health check"),
    Kind.AGREEMENT: text("Agreement to sign"),
    Kind.COURSE: text("Course"),
    Kind.REFERENCE: text("Reference"),
    Kind.INTERVIEW: text("Interview"),
    Kind.BACKGROUND_CHECK: text("Background check"),
    Kind.TRIAL: text("Trial period"),
    Kind.CUSTOM: text("Something else"),
}
OUTCOME_WORDS: Mapping[str, Words] = {
    Outcome.SUBMITTED: text("waits for review"),
    Outcome.ACCEPTED: text("accepted"),
    Outcome.RETURNED: text("sent back"),
    Outcome.EXTENDED: text("goes on"),
    Outcome.NOT_MET: text("not met"),
    Outcome.REVOKED: text("ended early"),
}
VALIDITY_WORDS: Mapping[str, Words] = {
    Validity.NONE: text("for good"),
    Validity.DATED: text("until the date on the paper"),
    Validity.MONTHS: text("so many months from its date"),
    Validity.YEARLY: text("until a day of the year"),
}
PATH_WORDS: Mapping[str, Words] = {
    CheckPath.COMPANY: text("A company's report"),
    CheckPath.REGISTER: text("A state register"),
    CheckPath.DRIVING: text("A driving record"),
}
VERIFIER_WORDS: Mapping[str, Words] = {
    Verifier.COORDINATOR: text("Coordinators"),
    Verifier.SCREENER: text("Screeners only"),
}
STAGE_WORDS: Mapping[str, Words] = {
    Stage.APPLY: text("before somebody gets the role"),
    Stage.FIRST: text("before their first shift"),
    Stage.ALWAYS: text("for every shift"),
}
TEXT_WORDS: Mapping[str, Words] = {
    TextKind.AGREEMENT: text("The agreement"),
    TextKind.DISCLOSURE: text("The disclosure, alone on a page"),
    TextKind.AUTHORIZATION: text("The authorization to sign"),
    TextKind.RIGHTS: text("The summary of rights"),
    TextKind.FIRST_NOTICE: text("The first notice"),
    TextKind.SECOND_NOTICE: text("The second notice"),
}


class PaperForm(Form):
    """The dates of a paper. The second is needed where the paper itself says until when it is good."""

    issued_on = day_field(text("Date on the paper"))
    expires_on = day_field(text("Good until"), required=False)


class HandInForm(PaperForm):
    """A paper with its file; staff say how it reached them."""

    file = wtforms.FileField(
        text("File"), description=text("A PDF, or photos of one or more sides. Up to 10 MB.")
    )
    asked = asked_field()


class WriteDownForm(PaperForm):
    """What staff saw themselves."""

    requirement = chosen_field(text("What is it?"))
    asked = asked_field()


class ReturnForm(Form):
    reason = text_field(
        text("What is wrong with it? The person reads this."), most=300, required=True
    )


class RevokeForm(Form):
    on = day_field(text("From which day does it not count?"))
    reason = text_field(text("Why?"), most=300, required=True)


class WaiverForm(Form):
    requirement = chosen_field(text("Without what?"))
    position = chosen_field(text("In which role?"), required=False)
    first_day = day_field(text("From"))
    last_day = day_field(text("Until and including"))
    reason = text_field(text("Why?"), most=300, required=True)


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
    day = day_field(text("On which day?"))


class AskCheckForm(Form):
    requirement = chosen_field(text("Which check?"))
    asked = asked_field()


class RequirementForm(TranslatedForm):
    """A kind of proof. Its kind, and how a check is done, stay as they were first chosen."""

    translated = ("name", "description")
    kind = choice_field(
        text("What kind?"), {kind: KIND_WORDS[kind] for kind in KIND_WORDS if kind != Kind.TRIAL}
    )
    check_path = choice_field(text("If it is a check: which way?"), PATH_WORDS, required=False)
    name = text_field(text("Name"), most=120, required=True)
    name_es = text_field(text("Name in Spanish"), most=120)
    description = long_text_field(
        text("What is it, and how does one get it?"), help=text("People read this.")
    )
    description_es = long_text_field(text("The same in Spanish"))
    validity = choice_field(text("How long is it good?"), VALIDITY_WORDS)
    months = number_field(text("How many months?"), least=1, most=240, required=False)
    yearly = text_field(
        text("Which day of the year?"), most=5, help=text("Month and day, like 06-30")
    )
    verifier = choice_field(
        text("Who looks at what is handed in?"), VERIFIER_WORDS, default=Verifier.COORDINATOR
    )
    strict = check_field(
        text("Counts only once it is accepted"),
        help=text("Otherwise it counts as soon as it is handed in."),
    )
    program = chosen_field(text("For which program?"), required=False)
    version = hidden_number()

    def validate_months(self, field: wtforms.Field) -> None:
        """Months are needed where they say how long it is good."""
        if self.validity.data == Validity.MONTHS and not field.data:
            raise wtforms.ValidationError(text("Please say how many months."))

    def validate_yearly(self, field: wtforms.Field) -> None:
        """A day of the year is needed where it says how long it is good."""
        if self.validity.data == Validity.YEARLY and not _is_month_day(field.data):
            raise wtforms.ValidationError(text("Please write month and day like 06-30."))


def _is_month_day(value: str) -> bool:
    month, dash, day = value.partition("-")
    if not dash or len(month) != 2 or len(day) != 2 or not (month + day).isascii():
        return False
    return (month + day).isdecimal() and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


class TextForm(Form):
    """A new version of a wording."""

    kind = choice_field(text("Which wording?"), TEXT_WORDS)
    body = long_text_field(text("Text"), most=20_000, required=True)
    body_es = long_text_field(text("The same in Spanish"), most=20_000)


class ApproveTextForm(Form):
    approved_by = text_field(
        text("Who approved it?"), most=120, required=True, help=text("Counsel, or who decides it")
    )
    approved_on = day_field(text("On which day?"))


class RuleForm(Form):
    """What a role asks for: any one of the proofs ticked. `seen` marks whom it touches, as looked at."""

    program = chosen_field(text("For which program?"), required=False)
    position = chosen_field(text("For which role?"), required=False)
    requirements = ids_field()
    stage = choice_field(text("When is it needed?"), STAGE_WORDS, default=Stage.ALWAYS)
    trainees = check_field(text("Also for people who come along to learn"))
    effective_on = day_field(text("From which day on?"))
    whom = choice_field(
        text("Whom does it bind?"),
        {
            "spare": text("Who is cleared now stays so until theirs ends"),
            "all": text("Everybody, from the day below"),
        },
        default="spare",
    )
    binds_all_on = day_field(text("Everybody from"), required=False)
    seen = wtforms.HiddenField()


class ReadingForm(Form):
    """Something to read, and by when."""

    program = chosen_field(text("For which program?"), required=False)
    position = chosen_field(text("For which role?"), required=False)
    title = text_field(text("Title"), required=True)
    title_es = text_field(text("Title in Spanish"))
    body = long_text_field(text("Text"), most=20_000, required=True)
    body_es = long_text_field(text("The same in Spanish"), most=20_000)
    due_on = day_field(text("To be read by"))


class ReadForm(Form):
    asked = asked_field(required=True)


class TrialForm(Form):
    """A position's trial period; 0 of both is none."""

    months = number_field(text("Months"), least=0, most=36, default=0)
    shifts = number_field(text("Shifts beside a supervisor"), least=0, most=100, default=0)


def kinds_by_hand(kind: str) -> bool:
    """Whether staff may write a kind of proof down themselves."""
    return kind not in (Kind.BACKGROUND_CHECK, Kind.TRIAL)


def values_of(form: RequirementForm) -> dict[str, Any]:
    """What a requirement's form says, without its program."""
    return {name: value for name, value in form.values.items() if name != "program"}

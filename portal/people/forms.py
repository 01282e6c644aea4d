"""The forms about people and signing in."""

from typing import Any

import wtforms

from portal.audit.log import Asked
from portal.languages import LANGUAGES
from portal.people.models import Status
from portal.permissions import Role
from portal.web.choices import check_field, choice_field, chosen_field
from portal.web.fields import (
    Required,
    day_field,
    email_field,
    hidden_number,
    long_text_field,
    phone_field,
    text_field,
)
from portal.web.forms import Form
from portal.web.rows import NumberedRows
from portal.words import Words, text

STATUS_WORDS = {
    Status.PROSPECT.value: text("Interested"),
    Status.APPLICANT.value: text("Applicant"),
    Status.ACTIVE.value: text("Active"),
    Status.ON_LEAVE.value: text("On leave"),
    Status.ENDED.value: text("Inactive"),
}
ASKED_WORDS = {
    Asked.PHONE.value: text("By phone"),
    Asked.IN_PERSON.value: text("In person"),
    Asked.PAPER.value: text("On paper"),
}
ROLE_WORDS = {
    Role.COORDINATOR.value: text("Coordinator"),
    Role.ADMINISTRATOR.value: text("Administrator"),
    Role.SCREENER.value: text("Screener: background checks, documents"),
    Role.TRAINER.value: text("Trainer"),
    Role.SUPERVISOR.value: text("Supervisor"),
    Role.OUTREACH_CLERK.value: text("Outreach staff: books presentations"),
    Role.PRESENTER.value: text("Presenter: staff who give presentations"),
    Role.INCIDENT_RECEIVER.value: text("Incident receiver: reads incident reports"),
    Role.CASEWORKER.value: text("Caseworker: asks for volunteers for clients"),
    Role.AUDITOR.value: text("Auditor: reads who did what"),
    Role.PRIVACY_OFFICER.value: text("Privacy officer: reviews emergency access"),
    Role.ON_CALL.value: text("On call: can be put on the on-call schedule"),
}


def password_field(label: Words, autocomplete: str) -> wtforms.PasswordField:
    """A password as typed: nothing is trimmed or cleaned, and pasting works."""
    return wtforms.PasswordField(
        label, [Required()], render_kw={"autocomplete": autocomplete, "maxlength": 1000}
    )


def asked_field(*, required: bool = False) -> wtforms.SelectField:
    """How the person asked, when staff do something for them."""
    return choice_field(
        text("How it was requested"),
        ASKED_WORDS,
        required=required,
        default=Asked.PHONE.value if required else None,
        help=None if required else text("Leave blank if you decided this yourself."),
    )


def adult_field() -> wtforms.Field:
    """The day on which a minor turns 18; nothing for an adult."""
    return day_field(
        text("Under 18? The day they turn 18"), required=False, help=text("Leave blank for adults.")
    )


def job_field() -> wtforms.Field:
    """What an employee of the agency does there."""
    return text_field(
        text("Job, if they work for us"), most=120, help=text("Leave blank if they don't.")
    )


class AskedForm(Form):
    """Staff do something for someone who asked for it."""

    asked = asked_field(required=True)


class AskedByVoiceForm(Form):
    """How the office made sure who someone is, before it reads out a code."""

    sure = choice_field(
        text("How do you know it's them?"),
        {
            Asked.IN_PERSON.value: text("They are here in person"),
            Asked.PHONE.value: text("I called them back at the number on file"),
        },
        required=True,
    )


def own_phone_field() -> wtforms.BooleanField:
    """Whether the browser belongs to the person alone."""
    return check_field(text("This is my own phone or computer"), help=text("Keeps you signed in."))


class SignInForm(Form):
    address = email_field(text("Email"), required=True)
    password = password_field(text("Password"), "current-password")
    own_phone = own_phone_field()
    next = wtforms.HiddenField()


class MailSignInForm(Form):
    """Ask for a code by mail."""

    address = email_field(text("Email"), required=True)
    own_phone = own_phone_field()
    reset = wtforms.HiddenField()


class CodeForm(Form):
    code = text_field(
        text("Code from the email"), most=20, required=True, autocomplete="one-time-code"
    )


class OfficeCodeForm(Form):
    """The code that the office read out."""

    address = email_field(text("Email"), required=True)
    code = text_field(
        text("Code from the office"), most=20, required=True, autocomplete="one-time-code"
    )


class ConfirmEmailForm(Form):
    """One's password, which is asked for unless one just signed in."""

    password = wtforms.PasswordField(
        text("Current password"),
        render_kw={"autocomplete": "current-password", "maxlength": 1000},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flags: Any = self.password.flags
        flags.required = True  # the field is shown only where it is asked for


class EmailForm(ConfirmEmailForm):
    """A new email address of one's own."""

    email = email_field(text("New email"), required=True)


class RegisterForm(Form):
    """What someone new tells us about themselves."""

    name = text_field(text("Full name"), required=True, autocomplete="name")
    address = email_field(text("Email"), required=True)
    phone = phone_field(text("Phone"))


class WhoForm(Form):
    person = text_field(text("Who are you?"), most=20, required=True)


class NewPasswordForm(Form):
    """A new password is typed once, and can be looked at while typing."""

    password = password_field(text("New password"), "new-password")


class ChangePasswordForm(NewPasswordForm):
    old_password = password_field(text("Current password"), "current-password")


class PhoneForm(Form):
    number = phone_field(text("Phone"))
    label = text_field(text("Type of phone"), most=40, help=text("Mobile, home, work"))


class DetailsForm(Form):
    """What people mend about themselves."""

    name = text_field(text("Full name"), required=True, autocomplete="name")
    goes_by = text_field(
        text("Preferred name"), most=100, help=text("If it's different from your first name")
    )
    language = choice_field(
        text("Language"), {code: text(name) for code, name in LANGUAGES.items()}
    )
    phones = NumberedRows(wtforms.FormField(PhoneForm), min_entries=2, max_entries=5)
    emergency_name = text_field(text("Contact's name"))
    emergency_relation = text_field(
        text("Relationship to you"), most=100, help=text("Sister, friend, neighbor")
    )
    emergency_phone = phone_field(text("Contact's phone"))
    mailing_address = long_text_field(
        text("Mailing address"), most=300, help=text("For letters by post")
    )
    version = hidden_number()


class PersonForm(DetailsForm):
    """What staff change about a person; also says how the person asked for it."""

    email = email_field(text("Email"), help=text("Leave blank if there is none."))
    same_household = check_field(
        text("They share this email address, for example in one household"),
        help=text("Needed only when someone else already has the address."),
    )
    status = choice_field(text("Status"), STATUS_WORDS)
    adult_on = adult_field()
    agency_job = job_field()
    asked = asked_field()


class NewPersonForm(PersonForm):
    """A new person; `seen` is a mark of the people who look alike that were shown."""

    seen = wtforms.HiddenField()


class MembershipForm(Form):
    role = choice_field(text("Staff role"), ROLE_WORDS)
    program = chosen_field(text("Program"), required=False)


class LanguageForm(Form):
    language = choice_field(
        text("Language"), {code: text(name) for code, name in LANGUAGES.items()}
    )
    next = wtforms.HiddenField()


class ThemeForm(Form):
    theme = choice_field(
        text("Light or dark"),
        {"": text("Same as my device"), "light": text("Light"), "dark": text("Dark")},
        required=False,
    )
    next = wtforms.HiddenField()


class SearchForm(Form):
    q = text_field(text("Name, phone, or email"), most=100)
    show_ended = check_field(text("Include inactive people"))

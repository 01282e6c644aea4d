"""The forms of cases and requests. None has a field for a client's name, and none takes a file."""

from collections.abc import Mapping
from typing import Any

from portal.cases.models import AgeBand, Case, CaseEnd, ContactWay, HelpRequest, Safety, Unmet
from portal.people.forms import asked_field
from portal.web.choices import check_field, checks_field, choice_field, chosen_field, ids_field
from portal.web.fields import (
    day_field,
    hidden_number,
    number_field,
    text_field,
    time_field,
)
from portal.web.forms import Form
from portal.web.ids import as_id
from portal.words import Words, text

AGE_WORDS: Mapping[str, Words] = {
    AgeBand.CHILD: text("Child, under 13"),
    AgeBand.YOUTH: text("Youth, 13 to 17"),
    AgeBand.ADULT: text("Adult"),
    AgeBand.OLDER: text("Older adult, 60 or more"),
}
SAFETY_WORDS: Mapping[str, Words] = {
    Safety.STAIRS: text("Stairs"),
    Safety.PETS: text("Pets"),
    Safety.SMOKING: text("Smoking in the home"),
    Safety.PAIRS: text("Go in pairs"),
}
WAY_WORDS: Mapping[str, Words] = {
    ContactWay.CALL: text("May call"),
    ContactWay.VOICEMAIL: text("May leave voicemail"),
    ContactWay.TEXT: text("May text"),
}
END_WORDS: Mapping[str, Words] = {
    CaseEnd.SERVED: text("Served, nothing more is needed"),
    CaseEnd.MOVED: text("Moved away or went elsewhere"),
    CaseEnd.DECLINED: text("Doesn't want a volunteer"),
    CaseEnd.OTHER: text("Other"),
}
UNMET_WORDS: Mapping[str, Words] = {
    Unmet.NO_ONE: text("No one could be found"),
    Unmet.NO_TIME: text("No one at that time"),
    Unmet.LANGUAGE: text("No one speaks the language"),
    Unmet.AREA: text("No one goes to that area"),
    Unmet.OTHER: text("Other"),
}
ONCE, LASTING = "once", "lasting"
KIND_WORDS = {ONCE: text("Once, on a day"), LASTING: text("Again and again")}
NO_NAMES = text("No names, phone numbers, or addresses: nothing that tells who the client is.")


class CaseForm(Form):
    """What a match needs to know of a client, and no more."""

    kept = False

    language_id = chosen_field(text("Language"), required=False)
    district_id = chosen_field(text("District"), required=False)
    age = choice_field(text("Age"), AGE_WORDS, required=False)
    needs = text_field(text("What to know beforehand"), most=300, help=NO_NAMES)
    safety = checks_field(text("About the place of a visit"), SAFETY_WORDS, least=0)
    contact_ways = checks_field(text("A volunteer reaches the client"), WAY_WORDS, least=0)
    contact_from = time_field(text("Safe to contact from"), required=False)
    contact_until = time_field(text("Safe to contact until"), required=False)
    sure = check_field(text("I checked: nothing here tells who the client is"))
    version = hidden_number()

    @classmethod
    def showing(cls, case: Case) -> "CaseForm":
        """The form filled from a case."""
        names = (
            "language_id",
            "district_id",
            "age",
            "needs",
            "contact_from",
            "contact_until",
            "version",
        )
        listed = {"safety": case.flags, "contact_ways": case.ways}
        return cls(data={name: getattr(case, name) for name in names} | listed)

    @property
    def columns(self) -> dict[str, Any]:
        """The case's columns, once the form is valid."""
        return {
            "language_id": as_id(self.language_id.data),
            "district_id": as_id(self.district_id.data),
            "age": AgeBand(self.age.data) if self.age.data else None,
            "needs": self.needs.data or "",
            "safety": " ".join(self.safety.data),
            "contact_ways": " ".join(self.contact_ways.data),
            "contact_from": self.contact_from.data,
            "contact_until": self.contact_until.data,
            "sure": self.sure.data,
        }


class RequestForm(Form):
    """What is asked for: once on a day, or again and again."""

    kept = False

    requested_by = chosen_field(text("Requested by"), required=False)
    asked = asked_field()
    function = chosen_field(text("What is needed"))
    kind = choice_field(text("How often"), KIND_WORDS, default=ONCE)
    day = day_field(text("Day"), required=False)
    starts = time_field(text("From"), required=False)
    ends = time_field(text("To"), required=False)
    times = text_field(
        text("Good times"), most=120, help=text("Such as: Tuesday mornings. No names or places.")
    )
    every_days = number_field(text("A visit every so many days"), least=1, most=365, required=False)
    review_on = day_field(text("Look again whether it's needed on"), required=False)
    people = number_field(text("Number of volunteers"), least=1, most=10)
    due_on = day_field(
        text("First visit due by"),
        required=False,
        help=text("If you leave it blank, what is needed decides."),
    )
    sure = check_field(text("I checked: nothing here tells who the client is"))

    @classmethod
    def like(cls, row: HelpRequest) -> "RequestForm":
        """The form filled from an earlier request, without its days."""
        names = ("starts", "ends", "times", "every_days", "people")
        return cls(
            data={name: getattr(row, name) for name in names}
            | {"function": row.function_id, "kind": LASTING if row.lasting else ONCE}
        )

    @property
    def wanted(self) -> dict[str, Any]:
        """The request's columns, once the form is valid."""
        lasting = self.kind.data == LASTING
        given: dict[str, Any] = {
            name: self[name].data
            for name in ("day", "starts", "ends", "every_days", "review_on", "due_on")
        }
        if lasting:
            given |= {"day": None, "starts": None, "ends": None}
        else:
            given |= {"every_days": None, "review_on": None}
        return given | {
            "lasting": lasting,
            "people": self.people.data,
            "times": self.times.data or "",
            "sure": self.sure.data,
        }


class NewCaseForm(CaseForm, RequestForm):
    """A case and what is asked for, on one page."""

    program = chosen_field(text("Program"))
    reference = text_field(
        text("Case reference"),
        most=40,
        required=True,
        help=text("The number your agency already uses. Never a name."),
    )


class FindForm(Form):
    """The reference of a case, never part of an address."""

    reference = text_field(text("Case reference"), most=40, required=True)


class CloseCaseForm(Form):
    """Why a case is closed."""

    end = choice_field(text("Why"), END_WORDS)


class AdjournForm(Form):
    """A new date, with the same companion."""

    day = day_field(text("New day"))
    starts = time_field(text("From"), required=False)
    ends = time_field(text("To"), required=False)


class LookAgainForm(Form):
    """When someone looks again whether it is still needed."""

    on = day_field(text("Look again on"))


class UnmetForm(Form):
    """Why no one was found."""

    unmet = choice_field(text("Why"), UNMET_WORDS)


class FunctionForm(Form):
    """Something that volunteers of a program do, and the roles that may do it."""

    name = text_field(text("What is needed"), most=80, required=True)
    due_days = number_field(text("First visit due within days"), least=1, most=90, required=False)
    roles = ids_field(text("Roles that may do it"))


class DistrictForm(Form):
    """How many people live in a district."""

    district = chosen_field(text("District"))
    residents = number_field(text("Residents"), least=1, most=10_000_000)

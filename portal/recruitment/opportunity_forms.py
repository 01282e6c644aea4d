"""The form in which staff writes an opportunity."""

from collections.abc import Collection, Sequence
from typing import Any

from portal.people.skill_forms import WEEKDAY_WORDS
from portal.recruitment.models import Cause, Daytime, Recurrence
from portal.web.choices import (
    check_field,
    checks_field,
    choice_field,
    chosen_field,
)
from portal.web.fields import (
    day_field,
    hidden_number,
    long_text_field,
    number_field,
    text_field,
)
from portal.web.translated import TranslatedForm
from portal.words import text

CAUSE_WORDS = {
    Cause.SENIORS: text("Older adults"),
    Cause.CHILDREN: text("Children and youth"),
    Cause.HOUSING: text("Housing and shelter"),
    Cause.FOOD: text("Food and meals"),
    Cause.HEALTH: text("Health"),
    Cause.JUSTICE: text("Courts and safety"),
    Cause.EDUCATION: text("Learning and tutoring"),
    Cause.COMMUNITY: text("Community events"),
    Cause.ENVIRONMENT: text("Parks and environment"),
    Cause.NEIGHBORS: text("Neighbors in need"),
    Cause.EMERGENCIES: text("Emergencies and disasters"),
    Cause.OFFICE: text("Office work"),
}
DAYTIME_WORDS = {
    Daytime.MORNING: text("Morning"),
    Daytime.AFTERNOON: text("Afternoon"),
    Daytime.EVENING: text("Evening"),
}


WEEKDAYS = {str(number): words for number, words in WEEKDAY_WORDS.items()}
WEEKDAY_BITS = tuple("0123456")
DAYTIME_BITS = tuple(one.value for one in Daytime)


def bits(chosen: Collection[str], order: Sequence[str]) -> int:
    """Checked boxes as bits, the first of an order being 1."""
    return sum(1 << index for index, value in enumerate(order) if value in chosen)


def checked(number: int, order: Sequence[str]) -> list[str]:
    """The boxes that some bits check."""
    return [value for index, value in enumerate(order) if number & 1 << index]


class OpportunityForm(TranslatedForm):
    """What the public reads about a role, in every language."""

    translated = (
        "title",
        "summary",
        "description",
        "schedule",
        "commitment",
        "benefits",
        "qualifications",
    )

    position = chosen_field(text("Role"))
    title = text_field(
        text("Title"), most=200, required=True, help=text("What someone does: “Drive a neighbor”.")
    )
    summary = text_field(text("Summary"), most=500, help=text("One or two sentences for the list."))
    description = long_text_field(text("Description"), most=4000)
    schedule = text_field(text("When"), most=200, help=text("For example, “Weekday mornings”."))
    commitment = text_field(
        text("Time needed"), most=200, help=text("For example, “4 hours a week”.")
    )
    benefits = long_text_field(text("What volunteers get"))
    qualifications = long_text_field(text("What volunteers need"))
    cause = choice_field(
        text("Cause"), {one.value: words for one, words in CAUSE_WORDS.items()}, required=False
    )
    site_id = chosen_field(text("Location"), required=False)
    area = text_field(text("Town or neighborhood"), most=80)
    postal_code = text_field(
        text("ZIP code"), most=5, help=text("So that people find what's near them.")
    )
    host = text_field(
        text("Organization"), most=200, help=text("Only if it's for another organization.")
    )
    recurrence = choice_field(
        text("How often"),
        {
            Recurrence.ONGOING.value: text("Ongoing"),
            Recurrence.ONCE.value: text("One time"),
        },
        default=Recurrence.ONGOING.value,
    )
    starts_on = day_field(text("First day"), required=False)
    online = check_field(text("It's online"))
    days = checks_field(text("Days"), WEEKDAYS, least=0)
    times = checks_field(
        text("Times of day"), {one.value: words for one, words in DAYTIME_WORDS.items()}, least=0
    )
    needed = number_field(text("Volunteers needed"), least=1, most=9999, required=False)
    listed_until = day_field(text("Last day to apply"), required=False)
    version = hidden_number()

    @property
    def columns(self) -> dict[str, Any]:
        """The values as an opportunity's columns."""
        values = self.values
        days, times = values.pop("days"), values.pop("times")
        values.pop("position")
        return values | {
            "weekdays": bits(days, WEEKDAY_BITS),
            "daytimes": bits(times, DAYTIME_BITS),
            "cause": values["cause"] or None,
        }

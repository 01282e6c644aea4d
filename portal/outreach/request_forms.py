"""The forms about requests: what is asked for, by whom, and what we answer."""

from collections.abc import Mapping
from typing import Any, Self

import wtforms

from portal import clock
from portal.languages import LANGUAGES
from portal.outreach.dates_form import TALKS, DatesForm
from portal.outreach.events import KIND_WORDS
from portal.outreach.intake_models import RequestKind
from portal.outreach.models import RequestSource
from portal.outreach.organization_models import OrganizationKind
from portal.outreach.request_words import (
    MESSAGE_WORDS,
    NEED_WORDS,
    ORGANIZATION_WORDS,
    SOURCE_WORDS,
)
from portal.web.choices import (
    Radio,
    check_field,
    checks_field,
    choice_field,
    chosen_field,
    ids_field,
    select_choices,
)
from portal.web.fields import (
    Required,
    day_field,
    email_field,
    hidden_number,
    link_field,
    long_text_field,
    number_field,
    phone_field,
    text_field,
    time_field,
)
from portal.words import Words, text

_VENUE = (
    "place",
    "address",
    "town",
    "district_id",
    "online",
    "online_link",
    "needs",
    "door",
    "parking",
)


_WHEN = ("day", "starts", "minutes", "series")


_DATES = tuple(f"{name}_{n}" for n in range(2, TALKS + 1) for name in ("day", "starts"))


_AUDIENCE = ("audience", "ages", "languages", "open_to_public")


_ALL = {"topics", "needed_by", *_VENUE, *_WHEN, *_DATES, *_AUDIENCE}


ASKED: Mapping[str, frozenset[str]] = {
    RequestKind.PRESENTATION: frozenset({"topics", *_VENUE, *_WHEN, *_DATES, *_AUDIENCE}),
    RequestKind.TABLE: frozenset(
        {"topics", "audience", "open_to_public", "languages", *_VENUE, "day", "starts", "minutes"}
    )
    - {"online", "online_link"},
    RequestKind.TOUR: frozenset(
        {"topics", "audience", "ages", "languages", "needs", *_WHEN, *_DATES}
    )
    - {"series"},
    RequestKind.MEDIA: frozenset({"topics", "needed_by"}),
    RequestKind.LITERATURE: frozenset({"topics", "languages", "audience", "needed_by"}),
    RequestKind.QUESTION: frozenset({"needed_by"}),
}
"""What each kind of request is asked besides who asks."""


def radio_field(
    label: Words, choices: Mapping[str, Words], *, default: str | None = None
) -> wtforms.RadioField:
    """One of a few, all of which are seen."""
    return Radio(
        label,
        [Required(text("Select one of these."))],
        choices=select_choices(choices),
        validate_choice=False,
        default=default,
        filters=[lambda value: value if value in choices else None],
    )


class RequestForm(DatesForm):
    """A request, as its kind asks for it. Fields that do not belong to the kind are not there at all."""

    kind = choice_field(text("What would you like?"), KIND_WORDS)
    organization_name = text_field(text("Organization"), autocomplete="organization")
    organization_kind = choice_field(
        text("What kind of organization is it?"), ORGANIZATION_WORDS, required=False
    )
    contact_name = text_field(text("Your name"), most=120, required=True, autocomplete="name")
    contact_email = email_field(
        text("Email"), required=True, help=text("We'll email you a link to confirm it.")
    )
    contact_phone = phone_field(text("Phone"), help=text("Best number on the day"))
    contact_address = text_field(text("Mailing address"), most=300)
    language = choice_field(
        text("Which language should we write to you in?"),
        {code: text(name) for code, name in LANGUAGES.items()},
        default="en",
    )
    topics = ids_field(text("Topic"))
    day = day_field(text("Date"))
    starts = time_field(text("Start time"))
    day_2 = day_field(text("Date"), required=False)
    starts_2 = time_field(text("Start time"), required=False)
    day_3 = day_field(text("Date"), required=False)
    starts_3 = time_field(text("Start time"), required=False)
    day_4 = day_field(text("Date"), required=False)
    starts_4 = time_field(text("Start time"), required=False)
    series = check_field(
        text("We'd like a presentation on each of these dates"),
        help=text("Otherwise, the other dates are backups."),
    )
    minutes = number_field(text("Length in minutes"), least=5, most=960, default=45)
    needed_by = day_field(text("When do you need it by?"), required=False)
    audience = number_field(text("About how many people?"), least=1, most=100_000, required=False)
    ages = text_field(
        text("How old are they?"), most=100, help=text("For example: 65 and over, or 6th grade.")
    )
    languages = ids_field(text("Which languages do they speak?"))
    open_to_public = check_field(
        text("Open to the public"), help=text("We'll list it on our public page.")
    )
    place = text_field(text("Location"), help=text("Name of the hall or room"))
    address = text_field(text("Address"), most=300, autocomplete="street-address")
    town = text_field(text("Town"), most=80)
    district_id = chosen_field(text("Part of the county"), required=False)
    online = check_field(text("It's online"))
    online_link = link_field(
        text("Link to the online meeting"),
        help=text("Starts with https. You can send it later."),
    )
    needs = checks_field(text("What should we know about the room?"), NEED_WORDS, least=0)
    door = text_field(text("Who opens the door, and when?"))
    parking = text_field(text("Parking"), most=300)
    words = long_text_field(text("Anything else?"), help=text("Don't include client names."))
    version = hidden_number()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        if self.kind.data not in ASKED:
            self.kind.data = RequestKind.PRESENTATION.value
        for name in _ALL - ASKED[self.kind.data]:
            del self[name]
        if words := MESSAGE_WORDS.get(self.kind.data):
            field: Any = self.words
            field.label.text = words
            field.validators = [Required(), *field.validators[1:]]
            field.flags.required = True

    def values_in(self, zone: str) -> dict[str, Any]:
        """What the verb takes: everything there is, with nothing for what the kind does not ask. Times are
        those of a zone; raises Refused for one that the clocks jump over."""
        sent, read = super().values, self.moments(zone)
        moments = list(read.values())
        series = bool(sent.get("series"))
        return {
            "organization_name": sent["organization_name"],
            "organization_kind": sent["organization_kind"] or OrganizationKind.OTHER,
            "contact_name": sent["contact_name"],
            "contact_email": sent.get("contact_email") or "",
            "contact_phone": sent["contact_phone"] or "",
            "contact_address": sent.get("contact_address") or "",
            "language": sent["language"],
            "audience": sent.get("audience"),
            "ages": sent.get("ages") or "",
            "open_to_public": bool(sent.get("open_to_public")),
            "place": sent.get("place") or "",
            "address": sent.get("address") or "",
            "town": sent.get("town") or "",
            "district_id": sent.get("district_id"),
            "online": bool(sent.get("online")),
            "online_link": sent.get("online_link") or "",
            "minutes": sent.get("minutes") or 45,
            "needs": ",".join(sent.get("needs") or ()),
            "door": sent.get("door") or "",
            "parking": sent.get("parking") or "",
            "words": sent["words"],
            "series": series,
            "topics": sent.get("topics") or [],
            "languages": sent.get("languages") or [],
            "needed_by": sent.get("needed_by"),
            "dates": moments if series else moments[:1],
            "alternates": [] if series else moments[1:],
            "fields": {at: name for name, at in read.items()},
        }

    @classmethod
    def filled(cls, values: Mapping[str, Any], **more: Any) -> Self:
        """The form as a request stands."""
        data = dict(values) | {"needs": (values.get("needs") or "").split(",")} | more
        moments = [*values["dates"], *values["alternates"]][:TALKS]
        for number, at in enumerate(moments, start=1):
            end = f"_{number}" if number > 1 else ""
            local = clock.to_local(at, values["zone"])
            data[f"day{end}"], data[f"starts{end}"] = local.date(), local.time()
        return cls(data=data)


class StaffRequestForm(RequestForm):
    """A request as a clerk writes it down: without an email, if they have none."""

    contact_name = text_field(text("Contact"), most=120, required=True)
    contact_email = email_field(
        text("Email"), help=text("Without an email address, we'll call or send a letter.")
    )
    language = choice_field(
        text("Language to write to them in"),
        {code: text(name) for code, name in LANGUAGES.items()},
        default="en",
    )
    organization_name = text_field(text("Organization"), list="groups", autocomplete="off")
    source = choice_field(text("How the request came"), SOURCE_WORDS, default=RequestSource.PHONE)

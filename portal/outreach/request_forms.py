"""The forms about requests: what is asked for, by whom, and what we answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import wtforms

from portal import clock
from portal.outreach.events import KIND_WORDS
from portal.outreach.models import (
    BOOKED_KINDS,
    CounterKind,
    OrganizationKind,
    RequestKind,
    RequestSource,
)
from portal.web.errors import Refused
from portal.web.forms import (
    Form,
    Required,
    _Radio,
    _select_choices,
    check_field,
    choice_field,
    chosen_field,
    clean,
    day_field,
    email_field,
    hidden_number,
    ids_field,
    link_field,
    long_text_field,
    number_field,
    phone_field,
    text_field,
    ticks_field,
    time_field,
)
from portal.web.words import LANGUAGES, Words, text

ORGANIZATION_WORDS: Mapping[str, Words] = {
    OrganizationKind.FAITH: text("Church or other faith group"),
    OrganizationKind.SENIORS: text("Senior center or senior housing"),
    OrganizationKind.SCHOOL: text("School or college"),
    OrganizationKind.AGENCY: text("Agency or nonprofit"),
    OrganizationKind.BUSINESS: text("Business"),
    OrganizationKind.LIBRARY: text("Library or museum"),
    OrganizationKind.NEIGHBORS: text("Club or neighborhood group"),
    OrganizationKind.OTHER: text("Something else"),
}


NEED_WORDS: Mapping[str, Words] = {
    "projector": text("A projector and a screen are there"),
    "bring_projector": text("We should bring a projector"),
    "microphone": text("A microphone is there"),
    "interpreter": text("An interpreter is needed"),
    "asl": text("Sign language (ASL) is needed"),
    "wheelchair": text("Step-free, with room for wheelchairs"),
    "parking": text("There is parking"),
}


SOURCE_WORDS: Mapping[str, Words] = {
    RequestSource.PHONE: text("By phone"),
    RequestSource.COUNTER: text("At the counter"),
    RequestSource.LETTER: text("By letter"),
    RequestSource.MAIL: text("By e-mail"),
    RequestSource.OURS: text("We offered it"),
}


COUNTER_WORDS: Mapping[str, Words] = {
    CounterKind.DATE: text("Another date"),
    CounterKind.SPEAKER: text("Another speaker"),
    CounterKind.LITERATURE: text("Something to read instead"),
}


TALKS = 4
"""How many dates one form takes."""


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


DAYS = ("day", *(f"day_{n}" for n in range(2, TALKS + 1)))
"""The names of the fields with a day; each has a time beside it."""


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


MESSAGE_WORDS: Mapping[str, Words] = {
    RequestKind.MEDIA: text("What is it about, and for which paper or station?"),
    RequestKind.LITERATURE: text("Which leaflets, and how many?"),
    RequestKind.QUESTION: text("What would you like to know?"),
}


def radio_field(
    label: Words, choices: Mapping[str, Words], *, default: str | None = None
) -> wtforms.RadioField:
    """One of a few, all of which are seen."""
    return _Radio(
        label,
        [Required(text("Please choose one of these."))],
        choices=_select_choices(choices),
        validate_choice=False,
        default=default,
        filters=[lambda value: value if value in choices else None],
    )


class DatesForm(Form):
    """A form with local days and times in pairs: day and starts, day_2 and starts_2, and so on."""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields, and that each pair is whole or empty."""
        good = super().validate(*args, **kwargs)
        whole = [self._whole(day, starts) for day, starts in self._pairs()]
        return all(whole) and good

    def _pairs(self) -> list[tuple[wtforms.Field, wtforms.Field]]:
        return [(self[one], self[one.replace("day", "starts")]) for one in DAYS if one in self]

    def _whole(self, day: wtforms.Field, starts: wtforms.Field) -> bool:
        if day.errors or starts.errors:
            return False
        if (day.data is None) != (starts.data is None):
            empty = day if day.data is None else starts
            empty.errors = (text("Please give both, the day and the time."),)
            return False
        return True

    def moments(self, zone: str) -> dict[str, datetime]:
        """What was typed, as moments by the name of the day's field. Of a time that comes twice, it is the
        first; raises Refused for one that the clocks jump over."""
        found = {}
        for day, starts in self._pairs():
            if day.data is None or starts.data is None:
                continue
            try:
                found[day.name] = clock.from_local(day.data, starts.data, zone, fold=0)
            except clock.SkippedHour:
                raise Refused(fields={starts.name: SKIPPED}) from None
        return found


SKIPPED = text("The clocks jump over this time that night. Please choose another.")


class RequestForm(DatesForm):
    """A request, as its kind asks for it. Fields that do not belong to the kind are not there at all."""

    kind = choice_field(text("What would you like?"), KIND_WORDS)
    organization_name = text_field(text("Organization"), autocomplete="organization")
    organization_kind = choice_field(
        text("What kind of organization is it?"), ORGANIZATION_WORDS, required=False
    )
    contact_name = text_field(text("Your name"), most=120, required=True, autocomplete="name")
    contact_email = email_field(
        text("E-mail"), required=True, help=text("We send you a link to confirm it.")
    )
    contact_phone = phone_field(text("Phone"), help=text("Best for the day itself."))
    contact_address = text_field(text("Postal address"), most=300)
    language = choice_field(
        text("In which language may we write to you?"),
        {code: text(name) for code, name in LANGUAGES.items()},
        default="en",
    )
    topics = ids_field(text("What should it be about?"))
    day = day_field(text("Day"))
    starts = time_field(text("Begins at"))
    day_2 = day_field(text("Day"), required=False)
    starts_2 = time_field(text("Begins at"), required=False)
    day_3 = day_field(text("Day"), required=False)
    starts_3 = time_field(text("Begins at"), required=False)
    day_4 = day_field(text("Day"), required=False)
    starts_4 = time_field(text("Begins at"), required=False)
    series = check_field(
        text("We would like a talk on each of these days"),
        help=text("Otherwise the other days are there in case the first does not work."),
    )
    minutes = number_field(text("How long, in minutes?"), least=5, most=960, default=45)
    needed_by = day_field(text("By which day do you need it?"), required=False)
    audience = number_field(text("About how many people?"), least=1, most=100_000, required=False)
    ages = text_field(
        text("How old are they?"), most=100, help=text("Like 65 and over, or 6th grade.")
    )
    languages = ids_field(text("Which languages do they speak?"))
    open_to_public = check_field(
        text("Anybody may come"), help=text("Then we tell about it on our page.")
    )
    place = text_field(text("Place"), help=text("The name of the hall or room."))
    address = text_field(text("Address"), most=300, autocomplete="street-address")
    town = text_field(text("Town"), most=80)
    district_id = chosen_field(text("Part of the county"), required=False)
    online = check_field(text("It is online"))
    online_link = link_field(
        text("Link to the online meeting"),
        help=text("It begins with https. You can send it later."),
    )
    needs = ticks_field(text("What should we know about the room?"), NEED_WORDS, least=0)
    door = text_field(text("Who opens the door, and when?"))
    parking = text_field(text("Where to park?"), most=300)
    words = long_text_field(text("Anything else?"), help=text("No names of clients, please."))
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


class PublicRequestForm(RequestForm):
    """What anybody may send. `website` is for those who fill in everything: people do not see it. `opened`
    says when the page was shown."""

    town = text_field(text("Town"), most=80, help=text("At least this, unless it is online."))
    acknowledged = check_field(text("I have read this"))
    website = wtforms.StringField(filters=[clean])
    opened = wtforms.HiddenField()
    pledge = hidden_number()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        if self.kind.data not in BOOKED_KINDS:  # nobody promises to come
            del self["acknowledged"]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        if "acknowledged" in self and not self.acknowledged.data:
            self.acknowledged.errors = (text("Please tick this box: a request is no promise."),)
            good = False
        if "place" in self and not self.somewhere:
            self.place.errors = (text("Please say where, at least the town."),)
            good = False
        return good

    @property
    def somewhere(self) -> bool:
        """Whether they say where, or that it is online."""
        return any(
            name in self and self[name].data for name in ("place", "address", "town", "online")
        )


class AmendForm(RequestForm):
    """A requester's own changes, by their link."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        del self["contact_email"]


class StaffRequestForm(RequestForm):
    """A request as a clerk writes it down: without an e-mail, if they have none."""

    contact_name = text_field(text("Contact"), most=120, required=True)
    contact_email = email_field(
        text("E-mail"), help=text("Without it, what we tell them is a call or a letter.")
    )
    language = choice_field(
        text("In which language do we write to them?"),
        {code: text(name) for code, name in LANGUAGES.items()},
        default="en",
    )
    organization_name = text_field(text("Organization"), list="groups", autocomplete="off")
    source = choice_field(text("How did it come?"), SOURCE_WORDS, default=RequestSource.PHONE)


class ReasonForm(Form):
    """A reason that the other side reads."""

    reason = long_text_field(
        text("Why?"), most=1000, required=True, help=text("They can read this.")
    )


class EndReasonForm(Form):
    """Why a talk is cancelled, or a request taken back."""

    reason = text_field(text("Why?"), most=300, required=True, help=text("They can read this."))


class OwnReasonForm(Form):
    """A reason, if somebody likes to give one."""

    reason = text_field(text("Why?"), most=300)


class NoteForm(Form):
    note = long_text_field(
        text("Note"), required=True, help=text("Only for colleagues. No names of clients.")
    )


class OwnerForm(Form):
    owner = chosen_field(text("Who looks after it?"), required=False)


class RouteForm(Form):
    program = chosen_field(text("Which program?"), required=False)


class LinkForm(Form):
    organization = chosen_field(text("Organization"), required=False)


class AnswerRequestForm(Form):
    words = long_text_field(
        text("Our answer"),
        most=4000,
        required=True,
        help=text("They get it by mail, or by letter."),
    )


class CounterForm(DatesForm):
    """What we propose instead; up to three dates."""

    kind = radio_field(text("What do you propose?"), COUNTER_WORDS, default=CounterKind.DATE)
    words = long_text_field(text("What should they know?"), most=1000)
    speaker = chosen_field(
        text("Whom?"),
        required=False,
        help=text("They read the first name, or the whole one if the speaker agrees to it."),
    )
    day = day_field(text("Day"), required=False)
    starts = time_field(text("Begins at"), required=False)
    day_2 = day_field(text("Day"), required=False)
    starts_2 = time_field(text("Begins at"), required=False)
    day_3 = day_field(text("Day"), required=False)
    starts_3 = time_field(text("Begins at"), required=False)


class CounterAnswerForm(Form):
    """Their answer to what we proposed: "no", or "yes" with a date where there are some."""

    counter = hidden_number()
    answer = wtforms.HiddenField()
    date = hidden_number()


class MoveAskForm(DatesForm):
    """Another day, as the host asks for it."""

    day = day_field(text("Day"))
    starts = time_field(text("Begins at"))

"""The forms of matches."""

from collections.abc import Mapping

from portal.cases.conflict_models import ConflictKind
from portal.cases.models import MatchEnd, Said
from portal.people.forms import asked_field
from portal.web.choices import choice_field, chosen_field
from portal.web.fields import day_field, text_field
from portal.web.forms import Form
from portal.words import Words, text

HOW_WORDS: Mapping[str, Words] = {
    Said.SPOKEN: text("Spoken"),
    Said.SIGNED: text("Signed"),
}
YES_NO: Mapping[str, Words] = {"yes": text("Yes"), "no": text("No")}
THEIR_ANSWERS: Mapping[str, Words] = {
    "yes": text("They said yes"),
    "no": text("They said no"),
}
END_MATCH_WORDS: Mapping[str, Words] = {
    MatchEnd.DONE: text("Done"),
    MatchEnd.VOLUNTEER: text("The volunteer can't go on"),
    MatchEnd.OTHER: text("Other"),
}


class ProposeForm(Form):
    """Whom to ask."""

    person = chosen_field(text("Person"))


class AnswerForm(Form):
    """What a volunteer says, or what staff heard from them."""

    said = choice_field(text("Answer"), YES_NO)
    asked = asked_field()


class ClientForm(Form):
    """What the client said once they were told the volunteer's name."""

    client = choice_field(text("The client said"), YES_NO)
    on = day_field(text("On"))
    how = choice_field(text("How"), HOW_WORDS, default=Said.SPOKEN.value)


class HandOffForm(Form):
    """The volunteer was told whom, where and how."""

    knows = choice_field(text("Does the volunteer know this person?"), YES_NO)


class MeetForm(Form):
    """When they first met."""

    on = day_field(text("First meeting on"))


CONFLICT_WORDS: Mapping[str, Words] = {
    ConflictKind.KIN: text("Family"),
    ConflictKind.EMPLOYER: text("Same employer"),
    ConflictKind.HOUSEHOLD: text("Same household"),
    ConflictKind.LANDLORD: text("Same landlord"),
    ConflictKind.OTHER: text("Other"),
}


class ConflictForm(Form):
    """Someone who must not be matched with a case."""

    kept = False

    person = chosen_field(text("Person"))
    conflict = choice_field(text("What connects them"), CONFLICT_WORDS)


class LiftForm(Form):
    """Why a conflict should end."""

    kept = False

    reason = text_field(
        text("Why they may be matched after all"),
        most=200,
        required=True,
        help=text("Another caseworker decides. Write nothing about the client."),
    )


class CaseworkerForm(Form):
    """Who takes a case over."""

    caseworker = chosen_field(text("New caseworker"))


class EndForm(Form):
    """How it ended."""

    end = choice_field(text("Why"), END_MATCH_WORDS)

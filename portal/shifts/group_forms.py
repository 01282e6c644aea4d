"""The forms of groups and their spots."""

from portal.shifts.group_models import Keep
from portal.shifts.group_spots import MOST
from portal.web.choices import check_field, choice_field, chosen_field
from portal.web.fields import number_field, text_field
from portal.web.forms import Form
from portal.words import Words, text

KEEP_WORDS: dict[str, Words] = {
    Keep.ALONE: text("Each signs up alone"),
    Keep.TOGETHER: text("Together: all on a shift, or none"),
    Keep.APART: text("Never at the same time"),
}


class WhoForm(Form):
    """Who is meant, as typed: a name, a phone number or an email address."""

    who = text_field(text("Name, phone, or email"), most=120, required=True)


class GroupForm(Form):
    """What a group is called and how it is scheduled."""

    name = text_field(text("Name of the group"), most=120, required=True)
    keep = choice_field(text("How its members are scheduled"), KEEP_WORDS)


class NewGroupForm(GroupForm, WhoForm):
    """A group with its contact."""

    program = chosen_field(text("Program"))
    who = text_field(
        text("Contact: name, phone, or email"),
        most=120,
        required=True,
        help=text("The contact takes spots for the group and says who comes."),
    )


class SpotsForm(Form):
    """How many spots of a role a group has."""

    group = chosen_field(text("Group"))
    slot = chosen_field(text("Role"))
    spots = number_field(
        text("Number of spots"),
        least=0,
        most=MOST,
        help=text("0 gives all of them back."),
    )
    without_records = check_field(
        text("No clients and no children will be there"),
        help=text("Then people without a record may come. They sign the agreement on paper."),
    )


class NameForm(Form):
    """Someone without a record who comes."""

    name = text_field(text("Name"), most=120, required=True)


class MemberForm(Form):
    """A member who takes one of the spots."""

    person = chosen_field(text("Member"))


class CameForm(Form):
    """How many of a group were there."""

    came = number_field(text("How many came?"), least=0, most=MOST)

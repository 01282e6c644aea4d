"""What people are told about shifts: the kinds of messages, their words, and when each is still true."""

from functools import partial

from portal.messages.kinds import Notice
from portal.occasions.telling import NAMES
from portal.shifts.message_kinds import (
    ASKED,
    CALLED_OFF,
    CANT,
    CHANGED,
    DIGEST,
    HELPED,
    LAPSED,
    MADE,
    OFFERED,
    REGULAR,
    REGULAR_CHANGED,
    REMINDER,
    REMOVED,
    TAKEN,
    WITHDRAWN,
)
from portal.shifts.models import SignupState
from portal.shifts.sayings import (
    TELLER,
    asked_saying,
    cant_saying,
    current,
    digest,
    helped,
    is_on,
    lapsed,
    offered_saying,
    regular_saying,
    taken,
    was_on,
)
from portal.web.words import text

_NOTICES = (
    Notice(
        MADE, text("Confirmation of a shift"), text("You're signed up: {what}, {when}"),
        text("Hello {name},\n\nthank you! You're signed up for this shift."),
        current("REQUEST", is_on), NAMES,
    ),
    Notice(
        WITHDRAWN, text("Off a shift, at one's own wish"), text("You're off: {what}, {when}"),
        text("Hello {name},\n\nyou're off this shift. Thank you for telling us."),
        current("CANCEL", partial(was_on, SignupState.WITHDRAWN)), NAMES,
    ),
    Notice(
        REMOVED, text("Taken off a shift by the office"), text("We took you off: {what}, {when}"),
        text("Hello {name},\n\nwe took you off this shift. Questions? Call {contact}, {contact_phone}."),
        current("CANCEL", partial(was_on, SignupState.REMOVED)), NAMES,
    ),
    Notice(
        CALLED_OFF, text("A shift is called off"), text("Called off: {what}, {when}"),
        text("Hello {name},\n\nthis shift is called off. You don't need to come."),
        current("CANCEL", partial(was_on, SignupState.CALLED_OFF)), NAMES,
    ),
    Notice(
        CHANGED, text("A shift changed its time or place"), text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nyour shift changed. It was {before}. If you can't come, please take "
            "yourself off or call {contact}, {contact_phone}."
        ),
        TELLER.changed(is_on), (*NAMES, "before"),
    ),
    Notice(
        REMINDER, text("Reminder before a shift"), text("Reminder: {what}, {when}"),
        text("Hello {name},\n\nwe look forward to seeing you."),
        TELLER.reminder(is_on), NAMES,
    ),
    Notice(
        CANT, text("Somebody can't make it (to coordinators)"), text("Can't make it: {what}, {when}"),
        text("Hello {name},\n\n{who} can't make it to this shift."), cant_saying, (*NAMES, "who"),
    ),
    Notice(
        ASKED, text("Asking somebody to help"), text("Could you help? {what}, {when}"),
        text("Hello {name},\n\nthis shift needs someone. Could you help out? The first to say yes gets it."),
        asked_saying, NAMES,
    ),
    Notice(
        TAKEN, text("Somebody else helps already"), text("Taken, thank you: {what}, {when}"),
        text("Hello {name},\n\nsomebody else took this shift. Thank you for thinking about it!"),
        taken, NAMES,
    ),
    Notice(
        HELPED, text("Somebody said yes (to the one who asked)"), text("Covered: {what}, {when}"),
        text("Hello {name},\n\n{who} said yes and is on this shift now."), helped,
        (*NAMES, "who"),
    ),
    Notice(
        OFFERED, text("A spot is free for somebody in line"), text("A spot is free for you: {what}, {when}"),
        text("Hello {name},\n\na spot got free, and you are next in line. It is kept for you until {until}."),
        offered_saying, (*NAMES, "until"),
    ),
    Notice(
        LAPSED, text("An offered spot went to the next"), text("The spot went to the next: {what}, {when}"),
        text("Hello {name},\n\nwe did not hear from you in time, so the spot went to the next in line."),
        lapsed, NAMES,
    ),
    Notice(
        REGULAR, text("Confirmation of regular shifts"), text("Your regular shifts: {what}"),
        text("Hello {name},\n\nthank you! You come regularly now: {rhythm}. These are your dates."),
        regular_saying, ("what", "rhythm", "number", "where"),
    ),
    Notice(
        REGULAR_CHANGED, text("Regular shifts change"), text("Changed: your regular shifts, {what}"),
        text("Hello {name},\n\nyour regular shifts changed. These are your dates now."),
        regular_saying, ("what", "rhythm", "number", "where"),
    ),
    Notice(
        DIGEST, text("Each morning: shifts short of people (to coordinators)"),
        text("Shifts of the next 7 days that need people: {number}"),
        text("Good morning {name},\n\nthese shifts of the next 7 days are short of people."),
        digest, ("number",),
    ),
)  # fmt: skip
NOTICES = {notice.kind.name: notice for notice in _NOTICES}

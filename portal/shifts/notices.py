"""What people are told about shifts: the kinds of messages, their words, and when each is still true."""

from functools import partial

from portal.messages.kinds import Notice
from portal.occasions.telling import NAMES
from portal.shifts.digest_saying import digest
from portal.shifts.message_kinds import (
    ADULTS,
    ASKED,
    ASKED_SEVERAL,
    CANCELED,
    CANT,
    CHANGED,
    COMING,
    DIGEST,
    HELPED,
    LAPSED,
    MADE,
    OFFERED,
    REGULAR,
    REGULAR_CHANGED,
    RELEASED,
    REMINDER,
    REMOVED,
    REOPENED,
    SWAPPED,
    TAKEN,
    WITHDRAWN,
)
from portal.shifts.models import SignupState
from portal.shifts.sayings import (
    TELLER,
    adults_saying,
    asked_saying,
    asked_several,
    cant_saying,
    coming_saying,
    current,
    helped,
    is_on,
    lapsed,
    offered_saying,
    regular_saying,
    released_saying,
    swapped,
    taken,
    to_remind,
    was_on,
)
from portal.words import text

_NOTICES = (
    Notice(
        MADE,
        text("Shift sign-up confirmation"),
        text("You're signed up: {what}, {when}"),
        text(
            "Hello {name},\n\nThank you! You're signed up for {what} on {when}. If you can't "
            "make it, open the shift to cancel your spot, or call {contact}, "
            "{contact_phone}."
        ),
        current("REQUEST", is_on),
        NAMES,
    ),
    Notice(
        WITHDRAWN,
        text("Volunteer canceled their own spot"),
        text("You're no longer signed up: {what}, {when}"),
        text(
            "Hello {name},\n\nYou canceled your spot on {what}, {when}. Thank you for telling us."
        ),
        current("CANCEL", partial(was_on, SignupState.WITHDRAWN)),
        NAMES,
    ),
    Notice(
        REMOVED,
        text("Removed from a shift by the office"),
        text("We removed you: {what}, {when}"),
        text(
            "Hello {name},\n\nWe removed you from {what}, {when}. Questions? Call {contact}, "
            "{contact_phone}."
        ),
        current("CANCEL", partial(was_on, SignupState.REMOVED)),
        NAMES,
    ),
    Notice(
        CANCELED,
        text("Shift canceled"),
        text("Canceled: {what}, {when}"),
        text(
            "Hello {name},\n\n{what} on {when} was canceled. You don't need to come. "
            "Questions? Call {contact}, {contact_phone}."
        ),
        current("CANCEL", partial(was_on, SignupState.CANCELED)),
        NAMES,
    ),
    Notice(
        REOPENED,
        text("Canceled shift takes place after all"),
        text("On again: {what}, {when}"),
        text(
            "Hello {name},\n\n{what} on {when} takes place after all, and you're signed up. If you can't "
            "make it, open the shift to tell us, or call {contact}, {contact_phone}."
        ),
        current("REQUEST", is_on),
        NAMES,
    ),
    Notice(
        SWAPPED,
        text("Shifts swapped"),
        text("Swapped: you now have {what}, {when}"),
        text(
            "Hello {name},\n\nYou swapped shifts. You're now signed up for {what}, {when}. You no longer have "
            "{before_what}, {before_when}. If you can't make it, open the shift to tell us, or call {contact}, "
            "{contact_phone}."
        ),
        swapped,
        (*NAMES, "before_what", "before_when"),
    ),
    Notice(
        CHANGED,
        text("Shift time or location changed"),
        text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nYour shift changed. It is now {what}, {when}. If you can't "
            "make it, open the shift to cancel your spot, or call {contact}, "
            "{contact_phone}."
        ),
        TELLER.changed(is_on),
        (*NAMES, "before"),
    ),
    Notice(
        REMINDER,
        text("Shift reminder"),
        text("Reminder: {what}, {when}"),
        text(
            "Hello {name},\n\nYou're signed up for {what} on {when}. If you can't make it, "
            "open the shift to tell us, or call {contact}, {contact_phone}. We look "
            "forward to seeing you."
        ),
        TELLER.reminder(to_remind),
        NAMES,
    ),
    Notice(
        COMING,
        text("Asking whether someone still comes"),
        text("Still coming? {what}, {when}"),
        text(
            "Hello {name},\n\nYou're signed up for {what} on {when}. Please tell us whether you're coming. "
            "Questions? Call {contact}, {contact_phone}."
        ),
        coming_saying,
        NAMES,
    ),
    Notice(
        CANT,
        text("Someone can't make it (coordinators)"),
        text("Can't make it: {what}, {when}"),
        text(
            "Hello {name},\n\n{who} can't make it to {what}, {when}. They're still on the "
            "shift until you find a sub."
        ),
        cant_saying,
        (*NAMES, "who"),
    ),
    Notice(
        RELEASED,
        text("Someone can't make it and is off the shift (coordinators)"),
        text("Spot open: {what}, {when}"),
        text(
            "Hello {name},\n\n{who} can't make it to {what}, {when}. Their spot is open. If someone is "
            "needed, we're asking people who could come."
        ),
        released_saying,
        (*NAMES, "who"),
    ),
    Notice(
        ADULTS,
        text("Too few adults on a shift (coordinators)"),
        text("Too few adults: {what}, {when}"),
        text(
            "Hello {name},\n\n{what}, {when}, has too few adults now. Still needed: {number}. It can't "
            "start like this. Add someone, or cancel it."
        ),
        adults_saying,
        (*NAMES, "number"),
    ),
    Notice(
        ASKED,
        text("Asking someone to help"),
        text("Could you help? {what}, {when}"),
        text(
            "Hello {name},\n\n{what} on {when} needs someone. Could you help out? The first "
            "person to say yes gets the spot."
        ),
        asked_saying,
        NAMES,
    ),
    Notice(
        ASKED_SEVERAL,
        text("Asking someone to help on several shifts"),
        text("Could you help? {number} shifts need someone"),
        text(
            "Hello {name},\n\nThese shifts need someone. Could you help out on one of them? For each, "
            "the first person to say yes gets the spot."
        ),
        asked_several,
        ("number",),
    ),
    Notice(
        TAKEN,
        text("Someone else already helps"),
        text("Spot filled: {what}, {when}"),
        text("Hello {name},\n\nSomeone else took {what}, {when}. Thank you for thinking about it!"),
        taken,
        NAMES,
    ),
    Notice(
        HELPED,
        text("Someone said yes (to the person who asked)"),
        text("Covered: {what}, {when}"),
        text("Hello {name},\n\n{who} said yes and is now signed up for {what}, {when}."),
        helped,
        (*NAMES, "who"),
    ),
    Notice(
        OFFERED,
        text("Waitlist spot offered"),
        text("A spot opened up: {what}, {when}"),
        text(
            "Hello {name},\n\nA spot opened up for {what} on {when}, and you're next on the "
            "waitlist. We'll hold it for you until {until}."
        ),
        offered_saying,
        (*NAMES, "until"),
    ),
    Notice(
        LAPSED,
        text("Offered spot went to the next person"),
        text("Your held spot is gone: {what}, {when}"),
        text(
            "Hello {name},\n\nWe didn't hear from you in time, so your spot for {what}, "
            "{when} went to the next person on the waitlist."
        ),
        lapsed,
        NAMES,
    ),
    Notice(
        REGULAR,
        text("Recurring shift confirmation"),
        text("Your recurring shifts: {what}"),
        text(
            "Hello {name},\n\nThank you! You're signed up for {what}: {rhythm}. These are "
            "your dates. If you can't make one, open your dates to skip it."
        ),
        regular_saying,
        ("what", "rhythm", "number", "where"),
    ),
    Notice(
        REGULAR_CHANGED,
        text("Recurring shifts changed"),
        text("Changed: your recurring shifts, {what}"),
        text(
            "Hello {name},\n\nYour recurring shifts for {what} changed. These are your dates now."
        ),
        regular_saying,
        ("what", "rhythm", "number", "where"),
    ),
    Notice(
        DIGEST,
        text("Unfilled shifts, each morning (coordinators)"),
        text("Unfilled shifts in the next 7 days: {number}"),
        text(
            "Good morning {name},\n\nThese shifts in the next 7 days still need people. Open "
            "the list to fill them."
        ),
        digest,
        ("number",),
    ),
)
NOTICES = {notice.kind.name: notice for notice in _NOTICES}

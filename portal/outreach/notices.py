"""What people are told about talks: requesters, speakers and clerks; the words, and when each is true."""

from functools import partial

from portal.messages.kinds import (
    Notice,
    Notices,
)
from portal.outreach.host_sayings import countered, host_talk
from portal.outreach.message_kinds import (
    ANSWERED,
    CANCELED,
    CHANGED,
    CLERK_CANCELED,
    CLERK_CONFIRMED,
    CONFIRMED,
    COUNTERED,
    DATE_MOVED,
    DECLINED,
    HOW,
    KEPT,
    LAPSED,
    NEWS,
    OFFERED,
    OTHER_SPEAKER,
    PROVE,
    RECEIVED,
    REMINDER,
    SPEAKING,
    SPEAKING_CANCELED,
    SPEAKING_CHANGED,
    SPEAKING_ENDED,
)
from portal.outreach.models import (
    LIVE_STATES,
    RequestState,
)
from portal.outreach.sayings import (
    about_request,
    clerk_saying,
    how_saying,
    is_off,
    news_saying,
    offered_saying,
    prove,
    reminder,
    takes_part,
    to_speaker,
    was_canceled,
)
from portal.outreach.talk_models import (
    OfferState,
    TalkState,
)
from portal.words import text

NAMES = ("number", "what", "when", "where", "who", "reason", "words", "dates")
TALK_NAMES = ("what", "when", "where", "host", "role")


_NOTICES = (
    Notice(
        PROVE,
        text("Request confirmation link (requesters)"),
        text("Confirm your request {number}"),
        text(
            "Hello,\n\nSomeone used this email address to request a speaker. If it was you, "
            "open the link and press the button. If it wasn't, you can ignore this email."
        ),
        prove,
        ("number",),
    ),
    Notice(
        RECEIVED,
        text("Request received (requesters)"),
        text("We got your request {number}"),
        text(
            "Hello {name},\n\nThank you for your request: {what}. We'll answer soon. "
            "Nothing is booked until we confirm it."
        ),
        partial(about_request, LIVE_STATES),
        NAMES,
    ),
    Notice(
        DECLINED,
        text("Request declined (requesters)"),
        text("We can't come: your request {number}"),
        text("Hello {name},\n\nWe're sorry that we can't come this time.\n\n{reason}"),
        partial(about_request, (RequestState.DECLINED,)),
        NAMES,
    ),
    Notice(
        ANSWERED,
        text("Question or wish answered (requesters)"),
        text("Our answer to your request {number}"),
        text("Hello {name},\n\n{reason}"),
        partial(about_request, (RequestState.DONE,)),
        NAMES,
    ),
    Notice(
        COUNTERED,
        text("We propose something else (requesters)"),
        text("We propose something else: your request {number}"),
        text(
            "Hello {name},\n\nWe can't do what you asked for, but we can offer this: "
            "{what}.\n\n{words}\n\nOpen the link below to tell us if that works."
        ),
        countered,
        NAMES,
    ),
    Notice(
        CONFIRMED,
        text("Presentation confirmed (requesters)"),
        text("Confirmed: {what}, {when}"),
        text(
            "Hello {name},\n\nWe're coming: {what}, {when}. Please add it to your calendar, "
            "and tell us if anything changes."
        ),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED),
        NAMES,
    ),
    Notice(
        OTHER_SPEAKER,
        text("Speaker changed (requesters)"),
        text("Your speaker changed: {what}, {when}"),
        text(
            "Hello {name},\n\nYour speaker for {what} on {when} is now {who}. Everything "
            "else stays the same."
        ),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED),
        NAMES,
    ),
    Notice(
        CHANGED,
        text("Presentation changed (requesters)"),
        text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nYour presentation changed. It is now {what}, {when}. If that "
            "doesn't work for you, open the link below to tell us."
        ),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED),
        (*NAMES, "before"),
    ),
    Notice(
        DATE_MOVED,
        text("New date held, not confirmed yet (requesters)"),
        text("New date held: {what}, {when}"),
        text(
            "Hello {name},\n\nWe're holding {when} for you instead of {before}. We're "
            "looking for a speaker and will write again when it's confirmed. If that "
            "doesn't work for you, open the link below to tell us."
        ),
        partial(host_talk, "", TalkState.TENTATIVE),
        (*NAMES, "before"),
    ),
    Notice(
        KEPT,
        text("New date isn't possible (requesters)"),
        text("Date unchanged: {what}, {when}"),
        text(
            "Hello {name},\n\nWe're sorry, but we can't come on the date you asked for. "
            "{what} stays on {when}."
        ),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED),
        NAMES,
    ),
    Notice(
        CANCELED,
        text("Presentation canceled (requesters)"),
        text("Canceled: {what}, {when}"),
        text(
            "Hello {name},\n\n{what} on {when} is canceled. To ask for another date, send us "
            "a new request or call us: {phone}."
        ),
        partial(host_talk, "CANCEL", TalkState.CANCELED),
        NAMES,
    ),
    Notice(
        OFFERED,
        text("Presentation invitation (speakers)"),
        text("Can you speak? {what}, {when}"),
        text(
            "Hello {name},\n\nCan you give this presentation: {what}, {when}? Please reply "
            "by {until}. After that, we'll ask someone else."
        ),
        offered_saying,
        (*TALK_NAMES, "until"),
    ),
    Notice(
        LAPSED,
        text("Presentation offer expired (speakers)"),
        text("We're asking someone else: {what}, {when}"),
        text(
            "Hello {name},\n\nWe didn't hear from you in time, so we're asking someone else "
            "to give {what}, {when}."
        ),
        partial(to_speaker, "", lambda row, at: row.state == OfferState.LAPSED),
        TALK_NAMES,
    ),
    Notice(
        SPEAKING,
        text("Presentation confirmed (speakers)"),
        text("Confirmed: {what}, {when}"),
        text(
            "Hello {name},\n\nThank you! You're confirmed as {role} for {what} on {when}. "
            "Open the presentation to see everything you need."
        ),
        partial(to_speaker, "REQUEST", takes_part),
        TALK_NAMES,
    ),
    Notice(
        SPEAKING_CHANGED,
        text("Presentation changed (speakers)"),
        text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nYour presentation changed. It is now {what}, {when}. If you "
            "can't make it, open the presentation to tell us."
        ),
        partial(to_speaker, "REQUEST", takes_part),
        (*TALK_NAMES, "before"),
    ),
    Notice(
        SPEAKING_CANCELED,
        text("Presentation canceled (speakers)"),
        text("Canceled: {what}, {when}"),
        text("Hello {name},\n\n{what} on {when} is canceled. You don't need to go."),
        partial(to_speaker, "CANCEL", was_canceled),
        TALK_NAMES,
    ),
    Notice(
        SPEAKING_ENDED,
        text("No longer on a presentation (speakers)"),
        text("You're no longer signed up: {what}, {when}"),
        text(
            "Hello {name},\n\nYou're no longer on {what}, {when}. This email removes it from "
            "your calendar."
        ),
        partial(to_speaker, "CANCEL", is_off),
        TALK_NAMES,
    ),
    Notice(
        REMINDER,
        text("Presentation reminder (speakers)"),
        text("Reminder: {what}, {when}"),
        text(
            "Hello {name},\n\nYou have a presentation coming up: {what}, {when}. Open it to "
            "see phone numbers, parking, and directions."
        ),
        reminder,
        TALK_NAMES,
    ),
    Notice(
        HOW,
        text("Report request (speakers)"),
        text("How did it go? {what}"),
        text(
            "Hello {name},\n\nThank you for speaking: {what}. Please tell us how many people "
            "came and what you gave out."
        ),
        how_saying,
        TALK_NAMES,
    ),
    Notice(
        NEWS,
        text("News about a request (outreach staff)"),
        text("Request {number}: {words}"),
        text("Hello {name},\n\n{words}"),
        news_saying,
        ("number", "words"),
    ),
    Notice(
        CLERK_CONFIRMED,
        text("Presentation confirmed (outreach staff)"),
        text("Booked: {what}, {when}"),
        text("Hello {name},\n\n{what} is booked for {when}. Details:"),
        partial(clerk_saying, "REQUEST", TalkState.CONFIRMED),
        TALK_NAMES,
    ),
    Notice(
        CLERK_CANCELED,
        text("Presentation canceled (outreach staff)"),
        text("Canceled: {what}, {when}"),
        text("Hello {name},\n\n{what} on {when} is canceled."),
        partial(clerk_saying, "CANCEL", TalkState.CANCELED),
        TALK_NAMES,
    ),
)
NOTICES: Notices = {notice.kind.name: notice for notice in _NOTICES}

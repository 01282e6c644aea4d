"""What people are told about talks: requesters, speakers and clerks; the words, and when each is true."""

from functools import partial

from portal.messages.kinds import (
    Notice,
    Notices,
)
from portal.outreach.host_sayings import countered, host_talk
from portal.outreach.message_kinds import (
    ANSWERED,
    CANCELLED,
    CHANGED,
    CLERK_CANCELLED,
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
    SPEAKING_CANCELLED,
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
    was_cancelled,
)
from portal.outreach.talk_models import (
    OfferState,
    TalkState,
)
from portal.web.words import text

NAMES = ("number", "what", "when", "where", "who", "reason", "words", "dates")
TALK_NAMES = ("what", "when", "where", "host", "role")


_NOTICES = (
    Notice(
        PROVE, text("Please confirm a request for a talk (to requesters)"),
        text("Please confirm your request {number}"),
        text(
            "Hello,\n\nsomeone used this email address to request a presentation. If it was you, open "
            "the link and press the button. If it wasn't, you don't need to do anything."
        ),
        prove, ("number",),
    ),
    Notice(
        RECEIVED, text("A request arrived (to requesters)"), text("We have your request {number}"),
        text(
            "Hello {name},\n\nthank you for asking us. We read every request and answer soon. "
            "A talk is certain only when you hear that it is confirmed."
        ),
        partial(about_request, LIVE_STATES), NAMES,
    ),
    Notice(
        DECLINED, text("A request is declined (to requesters)"), text("About your request {number}"),
        text("Hello {name},\n\nwe are sorry that we can't come this time.\n\n{reason}"),
        partial(about_request, (RequestState.DECLINED,)), NAMES,
    ),
    Notice(
        ANSWERED, text("A question or wish is answered (to requesters)"),
        text("An answer to your request {number}"), text("Hello {name},\n\n{reason}"),
        partial(about_request, (RequestState.DONE,)), NAMES,
    ),
    Notice(
        COUNTERED, text("We propose something else (to requesters)"),
        text("A proposal for your request {number}"),
        text(
            "Hello {name},\n\nwhat you asked for does not work for us, but this would: {what}.\n\n{words}\n\n"
            "Please tell us by the link below."
        ),
        countered, NAMES,
    ),
    Notice(
        CONFIRMED, text("A talk is confirmed (to requesters)"), text("Confirmed: {what}, {when}"),
        text("Hello {name},\n\nwe are coming. Please put it into your calendar, and tell us of changes."),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED), NAMES,
    ),
    Notice(
        OTHER_SPEAKER, text("Another speaker comes (to requesters)"),
        text("Who comes: {what}, {when}"),
        text("Hello {name},\n\nanother speaker comes to you. Everything else stays as it is."),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED), NAMES,
    ),
    Notice(
        CHANGED, text("A talk changed (to requesters)"), text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nthe talk changed. It was {before}. If it does not suit you, please tell us by "
            "the link below."
        ),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED), (*NAMES, "before"),
    ),
    Notice(
        DATE_MOVED, text("Another date, not confirmed yet (to requesters)"),
        text("Another date: {what}, {when}"),
        text(
            "Hello {name},\n\nwe keep {when} for you now, instead of {before}. We still look for a speaker, "
            "and write again once it is sure. If it does not suit you, please tell us by the link below."
        ),
        partial(host_talk, "", TalkState.TENTATIVE), (*NAMES, "before"),
    ),
    Notice(
        KEPT, text("Another date is not possible (to requesters)"), text("It stays: {what}, {when}"),
        text("Hello {name},\n\nwe are sorry: we can't come on the other date. The talk stays as it is."),
        partial(host_talk, "REQUEST", TalkState.CONFIRMED), NAMES,
    ),
    Notice(
        CANCELLED, text("A talk is canceled (to requesters)"), text("Canceled: {what}, {when}"),
        text("Hello {name},\n\nthis talk does not take place. Please ask us again if you like."),
        partial(host_talk, "CANCEL", TalkState.CANCELLED), NAMES,
    ),
    Notice(
        OFFERED, text("Would you give a talk? (to speakers)"),
        text("Would you speak? {what}, {when}"),
        text("Hello {name},\n\nwould you give this talk? Please answer until {until}; then we ask the next."),
        offered_saying, (*TALK_NAMES, "until"),
    ),
    Notice(
        LAPSED, text("An offered talk went to the next (to speakers)"),
        text("We ask somebody else: {what}, {when}"),
        text("Hello {name},\n\nwe did not hear from you in time, so we ask somebody else."),
        partial(to_speaker, "", lambda row, at: row.state == OfferState.LAPSED), TALK_NAMES,
    ),
    Notice(
        SPEAKING, text("A talk is confirmed (to speakers)"), text("You speak: {what}, {when}"),
        text("Hello {name},\n\nthank you! You are down as {role}. All you need is on the page of the talk."),
        partial(to_speaker, "REQUEST", takes_part), TALK_NAMES,
    ),
    Notice(
        SPEAKING_CHANGED, text("A talk changed (to speakers)"), text("Changed: {what}, now {when}"),
        text("Hello {name},\n\nthe talk changed. It was {before}. Please tell us if you can't make it now."),
        partial(to_speaker, "REQUEST", takes_part), (*TALK_NAMES, "before"),
    ),
    Notice(
        SPEAKING_CANCELLED, text("A talk is canceled (to speakers)"),
        text("Canceled: {what}, {when}"),
        text("Hello {name},\n\nthis talk does not take place. You don't need to go."),
        partial(to_speaker, "CANCEL", was_cancelled), TALK_NAMES,
    ),
    Notice(
        SPEAKING_ENDED, text("Off a talk (to speakers)"), text("You're off: {what}, {when}"),
        text("Hello {name},\n\nyou don't give this talk any more. It leaves your calendar with this mail."),
        partial(to_speaker, "CANCEL", is_off), TALK_NAMES,
    ),
    Notice(
        REMINDER, text("Reminder before a talk (to speakers)"), text("Reminder: {what}, {when}"),
        text("Hello {name},\n\nyour talk is coming up. Phone numbers, parking and the way are on its page."),
        reminder, TALK_NAMES,
    ),
    Notice(
        HOW, text("How did it go? (to speakers)"), text("How did it go? {what}"),
        text("Hello {name},\n\nthank you for speaking. Please tell us how many came and what you gave out."),
        how_saying, TALK_NAMES,
    ),
    Notice(
        NEWS, text("News about a request (to clerks)"), text("Request {number}: news"),
        text("Hello {name},\n\n{words}"), news_saying, ("number", "words"),
    ),
    Notice(
        CLERK_CONFIRMED, text("A talk is on (to the clerk)"), text("On: {what}, {when}"),
        text("Hello {name},\n\nthis talk stands in the calendar like this."),
        partial(clerk_saying, "REQUEST", TalkState.CONFIRMED), TALK_NAMES,
    ),
    Notice(
        CLERK_CANCELLED, text("A talk is canceled (to the clerk)"), text("Canceled: {what}, {when}"),
        text("Hello {name},\n\nthis talk is canceled."),
        partial(clerk_saying, "CANCEL", TalkState.CANCELLED), TALK_NAMES,
    ),
)  # fmt: skip
NOTICES: Notices = {notice.kind.name: notice for notice in _NOTICES}

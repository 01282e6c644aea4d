"""Pages and actions, as the search finds them by their names."""

from collections.abc import Sequence

from portal.people.search import words_of
from portal.permissions import Permission as May
from portal.searching import MOST_HITS, Hit
from portal.web.request import Request
from portal.web.shared import Entry
from portal.words import text

PLACES: Sequence[Entry] = (
    Entry(text("Unfilled shifts"), "/gaps", "calendar-x", May.SHIFTS_MANAGE),
    Entry(text("Add a shift"), "/shifts/new", "plus-lg", May.SHIFTS_MANAGE),
    Entry(text("On shift now"), "/schedule/now", "person-walking", May.SHIFTS_MANAGE),
    Entry(text("Recurring shifts"), "/patterns", "repeat", May.SHIFTS_MANAGE),
    Entry(text("Add a recurring shift"), "/patterns/new", "repeat", May.SHIFTS_MANAGE),
    Entry(text("Copy this week"), "/schedule/copy", "copy", May.SHIFTS_MANAGE),
    Entry(text("Cases"), "/cases", "heart", May.CASES_REQUEST),
    Entry(text("Ask for a volunteer"), "/cases/new", "plus-lg", May.CASES_REQUEST),
    Entry(text("Requests for a volunteer"), "/help-requests", "heart", May.CASES_REQUEST),
    Entry(
        text("Help for clients: report"), "/help-requests/report", "bar-chart", May.CASES_REQUEST
    ),
    Entry(
        text("Emergency access"), "/emergency-access/new", "shield-exclamation", May.CASES_EMERGENCY
    ),
    Entry(
        text("Emergency access to review"),
        "/emergency-access",
        "shield-exclamation",
        May.CASES_OVERSEE,
    ),
    Entry(text("My visits and calls"), "/me/contacts", "heart", May.SIGNED_IN),
    Entry(text("Helping someone"), "/me/matches", "heart", May.SIGNED_IN),
    Entry(text("Districts"), "/districts", "geo-alt", May.AGENCY_MANAGE),
    Entry(text("Saved views"), "/views", "funnel", May.PEOPLE_MANAGE),
    Entry(text("Meetings and socials"), "/meetings", "people", May.SHIFTS_MANAGE),
    Entry(text("New meeting"), "/meetings/new", "plus-lg", May.SHIFTS_MANAGE),
    Entry(text("When sign-up opens"), "/opening", "clock", May.SHIFTS_MANAGE),
    Entry(text("Early sign-up"), "/opening", "clock", May.SHIFTS_MANAGE),
    Entry(text("Swaps to approve"), "/schedule/swaps", "arrow-left-right", May.SHIFTS_MANAGE),
    Entry(text("Trade board"), "/swaps", "arrow-left-right", May.SIGNED_IN),
    Entry(text("Closures"), "/closures", "calendar-x", May.SHIFTS_MANAGE),
    Entry(text("Attendance to record"), "/attendance", "check2-square", May.SHIFTS_MANAGE),
    Entry(text("No longer cleared"), "/affected", "shield-exclamation", May.SHIFTS_MANAGE),
    Entry(text("Call list"), "/calls", "telephone", May.CALLS_MAKE),
    Entry(text("Import a file"), "/imports", "upload", May.SHIFTS_MANAGE),
    Entry(text("Add a person"), "/people/new", "person-plus", May.PEOPLE_MANAGE),
    Entry(text("Applications board"), "/applications/board", "collection", May.PLACEMENTS_DECIDE),
    Entry(text("Hours report"), "/reports/hours", "bar-chart", May.REPORTS_READ),
    Entry(text("Completions to approve"), "/proposals", "check2-square", May.TRAINING_MANAGE),
    Entry(text("Learning targets"), "/courses/targets", "clock", May.TRAINING_MANAGE),
    Entry(text("Organizations"), "/outreach/organizations", "people", May.OUTREACH_MANAGE),
    Entry(text("Settings"), "/settings", "sliders", May.AGENCY_MANAGE),
    Entry(text("Undo"), "/undo", "arrow-left", May.SHIFTS_MANAGE),
    Entry(text("My profile"), "/me/details", "person", May.SIGNED_IN),
    Entry(text("My hours"), "/me/hours", "clock", May.SIGNED_IN),
    Entry(text("Training"), "/training", "mortarboard", May.SIGNED_IN),
    Entry(text("Email me"), "/me/messages", "envelope", May.SIGNED_IN),
    Entry(text("Language and colors"), "/choices", "sliders", May.SIGNED_IN),
    Entry(text("Help"), "/help", "question-circle", May.SIGNED_IN),
)
"""What no entry of the navigation leads to."""


def find_places(request: Request, query: str) -> Sequence[Hit]:
    """The pages and actions whose name has every word that was typed, or its beginning."""
    typed = words_of(query)
    found = []
    for entry in [*request.navigation, *PLACES]:
        if not request.viewer.may(entry.permission):
            continue
        name = request.said(entry.words)
        words = words_of(name)
        if all(any(word.startswith(one) for word in words) for one in typed):
            found.append(Hit(name, "", entry.path))
    return found[:MOST_HITS]

"""Every page for people who see, hear and move differently: axe, both themes, phone and desk.

Every sixth page is measured at every width here, every twelfth looked at on the phone, and every 24th in all ways;
`make soak` looks at each in every way.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from portal.app import pages
from portal.web.page import Page, Post
from tests.journeys.conftest import demo_settings
from tests.journeys.sizes import too_large

PHONE, DESK = 390, 1280
RULES_OF_COLORS = ("color-contrast", "link-in-text-block")
COLORS = {"runOnly": RULES_OF_COLORS}
THE_REST = {"rules": {rule: {"enabled": False} for rule in RULES_OF_COLORS}}

PAGES = {
    "public": ["/", "/events", "/events/{event}", "/guest/{guest_link}", "/guardian/{guardian_link}", "/reference/{reference_link}", "/applied/{to_interview}", "/opportunities/embedded", "/letters/check", "/help/volunteers", "/help/coordinators", "/accessibility", "/shifts", "/shifts/{shift}", "/opportunities", "/opportunities/{opportunity}", "/opportunities/{opportunity}/apply", "/opportunities/{opportunity}/question", "/opportunities/offers", "/applying/{draft}", "/applied/{applied}", "/applied/{offered}", "/session/new", "/choices", "/design",
               "/talks", "/talks/request", "/talks/request?kind=table", "/talks/request?kind=question", "/talks/request/sent", "/requests/proof/{proof}", "/requests/{status}", "/requests/{countered}",
               "/messages", "/mail/not-a-token", "/session/mail", "/session/code", "/session/link/not-a-token", "/session/office", "/register", "/kiosk/kiosk-link", "/email-changes/not-a-token", "/invitations/not-a-token", "/nowhere"],
    "Volunteer": ["/me", "/me/matches", "/me/matches/{case_match}", "/me/matches/{case_match}/contacts/new", "/me/contacts", "/me/buddies", "/me/job", "/me/guardian", "/me/first-shifts", "/on-call", "/board", "/board/{own_board}", "/me/letters", "/me/letters/{own_issued}", "/me/applications", "/me/talks", "/me/talks/{offer}", "/me/talks/{spoke}/outcome", "/me/calendar", "/me/messages", "/me/hours?month={month}", "/me/hours/new", "/me/hours/{own_entry}", "/me/away", "/me/skills", "/me/paperwork", "/me/paperwork/{license}", "/me/readings/{reading}", "/me/checks/{own_check}", "/me/checks/{own_check}/authorization",
                  "/training", "/training/courses/{course}", "/training/courses/{quiz}/quiz", "/training/sessions/{course_session}", "/shifts/{shift}/regular", "/regulars/{regular}", "/me/details", "/me/email", "/me/password", "/me/sessions", "/shifts?narrow=yes", "/shifts?show=week", "/shifts/{shift}", "/swaps", "/swap-offers/{swap_offer}", "/shifts/{shift}/another-day"],
    "Coordinator": ["/me", "/emergency-access/new", "/applications/board", "/guests", "/shifts/{event_shift}/guests", "/shifts/{shift}/guests", "/shifts/{past_event}/guests", "/guardians", "/people/{minor}/guardian", "/people/{minor}", "/attendance", "/shifts/{over}/attendance", "/hours", "/hours/{entry}", "/hours/sheet?position={position}", "/people/{person}/hours", "/reports/hours", "/reports/attendance", "/programs/{program}/funding", "/imports", "/calls", "/letters/new?shift={shift}", "/gaps", "/schedule", "/schedule?view=list", "/schedule?view=day", "/schedule?view=month", "/schedule/now", "/shifts/{canceled}/reopening", "/undo", "/drafts/{draft}", "/search?q=sh", "/schedule?draft={draft}", "/schedule/copy",
                    "/shifts/{shift}/move", "/shifts/{shift}/asks", "/shifts/new", "/shifts/{shift}", "/shifts/{shift}/edit",
                    "/shifts/{shift}/roster", "/shifts/{shift}/check-in", "/groups", "/groups/new", "/kiosks", "/check-in", "/fills", "/fills/{fill}", "/schedule/swaps", "/views", "/programs/{program}/help-functions", "/opening", "/meetings", "/meetings/new", "/meetings/{meeting}", "/meetings/{meeting}/edit", "/meetings/{meeting}/cancellation", "/hours/rates", "/early-lists/{early_list}", "/groups/{crew}", "/shifts/{crew_shift}/groups", "/shifts/{shift}/roster/regular?person={person}", "/people/{person}/regulars", "/shifts/{shift}/cancellation", "/people", "/people/new",
                    "/people/{person}", "/people/{person}/edit", "/people/{person}/skills", "/people?drives=car", "/board/pages", "/board/pages/new", "/board/pages/{board}", "/people/exits", "/people/staying", "/people/last-year", "/people/last-year?which=done", "/people/milestones", "/people/letters", "/people/letters/{issued}", "/people/letters/many?role={position}", "/people/letters/wordings", "/people/letters/wording?kind=thanks&language=en&program={program}", "/people/{person}/letters/new?kind=thanks", "/people/phones?program={program}", "/people/{person}/leaving", "/incidents", "/incidents/{incident}", "/incidents/new", "/incidents/new?program=none", "/incidents/own", "/on-call", "/on-call/{program}", "/supervision",
                    "/shifts/{shift}/asks?free=yes", "/applications", "/applications/new", "/applications/{new_application}", "/applications/{reviewed}", "/applications/{held}", "/applications/{referenced}", "/interviews", "/interviews/{interview}", "/postings", "/postings/new", "/inquiries", "/inquiries/{inquiry}", "/applications/report", "/applications/questions", "/applications/questions/new", "/applications/questions/{asking}", "/postings/{opportunity}", "/placements/{placement}/end",
                    "/programs", "/programs/{program}", "/programs/{program}/edit", "/programs/{program}/settings",
                    "/programs/{program}/positions/new", "/patterns",
                    "/patterns/new?program={program}", "/patterns/{pattern}", "/patterns/{pattern}/edit",
                    "/patterns/{pattern}/end", "/closures", "/closures/new", "/positions/{position}/edit",
                    "/people/{person}/paperwork", "/people/{person}/paperwork/{license}", "/credentials/{credential}", "/waivers/{waiver}", "/reviews", "/reviews/{handed}", "/paperwork/ending",
                    "/requirements", "/requirements/new", "/requirements/{license}", "/requirements/{license}/edit", "/rules/new", "/rules/{rule}", "/readings/new", "/positions/{position}/trial",
                    "/affected", "/trials", "/trials/{trial}", "/courses", "/courses/new", "/courses/targets", "/courses/{course}", "/courses/{course}/edit", "/courses/{course}/results?q=a",
                    "/courses/{course}/sessions/new", "/training/sessions/{course_session}/edit", "/training/sessions/{course_session}/cancellation", "/training/sessions/{course_session}/learners",
                    "/training/sessions/{over_session}/results", "/proposals", "/training/certificates/{passed}", "/sites", "/sites/new"],
    "Outreach staff": ["/me", "/outreach", "/outreach?which=ended", "/outreach/requests/new", "/outreach/requests/new?kind=question", "/outreach/requests/{waits}", "/outreach/requests/{question}", "/outreach/requests/{waits}/edit",
                       "/outreach/calendar", "/outreach/calendar?view=week", "/outreach/calendar?view=list", "/outreach/talks/{talk}", "/outreach/talks/{table}", "/outreach/talks/{talk}/edit", "/outreach/talks/{talk}/cancellation", "/outreach/talks/{told}/outcome",
                       "/outreach/closings?first={first}&last={last}", "/outreach/organizations", "/outreach/organizations/new", "/outreach/organizations/{group}", "/outreach/organizations/{group}/edit", "/outreach/topics", "/outreach/topics/new", "/outreach/topics/{topic}",
                       "/outreach/materials", "/outreach/speakers?q=a", "/outreach/speakers/{speaker}", "/outreach/terms", "/outreach/letters", "/outreach/letters/{letter}", "/outreach/replies", "/outreach/report?by=kind"],
    "Screener": ["/me", "/screening", "/screening/matches/{match}", "/do-not-place", "/do-not-place/new", "/do-not-place/{list_entry}", "/work-checks", "/references", "/references?call=yes", "/references/{reference}", "/references/{reference_call}", "/checks", "/checks/{check}", "/checks/{check}/texts/{text}", "/reviews"],
    "Supervisor": ["/supervision", "/trials", "/supervision/{supervised}", "/on-call/{on_call}/cover"],
    "Privacy officer": ["/me", "/audit", "/emergency-access"],
    "Caseworker": ["/me", "/cases", "/cases/new", "/cases/{case}", "/cases/{case}/edit", "/cases/{case}/requests/new", "/help-requests", "/help-requests/waiting", "/help-requests/{help_request}", "/help-requests/{help_request}/volunteers", "/help-requests?which=due", "/help-requests/report", "/matches", "/matches/{followed}", "/matches/{followed}/contacts/new"],
    "Administrator": ["/districts", "/first-shifts", "/settings", "/applications/erasing", "/people/merges", "/people/{person}/merge", "/people/{person}/merge/{other}", "/skills", "/incidents/setup", "/skills/{skill}/edit", "/programs/new", "/sites/{site}/edit", "/people/{person}", "/wordings", "/wordings/signup.made/es", "/translations"],
}  # fmt: skip

NOT_THERE = ("/mail/not", "/session/link/not", "/invitations/not", "/email-changes/not", "/nowhere")
"""Looked at as the page that says that nothing is there."""

REPEATED = "main li:nth-child(n+7), main tr:nth-child(n+7), main h2.day-head ~ h2.day-head ~ *"
"""Rows that look like those before them; axe would take ten seconds for each long list."""

NO_PAGE = {"/meetings/{meeting_id:id}/event.ics", "/me/matches/{case_match_id:id}/review", "/help-requests/report.csv", "/emergency-access/{emergency_access_id:id}", "/applications/{application_id:id}/files/{asked_id:id}", "/e/{event_id:id}/{source}", "/shifts/{shift_id:id}/guests/poster/{language}", "/people.csv", "/people.xlsx", "/people/letters/print.pdf", "/people/letters/{letter_id:id}.pdf", "/me/letters/{letter_id:id}.pdf",
    "/schedule/people", "/schedule/revision", "/swaps/{swap_id:id}", "/hours/rates/{rate_id:id}", "/schedule/templates/{template_id:id}", "/swaps/{swap_id:id}/approval",
    "/shifts/{shift_id:id}/signup", "/shifts/{shift_id:id}/withdrawal", "/signups/{signup_id:id}",
    "/shifts/{shift_id:id}/roster.csv", "/session/kept", "/slots/{slot_id:id}", "/slots/{slot_id:id}/groups", "/group-spots/{spots_id:id}", "/group-spots/{spots_id:id}/came",
    "/asks/{ask_id:id}", "/shifts/{shift_id:id}/signups/{signup_id:id}/emergency",
    "/imports/{job_id:id}",
    "/session/who",
    "/calendar/{token}.ics",
    "/shifts/{shift_id:id}/event.ics",
    "/patterns/{pattern_id:id}/calendar.ics",
    "/calls/{call_id:id}",
    "/signups/{signup_id:id}/attendance",
    "/hours/questions/{question_id:id}",
    "/reports/hours.csv",
    "/help",
    "/help/{name}",
    "/help/pictures/{name}",
    "/reports/attendance.csv",
    "/evidence/{evidence_id:id}",
    "/me/checks/{check_id:id}/letters/{letter}",
    "/training/certificates/{enrolment_id:id}.pdf",
    "/training/sessions/{course_session_id:id}/event.ics",
    "/talks.ics",
    "/talks/{talk_id:id}/event.ics",
    "/me/talks/{offer_id:id}/event.ics",
    "/requests/{token}/talks/{talk_id:id}/event.ics",
    "/outreach/report.csv",
    "/opportunities.json",
    "/opportunities.ics",
    "/o/{opportunity_id:id}/{source}",
    "/applied/{token}/mail/{proof}",
    "/postings/{posting_id:id}/poster/{language}", "/o/talk/{talk_id:id}", "/outreach/talks/{talk_id:id}/poster/{language}",
    "/applications.csv", "/applications/report.csv",
    "/me/applications/{application_id:id}",
    "/me/first-shifts/{first_shift_id:id}",
}  # fmt: skip
"""What answers with another page, with a file, or on one day alone (tests/journeys/test_check_in.py); one's own application looks like the page of its link. The demo's
volunteer served for years, and is asked about no first shift."""


def problems(page, options: dict[str, object]) -> Iterator[str]:  # type: ignore[no-untyped-def]
    run = (
        "options => axe.run({resultTypes: ['violations'], ...options}).then(all => all.violations)"
    )
    for one in page.evaluate(run, options):
        yield f"{one['id']}: {one['nodes'][0]['html'][:200]} ({one['nodes'][0]['failureSummary'][:300]})"


EVERY = [
    (PHONE, "light", THE_REST), (DESK, "light", THE_REST),
    *((width, scheme, COLORS) for width in (PHONE, DESK) for scheme in ("light", "dark")),
]  # fmt: skip
"""How a page can be looked at: width, theme and what for."""


DESKS = ("/gaps", "/schedule")
"""The widest pages, which are looked at here on both widths, and in `make soak` in every way."""


def looks(number: int, path: str) -> list[tuple[int, str, dict[str, object]]]:
    """How the page of that number is looked at here: every twelfth on the phone, and every 24th also at the
    desk and for its colors in both themes, half of these on the phone."""
    if path in DESKS:
        return EVERY[:3]
    if number % 24:
        return EVERY[:1] if number % 24 == 0 else []
    return [*EVERY[:2], *(EVERY[2:4] if number % 48 else EVERY[4:])]


LOOKED_AT = [
    (role, number, path) for role, paths in PAGES.items() for number, path in enumerate(paths)
]


LOOKED_AT_HERE = [
    (role, number, path) for role, number, path in LOOKED_AT if number % 24 == 0 or path in DESKS
]
"""Every twenty-fourth page is opened and measured here, all of them in `make soak`."""


@pytest.mark.parametrize(("role", "number", "path"), LOOKED_AT_HERE)
def test_axe_finds_nothing(as_role, ids, role, number, path):
    axe_finds_nothing(as_role(role), path.format(**ids), looks(number, path))


def axe_finds_nothing(visitor, path, looks) -> None:
    """Open a page and look at it in some ways, and at its width in all."""
    page = visitor.go(path)
    page.evaluate(
        "found => document.querySelectorAll(found).forEach(one => one.remove())", REPEATED
    )
    found = []
    if not path.startswith(NOT_THERE):
        assert "We can't find this page" not in page.title() + page.locator("h1").first.inner_text()
    if looks:
        page.evaluate(Axe().axe_script)
    for width, scheme, options in looks:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme}: {problem}" for problem in problems(page, options)]
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} wide"
    wrong = [*found, *too_large(page)]
    assert not wrong, "\n".join(wrong)
    assert not visitor.complaints


def test_every_page_is_looked_at(demo_file):
    """A new page has to join the list above."""
    looked_at = {_shape(path) for paths in PAGES.values() for path in paths}
    there = {
        _shape(one.path)
        for one in pages(demo_settings(demo_file))
        if isinstance(one, Page) and not isinstance(one, Post) and one.path not in NO_PAGE
    }
    assert there - looked_at == set()


def _shape(path: str) -> tuple[str, ...]:
    parts = path.partition("?")[0].strip("/").split("/")
    return tuple(
        "*"
        if part.startswith("{") or part in ("not-a-token", "kiosk-link", "signup.made", "es")
        else part
        for part in parts
    )

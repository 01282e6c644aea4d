"""What outreach adds up to, as a page and as a table."""

from datetime import date

from starlette.responses import Response

from portal import clock
from portal.act import Ref
from portal.agency.settings import value_of
from portal.audit.exports import note_export
from portal.outreach import totals
from portal.outreach.request_words import ORGANIZATION_WORDS
from portal.programs.settings import FISCAL_YEAR_STARTS
from portal.web.answers import Screen, screen
from portal.web.request import Request
from portal.web.table_files import table_file
from portal.words import text


def _asked(request: Request) -> tuple[date, date, str]:
    """What the report is asked for: this year by month, unless it says more."""
    today = clock.local_day(request.at, request.settings.timezone)
    starts = value_of(request.db, FISCAL_YEAR_STARTS, request.settings)
    year = date(today.year - (today.month < starts), starts, 1)
    first = request.asked_day("from") or year
    last = request.asked_day("to") or today
    by = request.asked("by") if request.asked("by") in totals.BY else "month"
    return min(first, last), max(first, last), by


def show_report(request: Request) -> Screen:
    """Talks, people and literature."""
    first, last, by = _asked(request)
    zone = request.settings.timezone
    lines = totals.sums(request.db, request.viewer, first, last, by, zone)
    return screen(
        "outreach/report.html",
        lines=lines,
        whole=totals.total(lines),
        literature=totals.literature(request.db, request.viewer, first, last, zone),
        first=first,
        last=last,
        by=by,
        by_words=totals.BY,
        kinds=ORGANIZATION_WORDS,
        months={one.name: date.fromisoformat(f"{one.name}-01") for one in lines}
        if by == "month"
        else {},
    )


COLUMNS = {
    "talks": text("Presentations"),
    "not_held": text("Not held"),
    "people": text("People"),
    "counted": text("Counted"),
    "copies": text("Handouts"),
    "referrals": text("Referrals"),
}


def download_report(request: Request) -> Response:
    """The same as a table."""
    first, last, by = _asked(request)
    viewer, zone = request.viewer, request.settings.timezone
    lines = totals.sums(request.db, viewer, first, last, by, zone)
    rows = [
        (first, last, _name(request, by, one), *(getattr(one, name) for name in COLUMNS))
        for one in lines
    ]
    note_export(request, "report.exported", Ref("report", None), "outreach")
    head = (text("From"), text("To"), totals.BY[by], *COLUMNS.values())
    return table_file(request, f"outreach-{first}-{last}", head, rows)


def _name(request: Request, by: str, one: totals.Sum) -> str:
    """What a line is for, in words."""
    if by == "kind" and one.name:
        return request.said(ORGANIZATION_WORDS[one.name])
    return one.name or request.said(text("not recorded"))

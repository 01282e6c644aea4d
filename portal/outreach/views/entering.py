"""Writing a request down for someone, and changing it."""

from portal.outreach import intake, organization_history, organizations, request_reads
from portal.outreach.events import KIND_WORDS
from portal.outreach.intake_models import RequestKind
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import Organization
from portal.outreach.request_forms import (
    StaffRequestForm,
)
from portal.outreach.scopes import organizations as all_organizations
from portal.outreach.views.desk import managed_request, only_seen, path_of, visible
from portal.outreach.views.words import (
    choices,
)
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.ids import as_id
from portal.web.request import Request
from portal.words import text


def new_request(request: Request, form: StaffRequestForm | None = None) -> Screen:
    """Write down a request that came by phone, letter or at the counter."""
    kind, group = request.asked("kind"), _asked_group(request)
    begun = {
        "kind": kind if kind in KIND_WORDS else RequestKind.PRESENTATION.value,
        "language": "en",
        "source": "phone",
    }
    if group:
        begun |= organizations.asker_values(request.db, group)
    return _entering(request, form or StaffRequestForm(data=begun), group=group)


def _entering(
    request: Request,
    form: StaffRequestForm,
    row: TalkRequest | None = None,
    group: Organization | None = None,
) -> Screen:
    return screen(
        "outreach/enter.html",
        form=form,
        row=row,
        kinds=KIND_WORDS,
        group=group,
        groups=organization_history.group_names(request.db),
        **choices(request, staff=True),
    )


def _asked_group(request: Request) -> Organization | None:
    """The organization that a new request begins with, from its page."""
    number = as_id(request.asked("organization"))
    there = (Organization.id == (number or 0), Organization.closed_at.is_(None))
    return request.db.scalar(all_organizations().where(*there))


def create_request(request: Request, form: StaffRequestForm) -> See:
    """Take it in."""
    values = form.values_in(request.settings.timezone)
    only_seen(request, values["topics"])
    made = intake.submit_request(
        request.act, form.kind.data, form.source.data, values, request.settings
    )
    said = text("Request %(number)s was added.", number=made.reference)
    if not visible(request, made):
        return See("/outreach", said)
    return See(path_of(made), said)


def edit_request(request: Request, request_id: int, form: StaffRequestForm | None = None) -> Screen:
    """Change what they ask for."""
    row = managed_request(request, request_id)
    values = request_reads.request_values(request.db, row)
    return _entering(request, form or StaffRequestForm.filled(values, source=row.source), row)


def update_request(request: Request, form: StaffRequestForm, request_id: int) -> See:
    """Save it."""
    row = managed_request(request, request_id)
    if form.kind.data != row.kind:
        raise Refused(text("The kind of a request can't change. Add a new request instead."))
    values = form.values_in(row.zone)
    there = request_reads.topic_ids(request.db, row.id)
    only_seen(request, [number for number in values["topics"] if number not in there])
    intake.amend(request.act, row, values, form.version.data, request.settings, staff=True)
    return See(path_of(row), text("The request was saved."))

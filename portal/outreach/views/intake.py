"""The public form that asks for a talk."""

from datetime import date

from portal import clock
from portal.outreach import intake, intake_policy
from portal.outreach.dates_form import DAYS
from portal.outreach.events import KIND_WORDS
from portal.outreach.intake_models import RequestKind
from portal.outreach.models import RequestSource
from portal.outreach.public_forms import PublicRequestForm
from portal.outreach.views.words import choices
from portal.people.views.strangers import Guard
from portal.permissions import NOBODY
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text

GUARD = Guard("talk", per_address=6, per_network=20, in_all=400, least_seconds=4)


def new_request(request: Request, form: PublicRequestForm | None = None) -> Screen:
    """Ask for a talk. The kind changes what is asked."""
    kind = request.asked("kind")
    every = intake_policy.all_terms(request.db)
    open_kinds = {one: words for one, words in KIND_WORDS.items() if every[one].open}
    form = form or PublicRequestForm(
        data={
            "kind": kind if kind in open_kinds else RequestKind.PRESENTATION.value,
            "language": request.language,
        }
    )
    version, pledge, translations = intake_policy.pledge_of(request.db)
    its = every[form.kind.data]
    today = clock.local_day(request.at, request.settings.timezone)
    if form.refused:
        _mind_days(form, its, today)
    return screen(
        "outreach/request.html",
        form=form,
        kinds=open_kinds,
        terms=its,
        first_day=today + its.least_days * clock.ONE_DAY,
        pledge=pledge if version == 0 else request.written(str(pledge), translations, "words"),
        version=version,
        opened=GUARD.stamp(request),
        **choices(request, staff=False),
    )


def _mind_days(form: PublicRequestForm, its: intake_policy.Terms, today: date) -> None:
    """What is wrong with the days is said together with the rest, not when that is mended."""
    sound = [name for name in (*DAYS, "needed_by") if name in form and not form[name].errors]
    days = [(name, form[name].data) for name in sound]
    for name, problem in intake_policy.day_problems(its, days, today, staff=False).items():
        form[name].errors = (problem,)


def guard(request: Request, form: PublicRequestForm) -> None:
    """Hold floods and bots off."""
    GUARD.spend(request, form.contact_email.data)
    GUARD.check(request, form.opened.data)


def send_request(request: Request, form: PublicRequestForm) -> See:
    """Take a request in; what it says there is the same for a machine that filled in everything."""
    if form.website.data:
        return See("/talks/request/sent")
    values = form.values_in(request.settings.timezone) | {"pledge_id": form.pledge.data or 0}
    made = intake.submit_request(
        request.act.but(by=NOBODY), form.kind.data, RequestSource.PUBLIC, values, request.settings
    )
    said = text("Thank you! Your request number is %(number)s.", number=made.reference)
    return See("/talks/request/sent", said)


def sent(request: Request) -> Screen:
    """What happens now."""
    return screen("outreach/sent.html")

"""Pages of kiosks: setting one up, the device itself, and its code on someone's own phone."""

from datetime import timedelta
from typing import Any

from portal.kiosks import kiosks
from portal.kiosks.forms import AtKioskForm, CodeForm, KioskForm
from portal.kiosks.models import Kiosk
from portal.kiosks.pictures import qr_picture
from portal.occasions.walk_ins import walk_ins_of
from portal.people.limits import give_back, short, spend
from portal.permissions import NOBODY, Permission
from portal.programs.models import Program, Site, Visibility
from portal.programs.scopes import in_viewers_programs, one, usable_sites
from portal.shifts.check_in import How
from portal.shifts.models import Signup
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import Words, text

MINUTE = 60
FOUR = 4
"""Digits of a phone number that are typed."""

WRONG = text("We can't find you on a shift here. Check both fields, or ask the lead.")
OLD = text("This code is wrong or old. Enter the one on the screen now.")
WAIT = text("Wait for the next code, then try again.")


def index(request: Request, form: KioskForm | None = None, link: str = "") -> Screen:
    """The kiosks of one's programs, and a new one."""
    today = today_of(request)
    sites = usable_sites(request.viewer).where(
        Site.closed_at.is_(None), Site.confidential.is_(False)
    )
    mine = in_viewers_programs(Program.id, request.viewer, Permission.SHIFTS_MANAGE)
    programs = Program.visibility == Visibility.PUBLIC
    return screen(
        "kiosks/list.html",
        kiosks=kiosks.coming_kiosks(request.db, request.viewer, today),
        sites=[
            (row.id, row.name) for row in request.db.scalars(sites.order_by(Site.name).limit(500))
        ],
        programs=[
            (row.id, request.written(row.name, row.translations))
            for row in request.db.query(Program)
            .where(mine, programs, Program.closed_at.is_(None))
            .order_by(Program.name)
            .limit(200)
        ],
        everywhere=request.viewer.everywhere(Permission.SHIFTS_MANAGE),
        form=_required(form_of(form, KioskForm, {"day": today}), request),
        refused=form,
        link=link,
        picture=qr_picture(link) if link else "",
    )


def _required(form: KioskForm, request: Request) -> KioskForm:
    """Whoever schedules some programs alone has to choose one."""
    if not request.viewer.everywhere(Permission.SHIFTS_MANAGE):
        flags: Any = form.program.flags
        flags.required, flags.optional = True, False
    return form


def add(request: Request, form: KioskForm) -> Screen:
    """Set one up; its link is shown once, here."""
    _, token = kiosks.add_kiosk(
        request.act, form.site.data, form.program.data, form.day.data, today_of(request)
    )
    return index(request, link=f"{request.settings.base_url.rstrip('/')}/kiosk/{token}")


def end(request: Request, form: Any, kiosk_id: int) -> See:
    """End one."""
    row = one(request.db, kiosks.managed_kiosks(request.viewer), Kiosk.id == kiosk_id)
    kiosks.end_kiosk(request.act, row)
    return See("/kiosks", text("This link no longer works."))


def show(request: Request, token: str, form: AtKioskForm | None = None) -> Screen:
    """The device: its code, where to type instead, and what someone at the door can join."""
    row = _kiosk(request, token)
    code = kiosks.code_of(request.settings.secret_key, row, request.at)
    base = request.settings.base_url.rstrip("/")
    soon = request.at + timedelta(hours=12)
    return screen(
        "kiosks/kiosk.html",
        kiosk=row,
        code=code,
        picture=qr_picture(f"{base}/check-in?code={code}"),
        address=f"{base}/check-in",
        token=token,
        form=form_of(form, AtKioskForm, {"way": "in"}),
        refused=form,
        events=walk_ins_of(request).open_at(
            request.db, row.site_id, request.at, soon, request.language
        ),
    )


def _kiosk(request: Request, token: str) -> Kiosk:
    return kiosks.kiosk_of(request.db, token, request.at, request.settings.timezone)


def count_try(request: Request, form: AtKioskForm, token: str) -> str:
    """Count a try at a kiosk; refuses the third within a minute."""
    digits = "".join(one for one in form.digits.data if one.isascii() and one.isdigit())[-FOUR:]
    if len(digits) != FOUR:
        raise Refused(fields={"digits": text("Enter four digits.")})
    with request.portal.database.reading() as db:
        kiosks.kiosk_of(db, token, request.at, request.settings.timezone)
    return _count(request, f"kiosk:{short(token)}")


def _count(request: Request, bucket: str) -> str:
    with request.portal.database.writing() as db:
        allowed = spend(db, {bucket: kiosks.TRIES}, request.at, MINUTE)
    if not allowed:
        raise Refused(WAIT)
    return bucket


def _good(request: Request) -> None:
    """It was right, so it does not count, even if checking in is refused."""
    bucket = {request.prepared: kiosks.TRIES}
    request.trail(lambda db: give_back(db, bucket, request.at, MINUTE))


def check(request: Request, form: AtKioskForm, token: str) -> See:
    """Check in, or out, with a first name and four digits."""
    row = _kiosk(request, token)
    digits = "".join(one for one in form.digits.data if one.isdigit())[-FOUR:]
    person_id = kiosks.who_is(request.db, row, form.first.data, digits, request.at)
    if person_id is None:
        raise Refused(WRONG)
    _good(request)
    act = request.act.but(by=NOBODY)
    name = kiosks.check(act, row, person_id, How.KIOSK, leaves=form.way.data == "out")
    return See(f"/kiosk/{token}", _said(form.way.data, name))


def _said(way: str, name: str) -> Words:
    if way == "out":
        return text("%(name)s is checked out. Thank you!", name=name)
    return text("%(name)s is checked in. Thank you for coming!", name=name)


def enter_code(request: Request, form: CodeForm | None = None) -> Screen:
    """Where someone types a kiosk's code on their own phone, or comes by its picture."""
    given = request.asked("code")  # whether it is right is said to a press alone, which is counted
    assert request.viewer.person_id
    own = kiosks.own_today(request.db, request.viewer.person_id, request.at)
    return screen(
        "kiosks/code.html",
        form=form_of(form, CodeForm, {"code": given, "way": _next_way(own)}),
        refused=form,
        own=own,
    )


def _next_way(own: list[Signup]) -> str:
    return "out" if any(one.in_at and not one.out_at for one in own) else "in"


def _with_code(request: Request, code: str) -> Kiosk | None:
    secret, zone = request.settings.secret_key, request.settings.timezone
    return kiosks.kiosk_with_code(request.db, secret, code.replace(" ", ""), request.at, zone)


def count_code(request: Request, form: CodeForm) -> str:
    """Count a code that someone types; refuses the third within a minute."""
    return _count(request, f"code:{request.viewer.person_id}")


def check_by_code(request: Request, form: CodeForm) -> See:
    """Check oneself in, or out, with the code of a kiosk."""
    row = _with_code(request, form.code.data)
    if row is None:
        raise Refused(fields={"code": OLD})
    _good(request)
    assert request.viewer.person_id
    leaves = form.way.data == "out"
    name = kiosks.check(request.act, row, request.viewer.person_id, How.CODE, leaves=leaves)
    return See("/me", _said(form.way.data, name))

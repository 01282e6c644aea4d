"""What an agency and its programs decide for themselves, on one page each."""

from collections.abc import Sequence
from typing import Any

import wtforms

from portal.agency import settings
from portal.agency.settings import Setting, Source
from portal.programs.models import Program
from portal.programs.views.programs import program_of
from portal.web.answers import Screen, See, screen
from portal.web.choices import choice_field
from portal.web.fields import long_text_field, number_field
from portal.web.forms import Form, form_of, shaped
from portal.web.request import Request
from portal.words import text

SAVED = text("The settings were saved.")
YES_NO = {"1": text("Yes"), "0": text("No")}
SHOWN = "__shown"
"""Ends the name of the hidden field that says what a setting was when the page was opened."""


class SettingsForm(Form):
    """Some settings; a field for each is added to it."""


Known = Setting[Any]


def _there(request: Request, program_id: int | None) -> Sequence[Known]:
    """What a viewer may set here, but for settings with a page of their own."""
    return [
        one
        for domain in request.portal.domains
        for one in domain.settings
        if not one.path and settings.may_set(request.viewer, one, program_id)
    ]


def _found(request: Request, one: Known, program_id: int | None) -> settings.Found[Any]:
    return settings.find(request.db, one, request.settings, program_id)


def _is_ours(found: settings.Found[Any], program_id: int | None) -> bool:
    """Whether the value was set here, and not for the whole agency or by the server."""
    return program_id is None or found.source is Source.PROGRAM


def with_settings(request: Request, form: type[Form], program_id: int | None = None) -> type[Form]:
    """The form with a field for each setting that is not the server's."""
    fields: dict[str, Any] = {}
    for one in _there(request, program_id):
        if not request.settings.is_given(one.name):
            fields[one.name] = _field(request, one, program_id)
            fields[f"{one.name}{SHOWN}"] = wtforms.HiddenField()
    return shaped(form, fields)


def _field(request: Request, one: Known, program_id: int | None) -> Any:
    agency = settings.value_of(request.db, one, request.settings)
    said = None
    if program_id is not None and not isinstance(one.default, str):
        said = text("Blank: %(n)s, as for the agency", n=agency)
    if isinstance(one.default, bool):
        said = (
            text("Blank: yes, as for the agency")
            if agency
            else text("Blank: no, as for the agency")
        )
        own = program_id is not None
        return choice_field(one.words, YES_NO, required=not own, help=said if own else None)
    if isinstance(one.default, str):
        return long_text_field(one.words, most=one.most, help=said)
    return number_field(
        one.words, least=one.least, most=one.most, required=program_id is None, help=said
    )


def _page(request: Request, program: Program | None, form: Any) -> Screen:
    program_id = program.id if program else None
    there = _there(request, program_id)
    values: dict[str, Any] = {}
    for one in there:
        found = _found(request, one, program_id)
        value = found.value if _is_ours(found, program_id) else None
        stored = "" if value is None else one.written(value)
        values |= {one.name: stored if isinstance(one.default, bool) else value}
        values |= {f"{one.name}{SHOWN}": stored}
    made = with_settings(request, SettingsForm, program_id)
    return screen(
        "programs/settings.html",
        program=program,
        form=form_of(form, made, values),
        fixed=[
            (one.words, settings.value_of(request.db, one, request.settings))
            for one in there
            if request.settings.is_given(one.name)
        ],
        path=f"/programs/{program.id}/settings" if program else "/settings",
    )


def show_agency(request: Request, form: Any = None) -> Screen:
    """The settings of the agency."""
    return _page(request, None, form)


def show_program(request: Request, program_id: int, form: Any = None) -> Screen:
    """The settings of a program."""
    return _page(request, program_of(request, program_id), form)


def _save(request: Request, form: SettingsForm, program_id: int | None) -> None:
    for one in _there(request, program_id):
        if one.name not in form:
            continue
        shown = form[f"{one.name}{SHOWN}"].data or ""
        value = form[one.name].data
        if isinstance(one.default, bool):
            value = one.read(value) if value else None
        settings.save_typed(request.act, one, value, shown, request.settings, program_id)


def save_agency(request: Request, form: SettingsForm) -> See:
    """Save the settings of the agency."""
    _save(request, form, None)
    return See("/settings", SAVED)


def save_program(request: Request, form: SettingsForm, program_id: int) -> See:
    """Save the settings of a program; what is left blank is the agency's."""
    program_of(request, program_id)
    _save(request, form, program_id)
    return See(f"/programs/{program_id}/settings", SAVED)

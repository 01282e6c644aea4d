"""What a browser remembers without an account: language and light or dark."""

from portal.people.forms import LanguageForm, ThemeForm
from portal.people.people import choose_language
from portal.web.addresses import own_path
from portal.web.answers import Screen, See, screen
from portal.web.request import Request

A_YEAR = 365 * 24 * 3600


def edit_choices(request: Request, form: LanguageForm | ThemeForm | None = None) -> Screen:
    """Choose the language and light or dark."""
    return screen("people/choices.html", form=form)


def update_language(request: Request, form: LanguageForm) -> See:
    """Use a language from now on; for a signed-in person everywhere."""
    request.set_cookie("language", form.language.data, A_YEAR)
    if request.viewer.person_id:
        choose_language(request.act, form.language.data)
    return See(own_path(form.next.data or "", "/"))


def update_theme(request: Request, form: ThemeForm) -> See:
    """Show pages light, dark, or as the device does."""
    request.set_cookie("theme", form.theme.data or "", A_YEAR if form.theme.data else 0)
    return See(own_path(form.next.data or "", "/"))

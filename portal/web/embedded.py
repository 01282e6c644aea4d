"""Pages that other sites may show in a frame."""

from dataclasses import dataclass

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from portal.weather import is_weather
from portal.web.answers import Screen
from portal.web.page import Page
from portal.web.request import Request
from portal.words import best_language

EMBEDDED = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; object-src 'none'; frame-ancestors "
)
"""The policy of a page in a frame of another site: every page's, without scripts and forms (SECURITY O3)."""


@dataclass(frozen=True)
class Embedded(Page):
    """A page that the sites in the settings may show in a frame. It knows no viewer: no cookie is read or set.

    Without such sites there is no page.
    """

    def answer(self, request: Request) -> Response:
        sites = request.settings.embed_sites
        if not sites:
            return PlainTextResponse("Not Found", 404)
        wanted = [request.asked("lang"), request.headers.get("accept-language", "")[:2]]
        request.language = best_language(wanted)
        try:
            with request.portal.database.reading() as db:
                request.db = db
                result: Screen = self.view(request)
                renderer = request.portal.renderer
                html = renderer.render(result.template, result.context, request.language)
        except Exception as error:
            if not is_weather(error):
                raise
            return PlainTextResponse("Try again in a moment.", 503, {"retry-after": "5"})
        policy = {
            "content-security-policy": EMBEDDED + " ".join(sites.split()),
            "cache-control": "public, max-age=300",
        }
        return HTMLResponse(html, headers=policy)

"""What htmx 4 says about a request, typed, and what we may answer it.

htmx names a target as `tag#id` in HX-Target (since 4.0), and says in HX-Request-Type
whether it will put the answer into a part of the page or replace all of it.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers

VARY = "HX-Request, HX-Target, HX-Request-Type, Cookie, Accept-Language"
"""What an answer may depend on besides its address."""

WHOLE_PAGE = {"HX-Retarget": "body", "HX-Reswap": "outerMorph"}
"""Headers that make htmx show an answer as the whole page, wherever it was asked from. What is the same on both
pages stays as it is, with scroll and focus."""


@dataclass(frozen=True)
class Htmx:
    """A request's htmx headers. `target` is the DOM id the answer is wanted for, or "";
    `page` the path and query of the page it stands on."""

    asked: bool = False
    target: str = ""
    page: str = ""

    @classmethod
    def of(cls, headers: Headers) -> "Htmx":
        """Read the headers; anything that asks for a whole page has no target."""
        asked = headers.get("hx-request") == "true"
        page = _page(headers.get("hx-current-url", ""))
        whole = (
            headers.get("hx-request-type") == "full"
            or headers.get("hx-history-restore-request") == "true"
        )
        if not asked or whole:
            return cls(asked=asked, page=page)
        return cls(
            asked=True, target=unquote(headers.get("hx-target", "").partition("#")[2]), page=page
        )


def _page(address: str) -> str:
    """The path and query of an address; "" for one that is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")

"""The way back to a list as one left it: its filters and its page, in a cookie that ends with the session.

An address alone can't tell: pages send no referrer, and keep nothing in the browser's storage (SECURITY O5).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from portal.web.request import Request

COOKIE = "lists"
LISTS = frozenset(
    (
        "/affected", "/applications", "/attendance", "/calls", "/checks", "/courses", "/gaps", "/groups",
        "/hours", "/inquiries", "/meetings", "/opportunities", "/outreach", "/outreach/organizations",
        "/outreach/speakers", "/patterns", "/people", "/postings", "/programs", "/references",
        "/reports/hours", "/requirements", "/reviews", "/schedule", "/screening", "/shifts", "/supervision",
    )
)  # fmt: skip
"""The lists that are come back to."""
MOST = 6
"""So many lists are remembered, the last ones."""
LONGEST = 300
"""Letters of a query that are remembered; a longer one is left out."""


def remember(request: Request, *, found: bool) -> None:
    """Remember how the list that this page is was asked for; forget it if it is not `found` any more."""
    path = request.url.path
    if path not in LISTS or not request.viewer.signed_in:
        return
    known = _known(request)
    query = urlencode(parse_qsl(request.url.query)) if found else ""
    if len(query) > LONGEST or known.get(path, "") == query:
        return
    others = {one: kept for one, kept in known.items() if one != path}
    now = dict([*others.items(), (path, query)][-MOST:])
    body = json.dumps(now).encode()
    value = base64.urlsafe_b64encode(_seal(request, body) + body).decode()
    request.set_cookie(COOKIE, value, None)


def way_back(request: Request, path: str) -> str:
    """The address of a list as the viewer last asked for it in this session."""
    query = _known(request).get(path, "")
    return f"{path}?{query}" if query else path


def _known(request: Request) -> Mapping[str, str]:
    """The queries by path that `remember` wrote for this very session; nothing for any other value."""
    value = request.cookies.get(request.cookie_name(COOKIE), "")
    if not value or not request.viewer.signed_in:
        return {}
    try:
        raw = base64.urlsafe_b64decode(value.encode())
    except ValueError:
        return {}
    if not hmac.compare_digest(raw[:32], _seal(request, raw[32:])):
        return {}
    known: Mapping[str, str] = json.loads(raw[32:])
    return known


def _seal(request: Request, body: bytes) -> bytes:
    """A seal that fits one session: whoever signs in next on this browser is led to no list of the last one."""
    key = f"{request.settings.secret_key}:lists:{request.binding}".encode()
    return hmac.new(key, body, hashlib.sha256).digest()

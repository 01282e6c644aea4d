"""Cross-site request forgery: the browser's own word about where a POST comes from, and a token.

SECURITY S5. Sec-Fetch-Site is trusted where it is sent; where it is not (plain http on a
county network), Origin is, unless it is "null", which our own Referrer-Policy makes it.
The token is bound to the session cookie, or for signed-out forms to a visit cookie.
"""

import hashlib
import hmac

from starlette.datastructures import Headers

FIELD = "csrf"


def token(secret: str, binding: str) -> str:
    """The token for forms shown to the holder of a cookie value."""
    return hmac.new(secret.encode(), b"csrf:" + binding.encode(), hashlib.sha256).hexdigest()


def token_is_good(secret: str, binding: str, sent: str) -> bool:
    """Whether a form's token belongs to the cookie it came with."""
    return bool(binding) and hmac.compare_digest(
        token(secret, binding).encode(), sent.encode(errors="replace")
    )


def comes_from_elsewhere(headers: Headers, origin: str) -> bool:
    """Whether the browser says that another site made this request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    sent = headers.get("origin")
    return sent not in (None, "null", origin)

"""Random secrets for cookies and links: 256 bits to the holder, only a hash to the database."""

import hashlib
import secrets


def new_token() -> tuple[str, str]:
    """A token to hand out, and the hash to store."""
    token = secrets.token_urlsafe(32)
    return token, hashed(token)


def hashed(token: str) -> str:
    """The hash under which a token is stored. Tokens are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()

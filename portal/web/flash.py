"""A sentence for the next page ("You're signed up."), kept in a signed cookie for one showing, with what can be
undone of it."""

import base64
import hashlib
import hmac
import json

from portal.words import Words

COOKIE = "flash"
SECONDS = 60
LONGEST = 2000


def pack(words: Words, secret: str, undo_id: int | None = None) -> str:
    """The cookie's value. Values must be text or numbers, already in the reader's language."""
    body = json.dumps([words.source, words.values, words.many, undo_id]).encode()
    return base64.urlsafe_b64encode(_seal(body, secret) + body).decode()


def unpack(value: str, secret: str) -> tuple[Words, int | None] | None:
    """The words that `pack` wrote, and the id of what can be undone; None for anything else."""
    if not value or len(value) > LONGEST:
        return None
    try:
        raw = base64.urlsafe_b64decode(value.encode())
    except ValueError:
        return None
    if not hmac.compare_digest(raw[:32], _seal(raw[32:], secret)):
        return None
    source, values, many, undo_id = json.loads(raw[32:])
    return Words(source, values, many), undo_id


def _seal(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"flash:" + body, hashlib.sha256).digest()

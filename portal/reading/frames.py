"""How the two sides of a reader talk: a length, a JSON head, and bytes behind it."""

import json
import struct
from collections.abc import Callable
from typing import Any

LARGEST = 48 * 1024 * 1024
"""The most bytes that one message may have."""

_LENGTHS = struct.Struct("!II")


class BadFrame(Exception):
    """The other side sent something that is no message."""


def packed(head: Any, body: bytes = b"") -> bytes:
    """A message as bytes."""
    text = json.dumps(head).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def read_frame(read: Callable[[int], bytes]) -> tuple[Any, bytes] | None:
    """The next message, by a function that gives exactly so many bytes, or b"" at the end; None there."""
    lengths = read(_LENGTHS.size)
    if not lengths:
        return None
    head, body = _LENGTHS.unpack(lengths)
    if head + body > LARGEST:
        raise BadFrame("too large")
    try:
        told, data = json.loads(read(head)), read(body) if body else b""
    except ValueError as error:
        raise BadFrame("no JSON") from error
    if len(data) != body:
        raise BadFrame("cut off")
    return told, data

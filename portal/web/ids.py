"""Ids as people send them."""

LARGEST = 2**31
"""Beyond what the databases number rows with."""


def as_id(value: object) -> int | None:
    """The id that a text is; None for anything that cannot be one."""
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) < 11):
        return None
    return int(text) if int(text) < LARGEST else None

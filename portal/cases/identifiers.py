"""What in someone's words may tell who a client is. It warns; people decide (SECURITY P1)."""

import re
from collections.abc import Collection
from enum import StrEnum
from itertools import pairwise


class Found(StrEnum):
    """What a piece of text looks like."""

    PHONE = "phone"
    SSN = "ssn"
    EMAIL = "email"
    ADDRESS = "address"
    DOCKET = "docket"
    NAME = "name"


_STREETS = (
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|terrace|ter|circle|cir|way|"
    "highway|hwy|parkway|pkwy|turnpike|tpke|route|rte|apt|apartment|calle|avenida"
)
_PATTERNS = (
    (Found.EMAIL, re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,24}")),
    (Found.SSN, re.compile(r"\b\d{3}[- ]\d{2}[- ]\d{4}\b")),
    (Found.PHONE, re.compile(r"\+?1?[ .-]?\(?\b\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b")),
    (
        Found.ADDRESS,
        re.compile(rf"\b\d{{1,6}}[a-z]?\s+[\w.' -]{{1,60}}\s(?:{_STREETS})\b", re.IGNORECASE),
    ),
    (Found.ADDRESS, re.compile(rf"\b(?:{_STREETS})\.?\s+#?\d{{1,6}}\b", re.IGNORECASE)),
    (Found.ADDRESS, re.compile(r"\bP\.?\s?O\.?\s?Box\s+\d{1,6}\b", re.IGNORECASE)),
    (Found.DOCKET, re.compile(r"\b[a-z]{1,4}-?\d{2,7}[-/]\d{2,4}\b", re.IGNORECASE)),
    (Found.DOCKET, re.compile(r"\b\d{3,7}/(?:19|20)?\d{2}\b")),
    (
        Found.DOCKET,
        re.compile(
            r"\b(?:docket|index|case|file)\s+(?:no\.?|number|#)\s*[\w/-]{3,20}", re.IGNORECASE
        ),
    ),
)
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ][\w'’-]{1,30}(?=[\s.,;:!?]|$)")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sr|Sra)\.?\s+[A-ZÀ-Þ][\w'’-]{1,30}")
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "sr", "sra"))
_EVERYDAY = """
    arabic ask asks bengali bring call can chinese come comes dari do don't english every for french go
    goes has he help her his if in january february march april may june july august september october
    november december italian korean likes lives mandarin monday tuesday wednesday thursday friday
    saturday sunday needs never no not on only pashto please polish portuguese prefers russian she somali
    spanish speaks swahili take the their they to ukrainian urdu use uses vietnamese walks wants with
    yiddish
"""
_NO_NAMES = frozenset(_EVERYDAY.split())
"""Words with which a sentence begins, and languages, days and months, which are written with a capital."""


def identifiers(words: str, known: Collection[str] = ()) -> list[tuple[Found, str]]:
    """What in `words` looks like an identifier, and the piece itself; names of `known` people, such as a
    program's staff, are none."""
    found = {match[0]: kind for kind, pattern in _PATTERNS for match in pattern.finditer(words)}
    staff = [set(name.casefold().split()) for name in known]
    for piece in [match[0] for match in _TITLED.finditer(words)] + _pairs(words):
        parts = {one.strip(".,;:!?") for one in piece.casefold().split()} - _TITLES
        if not any(parts <= one for one in staff):
            found.setdefault(piece, Found.NAME)
    return [(kind, piece) for piece, kind in found.items()]


def _pairs(words: str) -> list[str]:
    """Two words with a capital, one right after the other, neither of them an everyday one."""
    capitals = list(_CAPITALS.finditer(words))
    return [
        words[one.start() : other.end()]
        for one, other in pairwise(capitals)
        if words[one.end() : other.start()].strip() == ""
        and not {one[0].casefold(), other[0].casefold()} & (_NO_NAMES | _TITLES)
    ]

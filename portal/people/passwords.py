"""Passwords: argon2id hashes, and what makes a password too easy (SECURITY A1, A2)."""

import gzip
from functools import cache
from pathlib import Path

from passlib.context import CryptContext

from portal.words import Words, text

SHORTEST, LONGEST = 12, 128
_COMMON = Path(__file__).with_name("common_passwords.txt.gz")
_context = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)


def hash_password(password: str) -> str:
    """The argon2id hash to store. Takes some 20 ms of a core: never inside a write transaction."""
    return str(_context.hash(password))


def verify(password: str, stored: str) -> bool:
    """Whether a password belongs to a stored hash."""
    return bool(_context.verify(password[:LONGEST], stored))


def is_weaker(stored: str) -> bool:
    """Whether a hash was made with lighter settings than today's and should be made again."""
    return bool(_context.needs_update(stored))


@cache
def dummy_hash() -> str:
    """What is verified for an address no one has, so that the same work is done for it."""
    return hash_password("no such person has this password")


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(gzip.decompress(_COMMON.read_bytes()).decode().split("\n"))


def weakness(password: str, about: list[str]) -> Words | None:
    """Why a password will not do, or None if it will. `about` is what others know: names, the agency."""
    plain = password.lower()
    if len(password) < SHORTEST:
        return text(
            "Use at least %(n)s characters. A few words in a row are easy to remember.",
            n=SHORTEST,
        )
    if len(password) > LONGEST:
        return text("Use at most %(n)s characters.", n=LONGEST)
    if len(set(plain)) < 5 or _repeats(plain) or plain in _common_passwords():
        return text("Many people use this password, so it's easy to guess. Choose another.")
    known = [word for phrase in about for word in phrase.lower().split() if len(word) >= 3]
    for word in known:
        plain = plain.replace(word, "")
    if len(plain.strip(" -_.0123456789!")) < 6:
        return text(
            "This is too close to your name, your email, or the agency's name. Choose another."
        )
    return None


def _repeats(plain: str) -> bool:
    """Whether a password is a short piece written again and again."""
    return any(
        (plain[:size] * (len(plain) // size + 1))[: len(plain)] == plain
        for size in range(1, 1 + min(8, len(plain) // 2))
    )

"""Find names written in one word or in several, and letters that have no accent but another form.

What is written here is how keys were made when this was written; later changes bring a migration of their own.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

SIGNS = ("'", "’", "ʼ", "`", "´", "‘", "ʻ", "-", "‐", "‑")
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
PARTICLES = {
    *("al", "bin", "d", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el"),
    *("ibn", "la", "le", "los", "mac", "mc", "o", "san", "st", "ten", "ter", "van", "von", "zu"),
}
PERSON = sa.table("person", sa.column("id"), sa.column("name"), sa.column("goes_by"))
KEY = sa.table("search_key", sa.column("key"), sa.column("person_id"))
AT_ONCE = 1000


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in kept).split()


def _new(name: str) -> set[str]:
    found = _words(name)
    for sign in SIGNS:
        if sign in name:
            found += _words(name.replace(sign, ""))
    words = _words(name)
    for start, word in enumerate(words):
        end = start
        while words[end] in PARTICLES and end + 1 < len(words):
            end += 1
        if end > start and word in PARTICLES:
            found.append("".join(words[start : end + 1]))
    return {word[at : at + 40] for word in found for at in range(max(1, len(word) - 1))}


def upgrade() -> None:
    connection = op.get_bind()
    after = 0
    while True:
        people = connection.execute(
            sa.select(PERSON).where(PERSON.c.id > after).order_by(PERSON.c.id).limit(AT_ONCE)
        ).all()
        if not people:
            return
        after = people[-1].id
        ids = [row.id for row in people]
        there = {
            (row.key, row.person_id)
            for row in connection.execute(sa.select(KEY).where(KEY.c.person_id.in_(ids)))
        }
        wanted = {(key, row.id) for row in people for key in _new(row.name) | _new(row.goes_by)}
        rows = [{"key": key, "person_id": number} for key, number in sorted(wanted - there)]
        if rows:
            connection.execute(sa.insert(KEY), rows)


def downgrade() -> None:
    """The keys that were added find more and harm nothing."""

"""Shifts and sessions are canceled, not called off: the columns carry the word that screens and code use."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("shift", "course_session")
NAMES = {"called_off_at": "canceled_at", "called_off_reason": "canceled_reason"}


def upgrade() -> None:
    for table in TABLES:
        for before, after in NAMES.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {before} TO {after}")


def downgrade() -> None:
    for table in TABLES:
        for before, after in NAMES.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {after} TO {before}")

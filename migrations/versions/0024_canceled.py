"""Shifts, sessions and presentations are canceled: the columns carry the word that screens and code use."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CALLED_OFF = {"called_off_at": "canceled_at", "called_off_reason": "canceled_reason"}
TABLES = {
    "shift": CALLED_OFF,
    "course_session": CALLED_OFF,
    "presentation": {
        "cancelled_at": "canceled_at",
        "cancelled_reason": "canceled_reason",
        "host_cancelled": "host_canceled",
    },
}


def upgrade() -> None:
    for table, names in TABLES.items():
        for before, after in names.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {before} TO {after}")


def downgrade() -> None:
    for table, names in TABLES.items():
        for before, after in names.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {after} TO {before}")

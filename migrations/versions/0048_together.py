"""Couples and families who apply together."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLES = ("application_draft", "application")
KEYS = {"resolve_fks": False}


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table, sa.Column("together", sa.String(16), nullable=False, server_default="")
        )
    there = sa.text("together <> ''")
    op.create_index(
        "ix_application_together",
        "application",
        ["together"],
        sqlite_where=there,
        postgresql_where=there,
    )


def downgrade() -> None:
    op.drop_index("ix_application_together", table_name="application")
    for table in TABLES:
        op.drop_column(table, "together")

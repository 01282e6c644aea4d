"""Couples and families who apply together."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLES = ("application_draft", "application", "inquiry")
INDEXED = TABLES[1:]


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table, sa.Column("together", sa.String(16), nullable=False, server_default="")
        )
    there = sa.text("together <> ''")
    for table in INDEXED:
        op.create_index(
            f"ix_{table}_together", table, ["together"], sqlite_where=there, postgresql_where=there
        )


def downgrade() -> None:
    for table in INDEXED:
        op.drop_index(f"ix_{table}_together", table_name=table)
    for table in TABLES:
        op.drop_column(table, "together")

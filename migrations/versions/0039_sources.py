"""Find what came by a poster or link."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLES = ("application", "inquiry")


def upgrade() -> None:
    where = sa.text("source <> ''")
    for table in TABLES:
        op.create_index(
            f"ix_{table}_source", table, ["source"], sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_source", table)

"""How many adults a shift, or each shift of a pattern, needs at all times."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

TABLES = ("shift", "pattern")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table, sa.Column("adults", sa.SmallInteger(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "adults")

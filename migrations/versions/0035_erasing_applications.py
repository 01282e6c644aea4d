"""Applications that were erased, and those that are kept from it."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("application", sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "application",
        sa.Column("kept_reason", sa.String(300), nullable=False, server_default=""),
    )


def downgrade() -> None:
    for column in ("kept_reason", "kept_at", "erased_at"):
        op.drop_column("application", column)

"""A check may wait for another one."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requirement", sa.Column("after_id", sa.Integer(), nullable=True))
    moment = sa.DateTime(timezone=True)
    op.add_column("application", sa.Column("checked_at", moment, nullable=True))
    op.execute("UPDATE application SET checked_at = received_at WHERE person_id IS NOT NULL")


def downgrade() -> None:
    op.drop_column("application", "checked_at")
    op.drop_column("requirement", "after_id")

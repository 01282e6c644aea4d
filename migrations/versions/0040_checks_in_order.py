"""A check may wait for another one."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requirement", sa.Column("after_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("requirement", "after_id")

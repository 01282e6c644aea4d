"""Why a coordinator added someone although they are over a limit."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "signup", sa.Column("over_limit", sa.String(300), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("signup", "over_limit")

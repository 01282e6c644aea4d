"""How often something from outside was tried to be read, before it is put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reading_try",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("put_aside_at", AT),
        sa.PrimaryKeyConstraint("key", name="pk_reading_try"),
    )
    op.create_index("ix_reading_try_put_aside_at", "reading_try", ["put_aside_at"])


def downgrade() -> None:
    op.drop_table("reading_try")

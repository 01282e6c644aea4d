"""Who leads a shift, and when people were checked in and out."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_signup_in": ("shift_id", "in_at IS NOT NULL AND out_at IS NULL"),
    "ix_signup_lead": ("person_id", "lead"),
}


def upgrade() -> None:
    for column in (
        sa.Column("lead", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_assumed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("checked_how", sa.String(8), nullable=False, server_default=""),
    ):
        op.add_column("signup", column)
    op.add_column("shift", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
    for name, (column_name, where) in INDEXES.items():
        op.create_index(
            name, "signup", [column_name],
            postgresql_where=sa.text(where), sqlite_where=sa.text(where),
        )  # fmt: skip


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "signup")
    op.drop_column("shift", "started_at")
    for name in ("checked_how", "out_assumed", "out_at", "in_at", "lead"):
        op.drop_column("signup", name)

"""Requests for a sub, which ask people in waves."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cover_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waves", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name="fk_cover_request_slot_id_slot", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_cover_request_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cover_request"),
    )
    op.create_index("ix_cover_request_slot_id", "cover_request", ["slot_id"])
    op.create_index("ix_cover_request_program_id", "cover_request", ["program_id"])
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_cover_request_slot", "cover_request", ["slot_id"], unique=True,
        postgresql_where=is_open, sqlite_where=is_open,
    )  # fmt: skip
    op.create_index(
        "ix_cover_request_due", "cover_request", ["next_at"],
        postgresql_where=is_open, sqlite_where=is_open,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("cover_request")

"""Calls about unfilled shifts, who is not to be asked, and whom a coordinator has open."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def _to(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "shift_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        _to("shift_call", "slot_id", "slot"),
        _to("shift_call", "person_id", "person"),
        _to("shift_call", "program_id", "program"),
        _to("shift_call", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_shift_call"),
    )
    op.create_index("ix_shift_call_slot_id", "shift_call", ["slot_id"])
    op.create_index("ix_shift_call_person", "shift_call", ["person_id", "at"])
    op.create_index("ix_shift_call_at", "shift_call", ["at"])
    op.create_table(
        "ask_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _to("ask_pause", "person_id", "person"),
        _to("ask_pause", "program_id", "program"),
        _to("ask_pause", "position_id", "position"),
        _to("ask_pause", "by_id", "person"),
        _to("ask_pause", "call_id", "shift_call", "SET NULL"),
        sa.CheckConstraint(
            "(day IS NOT NULL AND position_id IS NULL AND until IS NULL)"
            " OR (day IS NULL AND position_id IS NOT NULL AND until IS NULL)"
            " OR (day IS NULL AND position_id IS NULL AND until IS NOT NULL)",
            name="ck_ask_pause_one",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ask_pause"),
    )
    op.create_index("ix_ask_pause_person", "ask_pause", ["person_id"])
    op.create_index("ix_ask_pause_call_id", "ask_pause", ["call_id"])
    op.create_table(
        "open_call",
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _to("open_call", "by_id", "person"),
        _to("open_call", "person_id", "person"),
        _to("open_call", "program_id", "program"),
        sa.PrimaryKeyConstraint("by_id", name="pk_open_call"),
    )
    op.create_index("ix_open_call_person_id", "open_call", ["person_id"])


def downgrade() -> None:
    op.drop_table("open_call")
    op.drop_table("ask_pause")
    op.drop_table("shift_call")

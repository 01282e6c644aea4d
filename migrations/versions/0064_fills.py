"""Proposals of people for unfilled shifts."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("solver", sa.String(8), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_fill_by_id_person"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="fk_fill_program_id_program"),
        sa.PrimaryKeyConstraint("id", name="pk_fill"),
    )
    op.create_index("ix_fill_by", "fill", ["by_id", "id"])
    under_way = sa.text("state IN ('waiting', 'running')")
    op.create_index(
        "ix_fill_under_way", "fill", ["id"], postgresql_where=under_way, sqlite_where=under_way
    )
    op.create_table(
        "fill_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fill_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fill_id"], ["fill.id"], name="fk_fill_line_fill_id_fill", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name="fk_fill_line_slot_id_slot", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_fill_line_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_fill_line"),
    )
    op.create_index("ix_fill_line_fill", "fill_line", ["fill_id", "id"])
    op.create_index("ix_fill_line_slot", "fill_line", ["slot_id"])


def downgrade() -> None:
    op.drop_table("fill_line")
    op.drop_table("fill")

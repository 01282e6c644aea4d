"""Weeks of a program under a name, to be copied."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "week_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_week_template_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_week_template"),
    )
    op.create_index("ix_week_template_program", "week_template", ["program_id", "name"])


def downgrade() -> None:
    op.drop_table("week_template")

"""Milestones that people reached."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_milestone_{column}_{other}")


def upgrade() -> None:
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_milestone_number")),
        _to("person_id", "person"),
        _to("program_id", "program"),
        _to("letter_id", "issued_letter"),
        _to("decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_milestone"),
        sa.UniqueConstraint(
            "person_id",
            "program_id",
            "kind",
            "number",
            name="uq_milestone_person_id_program_id_kind_number",
        ),
    )
    op.create_index("ix_milestone_program_id", "milestone", ["program_id"])
    op.create_index(
        "ix_milestone_due",
        "milestone",
        ["program_id", "reached_on", "id"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM letter_wording WHERE kind = 'milestone'")
    op.drop_table("milestone")
    op.execute("DELETE FROM issued_letter WHERE kind = 'milestone'")

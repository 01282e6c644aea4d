"""Who asks people of a past year whether they come back, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def _person(column: str, *, nullable: bool = True, ondelete: str | None = None) -> tuple:  # type: ignore[type-arg]
    return (
        sa.Column(column, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint(
            [column], ["person.id"], name=f"fk_reengagement_{column}_person", ondelete=ondelete
        ),
    )


def upgrade() -> None:
    op.create_table(
        "reengagement",
        sa.Column("id", sa.Integer(), nullable=False),
        *_person("person_id", nullable=False, ondelete="CASCADE"),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *_person("owner_id"),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("ask_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        *_person("noted_by_id"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_reengagement_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reengagement"),
        sa.UniqueConstraint(
            "program_id", "year", "person_id", name="uq_reengagement_program_id_year_person_id"
        ),
    )
    op.create_index("ix_reengagement_person", "reengagement", ["person_id"])
    owned = sa.text("owner_id IS NOT NULL")
    op.create_index(
        "ix_reengagement_owner",
        "reengagement",
        ["owner_id"],
        sqlite_where=owned,
        postgresql_where=owned,
    )
    op.create_index("ix_hours_entry_program", "hours_entry", ["program_id", "day", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_hours_entry_program", table_name="hours_entry")
    op.drop_table("reengagement")

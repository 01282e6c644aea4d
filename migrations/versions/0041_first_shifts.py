"""How first shifts were."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

UNSEEN = "answered_at IS NOT NULL AND seen_at IS NULL"


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_first_shift_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "first_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("again", sa.String(5), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("seen_at", moment, nullable=True),
        _to("person_id", "person"),
        _to("program_id", "program"),
        _to("shift_id", "shift"),
        sa.PrimaryKeyConstraint("id", name="pk_first_shift"),
        sa.UniqueConstraint("person_id", "program_id", name="uq_first_shift_person_id_program_id"),
    )
    op.create_index(
        "ix_first_shift_unseen",
        "first_shift",
        ["program_id", "answered_at"],
        sqlite_where=sa.text(UNSEEN),
        postgresql_where=sa.text(UNSEEN),
    )


def downgrade() -> None:
    op.drop_table("first_shift")

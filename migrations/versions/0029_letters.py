"""Letters that staff write to people, and how an agency words them."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def upgrade() -> None:
    op.create_table(
        "letter_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("letter_wording", "program_id", "program"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_wording"),
    )
    op.create_index(
        "uq_letter_wording",
        "letter_wording",
        [sa.text("coalesce(program_id, 0)"), "kind", "language"],
        unique=True,
    )
    op.create_table(
        "issued_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("signer", sa.String(200), nullable=False),
        sa.Column("batch", sa.String(32), nullable=False),
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        _of("issued_letter", "person_id", "person"),
        _of("issued_letter", "program_id", "program"),
        _of("issued_letter", "written_by_id", "person"),
        _of("issued_letter", "withdrawn_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_letter"),
    )
    op.create_index("ix_issued_letter_person", "issued_letter", ["person_id", "id"])
    op.create_index("ix_issued_letter_program", "issued_letter", ["program_id", "id"])
    op.create_index("ix_issued_letter_batch", "issued_letter", ["batch"])
    op.create_index("uq_issued_letter_code_hash", "issued_letter", ["code_hash"], unique=True)


def downgrade() -> None:
    op.drop_table("issued_letter")
    op.drop_table("letter_wording")

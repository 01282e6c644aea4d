"""Visits and calls of matches, what is to be done, and messages."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _index(table: str, name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.add_column("case_match", sa.Column("next_due_on", sa.Date(), nullable=True))
    _index(
        "case_match", "ix_case_match_due", ["program_id", "next_due_on"], "next_due_on IS NOT NULL"
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("medium", sa.String(10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("topics", sa.String(80), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("asked", sa.String(10), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("struck_at", MOMENT, nullable=True),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name="ck_contact_minutes"),
        sa.CheckConstraint("tenths BETWEEN 0 AND 9999", name="ck_contact_tenths"),
        _to("contact", "program_id", "program"),
        _to("contact", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
    )
    op.create_index("ix_contact_program", "contact", ["program_id", "day"])
    op.create_index("ix_contact_person", "contact", ["person_id", "day"])
    _index(
        "contact",
        "ix_contact_unseen",
        ["program_id", "person_id"],
        "seen_at IS NULL AND struck_at IS NULL",
    )
    op.create_table(
        "contact_match",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        _to("contact_match", "contact_id", "contact"),
        _to("contact_match", "match_id", "case_match"),
        sa.PrimaryKeyConstraint("contact_id", "match_id", name="pk_contact_match"),
    )
    op.create_index("ix_contact_match_match", "contact_match", ["match_id", "contact_id"])
    op.create_table(
        "match_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        _to("match_follow_up", "match_id", "case_match"),
        _to("match_follow_up", "contact_id", "contact"),
        sa.PrimaryKeyConstraint("id", name="pk_match_follow_up"),
    )
    _index("match_follow_up", "ix_match_follow_up_open", ["match_id", "due_on"], "done_at IS NULL")
    op.create_index("ix_match_follow_up_match", "match_follow_up", ["match_id"])
    op.create_table(
        "match_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        _to("match_letter", "match_id", "case_match"),
        _to("match_letter", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_match_letter"),
    )
    op.create_index("ix_match_letter_match", "match_letter", ["match_id", "id"])
    op.create_table(
        "match_letter_read",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        _to("match_letter_read", "match_id", "case_match"),
        _to("match_letter_read", "person_id", "person"),
        sa.PrimaryKeyConstraint("match_id", "person_id", name="pk_match_letter_read"),
    )
    op.create_table(
        "contact_draft",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("contact_draft", "match_id", "case_match"),
        _to("contact_draft", "person_id", "person"),
        sa.PrimaryKeyConstraint("match_id", "person_id", name="pk_contact_draft"),
    )
    op.create_index("ix_contact_draft_at", "contact_draft", ["at"])
    op.create_table(
        "match_review",
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("went", sa.String(10), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("match_review", "match_id", "case_match"),
        sa.PrimaryKeyConstraint("match_id", "side", name="pk_match_review"),
    )


def downgrade() -> None:
    for table in (
        "match_review",
        "contact_draft",
        "match_letter_read",
        "match_letter",
        "match_follow_up",
        "contact_match",
        "contact",
    ):
        op.drop_table(table)
    op.drop_index("ix_case_match_due", "case_match")
    op.drop_column("case_match", "next_due_on")

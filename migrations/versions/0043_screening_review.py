"""The screening review: the do-not-place list, who is like someone on it, and safety checks."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _index(table: str, name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "screening_review",
        _number("id"),
        _number("application_id"),
        _number("person_id"),
        _number("program_id"),
        sa.Column("looked_at", moment, nullable=False),
        sa.Column("passed_at", moment, nullable=True),
        _number("passed_by_id", nullable=True),
        sa.Column("cleared_at", moment, nullable=True),
        _to("screening_review", "application_id", "application"),
        _to("screening_review", "person_id", "person"),
        _to("screening_review", "program_id", "program"),
        _to("screening_review", "passed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_screening_review"),
        sa.UniqueConstraint("application_id", name="uq_screening_review_application_id"),
    )
    op.create_index("ix_screening_review_person", "screening_review", ["person_id", "program_id"])
    op.create_table(
        "screening_hold",
        _number("id"),
        _number("person_id"),
        sa.Column("since", moment, nullable=False),
        _to("screening_hold", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_screening_hold"),
        sa.UniqueConstraint("person_id", name="uq_screening_hold_person_id"),
    )
    op.create_table(
        "list_entry",
        _number("id"),
        _number("program_id", nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        _number("check_id", nullable=True),
        sa.Column("made_at", moment, nullable=False),
        _number("made_by_id", nullable=True),
        sa.Column("confirmed_at", moment, nullable=True),
        _number("confirmed_by_id", nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        _number("ended_by_id", nullable=True),
        _number("version"),
        sa.CheckConstraint(
            "reason <> 'background_check' OR check_id IS NOT NULL",
            name=op.f("ck_list_entry_check_id"),
        ),
        sa.CheckConstraint("confirmed_by_id <> made_by_id", name=op.f("ck_list_entry_second")),
        _to("list_entry", "program_id", "program"),
        _to("list_entry", "check_id", "background_check"),
        _to("list_entry", "made_by_id", "person"),
        _to("list_entry", "confirmed_by_id", "person"),
        _to("list_entry", "ended_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_list_entry"),
    )
    _index("list_entry", "ix_list_entry_open", ["review_on", "id"], "ended_at IS NULL")
    op.create_table(
        "list_match",
        _number("id"),
        _number("entry_id"),
        _number("person_id"),
        sa.Column("firm", sa.Boolean(), nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.Column("same", sa.Boolean(), nullable=True),
        sa.Column("compared", sa.String(100), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        _number("decided_by_id", nullable=True),
        _number("version"),
        _to("list_match", "entry_id", "list_entry"),
        _to("list_match", "person_id", "person"),
        _to("list_match", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_list_match"),
    )
    op.create_index("ix_list_match_entry", "list_match", ["entry_id", "person_id"])
    _index("list_match", "ix_list_match_open", ["found_at", "id"], "same IS NULL")
    op.create_index("ix_list_match_person", "list_match", ["person_id"])
    _index("list_match", "ix_list_match_same", ["person_id", "entry_id"], "same")
    op.create_table(
        "safety_check",
        _number("id"),
        _number("person_id"),
        _number("program_id"),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("repeat_on", sa.Date(), nullable=False),
        _number("checked_by_id", nullable=True),
        _to("safety_check", "person_id", "person"),
        _to("safety_check", "program_id", "program"),
        _to("safety_check", "checked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_safety_check"),
        sa.UniqueConstraint("person_id", "program_id", name="uq_safety_check_person_id_program_id"),
    )


def downgrade() -> None:
    for table in ("safety_check", "list_match", "list_entry", "screening_hold", "screening_review"):
        op.drop_table(table)

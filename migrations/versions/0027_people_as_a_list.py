"""Mailing addresses, dated notes, saved views of lists, and how people left."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "person", sa.Column("mailing_address", sa.String(300), nullable=False, server_default="")
    )
    _notes()
    _views()
    _exits()


def _of(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", **more
    )


def _notes() -> None:
    op.create_table(
        "person_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("struck_at", MOMENT, nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        _of("person_note", "person_id", "person", ondelete="CASCADE"),
        _of("person_note", "program_id", "program"),
        _of("person_note", "written_by_id", "person"),
        _of("person_note", "struck_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_person_note"),
    )
    op.create_index("ix_person_note_person", "person_note", ["person_id", "day", "id"])


def _views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        _of("saved_view", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("person_id", "page", "name", name="uq_saved_view_person_id_page_name"),
    )


def _exits() -> None:
    op.create_table(
        "person_exit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("may_return", sa.String(4), nullable=False),
        sa.Column("equipment", sa.String(12), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("returned_at", MOMENT, nullable=True),
        sa.Column("returned_to_id", sa.Integer(), nullable=True),
        _of("person_exit", "person_id", "person", ondelete="CASCADE"),
        _of("person_exit", "recorded_by_id", "person"),
        _of("person_exit", "returned_to_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_person_exit"),
    )
    op.create_index("ix_person_exit_person", "person_exit", ["person_id", "id"])
    op.create_index("ix_person_exit_left", "person_exit", ["left_on", "id"])
    outstanding = sa.text("equipment = 'outstanding'")
    op.create_index(
        "ix_person_exit_outstanding", "person_exit", ["left_on", "id"],
        sqlite_where=outstanding, postgresql_where=outstanding,
    )  # fmt: skip


def downgrade() -> None:
    for table in ("person_exit", "saved_view", "person_note"):
        op.drop_table(table)
    op.execute("ALTER TABLE person DROP COLUMN mailing_address")

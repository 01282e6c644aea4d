"""Open events and their guests."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

AGAIN = "again AND person_id IS NULL AND passed_at IS NULL"


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _word(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "open_event",
        _number("id"),
        _number("shift_id"),
        _number("program_id"),
        _number("agreement_id"),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        _number("opened_by_id", nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        _number("version"),
        sa.CheckConstraint("places BETWEEN 1 AND 1000", name=op.f("ck_open_event_places")),
        _to("open_event", "shift_id", "shift"),
        _to("open_event", "program_id", "program"),
        _to("open_event", "agreement_id", "requirement"),
        _to("open_event", "opened_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_open_event"),
        sa.UniqueConstraint("shift_id", name="uq_open_event_shift_id"),
    )
    open_ones = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_open_event_starts",
        "open_event",
        ["starts_at", "id"],
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_table(
        "guest",
        _number("id"),
        _number("event_id"),
        _number("program_id"),
        _word("state", 10),
        _word("name", 200),
        _word("email", 254),
        _word("phone", 40),
        _word("digits", 15),
        _word("language", 5),
        _word("source", 20),
        _number("text_id", nullable=True),
        _word("how", 10),
        sa.Column("agreed_at", moment, nullable=False),
        sa.Column("told_start", moment, nullable=False),
        sa.Column("told_off", sa.Boolean(), nullable=False),
        sa.Column("reminded_at", moment, nullable=True),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("marked_at", moment, nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        _number("person_id", nullable=True),
        sa.Column("passed_at", moment, nullable=True),
        _word("link_id", 32),
        _word("link_hash", 64),
        _number("version"),
        _to("guest", "event_id", "open_event"),
        _to("guest", "program_id", "program"),
        _to("guest", "text_id", "requirement_text"),
        _to("guest", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_guest"),
        sa.UniqueConstraint("link_hash", name="uq_guest_link_hash"),
    )
    op.create_index("ix_guest_event", "guest", ["event_id", "state"])
    op.create_index("ix_guest_email", "guest", [sa.text("lower(email)")])
    op.create_index("ix_guest_phone", "guest", ["digits"])
    op.create_index("ix_guest_person_id", "guest", ["person_id"])
    for name, columns, where in (
        ("ix_guest_erasing", ["event_id"], "name <> ''"),
        ("ix_guest_again", ["program_id", "id"], AGAIN),
    ):
        condition = sa.text(where)
        op.create_index(name, "guest", columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_table("guest")
    op.drop_table("open_event")

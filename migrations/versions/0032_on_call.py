"""Who is on call for a program on a day, and notes of one-to-one talks."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_on_call_day_{column}_{other}"
    )


def upgrade() -> None:
    op.create_table(
        "on_call_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_id", sa.Integer(), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_on_call_day_order")),
        sa.CheckConstraint(
            "asked_id IS NULL OR asked_id <> person_id", name=op.f("ck_on_call_day_two_people")
        ),
        _to("program_id", "program"),
        _to("person_id", "person"),
        _to("asked_id", "person"),
        _to("set_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_on_call_day"),
        sa.UniqueConstraint("program_id", "day", name="uq_on_call_day_program_id_day"),
    )
    op.create_index("ix_on_call_day_person", "on_call_day", ["person_id", "ends_at"])
    for name, columns, where in (
        ("ix_on_call_day_asked", ["asked_id", "ends_at"], "asked_id IS NOT NULL"),
        ("ix_on_call_day_open", ["ends_at", "program_id"], "person_id IS NULL"),
    ):
        op.create_index(
            name,
            "on_call_day",
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.add_column(
        "person_note",
        sa.Column("one_to_one", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("person_note", "one_to_one")
    op.drop_table("on_call_day")

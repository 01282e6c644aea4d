"""Where an opportunity is and when, by what an applicant came, and questions from the public."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = {
    "opportunity": lambda: (
        sa.Column("recurrence", sa.String(10), nullable=False, server_default="ongoing"),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("host", sa.String(200), nullable=False, server_default=""),
        sa.Column("postal_code", sa.String(5), nullable=False, server_default=""),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
    ),
    "application": lambda: (_source(), sa.Column("email_proved_at", MOMENT, nullable=True)),
    "application_draft": lambda: (_source(),),
}


def _source() -> sa.Column[str]:
    return sa.Column("source", sa.String(20), nullable=False, server_default="")


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns():
            op.add_column(table, column)
    listed = sa.text("published_at IS NOT NULL AND closed_at IS NULL")
    op.create_index(
        "ix_opportunity_area", "opportunity", ["area", "id"],
        sqlite_where=listed, postgresql_where=listed,
    )  # fmt: skip
    op.create_index("ix_application_state", "application", ["state", "received_at", "id"])
    is_open = sa.text("state IN ('submitted', 'in_review', 'on_hold', 'accepted')")
    op.create_index(
        "ix_application_open", "application", ["received_at", "id"],
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    _inquiry()


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_inquiry_{column}_{other}")


def _inquiry() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=True),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("heard", sa.String(16), nullable=True),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("opportunity_id", "opportunity"),
        _to("program_id", "program"),
        _to("answered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_inquiry"),
    )
    op.create_index("ix_inquiry_opportunity_id", "inquiry", ["opportunity_id"])
    waits = sa.text("answered_at IS NULL")
    op.create_index(
        "ix_inquiry_waits", "inquiry", ["received_at", "id"],
        sqlite_where=waits, postgresql_where=waits,
    )  # fmt: skip
    op.create_index("ix_inquiry_program_id", "inquiry", ["program_id"])


def downgrade() -> None:
    op.drop_table("inquiry")
    op.drop_index("ix_opportunity_area", "opportunity")
    op.drop_index("ix_application_open", "application")
    op.drop_index("ix_application_state", "application")
    for table, columns in COLUMNS.items():
        for column in columns():
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")

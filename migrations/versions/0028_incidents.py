"""Reports of incidents and concerns, whom each is hidden from, and its log."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _of(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", **more
    )


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.String(10), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("happened_at", sa.String(60), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("who", sa.String(500), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("called", sa.String(10), nullable=False),
        sa.Column("called_time", sa.Time(), nullable=True),
        sa.Column("callback", sa.String(40), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("answer_by", MOMENT, nullable=False),
        sa.Column("overdue_at", MOMENT, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'new') = (acknowledged_at IS NULL)", name=op.f("ck_incident_acknowledged")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_incident_closed")
        ),
        _of("incident", "program_id", "program"),
        _of("incident", "reporter_id", "person"),
        _of("incident", "recorded_by_id", "person"),
        _of("incident", "owner_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index("ix_incident_received", "incident", ["received_at", "id"])
    op.create_index("ix_incident_reporter", "incident", ["reporter_id", "received_at"])
    waits = sa.text("state = 'new'")
    op.create_index(
        "ix_incident_waits", "incident", ["answer_by", "id"],
        sqlite_where=waits, postgresql_where=waits,
    )  # fmt: skip
    op.create_table(
        "incident_party",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _of("incident_party", "incident_id", "incident", ondelete="CASCADE"),
        _of("incident_party", "person_id", "person"),
        sa.PrimaryKeyConstraint("incident_id", "person_id", name="pk_incident_party"),
    )
    op.create_index("ix_incident_party_person_id", "incident_party", ["person_id"])
    op.create_table(
        "incident_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _of("incident_entry", "incident_id", "incident", ondelete="CASCADE"),
        _of("incident_entry", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_incident_entry"),
    )
    op.create_index("ix_incident_entry_incident", "incident_entry", ["incident_id", "id"])


def downgrade() -> None:
    op.execute("DELETE FROM membership WHERE role = 'incident_receiver'")
    for table in ("incident_entry", "incident_party", "incident"):
        op.drop_table(table)

"""Emergency access to a case, and requests by when they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

TABLE = "emergency_access"


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{TABLE}_{column}_{other}")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("reviewed_at", moment, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("justified", sa.Boolean(), nullable=True),
        sa.CheckConstraint("at < until", name=f"ck_{TABLE}_span"),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_at IS NULL) = (justified IS NULL)",
            name=f"ck_{TABLE}_review",
        ),
        sa.CheckConstraint("reviewed_by_id <> person_id", name=f"ck_{TABLE}_two_people"),
        _to("case_id", "client_case"),
        _to("program_id", "program"),
        _to("person_id", "person"),
        _to("reviewed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    op.create_index(f"ix_{TABLE}_person", TABLE, ["person_id", "until"])
    op.create_index(f"ix_{TABLE}_case", TABLE, ["case_id"])
    waits = sa.text("reviewed_at IS NULL")
    op.create_index(f"ix_{TABLE}_open", TABLE, ["at"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_help_request_since", "help_request", ["program_id", "since"])


def downgrade() -> None:
    op.drop_index("ix_help_request_since", "help_request")
    op.drop_table(TABLE)

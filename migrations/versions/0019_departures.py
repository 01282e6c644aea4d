"""Who leaves what from which day on, for the worker to take them off what is coming."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _refers(column: str, to: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=f"fk_departure_{column}_{to}", **more
    )


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("position_id", sa.Integer()),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("noted_at", AT, nullable=False),
        _refers("person_id", "person", ondelete="CASCADE"),
        _refers("program_id", "program"),
        _refers("position_id", "position"),
        sa.PrimaryKeyConstraint("id", name="pk_departure"),
    )
    op.create_index("ix_departure_person_id", "departure", ["person_id"])
    # Those who ended, or are on leave, before there were departures: they are on coming shifts still.
    op.execute(
        "INSERT INTO departure (person_id, cause, from_day, noted_at) "
        "SELECT id, status, CURRENT_DATE, CURRENT_TIMESTAMP FROM person "
        "WHERE status IN ('ended', 'on_leave')"
    )


def downgrade() -> None:
    op.drop_table("departure")

"""Interviews with applicants."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

OPEN = "state IN ('offered', 'booked')"
INDEXES = (
    ("uq_interview_open", ["application_id"], OPEN, True),
    ("ix_interview_booked", ["starts_at", "id"], "state = 'booked'", False),
)


def _to(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **more)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("interviewer_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", moment, nullable=True),
        sa.Column("ends_at", moment, nullable=True),
        sa.Column("offered_at", moment, nullable=False),
        sa.Column("revised_at", moment, nullable=False),
        sa.Column("reminded_at", moment, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'booked' OR starts_at IS NOT NULL", name=op.f("ck_interview_booked")
        ),
        sa.CheckConstraint("(good IS NOT NULL) = (state = 'held')", name=op.f("ck_interview_good")),
        _to("interview", "application_id", "application", ondelete="CASCADE"),
        _to("interview", "program_id", "program"),
        _to("interview", "interviewer_id", "person"),
        _to("interview", "requirement_id", "requirement"),
        _to("interview", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_interview"),
    )
    op.create_index("ix_interview_application_id", "interview", ["application_id"])
    for name, columns, where, unique in INDEXES:
        op.create_index(
            name,
            "interview",
            columns,
            unique=unique,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_index("ix_interview_interviewer", "interview", ["interviewer_id", "starts_at"])
    op.create_table(
        "interview_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        _to("interview_time", "interview_id", "interview", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_interview_time"),
        sa.UniqueConstraint(
            "interview_id", "starts_at", name="uq_interview_time_interview_id_starts_at"
        ),
    )


def downgrade() -> None:
    op.execute(
        "DELETE FROM commitment WHERE kind IN ('interview', 'interviewer', 'interview_time')"
    )
    op.drop_table("interview_time")
    op.drop_table("interview")

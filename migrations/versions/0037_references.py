"""References of applicants."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_reference_answered", ["asked_at", "id"], "state = 'answered' AND accepted IS NULL"),
    ("ix_reference_asked", ["asked_at", "id"], "state = 'asked'"),
    ("ix_reference_reminder", ["remind_at"], "remind_at IS NOT NULL"),
)


def _to(column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    name = f"fk_reference_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **more)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("knows", sa.String(200), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("remind_at", moment, nullable=True),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("known_since", sa.String(100), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("concerns", sa.Text(), nullable=False),
        sa.Column("recommends", sa.String(10), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted IS NULL OR state = 'answered'", name=op.f("ck_reference_accepted")
        ),
        _to("application_id", "application", ondelete="CASCADE"),
        _to("program_id", "program"),
        _to("requirement_id", "requirement"),
        _to("entered_by_id", "person"),
        _to("read_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_reference"),
        sa.UniqueConstraint("link_hash", name="uq_reference_link_hash"),
    )
    op.create_index("ix_reference_application_id", "reference", ["application_id"])
    for name, columns, where in INDEXES:
        op.create_index(
            name, "reference", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    op.drop_table("reference")

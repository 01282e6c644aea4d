"""Matches of a volunteer and a request."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

HANDED_OFF = (
    "state NOT IN ('handed_off', 'active') OR (agreed_on IS NOT NULL AND handed_off_at IS NOT NULL)"
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "case_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked", sa.String(10), nullable=True),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("accepted_at", moment, nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_how", sa.String(10), nullable=True),
        sa.Column("handed_off_at", moment, nullable=True),
        sa.Column("first_met_on", sa.Date(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("end", sa.String(12), nullable=True),
        sa.CheckConstraint(
            "(agreed_on IS NULL) = (agreed_how IS NULL)", name="ck_case_match_agreed"
        ),
        sa.CheckConstraint('("end" IS NULL) = (ended_at IS NULL)', name="ck_case_match_end"),
        sa.CheckConstraint(HANDED_OFF, name="ck_case_match_consent"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["help_request.id"], name="fk_case_match_request_id_help_request"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["client_case.id"], name="fk_case_match_case_id_client_case"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_case_match_program_id_program"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_case_match_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_match"),
    )
    open_ones = sa.text("state <> 'ended'")
    op.create_index(
        "uq_case_match_current",
        "case_match",
        ["request_id", "person_id"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_index("ix_case_match_request", "case_match", ["request_id"])
    op.create_index("ix_case_match_case", "case_match", ["case_id"])
    op.create_index("ix_case_match_person", "case_match", ["person_id", "state"])
    op.create_index("ix_case_match_program", "case_match", ["program_id", "state"])


def downgrade() -> None:
    op.drop_table("case_match")

"""Conflicts of interest with a case, and how a client is reached safely."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "case_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", moment, nullable=True),
        sa.CheckConstraint("(asked_by_id IS NULL) = (reason = '')", name="ck_case_conflict_asked"),
        sa.CheckConstraint(
            "lifted_at IS NULL OR (asked_by_id IS NOT NULL AND lifted_by_id <> asked_by_id)",
            name="ck_case_conflict_two_people",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["client_case.id"], name="fk_case_conflict_case_id_client_case"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_case_conflict_program_id_program"
        ),
        *(
            sa.ForeignKeyConstraint([one], ["person.id"], name=f"fk_case_conflict_{one}_person")
            for one in ("person_id", "asked_by_id", "lifted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_conflict"),
    )
    stands = sa.text("lifted_at IS NULL")
    op.create_index(
        "uq_case_conflict_current",
        "case_conflict",
        ["case_id", "person_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index("ix_case_conflict_person", "case_conflict", ["person_id", "case_id"])
    op.add_column(
        "client_case",
        sa.Column("contact_ways", sa.String(40), nullable=False, server_default=""),
    )
    op.add_column("client_case", sa.Column("contact_from", sa.Time(), nullable=True))
    op.add_column("client_case", sa.Column("contact_until", sa.Time(), nullable=True))


def downgrade() -> None:
    for column in ("contact_until", "contact_from", "contact_ways"):
        op.drop_column("client_case", column)
    op.drop_table("case_conflict")

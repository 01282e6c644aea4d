"""When sign-up opens: early lists, and days before each date of a recurring shift."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "early_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("hours", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("hours > 0", name="ck_early_list_hours"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_early_list_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_early_list"),
    )
    op.create_index("ix_early_list_program", "early_list", ["program_id", "id"])
    op.create_table(
        "early_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["early_list.id"], name="fk_early_person_list_id_early_list"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_early_person_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_early_person"),
        sa.UniqueConstraint("person_id", "list_id", name="uq_early_person_person_id_list_id"),
    )
    op.create_index("ix_early_person_list_id", "early_person", ["list_id"])
    op.add_column("pattern", sa.Column("opens_days", sa.SmallInteger(), nullable=True))
    op.add_column(
        "pattern", sa.Column("opens_time", sa.Time(), nullable=False, server_default="09:00:00")
    )


def downgrade() -> None:
    op.drop_column("pattern", "opens_time")
    op.drop_column("pattern", "opens_days")
    op.drop_table("early_person")
    op.drop_table("early_list")

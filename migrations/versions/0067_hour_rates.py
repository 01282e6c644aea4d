"""What an hour is worth, by year and role."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

OWN, ALL = "position_id IS NOT NULL", "position_id IS NULL"


def upgrade() -> None:
    op.create_table(
        "hour_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.CheckConstraint("cents > 0", name="ck_hour_rate_cents"),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name="fk_hour_rate_position_id_position"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hour_rate"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hour_rate_position_id", "hour_rate", ["position_id"])
    op.create_index(
        "uq_hour_rate_role", "hour_rate", ["first_day", "position_id"], unique=True,
        postgresql_where=sa.text(OWN), sqlite_where=sa.text(OWN),
    )  # fmt: skip
    op.create_index(
        "uq_hour_rate_all", "hour_rate", ["first_day"], unique=True,
        postgresql_where=sa.text(ALL), sqlite_where=sa.text(ALL),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("hour_rate")

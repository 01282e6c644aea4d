"""Kiosks: a device at a location on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_kiosk_site_id_site"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="fk_kiosk_program_id_program"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_kiosk_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk"),
        sa.UniqueConstraint("token_hash", name="uq_kiosk_token_hash"),
    )
    op.create_index("ix_kiosk_day", "kiosk", ["day", "id"])


def downgrade() -> None:
    op.drop_table("kiosk")

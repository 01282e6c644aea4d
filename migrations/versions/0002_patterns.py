"""Patterns that write shifts, and the days that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""


def upgrade() -> None:
    op.create_table(
        "pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("on_closures", sa.Boolean(), nullable=False),
        sa.Column("withdrawal_hours", sa.Integer(), nullable=False),
        sa.Column("closes_hours", sa.Integer(), nullable=False),
        sa.Column("written_until", sa.Date(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_pattern_program_id_program"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_pattern_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_pattern"),
    )
    op.create_index("ix_pattern_program", "pattern", ["program_id", "id"])
    op.create_index("ix_pattern_written", "pattern", ["written_until"])
    op.create_table(
        "pattern_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= minimum AND minimum <= maximum", name="ck_pattern_slot_bounds"),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["pattern.id"], name="fk_pattern_slot_pattern_id_pattern"
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name="fk_pattern_slot_position_id_position"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pattern_slot"),
        sa.UniqueConstraint(
            "pattern_id", "position_id", name="uq_pattern_slot_pattern_id_position_id"
        ),
    )
    op.create_index("ix_pattern_slot_position_id", "pattern_slot", ["position_id"])
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name="ck_closure_order"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_closure_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
    )
    op.create_index("ix_closure_last_day", "closure", ["last_day"])
    op.create_index("ix_closure_site_id", "closure", ["site_id"])
    with op.batch_alter_table("shift", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("pattern_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("pattern_day", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.create_foreign_key("fk_shift_pattern_id_pattern", "pattern", ["pattern_id"], ["id"])
        batch.create_unique_constraint(
            "uq_shift_pattern_id_pattern_day", ["pattern_id", "pattern_day"]
        )
    with op.batch_alter_table("shift", reflect_kwargs=ALONE) as batch:
        batch.alter_column("apart", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("shift", reflect_kwargs=ALONE) as batch:
        batch.drop_constraint("uq_shift_pattern_id_pattern_day", type_="unique")
        batch.drop_constraint("fk_shift_pattern_id_pattern", type_="foreignkey")
        for column in ("apart", "pattern_day", "pattern_id"):
            batch.drop_column(column)
    for table in ("closure", "pattern_slot", "pattern"):
        op.drop_table(table)

"""Waiting lists: people in line for a full slot, and the spots that are held for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
IN_LINE = sa.text("state IN ('waiting', 'offered')")
HELD = sa.text("held > 0")


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_waiting_shift_id_shift"),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name="fk_waiting_slot_id_slot"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_waiting_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting"),
    )
    op.create_index(
        "uq_waiting_current",
        "waiting",
        ["slot_id", "person_id"],
        unique=True,
        sqlite_where=IN_LINE,
        postgresql_where=IN_LINE,
    )
    op.create_index("ix_waiting_slot", "waiting", ["slot_id", "state", "id"])
    op.create_index("ix_waiting_person", "waiting", ["person_id", "state"])
    op.create_index("ix_waiting_shift_id", "waiting", ["shift_id"])
    with op.batch_alter_table("slot", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("held", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint("ck_slot_filled", type_="check")
        batch.create_check_constraint(
            "ck_slot_filled", "0 <= filled AND 0 <= held AND filled + held <= maximum"
        )
    with op.batch_alter_table("slot", reflect_kwargs=ALONE) as batch:
        batch.alter_column("held", server_default=None)
    op.create_index("ix_slot_held", "slot", ["held"], sqlite_where=HELD, postgresql_where=HELD)


def downgrade() -> None:
    op.drop_index("ix_slot_held", "slot")
    with op.batch_alter_table("slot", reflect_kwargs=ALONE) as batch:
        batch.drop_constraint("ck_slot_filled", type_="check")
        batch.drop_column("held")
        batch.create_check_constraint("ck_slot_filled", "0 <= filled AND filled <= maximum")
    op.drop_table("waiting")

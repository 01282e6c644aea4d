"""People who can't make it after the cut-off, and people who are asked to help."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}


def upgrade() -> None:
    op.create_table(
        "ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=5), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_ask_shift_id_shift"),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name="fk_ask_slot_id_slot"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ask_person_id_person"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_ask_asked_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_ask"),
        sa.UniqueConstraint("slot_id", "person_id", name="uq_ask_slot_id_person_id"),
    )
    op.create_index("ix_ask_person", "ask", ["person_id", "shift_id"])
    op.create_index("ix_ask_shift_id", "ask", ["shift_id"])
    with op.batch_alter_table("signup", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("cant_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(
            sa.Column("cant_reason", sa.String(length=300), nullable=False, server_default="")
        )
    with op.batch_alter_table("signup", reflect_kwargs=ALONE) as batch:
        batch.alter_column("cant_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("signup", reflect_kwargs=ALONE) as batch:
        batch.drop_column("cant_reason")
        batch.drop_column("cant_at")
    op.drop_table("ask")

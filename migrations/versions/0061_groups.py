"""Groups that take spots on shifts under one contact."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "volunteer_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("keep", sa.String(8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_volunteer_group_program_id_program"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["person.id"], name="fk_volunteer_group_contact_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_volunteer_group"),
    )
    op.create_index("ix_volunteer_group_program", "volunteer_group", ["program_id", "name"])
    op.create_index("ix_volunteer_group_contact_id", "volunteer_group", ["contact_id"])
    op.create_table(
        "group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["volunteer_group.id"], name="fk_group_member_group_id_volunteer_group"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_group_member_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_group_member"),
        sa.UniqueConstraint("person_id", "group_id", name="uq_group_member_person_id_group_id"),
    )
    op.create_index("ix_group_member_group_id", "group_member", ["group_id"])
    _spots()


def _spots() -> None:
    op.create_table(
        "group_spots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("spots", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("without_records", sa.Boolean(), nullable=False),
        sa.Column("came", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("spots >= 0", name="ck_group_spots_spots"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["volunteer_group.id"], name="fk_group_spots_group_id_volunteer_group"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name="fk_group_spots_slot_id_slot"),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_group_spots_shift_id_shift"),
        sa.PrimaryKeyConstraint("id", name="pk_group_spots"),
        sqlite_autoincrement=True,
    )
    for name, columns, where in (
        ("uq_group_spots_current", ["slot_id", "group_id"], "ended_at IS NULL"),
        ("ix_group_spots_open", ["shift_id"], "ended_at IS NULL AND settled_at IS NULL"),
    ):
        op.create_index(
            name, "group_spots", columns, unique=name.startswith("uq"),
            postgresql_where=sa.text(where), sqlite_where=sa.text(where),
        )  # fmt: skip
    op.create_index("ix_group_spots_shift", "group_spots", ["shift_id"])
    op.create_index("ix_group_spots_group", "group_spots", ["group_id"])
    op.create_table(
        "group_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_spots_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_spots_id"],
            ["group_spots.id"],
            name="fk_group_name_group_spots_id_group_spots",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_group_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_name_group_spots_id", "group_name", ["group_spots_id"])


def downgrade() -> None:
    for table in ("group_name", "group_spots", "group_member", "volunteer_group"):
        op.drop_table(table)

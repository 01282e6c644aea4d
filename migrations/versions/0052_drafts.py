"""Drafts of a week, and what they propose."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

POINTS_TO = {
    "draft_id": ("draft", "CASCADE"),
    "program_id": ("program", None),
    "shift_id": ("shift", "SET NULL"),
    "slot_id": ("slot", "SET NULL"),
    "signup_id": ("signup", "SET NULL"),
    "person_id": ("person", None),
    "position_id": ("position", None),
    "onto_id": ("draft_act", "CASCADE"),
}


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_draft_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_draft_by", "draft", ["by_id", "first_day"], unique=True)
    op.create_index("ix_draft_first_day", "draft", ["first_day"])
    op.create_table(
        "draft_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=True),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("onto_id", sa.Integer(), nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_draft_act_{column}_{table}", ondelete=gone
            )
            for column, (table, gone) in POINTS_TO.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft_act"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_draft_act_draft", "draft_act", ["draft_id", "id"])
    for column in POINTS_TO:
        if column != "draft_id":
            op.create_index(f"ix_draft_act_{column}", "draft_act", [column])


def downgrade() -> None:
    op.drop_table("draft_act")
    op.drop_table("draft")

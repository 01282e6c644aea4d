"""Records that were merged, with what is needed to undo it."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _to(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=f"fk_person_merge_{column}_person")


def upgrade() -> None:
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("gone_status", sa.String(12), nullable=False),
        sa.Column("kept_before", sa.Text(), nullable=False),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_two_people")),
        _to("kept_id"),
        _to("gone_id"),
        _to("merged_by_id"),
        _to("undone_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_merge"),
    )
    for column in ("kept", "gone"):
        op.create_index(f"ix_person_merge_{column}", "person_merge", [f"{column}_id"])
    op.create_index("ix_person_merge_merged_at", "person_merge", ["merged_at", "id"])
    op.create_table(
        "merged_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(60), nullable=False),
        sa.Column("column_name", sa.String(60), nullable=False),
        sa.Column("row_key", sa.String(200), nullable=False),
        sa.Column("row_before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["person_merge.id"],
            name="fk_merged_row_merge_id_person_merge",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_merged_row"),
    )
    op.create_index("ix_merged_row_merge", "merged_row", ["merge_id", "id"])


def downgrade() -> None:
    op.drop_table("merged_row")
    op.drop_table("person_merge")

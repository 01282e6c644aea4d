"""What staff can take back for a while, and the messages that wait for it."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "undo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_undo_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_undo"),
    )
    op.create_index("ix_undo_by", "undo", ["by_id", "until"])
    op.create_index("ix_undo_until", "undo", ["until"])
    with op.batch_alter_table("message", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.add_column(sa.Column("undo_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            "fk_message_undo_id_undo", "undo", ["undo_id"], ["id"], ondelete="SET NULL"
        )
    there = sa.text("undo_id IS NOT NULL")
    op.create_index(
        "ix_message_undo", "message", ["undo_id"], postgresql_where=there, sqlite_where=there
    )


def downgrade() -> None:
    op.drop_index("ix_message_undo", "message")
    with op.batch_alter_table("message", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.drop_constraint("fk_message_undo_id_undo", type_="foreignkey")
        batch.drop_column("undo_id")
    op.drop_table("undo")

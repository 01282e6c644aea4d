"""Files that came with a form which was refused for another reason; sessions that were signed out."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""


def upgrade() -> None:
    op.create_table(
        "kept_file",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("names", sa.String(1000), nullable=False),
        sa.Column("sizes", sa.String(200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_kept_file_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_kept_file"),
    )
    op.create_index("ix_kept_file_person_id", "kept_file", ["person_id"])
    with op.batch_alter_table("session", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM session WHERE ended_at IS NOT NULL")
    with op.batch_alter_table("session", reflect_kwargs=ALONE) as batch:
        batch.drop_column("ended_at")
    op.drop_table("kept_file")

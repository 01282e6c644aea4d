"""A new volunteer has a buddy."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KEYS = {"resolve_fks": False}


def upgrade() -> None:
    with op.batch_alter_table("placement", reflect_kwargs=KEYS) as placement:
        placement.add_column(sa.Column("buddy_id", sa.Integer(), nullable=True))
        placement.create_foreign_key("fk_placement_buddy_id_person", "person", ["buddy_id"], ["id"])
    has = sa.text("buddy_id IS NOT NULL")
    op.create_index(
        "ix_placement_buddy", "placement", ["buddy_id"], sqlite_where=has, postgresql_where=has
    )


def downgrade() -> None:
    op.drop_index("ix_placement_buddy", table_name="placement")
    with op.batch_alter_table("placement", reflect_kwargs=KEYS) as placement:
        placement.drop_constraint("fk_placement_buddy_id_person", type_="foreignkey")
        placement.drop_column("buddy_id")

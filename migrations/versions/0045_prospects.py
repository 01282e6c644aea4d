"""Who looks after a question from the public, and the record it led to."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

KEYS = {"resolve_fks": False}
COLUMNS = ("owner_id", "prospect_id")


def upgrade() -> None:
    with op.batch_alter_table("inquiry", reflect_kwargs=KEYS) as inquiry:
        for name in COLUMNS:
            inquiry.add_column(sa.Column(name, sa.Integer(), nullable=True))
            inquiry.create_foreign_key(f"fk_inquiry_{name}_person", "person", [name], ["id"])
    op.create_index("ix_inquiry_owner_id", "inquiry", ["owner_id"])
    op.create_index("ix_inquiry_prospect_id", "inquiry", ["prospect_id"])


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_index(f"ix_inquiry_{name}", table_name="inquiry")
    with op.batch_alter_table("inquiry", reflect_kwargs=KEYS) as inquiry:
        for name in COLUMNS:
            inquiry.drop_constraint(f"fk_inquiry_{name}_person", type_="foreignkey")
            inquiry.drop_column(name)

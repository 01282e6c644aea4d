"""A proof of an address names the message that carries its link and code."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proof", sa.Column("mail_id", sa.String(64), nullable=True))
    op.create_index("ix_proof_mail_id", "proof", ["mail_id"])


def downgrade() -> None:
    op.drop_index("ix_proof_mail_id", "proof")
    with op.batch_alter_table("proof", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.drop_column("mail_id")

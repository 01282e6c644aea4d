"""Finding people by their address."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_person_email", "person", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index("ix_person_email", "person")

"""Find what came by a poster or link."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLES = ("application", "inquiry")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(f"ix_{table}_source", table, ["source"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_source", table)

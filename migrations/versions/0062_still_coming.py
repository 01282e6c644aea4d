"""Whether people on a shift said that they still come."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

WHERE = "coming_asked_at IS NOT NULL AND coming_at IS NULL"


def upgrade() -> None:
    for name in ("coming_asked_at", "coming_at"):
        op.add_column("signup", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_signup_unconfirmed", "signup", ["shift_id"],
        postgresql_where=sa.text(WHERE), sqlite_where=sa.text(WHERE),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_signup_unconfirmed", "signup")
    op.drop_column("signup", "coming_at")
    op.drop_column("signup", "coming_asked_at")

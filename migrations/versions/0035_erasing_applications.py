"""Applications that were erased, and those that are kept from it."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


INDEXES = (
    (
        "ix_application_erasing",
        "application",
        "state_since",
        "state IN ('declined', 'withdrawn') AND erased_at IS NULL AND kept_at IS NULL",
    ),
    ("ix_inquiry_erasing", "inquiry", "answered_at", "name <> ''"),
)


def upgrade() -> None:
    op.add_column("application", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("application", sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "application",
        sa.Column("kept_reason", sa.String(300), nullable=False, server_default=""),
    )

    for name, table, column, where in INDEXES:
        op.create_index(
            name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    for column in ("kept_reason", "kept_at", "erased_at"):
        op.drop_column("application", column)

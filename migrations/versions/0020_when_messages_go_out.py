"""When messages go out: how urgent each is, when it was first due; and mails counted by address."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""

QUEUED = sa.text("state = 'queued' AND channel = 'mail'")


def _due(*columns: str) -> None:
    op.create_index(
        "ix_message_due", "message", list(columns), sqlite_where=QUEUED, postgresql_where=QUEUED
    )


def upgrade() -> None:
    op.drop_index("ix_message_due", "message")
    with op.batch_alter_table("message", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("urgency", sa.String(4), nullable=False, server_default="soon"))
        batch.add_column(sa.Column("send_at", AT, nullable=True))
    op.execute("UPDATE message SET send_at = next_at")
    with op.batch_alter_table("message", reflect_kwargs=ALONE) as batch:
        batch.alter_column("urgency", server_default=None)
        batch.alter_column("send_at", nullable=False)
    _due("urgency", "next_at", "id")
    op.create_index("ix_message_address", "message", ["address", "sent_at"])


def downgrade() -> None:
    op.drop_index("ix_message_address", "message")
    op.drop_index("ix_message_due", "message")
    op.execute("UPDATE message SET address = '' WHERE person_id IS NOT NULL")
    with op.batch_alter_table("message", reflect_kwargs=ALONE) as batch:
        batch.drop_column("send_at")
        batch.drop_column("urgency")
    _due("next_at", "id")

"""What the reason covers for which somebody speaks in spite of a clash: since when, and whether being busy."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""


def upgrade() -> None:
    with op.batch_alter_table("speaker_offer", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("clash_reason_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(
            sa.Column("clash_busy", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(
        "UPDATE speaker_offer SET clash_reason_at = made_at, clash_busy = true WHERE clash_reason <> ''"
    )
    with op.batch_alter_table("speaker_offer", reflect_kwargs=ALONE) as batch:
        batch.alter_column("clash_busy", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("speaker_offer", reflect_kwargs=ALONE) as batch:
        batch.drop_column("clash_busy")
        batch.drop_column("clash_reason_at")

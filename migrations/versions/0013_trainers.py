"""Who gave a session and was taken off keeps the row; a trial period that goes on has its own outcome."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""
BEFORE, NOW = "uq_session_trainer_session_id_person_id", "uq_session_trainer_current"
PAIR = ["session_id", "person_id"]


EXTENDED = "UPDATE credential SET outcome = '{}' WHERE outcome = '{}' AND supersedes_id IS NULL"
"""What is sent back always comes after what was handed in; a trial that goes on stands alone."""


def upgrade() -> None:
    op.execute(EXTENDED.format("extended", "returned"))
    with op.batch_alter_table("session_trainer", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True)))
        batch.drop_constraint(BEFORE, type_="unique")
    current = sa.text("ended_at IS NULL")
    op.create_index(
        NOW, "session_trainer", PAIR, unique=True, sqlite_where=current, postgresql_where=current
    )


def downgrade() -> None:
    op.execute(EXTENDED.format("returned", "extended"))
    op.drop_index(NOW, "session_trainer")
    op.execute("DELETE FROM session_trainer WHERE ended_at IS NOT NULL")
    with op.batch_alter_table("session_trainer", reflect_kwargs=ALONE) as batch:
        batch.drop_column("ended_at")
        batch.create_unique_constraint(BEFORE, PAIR)

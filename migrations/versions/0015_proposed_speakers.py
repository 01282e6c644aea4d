"""A proposal to a requester can name the speaker."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""
FOREIGN_KEY = "fk_counter_offer_speaker_id_person"


def upgrade() -> None:
    with op.batch_alter_table("counter_offer", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("speaker_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(FOREIGN_KEY, "person", ["speaker_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("counter_offer", reflect_kwargs=ALONE) as batch:
        batch.drop_constraint(FOREIGN_KEY, type_="foreignkey")
        batch.drop_column("speaker_id")

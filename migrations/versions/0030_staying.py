"""Who is asked if they stay, seasons of roles, and from when time without activity counts."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEYS = {"resolve_fks": False}
SEASON = "(season_from IS NULL) = (season_to IS NULL)"


def upgrade() -> None:
    op.add_column("person", sa.Column("counted_from", sa.Date(), nullable=True))
    with op.batch_alter_table("position", reflect_kwargs=KEYS) as position:
        position.add_column(sa.Column("season_from", sa.SmallInteger(), nullable=True))
        position.add_column(sa.Column("season_to", sa.SmallInteger(), nullable=True))
        position.create_check_constraint(op.f("ck_position_season"), SEASON)
    op.create_table(
        "retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("archive_on", sa.Date(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_retention_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name="fk_retention_decided_by_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_retention"),
    )
    waits = sa.text("state = 'asked'")
    op.create_index(
        "uq_retention_asked", "retention", ["person_id"], unique=True,
        sqlite_where=waits, postgresql_where=waits,
    )  # fmt: skip
    op.create_index(
        "ix_retention_due", "retention", ["archive_on", "id"],
        sqlite_where=waits, postgresql_where=waits,
    )  # fmt: skip
    op.create_index("ix_retention_asked_on", "retention", ["asked_on", "id"])
    op.create_index("ix_retention_person", "retention", ["person_id", "id"])


def downgrade() -> None:
    op.drop_table("retention")
    with op.batch_alter_table("position", reflect_kwargs=KEYS) as position:
        position.drop_constraint(op.f("ck_position_season"), type_="check")
        position.drop_column("season_to")
        position.drop_column("season_from")
    op.execute("ALTER TABLE person DROP COLUMN counted_from")

"""Regular volunteers, and the days they are away."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
CURRENT = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "regular",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("carried_until", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("every IN (1, 2)", name="ck_regular_every"),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["pattern.id"], name="fk_regular_pattern_id_pattern"
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name="fk_regular_position_id_position"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_regular_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_regular"),
    )
    op.create_index("ix_regular_person", "regular", ["person_id"])
    op.create_index(
        "uq_regular_current",
        "regular",
        ["pattern_id", "person_id"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name="ck_absence_order"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_absence_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_person", "absence", ["person_id", "last_day"])
    with op.batch_alter_table("signup", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("regular_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_signup_regular_id_regular", "regular", ["regular_id"], ["id"])
    op.create_index("ix_signup_regular_id", "signup", ["regular_id"])


def downgrade() -> None:
    op.drop_index("ix_signup_regular_id", "signup")
    with op.batch_alter_table("signup", reflect_kwargs=ALONE) as batch:
        batch.drop_constraint("fk_signup_regular_id_regular", type_="foreignkey")
        batch.drop_column("regular_id")
    op.drop_table("absence")
    op.drop_table("regular")

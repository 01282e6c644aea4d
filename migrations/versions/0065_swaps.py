"""Swaps: shifts offered on a trade board, and others for them."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

OPEN = "ended_at IS NULL"
PROPOSED = "state IN ('proposed', 'agreed')"
AGREED = "state = 'agreed'"


def _partial(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    op.create_index(
        name, table, columns, unique=unique,
        postgresql_where=sa.text(where), sqlite_where=sa.text(where),
    )  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "swap_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name="fk_swap_offer_signup_id_signup"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_swap_offer_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_swap_offer_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_swap_offer"),
        sqlite_autoincrement=True,
    )
    _partial("uq_swap_offer_open", "swap_offer", ["signup_id"], OPEN, unique=True)
    _partial("ix_swap_offer_program", "swap_offer", ["program_id"], OPEN)
    op.create_index("ix_swap_offer_person", "swap_offer", ["person_id", "ended_at"])
    op.create_index("ix_swap_offer_signup", "swap_offer", ["signup_id"])
    op.create_table(
        "swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["swap_offer.id"], name="fk_swap_offer_id_swap_offer"
        ),
        sa.ForeignKeyConstraint(["signup_id"], ["signup.id"], name="fk_swap_signup_id_signup"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_swap_person_id_person"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="fk_swap_program_id_program"),
        sa.PrimaryKeyConstraint("id", name="pk_swap"),
        sqlite_autoincrement=True,
    )
    _partial("uq_swap_open", "swap", ["offer_id", "signup_id"], PROPOSED, unique=True)
    _partial("ix_swap_open", "swap", ["signup_id"], PROPOSED)
    _partial("ix_swap_agreed", "swap", ["program_id"], AGREED)
    op.create_index("ix_swap_person", "swap", ["person_id", "state"])
    op.create_index("ix_swap_signup", "swap", ["signup_id"])
    op.create_index("ix_swap_offer_id", "swap", ["offer_id"])


def downgrade() -> None:
    op.drop_table("swap")
    op.drop_table("swap_offer")

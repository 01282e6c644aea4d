"""Pages of the notice board and the handbook."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_board_page_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "board_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "last_day IS NULL OR first_day <= last_day", name=op.f("ck_board_page_order")
        ),
        _to("program_id", "program"),
        _to("position_id", "position"),
        _to("written_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_board_page"),
    )
    op.create_index("ix_board_page_first_day", "board_page", ["first_day", "id"])
    op.create_index("ix_board_page_program_id", "board_page", ["program_id"])
    op.create_index("ix_board_page_position_id", "board_page", ["position_id"])


def downgrade() -> None:
    op.drop_table("board_page")

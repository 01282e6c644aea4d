"""Closures of a program, and of some hours."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table(
        "closure",
        table_kwargs={"sqlite_autoincrement": True},
        reflect_kwargs={"resolve_fks": False},
    ) as table:
        table.add_column(sa.Column("program_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("starts", sa.Time(), nullable=True))
        table.add_column(sa.Column("ends", sa.Time(), nullable=True))
        table.create_foreign_key("fk_closure_program_id_program", "program", ["program_id"], ["id"])
    op.create_index("ix_closure_program_id", "closure", ["program_id"])


def downgrade() -> None:
    op.drop_index("ix_closure_program_id", "closure")
    with op.batch_alter_table(
        "closure",
        table_kwargs={"sqlite_autoincrement": True},
        reflect_kwargs={"resolve_fks": False},
    ) as table:
        table.drop_constraint("fk_closure_program_id_program", type_="foreignkey")
        for name in ("ends", "starts", "program_id"):
            table.drop_column(name)

"""Requests for a sub can be undone, so their ids are never given a second time on SQLite, either."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def _recreate(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # a sequence never goes back
    with op.batch_alter_table(
        "cover_request",
        recreate="always",
        table_kwargs={"sqlite_autoincrement": autoincrement},
        reflect_kwargs={"resolve_fks": False},
    ):
        pass


def upgrade() -> None:
    _recreate(autoincrement=True)


def downgrade() -> None:
    _recreate(autoincrement=False)

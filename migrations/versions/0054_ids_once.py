"""Never give an id a second time on SQLite, where undoing takes rows away that others may still name."""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

TABLES = (
    "shift", "slot", "signup", "waiting", "ask", "hours_entry", "pattern", "pattern_slot", "regular", "absence",
    "closure",
)  # fmt: skip


def _recreate(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # a sequence never goes back
    for table in TABLES:
        with op.batch_alter_table(
            table,
            recreate="always",
            table_kwargs={"sqlite_autoincrement": autoincrement},
            reflect_kwargs={"resolve_fks": False},
        ):
            pass


def upgrade() -> None:
    _recreate(autoincrement=True)


def downgrade() -> None:
    _recreate(autoincrement=False)

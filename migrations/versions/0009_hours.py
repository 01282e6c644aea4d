"""Who came, the hours ledger, who pays for what, and the seals of the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""

NO_CHANGE = "RAISE(ABORT, 'the audit is append-only')"
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_seal_{verb} BEFORE {verb} ON audit_seal BEGIN SELECT {NO_CHANGE}; END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE TRIGGER audit_seal_rows BEFORE UPDATE OR DELETE ON audit_seal "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
        "CREATE TRIGGER audit_seal_all BEFORE TRUNCATE ON audit_seal "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ],
}


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "funding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer()),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.CheckConstraint("last_day IS NULL OR first_day <= last_day", name="ck_funding_order"),
        _refers("funding", "program_id", "program"),
        _refers("funding", "position_id", "position"),
        sa.PrimaryKeyConstraint("id", name="pk_funding"),
    )
    op.create_index("ix_funding_program", "funding", ["program_id", "position_id", "first_day"])
    op.create_table(
        "hours_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer()),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("source_id", sa.Integer()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", AT),
        sa.Column("ends_at", AT),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked", sa.String(10)),
        sa.Column("recorded_by_id", sa.Integer()),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("approved_by_id", sa.Integer()),
        sa.Column("approved_at", AT),
        sa.Column("voided_at", AT),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("corrects_id", sa.Integer()),
        sa.CheckConstraint("0 <= minutes AND minutes <= 4320", name="ck_hours_entry_minutes"),
        sa.CheckConstraint(
            "0 <= travel_minutes AND travel_minutes <= minutes", name="ck_hours_entry_travel"
        ),
        _refers("hours_entry", "person_id", "person"),
        _refers("hours_entry", "program_id", "program"),
        _refers("hours_entry", "position_id", "position"),
        _refers("hours_entry", "site_id", "site"),
        _refers("hours_entry", "recorded_by_id", "person"),
        _refers("hours_entry", "approved_by_id", "person"),
        _refers("hours_entry", "corrects_id", "hours_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_hours_entry"),
    )
    op.create_index(
        "uq_hours_entry_source", "hours_entry", ["source", "source_id"], unique=True,
        **_where("source_id IS NOT NULL AND state <> 'void'"),
    )  # fmt: skip
    op.create_index("ix_hours_entry_day", "hours_entry", ["day", "program_id"])
    op.create_index("ix_hours_entry_person", "hours_entry", ["person_id", "day", "id"])
    op.create_index(
        "ix_hours_entry_waiting", "hours_entry", ["program_id", "day", "id"],
        **_where("state = 'submitted'"),
    )  # fmt: skip
    op.create_index("ix_hours_entry_corrects", "hours_entry", ["corrects_id"])
    op.create_table(
        "hours_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("answered_at", AT),
        sa.Column("answered_by_id", sa.Integer()),
        _refers("hours_question", "entry_id", "hours_entry"),
        _refers("hours_question", "answered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_hours_question"),
    )
    op.create_index("ix_hours_question_entry", "hours_question", ["entry_id"])
    op.create_index(
        "ix_hours_question_open", "hours_question", ["asked_at"], **_where("answered_at IS NULL")
    )
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        _refers("audit_seal", "entry_id", "audit_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_seal"),
        sa.UniqueConstraint("entry_id", name="uq_audit_seal_entry_id"),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("signup", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("attendance", sa.String(12)))
        batch.add_column(sa.Column("marked_at", AT))
        batch.add_column(sa.Column("marked_by_id", sa.Integer()))
        batch.create_foreign_key(
            "fk_signup_marked_by_id_person", "person", ["marked_by_id"], ["id"]
        )
    op.create_index(
        "ix_signup_unmarked", "signup", ["shift_id"],
        **_where("state = 'signed_up' AND attendance IS NULL"),
    )  # fmt: skip
    op.create_index("ix_signup_cant", "signup", ["cant_at"], **_where("cant_at IS NOT NULL"))
    op.add_column(
        "program",
        sa.Column("counts_travel", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("program", reflect_kwargs=ALONE) as batch:
        batch.alter_column("counts_travel", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("program", reflect_kwargs=ALONE) as batch:
        batch.drop_column("counts_travel")
    op.drop_index("ix_signup_cant", "signup")
    op.drop_index("ix_signup_unmarked", "signup")
    with op.batch_alter_table("signup", reflect_kwargs=ALONE) as batch:
        batch.drop_constraint("fk_signup_marked_by_id_person", type_="foreignkey")
        batch.drop_column("marked_by_id")
        batch.drop_column("marked_at")
        batch.drop_column("attendance")
    op.drop_table("audit_seal")
    op.drop_table("hours_question")
    op.drop_table("hours_entry")
    op.drop_table("funding")

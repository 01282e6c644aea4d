"""Minors with a parent's consent, and the agency's own employees."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

AGES = "youngest BETWEEN 10 AND 18"
INDEXES = (
    ("ix_guardian_request_asked", ["asked_at", "id"], "state = 'asked'"),
    ("ix_guardian_request_reminder", ["remind_at"], "remind_at IS NOT NULL"),
    ("ix_guardian_request_erasing", ["ends_at"], "name <> ''"),
)
OF_PEOPLE = (
    ("ix_person_minor", ["adult_on", "id"], "adult_on IS NOT NULL"),
    ("ix_person_employee", ["id"], "agency_job <> ''"),
)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _job() -> sa.Column[str]:
    return sa.Column("agency_job", sa.String(120), nullable=False, server_default="")


def _index(table: str, name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    for table in ("person", "application"):
        op.add_column(table, sa.Column("adult_on", sa.Date(), nullable=True))
        op.add_column(table, _job())
    op.add_column("person", sa.Column("job_asked_on", sa.Date(), nullable=True))
    for name, columns, where in OF_PEOPLE:
        _index("person", name, columns, where)
    _index("requirement", "ix_requirement_guardian", ["program_id"], "kind = 'guardian'")
    youngest = sa.Column("youngest", sa.SmallInteger(), nullable=False, server_default="18")
    with op.batch_alter_table("position") as position:
        position.add_column(youngest)
        position.create_check_constraint(op.f("ck_position_youngest"), AGES)
    op.create_table(
        "same_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(120), nullable=False),
        sa.Column("other", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        _to("same_work", "person_id", "person"),
        _to("same_work", "position_id", "position"),
        _to("same_work", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_same_work"),
        sa.UniqueConstraint(
            "person_id", "position_id", "job", name="uq_same_work_person_id_position_id_job"
        ),
    )
    op.create_table(
        "guardian_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("relation", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("remind_at", moment, nullable=True),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("signed_name", sa.String(200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("guardian_request", "person_id", "person"),
        _to("guardian_request", "program_id", "program"),
        _to("guardian_request", "entered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_guardian_request"),
        sa.UniqueConstraint("link_hash", name="uq_guardian_request_link_hash"),
    )
    op.create_index("ix_guardian_request_person", "guardian_request", ["person_id", "program_id"])
    for name, columns, where in INDEXES:
        _index("guardian_request", name, columns, where)


def downgrade() -> None:
    op.execute("UPDATE application SET hold = 'applicant' WHERE hold = 'guardian'")
    ours = "(SELECT id FROM requirement WHERE kind = 'guardian')"
    for table in ("clearance_change", "affected"):
        op.execute(f"UPDATE {table} SET requirement_id = NULL WHERE requirement_id IN {ours}")  # noqa: S608
    op.execute(f"DELETE FROM credential WHERE requirement_id IN {ours}")  # noqa: S608
    op.execute("DELETE FROM requirement WHERE kind = 'guardian'")
    op.drop_table("guardian_request")
    op.drop_table("same_work")
    op.drop_index("ix_requirement_guardian", table_name="requirement")
    with op.batch_alter_table("position") as position:
        position.drop_constraint(op.f("ck_position_youngest"), type_="check")
        position.drop_column("youngest")
    for name, _, _ in OF_PEOPLE:
        op.drop_index(name, table_name="person")
    op.drop_column("person", "job_asked_on")
    for table in ("application", "person"):
        op.drop_column(table, "agency_job")
        op.drop_column(table, "adult_on")

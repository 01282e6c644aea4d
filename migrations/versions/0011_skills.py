"""Skills, languages and districts; when people could come; what they drive; who looks after whom."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""

INDEXES = {
    "ix_person_email": (["lower(email)"], None),
    "ix_person_unplaced": (["name", "id"], "placed_at IS NULL"),
}
"""Indexes of person that SQLite could lose with the copy: by an expression, or partial."""


def _refers(table: str, column: str, to: str, **options: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{to}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, **options)


def _where(condition: str | None) -> dict[str, sa.TextClause]:
    if condition is None:
        return {}
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _drop_person_indexes() -> None:
    for name in INDEXES:
        op.drop_index(name, "person")


def _make_person_indexes() -> None:
    for name, (columns, condition) in INDEXES.items():
        parts = [sa.text(one) if "(" in one else one for one in columns]
        op.create_index(name, "person", parts, **_where(condition))


def upgrade() -> None:
    op.create_table(
        "skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_skill"),
        sa.UniqueConstraint("kind", "name", name="uq_skill_kind_name"),
    )
    op.create_table(
        "person_skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(14)),
        sa.Column("since", AT, nullable=False),
        sa.Column("declared_by_id", sa.Integer()),
        sa.Column("verified_by_id", sa.Integer()),
        sa.Column("verified_at", AT),
        _refers("person_skill", "person_id", "person", ondelete="CASCADE"),
        _refers("person_skill", "skill_id", "skill"),
        _refers("person_skill", "declared_by_id", "person"),
        _refers("person_skill", "verified_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_person_skill"),
        sa.UniqueConstraint("person_id", "skill_id", name="uq_person_skill_person_id_skill_id"),
    )
    op.create_index("ix_person_skill_skill", "person_skill", ["skill_id", "level", "person_id"])
    op.create_table(
        "availability",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.SmallInteger()),
        sa.Column("day", sa.Date()),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("starts", sa.SmallInteger()),
        sa.Column("ends", sa.SmallInteger()),
        sa.CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name="ck_availability_when"),
        sa.CheckConstraint(
            "weekday IS NULL OR weekday BETWEEN 0 AND 6", name="ck_availability_weekday"
        ),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="ck_availability_times"),
        sa.CheckConstraint("(starts IS NOT NULL) = available", name="ck_availability_available"),
        sa.CheckConstraint(
            "starts IS NULL OR (0 <= starts AND starts < 1440 AND starts < ends AND ends <= 2880)",
            name="ck_availability_span",
        ),
        sa.CheckConstraint("weekday IS NULL OR available", name="ck_availability_weekly"),
        _refers("availability", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_availability"),
    )
    op.create_index("ix_availability_weekday", "availability", ["person_id", "weekday"])
    op.create_index("ix_availability_day", "availability", ["person_id", "day"])
    op.create_table(
        "supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.Column("given_by_id", sa.Integer()),
        sa.Column("given_at", AT, nullable=False),
        sa.Column("ended_at", AT),
        sa.Column("ended_by_id", sa.Integer()),
        sa.CheckConstraint("person_id <> supervisor_id", name="ck_supervision_two_people"),
        sa.CheckConstraint(
            "last_day IS NULL OR first_day <= last_day OR ended_at IS NOT NULL",
            name="ck_supervision_order",
        ),
        _refers("supervision", "person_id", "person"),
        _refers("supervision", "supervisor_id", "person"),
        _refers("supervision", "program_id", "program"),
        _refers("supervision", "given_by_id", "person"),
        _refers("supervision", "ended_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_supervision"),
    )
    op.create_index("ix_supervision_person", "supervision", ["person_id", "first_day"])
    op.create_index("ix_supervision_supervisor", "supervision", ["supervisor_id", "first_day"])
    op.create_index(
        "uq_supervision_open", "supervision", ["person_id", "supervisor_id", "program_id"],
        unique=True, **_where("last_day IS NULL"),
    )  # fmt: skip
    op.create_table(
        "supervision_cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("set_at", AT, nullable=False),
        sa.Column("set_by_id", sa.Integer()),
        sa.Column("ended_at", AT),
        sa.CheckConstraint("supervisor_id <> cover_id", name="ck_supervision_cover_two_people"),
        sa.CheckConstraint("first_day <= last_day", name="ck_supervision_cover_order"),
        _refers("supervision_cover", "supervisor_id", "person"),
        _refers("supervision_cover", "cover_id", "person"),
        _refers("supervision_cover", "set_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_supervision_cover"),
    )
    op.create_index("ix_supervision_cover_supervisor_id", "supervision_cover", ["supervisor_id"])
    op.create_index("ix_supervision_cover_days", "supervision_cover", ["last_day", "supervisor_id"])
    op.add_column(
        "person", sa.Column("drives", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("person", sa.Column("vehicle_seats", sa.SmallInteger()))
    op.add_column(
        "person", sa.Column("vehicle_note", sa.String(200), nullable=False, server_default="")
    )
    _drop_person_indexes()
    with op.batch_alter_table("person", reflect_kwargs=ALONE) as batch:
        batch.alter_column("drives", server_default=None)
        batch.alter_column("vehicle_note", server_default=None)
        batch.create_check_constraint(
            "ck_person_vehicle_seats", "vehicle_seats IS NULL OR vehicle_seats >= 0"
        )
    _make_person_indexes()


def downgrade() -> None:
    _drop_person_indexes()
    with op.batch_alter_table("person", reflect_kwargs=ALONE) as batch:
        batch.drop_constraint("ck_person_vehicle_seats", type_="check")
        for column in ("vehicle_note", "vehicle_seats", "drives"):
            batch.drop_column(column)
    _make_person_indexes()
    for table in ("supervision_cover", "supervision", "availability", "person_skill", "skill"):
        op.drop_table(table)

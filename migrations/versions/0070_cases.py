"""Cases by their reference, what is asked for, what volunteers do for clients, and districts."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "district_size",
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name="fk_district_size_skill_id_skill"),
        sa.PrimaryKeyConstraint("skill_id", name="pk_district_size"),
    )
    op.create_table(
        "help_function",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.CheckConstraint("due_days BETWEEN 1 AND 90", name="ck_help_function_due_days"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_help_function_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_help_function"),
        sa.UniqueConstraint("program_id", "name", name="uq_help_function_program_id_name"),
    )
    op.create_table(
        "function_position",
        sa.Column("function_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["help_function.id"],
            name="fk_function_position_function_id_help_function",
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name="fk_function_position_position_id_position"
        ),
        sa.PrimaryKeyConstraint("function_id", "position_id", name="pk_function_position"),
    )
    _cases()
    _requests()


def _cases() -> None:
    op.create_table(
        "client_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=False),
        sa.Column("language_id", sa.Integer(), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("age", sa.String(10), nullable=True),
        sa.Column("needs", sa.String(300), nullable=False),
        sa.Column("safety", sa.String(60), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("end", sa.String(10), nullable=True),
        sa.Column("words_erased_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_client_case_program_id_program"
        ),
        sa.ForeignKeyConstraint(
            ["caseworker_id"], ["person.id"], name="fk_client_case_caseworker_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["language_id"], ["skill.id"], name="fk_client_case_language_id_skill"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["skill.id"], name="fk_client_case_district_id_skill"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_client_case"),
        sa.UniqueConstraint("program_id", "reference", name="uq_client_case_program_id_reference"),
    )
    for name, columns, where in (
        ("ix_client_case_open", ["program_id", "id"], "closed_at IS NULL"),
        ("ix_client_case_words", ["closed_at"], "words_erased_at IS NULL"),
    ):
        op.create_index(
            name,
            "client_case",
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_index("ix_client_case_caseworker", "client_case", ["caseworker_id"])


def _requests() -> None:
    op.create_table(
        "help_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("function_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("times", sa.String(120), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("caseworker_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(10), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("unmet", sa.String(10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("people BETWEEN 1 AND 10", name="ck_help_request_people"),
        sa.CheckConstraint("every_days BETWEEN 1 AND 365", name="ck_help_request_every_days"),
        sa.CheckConstraint("(state = 'unmet') = (unmet IS NOT NULL)", name="ck_help_request_unmet"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["client_case.id"], name="fk_help_request_case_id_client_case"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_help_request_program_id_program"
        ),
        sa.ForeignKeyConstraint(
            ["function_id"], ["help_function.id"], name="fk_help_request_function_id_help_function"
        ),
        sa.ForeignKeyConstraint(
            ["caseworker_id"], ["person.id"], name="fk_help_request_caseworker_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_help_request"),
    )
    op.create_index("ix_help_request_case", "help_request", ["case_id"])
    op.create_index("ix_help_request_program", "help_request", ["program_id", "state", "due_on"])


def downgrade() -> None:
    for table in (
        "help_request",
        "client_case",
        "function_position",
        "help_function",
        "district_size",
    ):
        op.drop_table(table)

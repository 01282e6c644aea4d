"""Training: courses, their sessions and quizzes, who takes part, and what a pass proposes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
TABLES = (
    "course", "course_material", "quiz_question", "quiz_try", "prerequisite", "course_session",
    "session_trainer", "enrolment", "proposal", "learning_target",
)  # fmt: skip
"""The new tables, those that are referred to first."""


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer()),
        sa.Column("position_id", sa.Integer()),
        sa.Column("confirm", sa.String(6), nullable=False),
        sa.Column("pass_percent", sa.Integer()),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("course", "position_id", "position"),
        _refers("course", "program_id", "program"),
        sa.CheckConstraint("pass_percent BETWEEN 1 AND 100", name=op.f("ck_course_pass_percent")),
        sa.CheckConstraint("0 <= minutes AND minutes <= 4320", name=op.f("ck_course_minutes")),
        _refers("course", "requirement_id", "requirement"),
        sa.PrimaryKeyConstraint("id", name="pk_course"),
    )
    op.create_index("ix_course_requirement", "course", ["requirement_id"])
    op.create_index(
        "uq_course_name", "course", [sa.text("coalesce(program_id, 0)"), "name"], unique=True
    )
    op.create_table(
        "course_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_course_material"),
        sa.CheckConstraint("body <> '' OR link <> ''", name=op.f("ck_course_material_something")),
        _refers("course_material", "course_id", "course"),
    )
    op.create_index("ix_course_material_course_id", "course_material", ["course_id"])
    op.create_table(
        "quiz_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.CheckConstraint('"right" >= 0', name=op.f("ck_quiz_question_right")),
        _refers("quiz_question", "course_id", "course"),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_question"),
    )
    op.create_index("ix_quiz_question_course_id", "quiz_question", ["course_id"])
    op.create_table(
        "quiz_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_try"),
        _refers("quiz_try", "person_id", "person"),
        _refers("quiz_try", "course_id", "course"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_quiz_try_score")),
    )
    op.create_index("ix_quiz_try_person", "quiz_try", ["person_id", "course_id", "at"])
    op.create_table(
        "prerequisite",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("needs_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", "needs_id", name="pk_prerequisite"),
        sa.CheckConstraint("course_id <> needs_id", name=op.f("ck_prerequisite_not_itself")),
        _refers("prerequisite", "needs_id", "course"),
        _refers("prerequisite", "course_id", "course"),
    )
    op.create_table(
        "course_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer()),
        sa.Column("online_link", sa.String(500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("starts_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("per_trainer", sa.Integer()),
        sa.Column("offers_due", sa.Boolean(), nullable=False),
        sa.Column("called_off_at", AT),
        sa.Column("called_off_reason", sa.String(300), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_course_session_capacity")),
        _refers("course_session", "site_id", "site"),
        sa.CheckConstraint("per_trainer >= 1", name=op.f("ck_course_session_per_trainer")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_course_session_order")),
        _refers("course_session", "course_id", "course"),
        sa.PrimaryKeyConstraint("id", name="pk_course_session"),
    )
    op.create_index("ix_course_session_course", "course_session", ["course_id", "starts_at"])
    op.create_index("ix_course_session_due", "course_session", ["id"], **_where("offers_due"))
    op.create_index("ix_course_session_site", "course_session", ["site_id"])
    op.create_index("ix_course_session_starts", "course_session", ["starts_at", "id"])
    op.create_table(
        "session_trainer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _refers("session_trainer", "session_id", "course_session"),
        sa.PrimaryKeyConstraint("id", name="pk_session_trainer"),
        sa.UniqueConstraint(
            "session_id", "person_id", name="uq_session_trainer_session_id_person_id"
        ),
        _refers("session_trainer", "person_id", "person"),
    )
    op.create_index("ix_session_trainer_person", "session_trainer", ["person_id"])
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer()),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.String(10)),
        sa.Column("offered_at", AT),
        sa.Column("answer_by", AT),
        sa.Column("ended_at", AT),
        sa.Column("ended_by_id", sa.Integer()),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("attendance", sa.String(8)),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(6)),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("marked_at", AT),
        sa.Column("marked_by_id", sa.Integer()),
        _refers("enrolment", "course_id", "course"),
        _refers("enrolment", "marked_by_id", "person"),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_enrolment_minutes")),
        sa.CheckConstraint(
            "result IS NULL OR state = 'enrolled'", name=op.f("ck_enrolment_result")
        ),
        _refers("enrolment", "session_id", "course_session"),
        _refers("enrolment", "person_id", "person"),
        _refers("enrolment", "ended_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
    )
    op.create_index(
        "ix_enrolment_answer_by", "enrolment", ["answer_by"], **_where("state = 'offered'")
    )
    op.create_index("ix_enrolment_course", "enrolment", ["course_id", "person_id", "result"])
    op.create_index("ix_enrolment_person", "enrolment", ["person_id", "day"])
    op.create_index("ix_enrolment_session", "enrolment", ["session_id", "state", "id"])
    op.create_index(
        "uq_enrolment_current",
        "enrolment",
        ["session_id", "person_id"],
        unique=True,
        **_where("state IN ('enrolled', 'waiting', 'offered')"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("requirement_id", sa.Integer()),
        sa.Column("position_id", sa.Integer()),
        sa.Column("state", sa.String(18), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("decided_at", AT),
        sa.Column("decided_by_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        _refers("proposal", "position_id", "position"),
        _refers("proposal", "requirement_id", "requirement"),
        sa.UniqueConstraint("enrolment_id", "kind", name="uq_proposal_enrolment_id_kind"),
        _refers("proposal", "enrolment_id", "enrolment"),
        _refers("proposal", "decided_by_id", "person"),
    )
    op.create_index(
        "ix_proposal_open",
        "proposal",
        ["made_at", "id"],
        **_where("state IN ('needs_confirmation', 'failed')"),
    )
    op.create_table(
        "learning_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("position_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_learning_target"),
        _refers("learning_target", "program_id", "program"),
        sa.CheckConstraint(
            "position_id IS NULL OR program_id IS NOT NULL", name=op.f("ck_learning_target_scope")
        ),
        _refers("learning_target", "position_id", "position"),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_learning_target_minutes")),
    )
    op.create_index(
        "uq_learning_target_scope",
        "learning_target",
        ["topic", sa.text("coalesce(program_id, 0)"), sa.text("coalesce(position_id, 0)")],
        unique=True,
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)

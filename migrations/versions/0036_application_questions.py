"""Questions that programs ask their applicants, and the answers."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NEW = "approved_at IS NULL AND closed_at IS NULL"


def _to(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **more)


def upgrade() -> None:
    question, answer = "application_question", "application_answer"
    op.create_table(
        question,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("help", sa.String(300), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        _to(question, "program_id", "program"),
        _to(question, "position_id", "position"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{question}"),
    )
    op.create_index(f"ix_{question}_program", question, ["program_id", "rank", "id"])
    op.create_index(
        f"ix_{question}_new",
        question,
        ["added_at"],
        sqlite_where=sa.text(NEW),
        postgresql_where=sa.text(NEW),
    )
    op.create_table(
        answer,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        _to(answer, "application_id", "application", ondelete="CASCADE"),
        _to(answer, "question_id", question),
        sa.PrimaryKeyConstraint("id", name=f"pk_{answer}"),
        sa.UniqueConstraint(
            "application_id",
            "question_id",
            "number",
            name="uq_application_answer_application_id_question_id_number",
        ),
    )
    op.create_index(f"ix_{answer}_question_id", answer, ["question_id"])


def downgrade() -> None:
    op.drop_table("application_answer")
    op.drop_table("application_question")

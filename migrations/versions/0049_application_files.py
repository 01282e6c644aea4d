"""Files with which applicants answer questions."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def _to(column: str, other: str, ondelete: str | None) -> sa.ForeignKeyConstraint:
    name = f"fk_application_file_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "application_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _to("draft_id", "application_draft", "CASCADE"),
        _to("application_id", "application", "CASCADE"),
        _to("question_id", "application_question", None),
        sa.CheckConstraint(
            "(draft_id IS NULL) <> (application_id IS NULL)", name="ck_application_file_one"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_application_file"),
        sa.UniqueConstraint(
            "draft_id", "question_id", name="uq_application_file_draft_id_question_id"
        ),
        sa.UniqueConstraint(
            "application_id", "question_id", name="uq_application_file_application_id_question_id"
        ),
    )
    op.create_index("ix_application_file_question_id", "application_file", ["question_id"])


def downgrade() -> None:
    op.drop_table("application_file")

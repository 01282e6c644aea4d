"""Files that the worker brings in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "import_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("claimed_until", AT),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("ended_at", AT),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_import_job_by_id_person"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_import_job_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_job"),
    )
    op.create_index("ix_import_job_by_id", "import_job", ["by_id", "id"])
    op.create_index("ix_import_job_state", "import_job", ["state", "id"])


def downgrade() -> None:
    op.drop_table("import_job")

"""Settings of the agency live in the database."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(500), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name="fk_agency_setting_program_id_program",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name="fk_agency_setting_changed_by_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agency_setting"),
    )
    for name, columns, where in (
        ("uq_agency_setting_agency", ["name"], "program_id IS NULL"),
        ("uq_agency_setting_program", ["name", "program_id"], "program_id IS NOT NULL"),
    ):
        op.create_index(
            name,
            "agency_setting",
            columns,
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    op.drop_table("agency_setting")

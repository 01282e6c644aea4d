"""Meetings and socials, and who is invited to them."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("online_link", sa.String(500), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("canceled_at", moment, nullable=True),
        sa.Column("canceled_reason", sa.String(300), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_meeting_order"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_meeting_program_id_program"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_meeting_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_program", "meeting", ["program_id", "starts_at"])
    op.create_index("ix_meeting_site", "meeting", ["site_id"])
    op.create_index("ix_meeting_starts", "meeting", ["starts_at"])
    op.create_table(
        "invitee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("asked", sa.String(10), nullable=True),
        sa.Column("since", moment, nullable=False),
        sa.Column("ended_before", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_invitee_meeting_id_meeting"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_invitee_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_invitee"),
    )
    op.create_index("uq_invitee", "invitee", ["meeting_id", "person_id"], unique=True)
    op.create_index("ix_invitee_person", "invitee", ["person_id", "answer"])


def downgrade() -> None:
    op.drop_table("invitee")
    op.drop_table("meeting")

"""What people are told: messages, wordings, letters, proofs of an address, and calendar feeds."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ALONE = {"resolve_fks": False}
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _messages()
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wording"),
        sa.UniqueConstraint("kind", "language", name="uq_wording_kind_language"),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("shift_id", sa.Integer()),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_letter_by_id_person"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_letter_program_id_program"
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_letter_shift_id_shift"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    op.create_index("ix_letter_program_id", "letter", ["program_id"])
    op.create_index("ix_letter_shift_id", "letter", ["shift_id"])
    op.create_table(
        "mark",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mark"),
    )
    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("data", sa.String(2000), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("used_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_proof"),
    )
    op.create_index("ix_proof_browser_hash", "proof", ["browser_hash"])
    op.create_index("ix_proof_ends_at", "proof", ["ends_at"])
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("revoked_at", AT),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_feed_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("token_hash", name="uq_feed_token_hash"),
    )
    op.create_index("ix_feed_person_id", "feed", ["person_id"])
    with op.batch_alter_table("person", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("mail_off", sa.String(100), nullable=False, server_default=""))
        batch.add_column(
            sa.Column("remind_hours", sa.String(40), nullable=False, server_default="48,3")
        )
        batch.add_column(sa.Column("mail_refused_at", AT))
    with op.batch_alter_table("person", reflect_kwargs=ALONE) as batch:
        batch.alter_column("mail_off", server_default=None)
        batch.alter_column("remind_hours", server_default=None)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with op.batch_alter_table("shift", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("revised_at", AT, nullable=False, server_default=now))
    with op.batch_alter_table("shift", reflect_kwargs=ALONE) as batch:
        batch.alter_column("sequence", server_default=None)
        batch.alter_column("revised_at", server_default=None)


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("program_id", sa.Integer()),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("key", sa.String(120)),
        sa.Column("channel", sa.String(5), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("next_at", AT, nullable=False),
        sa.Column("claimed_until", AT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", AT),
        sa.Column("mail_id", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("code_hash", sa.String(64)),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_message_person_id_person"),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_message_actor_id_person"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_message_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", name="uq_message_key"),
        sa.UniqueConstraint("mail_id", name="uq_message_mail_id"),
        sa.UniqueConstraint("token_hash", name="uq_message_token_hash"),
    )
    for name, columns, where in (
        ("due", ["next_at", "id"], "state = 'queued' AND channel = 'mail'"),
        ("calls", ["program_id", "next_at"], "state = 'queued' AND channel = 'call'"),
        ("person", ["person_id", "sent_at"], None),
        ("sent", ["sent_at"], None),
        ("subject", ["subject_kind", "subject_id"], None),
    ):
        condition = sa.text(where) if where else None
        op.create_index(
            f"ix_message_{name}", "message", columns,
            sqlite_where=condition, postgresql_where=condition,
        )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("shift", reflect_kwargs=ALONE) as batch:
        batch.drop_column("revised_at")
        batch.drop_column("sequence")
    with op.batch_alter_table("person", reflect_kwargs=ALONE) as batch:
        batch.drop_column("mail_refused_at")
        batch.drop_column("remind_hours")
        batch.drop_column("mail_off")
    for table in ("feed", "proof", "mark", "letter", "wording", "message"):
        op.drop_table(table)

"""Whose identity it is: proved addresses, changes of an address, known browsers, and office codes.

An address counts as proved for whoever holds it alone and signed in, or set a password, after anyone
else last changed their details. Everyone else proves theirs the next time they sign in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""

HOLDERS = """
    SELECT lower(email) AS address, min(id) AS person_id FROM person
    WHERE email <> '' AND status <> 'ended' GROUP BY lower(email) HAVING count(*) = 1
"""
PROVED = f"""
    INSERT INTO proved_address (person_id, address, how, proved_at)
    SELECT alone.person_id, alone.address, 'upgrade', max(entry.at)
    FROM ({HOLDERS}) AS alone
    JOIN audit_entry AS entry ON entry.person_id = alone.person_id
        AND entry.actor_id = alone.person_id
        AND entry.action IN ('session.started', 'invitation.accepted')
    WHERE NOT EXISTS (
        SELECT 1 FROM audit_entry AS edit
        WHERE edit.person_id = alone.person_id AND edit.action = 'person.edited'
            AND edit.id > entry.id
    ) AND NOT EXISTS (
        SELECT 1 FROM identity
        WHERE identity.person_id = alone.person_id AND identity.address <> alone.address
    )
    GROUP BY alone.person_id, alone.address
"""  # noqa: S608 - no value from outside
READY = """
    EXISTS (SELECT 1 FROM identity WHERE identity.person_id = person.id)
    OR EXISTS (SELECT 1 FROM proved_address WHERE proved_address.person_id = person.id)
"""
BY_CODE = f"""
    person.id IN (SELECT person_id FROM ({HOLDERS}) AS alone)
    AND NOT EXISTS (
        SELECT 1 FROM membership WHERE membership.person_id = person.id AND until IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM placement JOIN program ON program.id = placement.program_id
        WHERE placement.person_id = person.id AND placement.state <> 'declined'
            AND program.visibility <> 'public'
    )
"""  # noqa: S608 - no value from outside
COUNTS = f"""
    SELECT count(*), count(CASE WHEN {READY} THEN 1 END),
        count(CASE WHEN NOT ({READY}) AND {BY_CODE} THEN 1 END)
    FROM person WHERE status <> 'ended'
        AND (email <> '' OR EXISTS (SELECT 1 FROM identity WHERE identity.person_id = person.id))
"""  # noqa: S608 - no value from outside


def _refers(table: str, column: str, to: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}", **more)


def _remake_attempts(*more: sa.Column[int]) -> None:
    """What was counted lasts for minutes only, so nothing is carried over."""
    op.drop_table("attempts")
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.String(80), nullable=False),
        sa.Column("window", sa.BigInteger() if more else sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("bucket", "window", name="pk_attempts"),
    )


def upgrade() -> None:
    op.create_table(
        "proved_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("proved_at", AT, nullable=False),
        _refers("proved_address", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_proved_address"),
        sa.UniqueConstraint("person_id", "address", name="uq_proved_address_person_id_address"),
    )
    op.create_index("ix_proved_address_address", "proved_address", ["address"])
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("old_address", sa.String(254), nullable=False),
        sa.Column("old_how", sa.String(10)),
        sa.Column("by_id", sa.Integer()),
        sa.Column("asked", sa.String(10)),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("effective_at", AT),
        sa.Column("stopped_at", AT),
        _refers("address_change", "person_id", "person", ondelete="CASCADE"),
        _refers("address_change", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_address_change"),
    )
    op.create_index("ix_address_change_person_id", "address_change", ["person_id"])
    unconfirmed = sa.text("effective_at IS NULL")
    op.create_index(
        "uq_address_change_open", "address_change", ["person_id"], unique=True,
        sqlite_where=unconfirmed, postgresql_where=unconfirmed,
    )  # fmt: skip
    op.create_table(
        "known_place",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place_hash", sa.String(64), nullable=False),
        sa.Column("seen_at", AT, nullable=False),
        sa.Column("second_at", AT),
        _refers("known_place", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "place_hash", name="pk_known_place"),
    )
    op.create_index("ix_known_place_seen_at", "known_place", ["seen_at"])
    op.create_table(
        "office_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("made_by_id", sa.Integer()),
        sa.Column("asked", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        _refers("office_code", "person_id", "person", ondelete="CASCADE"),
        _refers("office_code", "made_by_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name="pk_office_code"),
    )
    _remake_attempts(sa.Column("ends_at", sa.BigInteger(), nullable=False))
    with op.batch_alter_table("invitation", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("address", sa.String(254), nullable=False, server_default=""))
    with op.batch_alter_table("invitation", reflect_kwargs=ALONE) as batch:
        batch.alter_column("address", server_default=None)
    connection = op.get_bind()
    connection.execute(sa.text(PROVED))
    could, can, by_code = connection.execute(sa.text(COUNTS)).one()
    if could:
        print(  # noqa: T201 - for the operator who upgrades
            f"Before, {could} people could sign in. Now {can} still can, {by_code} will confirm "
            f"their email address by a code, and {could - can - by_code} need the office."
        )


def downgrade() -> None:
    _remake_attempts()
    with op.batch_alter_table("invitation", reflect_kwargs=ALONE) as batch:
        batch.drop_column("address")
    for table in ("office_code", "known_place", "address_change", "proved_address"):
        op.drop_table(table)

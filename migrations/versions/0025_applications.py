"""Applications, with their drafts, steps and opportunities, apart from placements.

Placements in the states asked and declined become applications, and every role that is open to the public gets
an opportunity. The way back makes placements of the applications that were not placed or withdrawn.
"""

import json
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = "state IN ('submitted', 'in_review', 'on_hold', 'accepted')"


def upgrade() -> None:
    _opportunity()
    _application()
    _event()
    _draft()
    _carry_over()
    op.drop_index("uq_placement_open", "placement")
    _partial("uq_placement_open", "placement", ["person_id", "position_id"], "state = 'active'")
    op.execute("ALTER TABLE placement DROP COLUMN asked_at")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = True) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def _to(column: str, other: str, table: str, **options: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)


def _opportunity() -> None:
    op.create_table(
        "opportunity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("summary", sa.String(500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("schedule", sa.String(200), nullable=False),
        sa.Column("commitment", sa.String(200), nullable=False),
        sa.Column("benefits", sa.Text(), nullable=False),
        sa.Column("qualifications", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(20), nullable=True),
        sa.Column("area", sa.String(80), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("daytimes", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("listed_until", sa.Date(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekdays BETWEEN 0 AND 127", name=op.f("ck_opportunity_weekdays")),
        sa.CheckConstraint("daytimes BETWEEN 0 AND 7", name=op.f("ck_opportunity_daytimes")),
        sa.CheckConstraint("needed IS NULL OR needed > 0", name=op.f("ck_opportunity_needed")),
        _to("position_id", "position", "opportunity"),
        _to("program_id", "program", "opportunity"),
        _to("site_id", "site", "opportunity"),
        sa.PrimaryKeyConstraint("id", name="pk_opportunity"),
    )
    op.create_index("ix_opportunity_program_id", "opportunity", ["program_id"])
    op.create_index("ix_opportunity_position_id", "opportunity", ["position_id"])
    _partial(
        "ix_opportunity_listed", "opportunity", ["title", "id"],
        "published_at IS NOT NULL AND closed_at IS NULL", unique=False,
    )  # fmt: skip


def _application() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("asked", sa.String(10), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("times", sa.String(300), nullable=False),
        sa.Column("heard", sa.String(16), nullable=True),
        sa.Column("heard_note", sa.String(200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("warned_at", MOMENT, nullable=True),
        sa.Column("hold", sa.String(20), nullable=True),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("decline_reason", sa.String(16), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("expected_from", sa.Date(), nullable=True),
        sa.Column("expected_to", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'on_hold') = (hold IS NOT NULL)", name=op.f("ck_application_hold")
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)",
            name=op.f("ck_application_declined"),
        ),
        sa.CheckConstraint(
            "state <> 'placed' OR placement_id IS NOT NULL", name=op.f("ck_application_placed")
        ),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR state IN ('submitted', 'declined', 'withdrawn')",
            name=op.f("ck_application_person"),
        ),
        _to("person_id", "person", "application"),
        _to("position_id", "position", "application"),
        _to("program_id", "program", "application"),
        _to("opportunity_id", "opportunity", "application"),
        _to("owner_id", "person", "application"),
        _to("decided_by_id", "person", "application"),
        _to("placement_id", "placement", "application"),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        sa.UniqueConstraint("link_id", name="uq_application_link_id"),
        sa.UniqueConstraint("link_hash", name="uq_application_link_hash"),
    )
    _partial("uq_application_open", "application", ["person_id", "position_id"], OPEN)
    _partial("ix_application_owner", "application", ["owner_id", "received_at"], OPEN, unique=False)
    _partial(
        "ix_application_answer",
        "application",
        ["answer_by"],
        "answered_at IS NULL AND warned_at IS NULL AND state = 'submitted'",
        unique=False,
    )
    for name, columns in (
        ("ix_application_program", ["program_id", "state", "received_at"]),
        ("ix_application_position", ["position_id", "received_at"]),
        ("ix_application_person", ["person_id", "program_id"]),
        ("ix_application_opportunity_id", ["opportunity_id"]),
    ):
        op.create_index(name, "application", columns)


def _event() -> None:
    op.create_table(
        "application_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("done", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        _to("application_id", "application", "application_event", ondelete="CASCADE"),
        _to("by_id", "person", "application_event"),
        sa.PrimaryKeyConstraint("id", name="pk_application_event"),
    )
    op.create_index("ix_application_event_application_id", "application_event", ["application_id"])


def _draft() -> None:
    op.create_table(
        "application_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        _to("opportunity_id", "opportunity", "application_draft"),
        _to("person_id", "person", "application_draft", ondelete="CASCADE"),
        _to("application_id", "application", "application_draft"),
        sa.PrimaryKeyConstraint("id", name="pk_application_draft"),
        sa.UniqueConstraint("link_hash", name="uq_application_draft_link_hash"),
    )
    op.create_index("ix_application_draft_ends_at", "application_draft", ["ends_at"])
    for column in ("opportunity_id", "person_id", "application_id"):
        op.create_index(f"ix_application_draft_{column}", "application_draft", [column])


def _carry_over() -> None:
    """Requests to join become applications, each with the id its placement had."""
    connection = op.get_bind()
    placements = sa.Table("placement", sa.MetaData(), autoload_with=connection, resolve_fks=False)
    application, event, opportunity = (
        sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        for name in ("application", "application_event", "opportunity")
    )
    moved = connection.execute(
        placements.select().where(placements.c.state.in_(("asked", "declined")))
    ).all()
    now = datetime.now(UTC).replace(microsecond=0)
    languages = (
        dict(connection.execute(sa.text("SELECT id, language FROM person")).all()) if moved else {}
    )
    for row in moved:
        link_id = secrets.token_hex(16)
        declined = row.state == "declined"
        received = row.asked_at or row.decided_at or now
        connection.execute(
            application.insert().values(
                id=row.id, person_id=row.person_id, position_id=row.position_id,
                program_id=row.program_id, state="declined" if declined else "submitted",
                state_since=row.decided_at or received, received_at=received,
                name="", email="", phone="", language=languages[row.person_id], why="", times="", heard_note="",
                answered_at=row.decided_at, decline_reason="earlier" if declined else None,
                reason=row.reason, decided_by_id=row.decided_by_id, decided_at=row.decided_at,
                link_id=link_id, link_hash=f"unmade{row.id}", version=1,
            )
        )  # fmt: skip
        steps = [("submitted", received, row.person_id, "")]
        if declined:
            steps.append(("declined", row.decided_at or received, row.decided_by_id, row.reason))
        for state, at, by, note in steps:
            connection.execute(
                event.insert().values(
                    application_id=row.id, at=at, by_id=by, done=state, state=state, note=note
                )
            )
    connection.execute(placements.delete().where(placements.c.state.in_(("asked", "declined"))))
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence('application', 'id'),"
                " (SELECT coalesce(max(id), 0) + 1 FROM application), false)"
            )
        )
    _publish(connection, opportunity, now)


def _publish(connection: sa.Connection, opportunity: sa.Table, now: datetime) -> None:
    """Every role that the public could ask for gets an opportunity with its words."""
    found = connection.execute(
        sa.text(
            "SELECT position.id, position.program_id, position.name, position.description,"
            " position.translations FROM position JOIN program ON program.id = position.program_id"
            " WHERE position.closed_at IS NULL AND program.closed_at IS NULL"
            " AND program.visibility = 'public' ORDER BY position.id"
        )
    ).all()
    for row in found:
        written = {
            language: {"title": words.get("name", ""), "description": words.get("description", "")}
            for language, words in json.loads(row.translations or "{}").items()
        }
        connection.execute(
            opportunity.insert().values(
                position_id=row.id, program_id=row.program_id, title=row.name, summary="",
                description=row.description, schedule="", commitment="", benefits="",
                qualifications="", area="", online=False, weekdays=0, daytimes=0,
                published_at=now, translations=json.dumps(written, ensure_ascii=False, sort_keys=True),
                version=1,
            )
        )  # fmt: skip


def downgrade() -> None:
    op.add_column("placement", sa.Column("asked_at", MOMENT, nullable=True))
    op.drop_index("uq_placement_open", "placement")
    _partial(
        "uq_placement_open", "placement", ["person_id", "position_id"],
        "state IN ('asked', 'active')",
    )  # fmt: skip
    _carry_back()
    for table in ("application_draft", "application_event", "application", "opportunity"):
        op.drop_table(table)


def _carry_back() -> None:
    """Applications that wait or were declined become placements; who has the role meanwhile keeps that."""
    connection = op.get_bind()
    placements, application = (
        sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        for name in ("placement", "application")
    )
    taken = set(connection.scalars(sa.select(placements.c.id)))
    holds = {
        (row.person_id, row.position_id)
        for row in connection.execute(placements.select().where(placements.c.state == "active"))
    }
    waits = ("submitted", "in_review", "on_hold", "accepted")
    found = connection.execute(
        application.select()
        .where(application.c.person_id.is_not(None), application.c.state.in_((*waits, "declined")))
        .order_by(application.c.id)
    ).all()
    highest = max(taken | {row.id for row in found}, default=0)
    for row in found:
        asked = row.state in waits
        if asked and (row.person_id, row.position_id) in holds:
            continue
        number = row.id
        if number in taken:
            highest += 1
            number = highest
        connection.execute(
            placements.insert().values(
                id=number, person_id=row.person_id, position_id=row.position_id,
                program_id=row.program_id, state="asked" if asked else "declined",
                asked_at=row.received_at, decided_by_id=row.decided_by_id,
                decided_at=row.decided_at, reason=row.reason,
            )
        )  # fmt: skip
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence('placement', 'id'),"
                " (SELECT coalesce(max(id), 0) + 1 FROM placement), false)"
            )
        )

"""Outreach: organizations and topics, requests for talks, booked talks, speakers, and how it went."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
TABLES = (
    "organization", "organization_contact", "topic", "approach", "kind_terms",
    "district_route", "pledge", "talk_request", "presentation", "counter_offer",
    "request_date", "request_topic", "request_language", "request_event", "speaker_offer",
    "speaker", "speaker_topic", "busy_time", "talk_outcome", "follow_up", "material",
    "handout", "talk_block", "calendar_reply",
)  # fmt: skip
"""The new tables, those that are referred to first."""
ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""


def _refers(table: str, column: str, to: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}", **more)


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("town", sa.String(80), nullable=False),
        sa.Column("district_id", sa.Integer()),
        sa.Column("parking", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("organization", "district_id", "skill"),
        sa.PrimaryKeyConstraint("id", name="pk_organization"),
    )
    op.create_index("ix_organization_name", "organization", ["name", "id"])
    op.create_index("uq_organization_name_key", "organization", ["name_key"], unique=True)
    op.create_table(
        "organization_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("added_at", AT, nullable=False),
        sa.Column("ended_at", AT),
        _refers("organization_contact", "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name="pk_organization_contact"),
    )
    op.create_index(
        "ix_organization_contact_organization_id", "organization_contact", ["organization_id"]
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("position_id", sa.Integer()),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_topic_minutes")),
        _refers("topic", "position_id", "position"),
        _refers("topic", "program_id", "program"),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
    )
    op.create_index("uq_topic_name", "topic", ["name"], unique=True)
    op.create_table(
        "approach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer()),
        sa.Column("whom", sa.String(120), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer()),
        sa.Column("said", sa.String(7), nullable=False),
        sa.Column("said_on", sa.Date()),
        sa.Column("note", sa.String(300), nullable=False),
        _refers("approach", "asked_by_id", "person"),
        _refers("approach", "organization_id", "organization"),
        _refers("approach", "topic_id", "topic"),
        sa.PrimaryKeyConstraint("id", name="pk_approach"),
    )
    op.create_index("ix_approach_organization", "approach", ["organization_id", "asked_on"])
    op.create_table(
        "kind_terms",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("least_days", sa.Integer(), nullable=False),
        sa.Column("most_days", sa.Integer(), nullable=False),
        sa.Column("cutoff_hours", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "0 <= cutoff_hours AND cutoff_hours <= 720", name=op.f("ck_kind_terms_cutoff")
        ),
        sa.CheckConstraint(
            "0 <= least_days AND least_days < most_days", name=op.f("ck_kind_terms_days")
        ),
        sa.PrimaryKeyConstraint("kind", name="pk_kind_terms"),
    )
    op.create_table(
        "district_route",
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        _refers("district_route", "district_id", "skill"),
        _refers("district_route", "program_id", "program"),
        sa.PrimaryKeyConstraint("district_id", name="pk_district_route"),
    )
    op.create_table(
        "pledge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("written_by_id", sa.Integer()),
        _refers("pledge", "written_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_pledge"),
    )
    op.create_table(
        "talk_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(14), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("organization_id", sa.Integer()),
        sa.Column("organization_name", sa.String(200), nullable=False),
        sa.Column("organization_kind", sa.String(10), nullable=False),
        sa.Column("contact_name", sa.String(120), nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=False),
        sa.Column("contact_phone", sa.String(40), nullable=False),
        sa.Column("contact_address", sa.String(300), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("audience", sa.Integer()),
        sa.Column("ages", sa.String(100), nullable=False),
        sa.Column("open_to_public", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("town", sa.String(80), nullable=False),
        sa.Column("district_id", sa.Integer()),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("online_link", sa.String(500), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("needs", sa.String(120), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("parking", sa.String(300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("series", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("program_id", sa.Integer()),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("proved_at", AT),
        sa.Column("decided_at", AT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("link_id", sa.String(40), nullable=False),
        sa.Column("status_hash", sa.String(64), nullable=False),
        sa.Column("proof_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience IS NULL OR audience BETWEEN 1 AND 100000",
            name=op.f("ck_talk_request_audience"),
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 960", name=op.f("ck_talk_request_minutes")),
        _refers("talk_request", "district_id", "skill"),
        _refers("talk_request", "organization_id", "organization"),
        _refers("talk_request", "owner_id", "person"),
        _refers("talk_request", "program_id", "program"),
        sa.PrimaryKeyConstraint("id", name="pk_talk_request"),
    )
    op.create_index("ix_talk_request_email", "talk_request", [sa.text("lower(contact_email)")])
    op.create_index(
        "ix_talk_request_live",
        "talk_request",
        ["due_on", "id"],
        **_where("state IN ('unproved', 'open', 'countered')"),
    )
    op.create_index(
        "ix_talk_request_organization", "talk_request", ["organization_id", "received_at"]
    )
    op.create_index("ix_talk_request_received", "talk_request", ["received_at", "id"])
    op.create_index("uq_talk_request_proof_hash", "talk_request", ["proof_hash"], unique=True)
    op.create_index("uq_talk_request_reference", "talk_request", ["reference"], unique=True)
    op.create_index("uq_talk_request_status_hash", "talk_request", ["status_hash"], unique=True)
    op.create_table(
        "presentation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer()),
        sa.Column("topic_id", sa.Integer()),
        sa.Column("program_id", sa.Integer()),
        sa.Column("clerk_id", sa.Integer()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("starts_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("site_id", sa.Integer()),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("town", sa.String(80), nullable=False),
        sa.Column("district_id", sa.Integer()),
        sa.Column("online_link", sa.String(500), nullable=False),
        sa.Column("host_name", sa.String(120), nullable=False),
        sa.Column("host_phone", sa.String(40), nullable=False),
        sa.Column("parking", sa.String(300), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("wants_at", AT),
        sa.Column("cancelled_at", AT),
        sa.Column("cancelled_reason", sa.String(300), nullable=False),
        sa.Column("host_cancelled", sa.Boolean(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told_sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_presentation_order")),
        _refers("presentation", "clerk_id", "person"),
        _refers("presentation", "district_id", "skill"),
        _refers("presentation", "organization_id", "organization"),
        _refers("presentation", "program_id", "program"),
        _refers("presentation", "request_id", "talk_request"),
        _refers("presentation", "site_id", "site"),
        _refers("presentation", "topic_id", "topic"),
        sa.PrimaryKeyConstraint("id", name="pk_presentation"),
    )
    op.create_index(
        "ix_presentation_organization", "presentation", ["organization_id", "starts_at"]
    )
    op.create_index("ix_presentation_program", "presentation", ["program_id", "starts_at"])
    op.create_index("ix_presentation_request", "presentation", ["request_id"])
    op.create_index("ix_presentation_starts", "presentation", ["starts_at", "id"])
    op.create_table(
        "counter_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("made_by_id", sa.Integer()),
        sa.Column("answered_at", AT),
        _refers("counter_offer", "made_by_id", "person"),
        _refers("counter_offer", "request_id", "talk_request"),
        sa.PrimaryKeyConstraint("id", name="pk_counter_offer"),
    )
    op.create_index("ix_counter_offer_request", "counter_offer", ["request_id"])
    op.create_index(
        "uq_counter_offer_open",
        "counter_offer",
        ["request_id"],
        unique=True,
        **_where("state = 'open'"),
    )
    op.create_table(
        "request_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("starts_at", AT, nullable=False),
        sa.Column("counter_id", sa.Integer()),
        sa.Column("presentation_id", sa.Integer()),
        _refers("request_date", "counter_id", "counter_offer"),
        _refers("request_date", "presentation_id", "presentation"),
        _refers("request_date", "request_id", "talk_request"),
        sa.PrimaryKeyConstraint("id", name="pk_request_date"),
    )
    op.create_index("ix_request_date_request", "request_date", ["request_id", "id"])
    op.create_index("ix_request_date_starts", "request_date", ["starts_at"])
    op.create_table(
        "request_topic",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        _refers("request_topic", "request_id", "talk_request"),
        _refers("request_topic", "topic_id", "topic"),
        sa.PrimaryKeyConstraint("request_id", "topic_id", name="pk_request_topic"),
    )
    op.create_table(
        "request_language",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        _refers("request_language", "request_id", "talk_request"),
        _refers("request_language", "skill_id", "skill"),
        sa.PrimaryKeyConstraint("request_id", "skill_id", name="pk_request_language"),
    )
    op.create_table(
        "request_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("done", sa.String(12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _refers("request_event", "by_id", "person"),
        _refers("request_event", "request_id", "talk_request"),
        sa.PrimaryKeyConstraint("id", name="pk_request_event"),
    )
    op.create_index("ix_request_event_request", "request_event", ["request_id", "id"])
    op.create_table(
        "speaker_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("presentation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(7), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("position_id", sa.Integer()),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("made_by_id", sa.Integer()),
        sa.Column("asked_at", AT),
        sa.Column("answer_by", AT),
        sa.Column("answered_at", AT),
        sa.Column("asked", sa.String(10)),
        sa.Column("clash_reason", sa.String(300), nullable=False),
        sa.Column("reply", sa.String(12), nullable=False),
        sa.Column("reply_at", AT),
        sa.Column("minutes", sa.Integer()),
        _refers("speaker_offer", "made_by_id", "person"),
        _refers("speaker_offer", "person_id", "person"),
        _refers("speaker_offer", "position_id", "position"),
        _refers("speaker_offer", "presentation_id", "presentation"),
        sa.PrimaryKeyConstraint("id", name="pk_speaker_offer"),
    )
    op.create_index(
        "ix_speaker_offer_answer_by",
        "speaker_offer",
        ["answer_by"],
        **_where("state IN ('held', 'asked')"),
    )
    op.create_index(
        "ix_speaker_offer_person", "speaker_offer", ["person_id", "state", "presentation_id"]
    )
    op.create_index("ix_speaker_offer_presentation", "speaker_offer", ["presentation_id", "id"])
    op.create_index(
        "uq_speaker_offer_open",
        "speaker_offer",
        ["presentation_id", "person_id"],
        unique=True,
        **_where("state IN ('waits', 'held', 'asked', 'accepted')"),
    )
    op.create_index(
        "uq_speaker_offer_speaker",
        "speaker_offer",
        ["presentation_id"],
        unique=True,
        **_where("state = 'accepted' AND role = 'speaker'"),
    )
    op.create_table(
        "speaker",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("per_month", sa.Integer(), nullable=False),
        sa.Column("rest_days", sa.Integer(), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("calendar_url", sa.String(500), nullable=False),
        sa.Column("fetch_at", AT),
        sa.Column("fetched_at", AT),
        sa.Column("fetch_problem", sa.String(200), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("ended_at", AT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= per_month AND per_month <= 31", name=op.f("ck_speaker_per_month")),
        sa.CheckConstraint("0 <= rest_days AND rest_days <= 60", name=op.f("ck_speaker_rest_days")),
        _refers("speaker", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_speaker"),
    )
    op.create_index("ix_speaker_fetch", "speaker", ["fetch_at"], **_where("calendar_url <> ''"))
    op.create_table(
        "speaker_topic",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        _refers("speaker_topic", "person_id", "person", ondelete="CASCADE"),
        _refers("speaker_topic", "topic_id", "topic"),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name="pk_speaker_topic"),
    )
    op.create_index("ix_speaker_topic_topic", "speaker_topic", ["topic_id", "person_id"])
    op.create_table(
        "busy_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        _refers("busy_time", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_busy_time"),
    )
    op.create_index("ix_busy_time_person", "busy_time", ["person_id", "ends_at"])
    op.create_table(
        "talk_outcome",
        sa.Column("presentation_id", sa.Integer(), nullable=False),
        sa.Column("held", sa.String(14), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.String(200), nullable=False),
        sa.Column("referrals", sa.Integer(), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer()),
        sa.Column("written_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("people BETWEEN 0 AND 100000", name=op.f("ck_talk_outcome_people")),
        sa.CheckConstraint("referrals BETWEEN 0 AND 10000", name=op.f("ck_talk_outcome_referrals")),
        _refers("talk_outcome", "presentation_id", "presentation"),
        _refers("talk_outcome", "written_by_id", "person"),
        sa.PrimaryKeyConstraint("presentation_id", name="pk_talk_outcome"),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("presentation_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", AT),
        sa.Column("done_by_id", sa.Integer()),
        _refers("follow_up", "done_by_id", "person"),
        _refers("follow_up", "presentation_id", "presentation"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
    )
    op.create_index("ix_follow_up_due", "follow_up", ["due_on"], **_where("done_at IS NULL"))
    op.create_index("ix_follow_up_presentation", "follow_up", ["presentation_id"])
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("superseded_at", AT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_material"),
    )
    op.create_index("uq_material", "material", ["title", "language", "edition"], unique=True)
    op.create_table(
        "handout",
        sa.Column("presentation_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 100000", name=op.f("ck_handout_number")),
        _refers("handout", "material_id", "material"),
        _refers("handout", "presentation_id", "presentation"),
        sa.PrimaryKeyConstraint("presentation_id", "material_id", name="pk_handout"),
    )
    op.create_table(
        "talk_block",
        sa.Column("presentation_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        _refers("talk_block", "presentation_id", "presentation"),
        _refers("talk_block", "shift_id", "shift"),
        sa.PrimaryKeyConstraint("presentation_id", "shift_id", name="pk_talk_block"),
    )
    op.create_table(
        "calendar_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("presentation_id", sa.Integer()),
        sa.Column("who", sa.String(8), nullable=False),
        sa.Column("offer_id", sa.Integer()),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("said", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("mail_key", sa.String(64), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("seen_at", AT),
        _refers("calendar_reply", "offer_id", "speaker_offer"),
        _refers("calendar_reply", "presentation_id", "presentation"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_reply"),
    )
    op.create_index("ix_calendar_reply_open", "calendar_reply", ["at"], **_where("seen_at IS NULL"))
    op.create_index("ix_calendar_reply_presentation", "calendar_reply", ["presentation_id"])
    op.create_index("uq_calendar_reply_mail", "calendar_reply", ["mail_key"], unique=True)
    with op.batch_alter_table("commitment", reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("held_until", AT))


def downgrade() -> None:
    op.execute("DELETE FROM commitment WHERE kind = 'talk'")
    op.execute("DELETE FROM hours_entry WHERE source = 'presentation'")
    op.execute("DELETE FROM membership WHERE role IN ('outreach_clerk', 'presenter')")
    with op.batch_alter_table("commitment", reflect_kwargs=ALONE) as batch:
        batch.drop_column("held_until")
    for table in reversed(TABLES):
        op.drop_table(table)

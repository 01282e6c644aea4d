"""The first tables: people, programs, shifts, and the audit that nobody can rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NO_CHANGE = "RAISE(ABORT, 'the audit is append-only')"
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_entry_{verb} BEFORE {verb} ON audit_entry BEGIN SELECT {NO_CHANGE}; END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_entry_rows BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
        "CREATE TRIGGER audit_entry_all BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.String(length=80), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window", name="pk_attempts"),
    )
    op.create_table(
        "imported_row",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_imported_row"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("goes_by", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("emergency_name", sa.String(length=200), nullable=False),
        sa.Column("emergency_relation", sa.String(length=100), nullable=False),
        sa.Column("emergency_phone", sa.String(length=40), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name="fk_person_added_by_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_name", "person", ["name", "id"], unique=False)
    op.create_index(
        "ix_person_unplaced",
        "person",
        ["name", "id"],
        unique=False,
        sqlite_where=sa.text("placed_at IS NULL"),
        postgresql_where=sa.text("placed_at IS NULL"),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("public_label", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("withdrawal_hours", sa.Integer(), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("visibility = 'public' OR public_label <> ''", name="ck_program_label"),
        sa.PrimaryKeyConstraint("id", name="pk_program"),
        sa.UniqueConstraint("name", name="uq_program_name"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.String(length=10), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_audit_entry_actor_id_person"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_audit_entry_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_audit_entry_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_person", "audit_entry", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_id", "id"], unique=False
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_commitment_order"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_commitment_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commitment"),
    )
    op.create_index("ix_commitment_person", "commitment", ["person_id", "ends_at"], unique=False)
    op.create_index("uq_commitment_source", "commitment", ["kind", "source_id"], unique=True)
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_identity_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("person_id", "address", name="uq_identity_person_id_address"),
    )
    op.create_index("ix_identity_address", "identity", ["address"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_invitation_created_by_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_invitation_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"], unique=False)
    op.create_table(
        "kept_form",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_kept_form_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_kept_form"),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(role = 'administrator') = (program_id IS NULL)", name="ck_membership_role_scope"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name="fk_membership_granted_by_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_membership_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_membership_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
    )
    op.create_index("ix_membership_program_id", "membership", ["program_id"], unique=False)
    op.create_table(
        "phone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_phone_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_phone"),
    )
    op.create_index("ix_phone_person_id", "phone", ["person_id"], unique=False)
    op.create_table(
        "position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("color", sa.String(length=12), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_position_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_position"),
        sa.UniqueConstraint("program_id", "name", name="uq_position_program_id_name"),
    )
    op.create_table(
        "search_key",
        sa.Column(
            "key",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_search_key_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "person_id", name="pk_search_key"),
    )
    op.create_index("ix_search_key_person_id", "search_key", ["person_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_session_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("token_hash", name="uq_session_token_hash"),
    )
    op.create_index("ix_session_ends_at", "session", ["ends_at"], unique=False)
    op.create_index("ix_session_person_id", "session", ["person_id"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("directions", sa.Text(), nullable=False),
        sa.Column("access_notes", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT confidential OR program_id IS NOT NULL", name="ck_site_confidential_has_program"
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="fk_site_program_id_program"),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
    )
    op.create_table(
        "once_value",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name="fk_once_value_session_id_session",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "value", name="pk_once_value"),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name="fk_placement_decided_by_id_person"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_placement_person_id_person"),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name="fk_placement_position_id_position"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="fk_placement_program_id_program"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placement"),
    )
    op.create_index(
        "ix_placement_person", "placement", ["person_id", "program_id", "position_id"], unique=False
    )
    op.create_index("ix_placement_position_id", "placement", ["position_id"], unique=False)
    op.create_index(
        "ix_placement_program", "placement", ["program_id", "state", "person_id"], unique=False
    )
    op.create_index(
        "uq_placement_open",
        "placement",
        ["person_id", "position_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'active')"),
        postgresql_where=sa.text("state IN ('asked', 'active')"),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdraw_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_reason", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_shift_order"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="fk_shift_program_id_program"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_shift_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_shift"),
    )
    op.create_index("ix_shift_program", "shift", ["program_id", "starts_at", "id"], unique=False)
    op.create_index("ix_shift_site", "shift", ["site_id", "starts_at"], unique=False)
    op.create_index("ix_shift_starts", "shift", ["starts_at", "id"], unique=False)
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= filled AND filled <= maximum", name="ck_slot_filled"),
        sa.CheckConstraint("0 <= minimum AND minimum <= maximum", name="ck_slot_bounds"),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name="fk_slot_position_id_position"
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_slot_shift_id_shift"),
        sa.PrimaryKeyConstraint("id", name="pk_slot"),
        sa.UniqueConstraint("shift_id", "position_id", name="uq_slot_shift_id_position_id"),
    )
    op.create_index("ix_slot_position_id", "slot", ["position_id"], unique=False)
    op.create_table(
        "signup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name="fk_signup_ended_by_id_person"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_signup_person_id_person"),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_signup_shift_id_shift"),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name="fk_signup_slot_id_slot"),
        sa.PrimaryKeyConstraint("id", name="pk_signup"),
    )
    op.create_index("ix_signup_person", "signup", ["person_id", "state"], unique=False)
    op.create_index("ix_signup_slot", "signup", ["slot_id", "state"], unique=False)
    op.create_index(
        "uq_signup_current",
        "signup",
        ["shift_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'signed_up'"),
        postgresql_where=sa.text("state = 'signed_up'"),
    )

    op.create_index(
        "uq_membership_current",
        "membership",
        ["person_id", "role", sa.text("coalesce(program_id, 0)")],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index(
        "uq_site_name", "site", [sa.text("coalesce(program_id, 0)"), "name"], unique=True
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_entry_all ON audit_entry")
        op.execute("DROP TRIGGER audit_entry_rows ON audit_entry")
        op.execute("DROP FUNCTION audit_is_append_only")
    for table in TABLES:
        op.drop_table(table)


TABLES = [
    "signup",
    "slot",
    "shift",
    "placement",
    "once_value",
    "site",
    "session",
    "search_key",
    "position",
    "phone",
    "membership",
    "kept_form",
    "invitation",
    "identity",
    "commitment",
    "audit_entry",
    "program",
    "person",
    "imported_row",
    "attempts",
]

"""Requirements, credentials, waivers, checks, readings, trial periods; spots for learners on shifts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ALONE = {"resolve_fks": False}
"""SQLite's copy of a table is made from itself, without reading the tables it refers to."""

ROLE_SCOPE = (
    "CASE role WHEN 'administrator' THEN program_id IS NULL "
    "WHEN 'coordinator' THEN program_id IS NOT NULL ELSE 1 = 1 END"
)


LEARNERS = {
    "pattern_slot": [("trainees", sa.Integer(), "0")],
    "slot": [("trainees", sa.Integer(), "0"), ("learning", sa.Integer(), "0")],
    "signup": [("trainee", sa.Boolean(), sa.false())],
}
TABLES = (
    "rule_option",
    "rule_version",
    "reading_done",
    "credential",
    "background_check",
    "affected",
    "waiver",
    "trial",
    "rule",
    "requirement_text",
    "reading",
    "clearance_change",
    "requirement",
    "evidence",
)
"""The new tables, those that refer to others first."""


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _scope_roles(condition: str) -> None:
    """Say anew which roles are held where. SQLite copies the table, and would lose an index it cannot read."""
    op.drop_index("uq_membership_current", "membership")
    with op.batch_alter_table("membership", reflect_kwargs=ALONE) as batch:
        batch.drop_constraint("ck_membership_role_scope", type_="check")
        batch.create_check_constraint("ck_membership_role_scope", condition)
    op.create_index(
        "uq_membership_current",
        "membership",
        ["person_id", "role", sa.text("coalesce(program_id, 0)")],
        unique=True,
        **_where("until IS NULL"),
    )


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer()),
        sa.Column("uploaded_at", AT, nullable=False),
        _refers("evidence", "person_id", "person"),
        _refers("evidence", "uploaded_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_person", "evidence", ["person_id", "uploaded_at"])
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("validity", sa.String(8), nullable=False),
        sa.Column("months", sa.Integer()),
        sa.Column("yearly", sa.String(5), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.Column("verifier", sa.String(12), nullable=False),
        sa.Column("check_path", sa.String(10)),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("closed_at", AT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'background_check') = (check_path IS NOT NULL)",
            name="ck_requirement_check_path",
        ),
        sa.CheckConstraint(
            "kind <> 'background_check' OR verifier = 'screener'", name="ck_requirement_verifier"
        ),
        sa.CheckConstraint(
            "validity <> 'months' OR months BETWEEN 1 AND 240", name="ck_requirement_months"
        ),
        sa.CheckConstraint(
            "validity <> 'yearly' OR length(yearly) = 5", name="ck_requirement_yearly"
        ),
        _refers("requirement", "program_id", "program"),
        sa.PrimaryKeyConstraint("id", name="pk_requirement"),
    )
    op.create_table(
        "clearance_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("requirement_id", sa.Integer()),
        sa.Column("at", AT, nullable=False),
        _refers("clearance_change", "person_id", "person"),
        _refers("clearance_change", "requirement_id", "requirement"),
        sa.PrimaryKeyConstraint("id", name="pk_clearance_change"),
    )
    op.create_index("ix_clearance_change_person_id", "clearance_change", ["person_id"])
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("position_id", sa.Integer()),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", AT, nullable=False),
        sa.Column("sent_by_id", sa.Integer()),
        sa.Column("ended_at", AT),
        _refers("reading", "position_id", "position"),
        _refers("reading", "program_id", "program"),
        _refers("reading", "sent_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
    )
    op.create_index("ix_reading_program", "reading", ["program_id", "position_id", "due_on"])
    op.create_table(
        "requirement_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(15), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(120), nullable=False),
        sa.Column("approved_on", sa.Date()),
        sa.Column("made_by_id", sa.Integer()),
        sa.Column("made_at", AT, nullable=False),
        _refers("requirement_text", "made_by_id", "person"),
        _refers("requirement_text", "requirement_id", "requirement"),
        sa.PrimaryKeyConstraint("id", name="pk_requirement_text"),
        sa.UniqueConstraint(
            "requirement_id",
            "kind",
            "number",
            name="uq_requirement_text_requirement_id_kind_number",
        ),
    )
    op.create_table(
        "rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer()),
        sa.Column("position_id", sa.Integer()),
        sa.CheckConstraint("position_id IS NULL OR program_id IS NOT NULL", name="ck_rule_scope"),
        _refers("rule", "position_id", "position"),
        _refers("rule", "program_id", "program"),
        sa.PrimaryKeyConstraint("id", name="pk_rule"),
    )
    op.create_index("ix_rule_position_id", "rule", ["position_id"])
    op.create_index("ix_rule_program", "rule", ["program_id", "position_id"])
    op.create_table(
        "trial",
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("shifts", sa.Integer(), nullable=False),
        sa.CheckConstraint("months BETWEEN 0 AND 36", name="ck_trial_months"),
        sa.CheckConstraint("shifts BETWEEN 0 AND 100", name="ck_trial_shifts"),
        _refers("trial", "position_id", "position"),
        _refers("trial", "requirement_id", "requirement"),
        sa.PrimaryKeyConstraint("position_id", name="pk_trial"),
        sa.UniqueConstraint("requirement_id", name="uq_trial_requirement_id"),
    )
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer()),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("approved_by_id", sa.Integer()),
        sa.Column("approved_at", AT, nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ended_by_id", sa.Integer()),
        sa.CheckConstraint("approved_by_id <> person_id", name="ck_waiver_not_oneself"),
        sa.CheckConstraint("first_day <= last_day", name="ck_waiver_order"),
        _refers("waiver", "approved_by_id", "person"),
        _refers("waiver", "ended_by_id", "person"),
        _refers("waiver", "person_id", "person"),
        _refers("waiver", "position_id", "position"),
        _refers("waiver", "requirement_id", "requirement"),
        sa.PrimaryKeyConstraint("id", name="pk_waiver"),
    )
    op.create_index("ix_waiver_last_day", "waiver", ["last_day"])
    op.create_index("ix_waiver_person", "waiver", ["person_id", "requirement_id"])
    op.create_table(
        "affected",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer()),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("found_at", AT, nullable=False),
        sa.Column("decision", sa.String(8)),
        sa.Column("decided_at", AT),
        sa.Column("decided_by_id", sa.Integer()),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("waiver_id", sa.Integer()),
        _refers("affected", "decided_by_id", "person"),
        _refers("affected", "person_id", "person"),
        _refers("affected", "position_id", "position"),
        _refers("affected", "program_id", "program"),
        _refers("affected", "requirement_id", "requirement"),
        _refers("affected", "waiver_id", "waiver"),
        sa.PrimaryKeyConstraint("id", name="pk_affected"),
    )
    op.create_index("ix_affected_person", "affected", ["person_id", "decision"])
    op.create_index("ix_affected_program", "affected", ["program_id", "decision", "day"])
    op.create_index(
        "uq_affected_open",
        "affected",
        ["kind", "source_id"],
        unique=True,
        **_where("decision IS NULL"),
    )
    op.create_table(
        "background_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("asked_by_id", sa.Integer()),
        sa.Column("disclosed_at", AT),
        sa.Column("disclosure_id", sa.Integer()),
        sa.Column("authorized_at", AT),
        sa.Column("authorization_id", sa.Integer()),
        sa.Column("rights_id", sa.Integer()),
        sa.Column("signed_name", sa.String(200), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("ordered_on", sa.Date()),
        sa.Column("returned_on", sa.Date()),
        sa.Column("first_notice_at", AT),
        sa.Column("first_notice_id", sa.Integer()),
        sa.Column("decide_from", sa.Date()),
        sa.Column("second_notice_at", AT),
        sa.Column("second_notice_id", sa.Integer()),
        sa.Column("decided_at", AT),
        sa.Column("decided_by_id", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("background_check", "asked_by_id", "person"),
        _refers("background_check", "authorization_id", "requirement_text"),
        _refers("background_check", "decided_by_id", "person"),
        _refers("background_check", "disclosure_id", "requirement_text"),
        _refers("background_check", "first_notice_id", "requirement_text"),
        _refers("background_check", "person_id", "person"),
        _refers("background_check", "requirement_id", "requirement"),
        _refers("background_check", "rights_id", "requirement_text"),
        _refers("background_check", "second_notice_id", "requirement_text"),
        sa.PrimaryKeyConstraint("id", name="pk_background_check"),
    )
    op.create_index("ix_background_check_person", "background_check", ["person_id"])
    op.create_index("ix_background_check_state", "background_check", ["state", "id"])
    op.create_index(
        "uq_background_check_open",
        "background_check",
        ["person_id", "requirement_id"],
        unique=True,
        **_where("state IN ('asked', 'authorized', 'ordered', 'returned', 'notice_sent')"),
    )
    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.Column("verified_by_id", sa.Integer()),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("evidence_id", sa.Integer()),
        sa.Column("text_id", sa.Integer()),
        sa.Column("signed_name", sa.String(200), nullable=False),
        sa.Column("source_kind", sa.String(20), nullable=False),
        sa.Column("source_id", sa.Integer()),
        sa.Column("asked", sa.String(10)),
        sa.Column("recorded_by_id", sa.Integer()),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("supersedes_id", sa.Integer()),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on >= effective_on", name="ck_credential_order"
        ),
        _refers("credential", "evidence_id", "evidence"),
        _refers("credential", "person_id", "person"),
        _refers("credential", "recorded_by_id", "person"),
        _refers("credential", "requirement_id", "requirement"),
        _refers("credential", "supersedes_id", "credential"),
        _refers("credential", "text_id", "requirement_text"),
        _refers("credential", "verified_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_credential"),
        sa.UniqueConstraint("supersedes_id", name="uq_credential_supersedes_id"),
    )
    op.create_index("ix_credential_evidence_id", "credential", ["evidence_id"])
    op.create_index("ix_credential_expires", "credential", ["expires_on", "id"])
    op.create_index("ix_credential_person", "credential", ["person_id", "requirement_id"])
    op.create_index("ix_credential_requirement", "credential", ["requirement_id", "outcome"])
    op.create_index(
        "uq_credential_source",
        "credential",
        ["source_kind", "source_id"],
        unique=True,
        **_where("source_id IS NOT NULL AND supersedes_id IS NULL"),
    )
    op.create_table(
        "reading_done",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_at", AT, nullable=False),
        sa.Column("asked", sa.String(10)),
        sa.Column("recorded_by_id", sa.Integer()),
        _refers("reading_done", "person_id", "person"),
        _refers("reading_done", "reading_id", "reading"),
        _refers("reading_done", "recorded_by_id", "person"),
        sa.PrimaryKeyConstraint("reading_id", "person_id", name="pk_reading_done"),
    )
    op.create_index("ix_reading_done_person_id", "reading_done", ["person_id"])
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("trainees", sa.Boolean(), nullable=False),
        sa.Column("binds_all_on", sa.Date()),
        sa.Column("made_by_id", sa.Integer()),
        sa.Column("made_at", AT, nullable=False),
        sa.CheckConstraint(
            "binds_all_on IS NULL OR binds_all_on >= effective_on", name="ck_rule_version_binds"
        ),
        _refers("rule_version", "made_by_id", "person"),
        _refers("rule_version", "rule_id", "rule"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_version"),
        sa.UniqueConstraint("rule_id", "effective_on", name="uq_rule_version_rule_id_effective_on"),
    )
    op.create_table(
        "rule_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_version_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        _refers("rule_option", "requirement_id", "requirement"),
        _refers("rule_option", "rule_version_id", "rule_version"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_option"),
        sa.UniqueConstraint(
            "rule_version_id",
            "requirement_id",
            name="uq_rule_option_rule_version_id_requirement_id",
        ),
    )
    op.create_index("ix_rule_option_requirement_id", "rule_option", ["requirement_id"])
    op.create_index(
        "uq_requirement_name",
        "requirement",
        [sa.text("coalesce(program_id, 0)"), "name"],
        unique=True,
    )
    for table, columns in LEARNERS.items():
        for column, kind, start in columns:
            op.add_column(table, sa.Column(column, kind, nullable=False, server_default=start))
        with op.batch_alter_table(table, reflect_kwargs=ALONE) as batch:
            for column, _, _ in columns:
                batch.alter_column(column, server_default=None)
            if table == "slot":
                batch.create_check_constraint(
                    "ck_slot_learning", "0 <= learning AND learning <= trainees"
                )
    _scope_roles(ROLE_SCOPE)


def downgrade() -> None:
    op.execute("DELETE FROM membership WHERE role NOT IN ('administrator', 'coordinator')")
    _scope_roles("(role = 'administrator') = (program_id IS NULL)")
    for table, columns in LEARNERS.items():
        with op.batch_alter_table(table, reflect_kwargs=ALONE) as batch:
            if table == "slot":
                batch.drop_constraint("ck_slot_learning", type_="check")
            for column, _, _ in columns:
                batch.drop_column(column)
    for table in TABLES:
        op.drop_table(table)

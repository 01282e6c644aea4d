"""A populated agency for tests of pages: the cast, some shifts, and something of every kind."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.autofill.models import Fill, FillLine
from portal.calendars import feeds
from portal.cases import conflicts, contacts, emergency, follow_ups, matches
from portal.cases import letters as match_letters
from portal.cases.conflict_models import ConflictKind
from portal.cases.contact_models import ContactKind, Medium
from portal.cases.models import MatchEnd, Said
from portal.db import Database
from portal.guests.guests import guest_token
from portal.guests.models import Guest, OpenEvent
from portal.hours import entries, questions, rates, reporting
from portal.imports.models import ImportJob
from portal.kiosks import kiosks
from portal.lifecycle import board, first_shifts, letter_words, letters
from portal.lifecycle.board_models import BoardKind
from portal.lifecycle.first_shift_models import FirstShift
from portal.lifecycle.milestone_models import Milestone, MilestoneKind, MilestoneState
from portal.lifecycle.models import LetterKind
from portal.lifecycle.reengagement_models import Reengagement
from portal.merging import merging
from portal.messages.envelopes import token_hash
from portal.messages.models import Message
from portal.outreach import links, organizations, outcomes, speaker_offers
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import OrganizationContact
from portal.outreach.outcome_models import FollowUp
from portal.outreach.talk_models import CalendarReply
from portal.people import availability, identities, on_call, saved_views, skills, supervision
from portal.people.availability import Span
from portal.people.identity_models import AddressChange, EmailVerification, SignIn
from portal.people.models import Membership, Person
from portal.people.sessions import start_session
from portal.people.traits import Absence, Availability, SkillKind
from portal.permissions import NOBODY, Role
from portal.programs import exits, funding, notes
from portal.programs.application_models import Hold
from portal.programs.models import Closure, Funding, Placement, Position, Program
from portal.recruitment import drafts, inquiries, review
from portal.recruitment import links as applicant_links
from portal.recruitment import questions as asking
from portal.recruitment.question_models import ApplicationFile
from portal.requirements import (
    acknowledgements,
    checks,
    credentials,
    evidence,
    kinds,
    trials,
    waivers,
)
from portal.requirements.change_models import Affected
from portal.requirements.check_models import RequirementText, TextKind
from portal.screening import interview_outcomes, interviews, references
from portal.screening.guardian_links import guardian_token
from portal.screening.guardian_models import GuardianRequest
from portal.screening.interview_models import How
from portal.screening.list_models import ListEntry, ListMatch
from portal.screening.models import Reference
from portal.screening.reference_links import reference_token
from portal.settings import Settings
from portal.shifts import early, group_names, group_spots, groups, signups, week_templates
from portal.shifts.draft_models import Draft, DraftAct
from portal.shifts.gap_models import AskPause, ShiftCall
from portal.shifts.models import Shift, Signup
from portal.shifts.pattern_models import Regular
from portal.shifts.waiting_models import Ask, Waiting
from portal.swaps import swaps
from portal.training import courses, enrolments, learning, results, sessions
from portal.training.proposal_models import Proposal
from portal.undo.models import Undo
from portal.web.errors import Preview
from tests import build
from tests.build import SECRET
from tests.cast import Cast

NAMED = {
    "shift_id": "shift", "signup_id": "signup", "person_id": "bo", "program_id": "rides",
    "other_id": "sol", "merge_id": "merge", "milestone_id": "milestone", "reengagement_id": "reengagement", "year": "last_year", "first_shift_id": "first_shift",
    "position_id": "driver", "site_id": "office", "placement_id": "placement",
    "membership_id": "membership", "session_id": "session", "token": "token",
    "pattern_id": "pattern", "closure_id": "closure", "slot_id": "slot",
    "regular_id": "regular", "job_id": "job", "feed_id": "feed", "call_id": "call", "kind": "kind", "language": "es", "waiting_id": "waiting", "shift_call_id": "shift_call", "undo_id": "undo", "draft_id": "week_draft", "draft_act_id": "week_draft_act", "ask_pause_id": "ask_pause", "absence_id": "absence", "ask_id": "ask",
    "requirement_id": "license", "credential_id": "handed", "evidence_id": "evidence",
    "waiver_id": "waiver", "check_id": "check", "rule_id": "rule", "reading_id": "reading",
    "text_id": "check_text", "letter": "letter", "skill_id": "skill", "day_id": "free_day", "supervision_id": "supervision", "cover_id": "cover",
    "entry_id": "entry", "question_id": "question", "funding_id": "funding", "name": "volunteers",
    "course_id": "first_course", "course_session_id": "course_session", "needed_id": "first_course",
    "enrolment_id": "passed", "material_id": "material", "quiz_question_id": "quiz_question",
    "request_id": "routed", "talk_id": "talk", "offer_id": "own_offer", "organization_id": "group",
    "contact_id": "group_contact", "approach_id": "approach", "topic_id": "topic",
    "promise_id": "promise", "message_id": "talk_letter", "reply_id": "reply",
    "application_id": "application", "view_id": "view", "exit_id": "exit", "note_id": "note", "letter_id": "issued", "board_id": "board", "retention_id": "retention", "incident_id": "incident", "opportunity_id": "opportunity", "posting_id": "posting", "inquiry_id": "inquiry", "proof": "proof", "source": "source",
    "swap_id": "swap", "meeting_id": "meeting", "case_id": "case", "help_request_id": "help_request", "function_id": "function", "case_match_id": "case_match", "visit_id": "visit", "to_do_id": "to_do", "conflict_id": "conflict", "emergency_access_id": "access", "swap_offer_id": "swap_offer", "early_list_id": "early_list", "template_id": "week_template", "rate_id": "rate", "kiosk_id": "kiosk", "fill_id": "fill", "group_id": "crew", "spots_id": "crew_spots", "name_id": "crew_name",
    "consent_id": "consent", "event_id": "event", "guest_id": "guest", "entry_no": "list_entry", "match_id": "match", "employee_id": "employee", "role_id": "desk", "asking_id": "asking", "asked_id": "asked_file", "reference_id": "reference", "interview_id": "interview", "trainer_id": "trainer", "proposal_id": "proposal", "target_id": "target",
}  # fmt: skip
"""What stands for each part of an address."""


@dataclass
class Ids:
    """What addresses in the tests name, besides the cast."""

    shift: int = 0
    hidden: int = 0
    labeled: int = 0
    slot: int = 0
    shift_call: int = 0
    ask_pause: int = 0
    undo: int = 0
    week_draft: int = 0
    week_draft_act: int = 0
    hidden_slot: int = 0
    signup: int = 0
    application: int = 0
    hidden_application: int = 0
    reviewed: int = 0
    asking: int = 0
    asked_file: int = 0
    consent: int = 0
    event: int = 0
    liability: int = 0
    guest: int = 0
    guest_link: str = ""
    list_entry: int = 0
    match: int = 0
    employee: int = 0
    guardian_link: str = ""
    reference: int = 0
    said_reference: int = 0
    interview: int = 0
    held_interview: int = 0
    reference_link: str = ""
    offered: int = 0
    view: int = 0
    exit: int = 0
    note: int = 0
    issued: int = 0
    board: int = 0
    retention: int = 99
    wording_of: int = 0
    batch: str = ""
    rex: int = 0
    incident: int = 0
    opportunity: int = 0
    posting: int = 0
    hidden_posting: int = 0
    applied: str = ""
    proof: str = ""
    inquiry: int = 0
    source: str = "poster"
    draft: str = ""
    placement: int = 0
    membership: int = 0
    session: int = 0
    pattern: int = 0
    hidden_pattern: int = 0
    patterned: int = 0
    regular: int = 0
    waiting: int = 0
    ask: int = 0
    absence: int = 0
    closure: int = 0
    crew: int = 0
    kiosk: int = 0
    swap: int = 0
    meeting: int = 0
    lee: int = 0
    case: int = 0
    help_request: int = 0
    function: int = 0
    case_match: int = 0
    asked_match: int = 0
    asked_request: int = 0
    over_match: int = 0
    visit: int = 0
    to_do: int = 0
    conflict: int = 0
    access: int = 0
    aud: int = 0
    pat: int = 0
    early_list: int = 0
    week_template: int = 0
    rate: int = 0
    swap_offer: int = 0
    own_swap_offer: int = 0
    fill: int = 0
    kiosk_link: str = ""
    crew_spots: int = 0
    crew_name: int = 0
    crew_shift: int = 0
    call: int = 0
    job: int = 0
    prove: str = "a-token-to-prove-an-address"
    email_token: str = "a-token-to-stop-a-change"
    feed: int = 0
    feed_token: str = ""
    token: str = ""
    mail_token: str = "a-token-from-a-mail"
    kind: str = "signup.made"
    es: str = "es"
    over: int = 0
    over_signup: int = 0
    entry: int = 0
    own_entry: int = 0
    asked_entry: int = 0
    question: int = 0
    funding: int = 0
    skill: int = 0
    free_day: int = 0
    own_day: int = 0
    supervision: int = 0
    cover: int = 0
    gil: int = 0
    tess: int = 0
    vic: int = 0
    kit: int = 0
    merge: int = 0
    milestone: int = 0
    reengagement: int = 0
    last_year: int = 2025
    first_shift: int = 0
    how_it_was: int = 0
    pia: int = 0
    license: int = 0
    quiet_words: int = 0
    check_kind: int = 0
    hidden_kind: int = 0
    handed: int = 0
    credential: int = 0
    evidence: int = 0
    waiver: int = 0
    check: int = 0
    own_check: int = 0
    rule: int = 0
    reading: int = 0
    wording: int = 0
    check_text: int = 0
    quiet_text: int = 0
    register_kind: int = 0
    affected: int = 0
    trial_of: int = 0
    letter: str = "first"
    volunteers: str = "volunteers"
    picture: str = "home.png"
    first_course: int = 0
    course: int = 0
    hidden_course: int = 0
    labeled_course: int = 0
    course_session: int = 0
    over_session: int = 0
    hidden_session: int = 0
    enrolment: int = 0
    passed: int = 0
    material: int = 0
    quiz_question: int = 0
    trainer: int = 0
    proposal: int = 0
    target: int = 0
    dee: int = 0
    topic: int = 0
    asked_for: int = 0
    routed: int = 0
    hidden_request: int = 0
    talk: int = 0
    table: int = 0
    past_talk: int = 0
    offer: int = 0
    own_offer: int = 0
    past_offer: int = 0
    held_offer: int = 0
    group: int = 0
    group_contact: int = 0
    approach: int = 0
    promise: int = 0
    leaflet: int = 0
    talk_letter: int = 0
    reply: int = 0
    talk_status: str = ""
    talk_proof: str = ""
    open_talk: int = 0


def populate(database: Database, cast: Cast, at) -> Ids:  # type: ignore[no-untyped-def]
    """Add shifts in the open, the labeled and the hidden program, a request, and an invitation."""
    ids = Ids()
    with database.writing() as db:
        ids.shift = build.shift(db, cast.driver, site_id=cast.office, note="Bring a coat.").id
        ids.hidden = build.shift(db, cast.host, site_id=cast.house, places=1).id
        ids.labeled = build.shift(db, cast.greeter, starts=build.NOON + timedelta(hours=5)).id
        ids.slot, ids.hidden_slot = (build.slot_of(db, one) for one in (ids.shift, ids.hidden))
        signups.sign_up(Act(db, build.viewer(cast.ana), at), cast.ana, ids.shift)
        ids.signup = db.scalars(select(Signup.id)).one()
        _recruitment(db, cast, ids, at)
        ids.placement = db.scalars(
            select(Placement.id).filter_by(person_id=cast.bo, position_id=cast.driver)
        ).one()
        ids.membership = db.scalars(
            select(Membership.id).filter_by(person_id=cast.cy, role=Role.COORDINATOR)
        ).one()
        ids.token = identities.invite(Act(db, NOBODY, at), db.get_one(Person, cast.bo))
        ids.pattern = build.pattern(db, cast.driver, at).id
        ids.patterned = db.scalars(
            select(Shift.id)
            .filter_by(pattern_id=ids.pattern)
            .order_by(Shift.starts_at)
            .limit(1)
            .offset(2)
        ).one()
        regular = Regular(
            pattern_id=ids.pattern, position_id=cast.driver, person_id=cast.ana, every=1,
            first_day=date(2026, 12, 1), carried_until=date(2027, 12, 31), since=at,
        )  # fmt: skip
        away = Absence(
            person_id=cast.ana, first_day=date(2026, 12, 29), last_day=date(2026, 12, 30), since=at
        )
        waits = Waiting(
            shift_id=ids.shift, slot_id=ids.slot, person_id=cast.noel, state="waiting", since=at
        )
        ask = Ask(shift_id=ids.shift, slot_id=ids.slot, person_id=cast.ada, asked_at=at)
        called = ShiftCall(
            slot_id=ids.slot, person_id=cast.bo, program_id=cast.rides, outcome="said_no", at=at,
            by_id=cast.cy,
        )  # fmt: skip
        pause = AskPause(
            person_id=cast.bo,
            program_id=cast.rides,
            until=date(2027, 6, 1),
            since=at,
            by_id=cast.cy,
        )
        undo = Undo(
            by_id=cast.ada, at=at, until=at + timedelta(minutes=10), said="Saved.", what="{}", changes="[]",
        )  # fmt: skip
        db.add_all([regular, away, ask, waits, called, pause, undo])
        db.flush()
        ids.undo = undo.id
        week = Draft(by_id=cast.cy, first_day=date(2026, 12, 6), since=at)
        db.add(week)
        db.flush()
        line = DraftAct(
            draft_id=week.id, kind="cancel", program_id=cast.rides, shift_id=ids.shift, at=at,
            values='{"reason": ""}',
        )  # fmt: skip
        db.add(line)
        db.flush()
        ids.week_draft, ids.week_draft_act = week.id, line.id
        ids.shift_call, ids.ask_pause = called.id, pause.id
        ids.regular, ids.absence, ids.ask = regular.id, away.id, ask.id
        ids.waiting = waits.id
        ids.hidden_pattern = build.pattern(db, cast.host, at, site_id=cast.house).id
        closed = Closure(first_day=date(2027, 1, 1), last_day=date(2027, 1, 1), reason="New Year")
        db.add(closed)
        db.flush()
        ids.closure = closed.id
        _groups(db, cast, at, ids)
        _swaps(db, cast, at, ids)
        ids.meeting = build.meeting(db, cast.rides, [cast.ana, cast.bo], site_id=cast.office).id
        for key, name, role, program in (
            ("tess", "Tess Oyelaran", Role.TRAINER, cast.rides),
            ("vic", "Vic Marsh", Role.SUPERVISOR, cast.rides),
            ("pia", "Pia Novotny", Role.PRESENTER, None),
            ("kit", "Kit Lund", Role.ON_CALL, cast.rides),
            ("lee", "Lee Abara", Role.CASEWORKER, cast.rides),
        ):
            setattr(ids, key, build.person(db, name, at).id)
            db.add(Membership(person_id=vars(ids)[key], role=role, program_id=program, since=at))
        _cases(db, cast, at, ids)
        told = db.scalars(select(Message).filter_by(kind="signup.made")).first()
        told.token_hash = token_hash(ids.mail_token)
        call = Message(
            kind="signup.removed", person_id=cast.bo, program_id=cast.rides, subject_kind="signup",
            subject_id=ids.signup, channel="call", created_at=at, next_at=at, mail_id="call",
        )  # fmt: skip
        db.add(call)
        db.flush()
        ids.call = call.id
        ids.feed_token = feeds.add_feed(Act(db, build.viewer(cast.ana), at))
        ids.feed = feeds.feeds_of(db, cast.ana)[0].id
        proof = EmailVerification(
            purpose="sign_in", address="bo@example.org", browser_hash="other", created_at=at,
            ends_at=at + timedelta(minutes=15), data="{}", mail_id="prove",
        )  # fmt: skip
        db.add(proof)
        db.flush()
        db.add(
            Message(
                kind="proof", address=proof.address, subject_kind="proof", subject_id=proof.id,
                channel="mail", created_at=at, next_at=at, mail_id="prove",
                token_hash=token_hash(ids.prove),
            )
        )  # fmt: skip
        change = AddressChange(
            person_id=cast.wes, address="wes@example.org", old_address="w@example.org",
            by_id=cast.ada, created_at=at, effective_at=at,
        )  # fmt: skip
        db.add(change)
        db.flush()
        db.add(
            Message(
                kind="email.changed", address=change.old_address, subject_kind="address_change",
                subject_id=change.id, channel="mail", created_at=at, next_at=at, mail_id="stop",
                token_hash=token_hash(ids.email_token),
            )
        )  # fmt: skip
        _people(db, cast, ids, at)
        _incidents(db, cast, ids, at)
        _letters(db, cast, ids, at)
        _board(db, cast, ids, at)
        _on_call(db, cast, ids, at)
        _merge(db, cast, ids, at)
        _milestone(db, cast, ids, at)
        _hours(db, cast, ids, at)
        _skills(db, cast, ids, at)
        _papers(db, cast, ids, at)
        _training(db, cast, ids, at)
        _outreach(db, cast, ids, at)
        job = ImportJob(
            kind="shifts", by_id=cast.ada, program_id=cast.rides, name="shifts.csv", state="ready",
            data=b"title,start,end\nRide,2026-12-20T10:00,2026-12-20T12:00\n", created_at=at,
            asked='{"hours": "", "map": {}}',
            report='{"sums": {"made": 1, "changed": 0, "unchanged": 0, "left out": 0},'
            ' "made": [], "lines": [[2, "made", "Ride"]]}',
        )  # fmt: skip
        db.add(job)
        db.flush()
        ids.job = job.id
        ids.session = build_session(db, cast.sol, at)
    return ids


def _recruitment(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """What the public may apply for, and applications in four states: of people and of a stranger."""
    settings = Settings(secret_key=SECRET)
    cy = Act(db, build.viewer(cast.cy), at)
    listed = build.opportunity(db, cast.driver, at)
    ids.opportunity, ids.posting = listed.id, listed.id
    build.opportunity(db, cast.desk, at)
    question = asking.add_question(
        cy,
        cast.rides,
        {"kind": "yes_no", "label": "Do you have a car?", "help": "", "options": "", "required": False,
         "rank": 1, "position_id": None, "translations": {"es": {"label": "¿Tiene auto?"}}},
    )  # fmt: skip
    paper = asking.add_question(
        cy,
        cast.rides,
        {"kind": "file", "label": "Your certificate", "help": "", "options": "", "required": False,
         "rank": 2, "position_id": None, "translations": {}},
    )  # fmt: skip
    ids.hidden_posting = build.opportunity(db, cast.host, at).id
    db.flush()
    ids.asking, ids.asked_file = question.id, paper.id
    applied = build.application(db, cast.sol, cast.driver, at)
    asking.keep_answers(cy, applied, {asking.name_of(question.id): "yes"})
    ids.application = applied.id
    db.add(
        ApplicationFile(
            application_id=applied.id, question_id=paper.id, media_type="image/png", size=3, data=b"png",
            added_at=at,
        )
    )  # fmt: skip
    ids.hidden_application = build.application(db, "Uri Stone", cast.host, at).id
    stranger = build.application(db, "Ned Ott", cast.driver, at)
    ids.applied = applicant_links.application_token(settings, stranger.link_id)
    reviewed = build.application(db, "Una Vale", cast.desk, at)
    review.start_review(cy, reviewed, None, build.SETTINGS)
    ids.reviewed = reviewed.id
    offered = build.application(db, cast.bo, cast.desk, at)
    review.start_review(cy, offered, None, build.SETTINGS)
    review.accept(cy, offered, at.date())
    ids.offered = offered.id
    _references(db, ids, stranger, at)
    _consent(db, ids, cast, at)
    _likeness(db, ids, cast, at)
    _open_event(db, ids, cast, at)
    assert reviewed.person is not None
    reviewed.person.agency_job, ids.employee = "Case aide", reviewed.person.id
    _interviews(db, cast, ids, reviewed, cy)
    kept = build.application(db, "Ola Kent", cast.desk, at)
    review.start_review(cy, kept, None, build.SETTINGS)
    review.hold(cy, kept, Hold.NO_OPENING, at.date())
    values = {"words": "Do I need a car?", "name": "Ari Fox", "email": "ari@example.com"}
    values |= {"phone": "", "language": "en"}
    asked = inquiries.take_in(Act(db, NOBODY, at), values, listed, settings)
    ids.inquiry = asked.id
    ids.proof = applicant_links.mailed_proof(settings, stranger.link_id)
    typed = {"name": "Dot Lane", "email": "dot@example.com", "phone": ""}
    draft = drafts.start_draft(Act(db, NOBODY, at), listed, typed, settings, "en")
    ids.draft = applicant_links.draft_token(settings, draft.link_id)


def _references(db, ids: Ids, application, at) -> None:  # type: ignore[no-untyped-def]
    """Two people whom an applicant named: one who is asked, and one who answered."""
    proof = build.requirement(
        db, at, kind="reference", name="Two references", validity="none", verifier="screener"
    )
    settings = Settings(secret_key=SECRET)
    rows = []
    for number, name in enumerate(("Lee Fox", "Mo Hill")):
        link_id = f"{number:032}"
        row = Reference(
            application_id=application.id, program_id=application.program_id, requirement_id=proof.id,
            state="asked", name=name, email="", phone="(555) 555-0142", knows="A colleague",
            language="en", asked_at=at, ends_at=at + timedelta(days=30), link_id=link_id,
            link_hash=token_hash(reference_token(settings, link_id)),
        )  # fmt: skip
        db.add(row)
        rows.append(row)
    db.flush()
    said = {
        "known_since": "Six years", "strengths": "Patient", "concerns": "Late at times",
        "recommends": "some",
    }  # fmt: skip
    references.answer(Act(db, NOBODY, at), rows[1], said, "phone")
    ids.reference, ids.said_reference = rows[0].id, rows[1].id
    ids.reference_link = reference_token(settings, rows[0].link_id)


def _consent(db, ids: Ids, cast: Cast, at) -> None:  # type: ignore[no-untyped-def]
    """A parent whom someone named while they were a minor."""
    settings = Settings(secret_key=SECRET)
    row = GuardianRequest(
        person_id=cast.bo, program_id=cast.rides, state="asked", name="Mia Tanaka", relation="My mother",
        email="", phone="(555) 555-0155", language="en", asked_at=at, ends_at=at + timedelta(days=30),
        link_id="f" * 32, link_hash=token_hash(guardian_token(settings, "f" * 32)),
    )  # fmt: skip
    db.add(row)
    db.flush()
    ids.consent, ids.guardian_link = row.id, guardian_token(settings, row.link_id)
    minor = build.person(db, "Pia Quist", at, status="applicant")
    minor.adult_on = at.date() + timedelta(days=300)
    db.add(
        GuardianRequest(
            person_id=minor.id, program_id=cast.rides, state="asked", name="Rolf Quist", relation="My father",
            email="", phone="(555) 555-0156", language="en", asked_at=at, ends_at=at + timedelta(days=30),
            link_id="e" * 32, link_hash=token_hash(guardian_token(settings, "e" * 32)),
        )
    )  # fmt: skip


def _likeness(db, ids: Ids, cast: Cast, at) -> None:  # type: ignore[no-untyped-def]
    """Someone on the do-not-place list, whom another screener has to confirm, and who is like them."""
    row = ListEntry(
        name="Bo Tanner", email="", phone="(555) 555-0177", address="9 Elm Street", reason="conduct", made_at=at,
        made_by_id=cast.noel, review_on=at.date(), expires_on=at.date() + timedelta(days=300),
    )  # fmt: skip
    db.add(row)
    db.flush()
    match = ListMatch(entry_id=row.id, person_id=cast.bo, firm=False, found_at=at)
    db.add(match)
    db.flush()
    ids.list_entry, ids.match = row.id, match.id


def _open_event(db, ids: Ids, cast: Cast, at) -> None:  # type: ignore[no-untyped-def]
    """A shift that is open to everyone, with a guest who came before."""
    settings = Settings(secret_key=SECRET)
    proof = build.requirement(db, at, kind="agreement", name="Liability", validity="none")
    wording = RequirementText(
        requirement_id=proof.id, kind=TextKind.AGREEMENT, number=1, body="At my own risk.", made_at=at,
        translations={"es": {"body": "Bajo mi propio riesgo."}}, approved_by="Legal", approved_on=at.date(),
    )  # fmt: skip
    db.add(wording)
    event = OpenEvent(
        shift_id=ids.shift, program_id=cast.rides, agreement_id=proof.id, places=3, opened_at=at,
        starts_at=db.get_one(Shift, ids.shift).starts_at,
        opened_by_id=cast.cy,
    )  # fmt: skip
    db.add(event)
    db.flush()
    row = Guest(
        event_id=event.id, program_id=cast.rides, state="coming", name="Ivy Cole", email="ivy@example.net",
        language="en", how="online", agreed_at=at, told_start=event.shift.starts_at, again=True, came=True,
        marked_at=at, link_id="e" * 32, link_hash=token_hash(guest_token(settings, "e" * 32)),
    )  # fmt: skip
    db.add(row)
    db.flush()
    ids.event, ids.guest, ids.liability = event.id, row.id, proof.id
    ids.guest_link = guest_token(settings, row.link_id)


def _interviews(db, cast: Cast, ids: Ids, application, by: Act) -> None:  # type: ignore[no-untyped-def]
    """An interview that is booked in a week, and one that took place this morning."""
    moments = [by.at + timedelta(days=8), by.at + timedelta(days=7)]
    rows = []
    for starts_at in moments:
        offered = interviews.Offer(cast.cy, How.PHONE, "We call", 30, (starts_at,))
        row = interviews.offer(by, application, offered, Settings())
        applicant = Act(db, build.viewer(application.person_id), by.at)
        interviews.pick(applicant, row, interviews.times_of(db, row.id, by.at)[0].id)
        if not rows:
            later = Act(db, by.by, starts_at)
            interview_outcomes.decide(later, row, True, "Kind and calm", Settings())
        db.flush()
        rows.append(row)
    ids.held_interview, ids.interview = rows[0].id, rows[1].id


def _people(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """A note about someone, a saved view of the administrator, and a driver who left with a key."""
    cy = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), at)
    noted = notes.add_note(cy, cast.bo, cast.rides, at.date(), "Prefers mornings.")
    view = saved_views.save_view(
        Act(db, build.viewer(cast.ada), at), "people", "Drivers", f"role={cast.driver}"
    )
    gone = build.person(db, "Lou Gone", at)
    build.place(db, gone.id, cast.driver, at)
    values = {"reason": "moved", "may_return": "yes", "equipment": "outstanding", "what": "A key"}
    left = exits.record_exit(Act(db, build.OFFICE, at), gone, values)
    db.flush()
    ids.note, ids.view, ids.exit = noted.id, view.id, left.id


def _letters(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """The program words one letter itself; two people were written to at once."""
    cy = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), at)
    letter_words.save_wording(cy, LetterKind.THANKS, cast.rides, "en", "Dear {name}", 0)
    written = [
        letters.Written(db.get_one(Person, one), "Many thanks.", "en")
        for one in (cast.ana, cast.bo)
    ]
    made = letters.write(cy, LetterKind.THANKS, cast.rides, written, "Cy Ortega", build.SETTINGS)
    ids.issued, ids.batch = made[0].id, made[0].batch


def _board(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """News of the agency."""
    office = Act(db, build.OFFICE, at)
    values = {
        "kind": BoardKind.NEWS, "program_id": None, "position_id": None, "title": "New van",
        "body": "The new van is here.", "first_day": at.date(), "last_day": None, "translations": {},
    }  # fmt: skip
    ids.board = board.write_page(office, values).id


def _merge(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """A record that was merged into Bo's."""
    ada = Act(db, build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), at)
    other = build.person(db, "Bob Twin", at, phone="(555) 555-8080")
    kept = db.get_one(Person, cast.bo)
    seen = Preview([merging.plan(db, kept, other, at)]).seen
    ids.merge = merging.merge(ada, cast.bo, other.id, seen).id


def _milestone(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """Bo reached a hundred hours."""
    row = Milestone(
        person_id=cast.bo, program_id=cast.rides, kind=MilestoneKind.HOURS, number=100,
        reached_on=at.date(), state=MilestoneState.DUE,
    )  # fmt: skip
    db.add(row)
    db.flush()
    ids.milestone = row.id
    asked = Reengagement(person_id=cast.sol, program_id=cast.rides, year=2024, owner_id=cast.cy)
    db.add(asked)
    db.flush()
    ids.reengagement = asked.id
    rows = [
        FirstShift(person_id=one, program_id=cast.rides, shift_id=ids.shift, asked_at=at)
        for one in (cast.ana, cast.bo)
    ]
    db.add_all(rows)
    db.flush()
    first_shifts.answer(Act(db, build.viewer(cast.bo), at), rows[1].id, "maybe", "A long day")
    ids.first_shift, ids.how_it_was = rows[0].id, rows[1].id


def _on_call(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """Kit is on call for Rides this week, and asked the supervisor to cover."""
    cy = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), at)
    on_call.plan(cy, cast.rides, ids.kit, [at.date()], "America/New_York")
    kit = Act(db, build.viewer(ids.kit, (Role.ON_CALL, cast.rides)), at)
    on_call.ask_cover(kit, cast.rides, at.date(), at.date(), ids.vic)


def _incidents(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """Two people read reports, and one waits."""
    for name in ("Rex Amin", "Ivy Roth"):
        person = build.person(db, name, at)
        db.add(Membership(person_id=person.id, role=Role.INCIDENT_RECEIVER, since=at))
        ids.rex = ids.rex or person.id
    build.hotlines(db, at)
    ids.incident = build.incident(db, cast.ana, cast.rides, at).id


def build_session(db, person_id: int, at) -> int:  # type: ignore[no-untyped-def]
    start_session(db, person_id, "Chrome on Android", at)
    return db.scalars(select(SignIn.id).filter_by(person_id=person_id)).one()  # type: ignore[no-any-return]


def _hours(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """A shift that is over, hours that wait, one's own, and a question about some; and who pays."""
    starts = at - timedelta(days=3)
    ids.over = build.shift(db, cast.driver, starts=starts, places=3, title="Last week").id
    signups.sign_up(Act(db, build.OFFICE, at), cast.bo, ids.over, staff=True)
    ids.over_signup = db.scalars(select(Signup.id).filter_by(shift_id=ids.over)).one()
    day = at.date() - timedelta(days=8)
    build.place(db, cast.noel, cast.driver, at)
    made = {
        name: reporting.report(
            Act(db, NOBODY, at), entries.Work(person, cast.rides, cast.driver, day, 90), zone="UTC"
        )
        for name, person in {
            "entry": cast.bo,
            "own_entry": cast.ana,
            "asked_entry": cast.noel,
        }.items()
    }
    asked = questions.ask(Act(db, build.viewer(cast.noel), at), made["asked_entry"], "It was more.")
    label = {"name": "Grant", "position_id": None, "first_day": day, "last_day": None}
    funding.save_label(Act(db, NOBODY, at), cast.rides, None, label)
    db.flush()
    ids.entry, ids.own_entry = made["entry"].id, made["own_entry"].id
    ids.asked_entry, ids.question = made["asked_entry"].id, asked.id
    ids.funding = db.scalars(select(Funding.id)).one()


def _skills(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """Words of the list; what Ana and Bo can do, and when; who looks after Bo and Hana."""
    words = {
        kind: build.skill(db, kind, name, at).id
        for kind, name in (
            (SkillKind.LANGUAGE, "French"),
            (SkillKind.SKILL, "First aid"),
            (SkillKind.DISTRICT, "North"),
        )
    }
    ids.skill = words[SkillKind.LANGUAGE]
    for person in (cast.ana, cast.bo, cast.hana):
        build.can(db, person, {words[SkillKind.LANGUAGE]: "fluent"}, [words[SkillKind.SKILL]], at)
        availability.set_week(
            Act(db, NOBODY, at), person, {3: [Span(600, 900)]}, availability.week_mark({})
        )
        day = date(2026, 12, 24)
        availability.set_day(Act(db, NOBODY, at), person, day, None, at.date())
    days = dict(
        db.execute(select(Availability.person_id, Availability.id).filter_by(day=day)).all()
    )
    ids.free_day, ids.own_day = days[cast.bo], days[cast.ana]
    skills.verify(Act(db, build.viewer(cast.cy), at), cast.bo, ids.skill, "fluent")
    first = date(2026, 11, 1)
    ids.supervision = supervision.give(
        Act(db, build.OFFICE, at), cast.bo, cast.cy, cast.rides, first
    ).id
    supervision.give(Act(db, build.OFFICE, at), cast.hana, cast.mara, cast.shelter, first)
    db.add(Membership(person_id=cast.noel, role=Role.SUPERVISOR, program_id=cast.rides, since=at))
    db.flush()
    ids.cover = supervision.set_cover(
        Act(db, build.OFFICE, at), cast.cy, cast.noel, date(2026, 12, 20), date(2026, 12, 31)
    ).id


def _papers(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """A screener; a license that Ana submitted and Bo has, with an exception; a check of Bo's and one of
    Ana's; something to read; a rule, a wording, a trial period, and a signup that someone decides on."""
    ids.gil = build.person(db, "Gil Moreau", at).id
    db.add(Membership(person_id=ids.gil, role=Role.SCREENER, since=at))
    db.flush()
    today = at.date()
    driving = build.requirement(db, at, program_id=cast.rides)
    words = build.requirement(
        db, at, kind="agreement", name="Keeping quiet", validity="none", program_id=cast.rides
    )
    check = build.requirement(
        db, at, kind="background_check", name="Company report", validity="none",
        check_path="company",
    )  # fmt: skip
    ids.hidden_kind = build.requirement(
        db, at, kind="document", name="Night host papers", program_id=cast.shelter, validity="none"
    ).id
    ids.license, ids.quiet_words, ids.check_kind = driving.id, words.id, check.id
    for what in (driving, words, check):
        rule = build.rule(db, at, what, position_id=cast.driver, binds_all_on=None)
        ids.rule = ids.rule or rule.id
    build.check_texts(db, words, at)
    build.check_texts(db, check, at)
    ids.check_text = db.scalars(
        select(RequirementText.id).filter_by(requirement_id=check.id, kind="disclosure")
    ).one()
    ids.quiet_text = db.scalars(
        select(RequirementText.id).filter_by(requirement_id=words.id, number=1)
    ).one()
    register = build.requirement(
        db, at, kind="background_check", name="State register", validity="none",
        check_path="register",
    )  # fmt: skip
    build.check_texts(db, register, at)
    ids.register_kind = register.id
    ids.wording = kinds.add_text(
        Act(db, build.OFFICE, at), words, TextKind.AGREEMENT, "A newer version.", {}
    ).id
    photo = evidence.File("image/png", PNG)
    ids.evidence = evidence.keep(Act(db, build.viewer(cast.ana), at), cast.ana, photo)
    paper = credentials.Paper(today, date(2028, 1, 1), evidence_id=ids.evidence)
    ids.handed = credentials.hand_in(
        Act(db, build.viewer(cast.ana), at), cast.ana, driving, paper
    ).id
    ids.credential = build.has(db, cast.bo, driving, today, date(2028, 1, 1), at).id
    terms = waivers.Terms(today, date(2027, 2, 1), "It is on its way", cast.driver)
    ids.waiver = waivers.give(
        Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), at), cast.bo, words, terms
    ).id
    gil = build.viewer(ids.gil)
    own = checks.ask(Act(db, gil, at), cast.ana, check)
    checks.see_disclosure(Act(db, build.viewer(cast.ana), at), own, ids.check_text)
    ids.own_check = own.id
    bos = checks.ask(Act(db, gil, at), cast.bo, check)
    ids.check = bos.id
    page = acknowledgements.Page(
        "New opening hours", "We open at nine.", date(2027, 1, 9), cast.rides
    )
    ids.reading = acknowledgements.send(Act(db, build.OFFICE, at), page, today).id
    trials.configure(Act(db, build.OFFICE, at), db.get_one(Position, cast.desk), 6, 3)
    ids.trial_of = db.scalars(
        select(Placement.id).filter_by(person_id=cast.ana, position_id=cast.desk)
    ).one()
    touched = (
        Affected(
            kind="shift", source_id=ids.signup, person_id=cast.ana, program_id=cast.rides,
            position_id=cast.driver, requirement_id=driving.id, cause="rule",
            day=date(2026, 12, 10), found_at=at,
        )
    )  # fmt: skip
    db.add(touched)
    db.flush()
    ids.affected = touched.id


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060"
    "00000004000127340a950000000049454e44ae426082"
)
"""A picture of one pixel."""


def _training(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """Courses of the agency and of sensitive programs, sessions to come and over, a pass that waits."""
    proof = build.course_proof(db, "Welcome course", validity="months", months=12).id
    first = build.course(db, at, name="Welcome", requirement_id=proof, pass_percent=50)
    second = build.course(db, at)
    hidden = build.course(db, at, name="Safe Haven intake", program_id=cast.shelter)
    labeled = build.course(db, at, name="HIV Testing basics", program_id=cast.testing)
    courses.require_course(Act(db, NOBODY, at), second, first)
    material = courses.add_material(Act(db, NOBODY, at), first, "Read me", "Be kind.", "")
    question = courses.add_question(
        Act(db, NOBODY, at), first, "Who decides?", ["They", "We"], 0, {}
    )
    coming = build.session(db, second, starts=build.NOON + timedelta(days=6), site_id=cast.office)
    over = build.session(db, first, starts=at - timedelta(days=5))
    inside = build.session(
        db, hidden, starts=build.NOON + timedelta(days=7), site_id=cast.house, online_link=""
    )
    build.session(db, labeled, starts=build.NOON + timedelta(days=8))
    ana = db.get_one(Person, cast.ana)
    passed = results.from_paper(
        Act(db, NOBODY, at, "paper"), first, ana, at.date() - timedelta(days=9), "", zone="UTC"
    )
    enrolled = enrolments.enrol(Act(db, build.viewer(cast.ana), at), cast.ana, coming.id)
    enrolments.enrol(Act(db, build.OFFICE, at), cast.bo, over.id, staff=True)
    trainer = sessions.add_trainer(Act(db, NOBODY, at), coming, db.get_one(Person, cast.noel))
    target = learning.add_target(Act(db, build.OFFICE, at), "Safety", 480, cast.rides, None)
    db.flush()
    ids.first_course, ids.course, ids.hidden_course = first.id, second.id, hidden.id
    ids.labeled_course, ids.course_session, ids.over_session = labeled.id, coming.id, over.id
    ids.hidden_session, ids.enrolment, ids.passed = inside.id, enrolled.id, passed.id
    ids.material, ids.quiz_question, ids.trainer = material.id, question.id, trainer.id
    ids.proposal, ids.target = db.scalars(select(Proposal.id)).one(), target.id


def _outreach(db, cast: Cast, ids: Ids, at) -> None:  # type: ignore[no-untyped-def]
    """A clerk of the agency; topics, speakers, requests of every kind and talks in every state."""
    ids.dee = build.person(db, "Dee Walker", at).id
    db.add(Membership(person_id=ids.dee, role=Role.OUTREACH_CLERK, since=at))
    db.flush()
    dee = build.viewer(ids.dee, (Role.OUTREACH_CLERK, None))
    settings = Settings(secret_key=SECRET, base_url="http://testserver")
    topic = build.topic(db, at, position_id=cast.desk, program_id=cast.rides)
    hidden = build.topic(
        db, at, "Life in a shelter", position_id=cast.host, program_id=cast.shelter
    )
    ids.topic = topic.id
    for person, topics in ((cast.ana, [topic.id]), (cast.hana, [hidden.id])):
        build.speaker(db, person, topics, at)
    ask = partial(build.talk_request, db, at, settings, by=dee)
    ids.asked_for = ask(
        source="public", organization_name="Elm School", contact_email="elm@school.example"
    ).id
    ids.routed = ask(topics=[topic.id], contact_email="").id
    ids.hidden_request = ask(topics=[hidden.id], organization_name="Quiet Club").id
    book = partial(build.talk, db, at, settings, by=dee, topics=[topic.id])
    coming = book(open_to_public=True)
    table = book(kind="table", minutes=240, starts=build.TALK_AT + timedelta(days=3))
    inside = build.talk(
        db, at, settings, by=dee, topics=[hidden.id], organization_name="Quiet Club",
        starts=build.TALK_AT + timedelta(days=5), open_to_public=True,
    )  # fmt: skip
    past = book(starts=at + timedelta(hours=1))
    why = "Ana comes back for it"
    yes = speaker_offers.OfferTerms(mode="yes", asked="phone", clash_reason=why)
    ana, hana = db.get_one(Person, cast.ana), db.get_one(Person, cast.hana)
    ids.own_offer = speaker_offers.ask(
        Act(db, dee, at), coming, ana, speaker_offers.OfferTerms(clash_reason=why)
    ).id
    speaker_offers.ask(Act(db, dee, at), inside, hana, yes)
    ids.past_offer = speaker_offers.ask(Act(db, dee, at), past, ana, yes).id
    past.starts_at, past.ends_at = at - timedelta(days=2), at - timedelta(days=2, hours=-1)
    other = book(starts=build.TALK_AT + timedelta(days=9), open_to_public=True)
    ids.offer = speaker_offers.ask(Act(db, dee, at), other, ana, yes).id
    ids.held_offer = speaker_offers.ask(
        Act(db, dee, at),
        table,
        ana,
        speaker_offers.OfferTerms(mode="hold", role="co", clash_reason=why),
    ).id
    db.add(FollowUp(presentation_id=coming.id, words="Send the slides", due_on=at.date()))
    ids.talk, ids.table, ids.past_talk, ids.open_talk = coming.id, table.id, past.id, other.id
    ids.group = coming.organization_id or 0
    approach = organizations.offer_talk(
        Act(db, dee, at),
        ids.group,
        {"topic_id": topic.id, "whom": "Rosa", "asked_on": at.date(), "note": ""},
    )
    leaflet = outcomes.add_material(Act(db, dee, at), "Stop the call", "English", "ed. 3")
    db.add(
        CalendarReply(
            presentation_id=coming.id, who="host", address="rosa@parish.example", said="DECLINED",
            mail_key="one", at=at,
        )
    )  # fmt: skip
    db.flush()
    ids.approach, ids.leaflet = approach.id, leaflet.id
    ids.promise = db.scalars(select(FollowUp.id)).one()
    ids.reply = db.scalars(select(CalendarReply.id)).one()
    ids.group_contact = db.scalars(
        select(OrganizationContact.id).filter_by(organization_id=ids.group).limit(1)
    ).first()
    ids.talk_letter = db.scalars(
        select(Message.id).filter_by(subject_kind="talk_request", channel="call").limit(1)
    ).first()
    ids.talk_status = links.status_token(settings, coming.request.link_id)
    asked = db.get_one(TalkRequest, ids.asked_for)
    ids.talk_proof = links.proof_token(settings, asked.link_id)


def _swaps(db, cast: Cast, at, ids: Ids) -> None:  # type: ignore[no-untyped-def]
    """Ana and Bo each offer a shift, and Bo proposes his for hers."""
    offers = []
    for person, days in ((cast.ana, 9), (cast.bo, 10)):
        starts = build.NOON + timedelta(days=days)
        shift = build.shift(db, cast.driver, starts=starts, places=1).id
        act = Act(db, build.viewer(person), at)
        signups.sign_up(act, person, shift, quiet=True)
        offers.append(swaps.offer(act, person, shift))
    ids.own_swap_offer, ids.swap_offer = (one.id for one in offers)
    bo = Act(db, build.viewer(cast.bo), at)
    ids.swap = swaps.propose(bo, offers[0].id, offers[1].signup_id).id


def _cases(db, cast: Cast, at, ids: Ids) -> None:  # type: ignore[no-untyped-def]
    """A case of Rides with something to know beforehand, for which Lee asks for a ride."""
    db.flush()
    ids.function = build.function(db, cast.driver, "Ride", at).id
    lee = Act(db, build.viewer(ids.lee, (Role.CASEWORKER, cast.rides)), at)
    asked = build.help_request(lee, ids.function, at.date() + timedelta(days=5))
    ids.help_request, ids.case = asked.id, asked.case_id
    cy = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), at)
    match = matches.propose(cy, asked, cast.ana, at.date(), build.SETTINGS)
    ids.case_match, today = match.id, at.date()
    ana = Act(db, build.viewer(cast.ana), at)
    matches.accept(ana, match)
    matches.client_said(lee, match, yes=True, on=today, how=Said.SPOKEN, today=today)
    matches.hand_off(lee, match, knows=False, settings=build.SETTINGS)
    told = contacts.Told(today, ContactKind.VISIT, True, Medium.IN_PERSON, 40, note="All is well.")
    ids.visit = contacts.enter(ana, match, told, today, build.SETTINGS).id
    ids.to_do = follow_ups.add(lee, match, "bring the form", today, today).id
    match_letters.write(ana, match, "See you on Tuesday.", today, sure=False)
    later = today + timedelta(days=6)
    other = build.help_request(lee, ids.function, later, "24-0118")
    ids.asked_request = other.id
    ids.asked_match = matches.propose(cy, other, cast.ana, today, build.SETTINGS).id
    over = build.help_request(lee, ids.function, later, "24-0119")
    done = matches.propose(cy, over, cast.ana, today, build.SETTINGS)
    matches.accept(ana, done)
    matches.client_said(lee, done, yes=True, on=today, how=Said.SPOKEN, today=today)
    matches.hand_off(lee, done, knows=False, settings=build.SETTINGS)
    matches.meet(lee, done, today, today, build.SETTINGS)
    matches.end(lee, done, MatchEnd.DONE)
    ids.over_match = done.id
    for who, name, role in (
        ("aud", "Aud Lind", Role.AUDITOR),
        ("pat", "Pat Ochoa", Role.PRIVACY_OFFICER),
    ):
        person = build.person(db, name, at).id
        setattr(ids, who, person)
        db.add(Membership(person_id=person, role=role, since=at))
    db.flush()
    reason = "No answer at the door, and the caseworker is away."
    ids.access = emergency.open_access(cy, asked.case, reason, 60).id
    ids.conflict = conflicts.declare(lee, asked.case, cast.sol, ConflictKind.KIN).id


def _groups(db, cast: Cast, at, ids: Ids) -> None:  # type: ignore[no-untyped-def]
    """A group whose contact is Ana and to which Bo belongs; it has spots on a shift at the desk."""
    cy = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), at)
    early_list = early.add_list(cy, db.get_one(Program, cast.rides), "Lakeside Rowers", 24)
    early.add_person(cy, early_list, cast.bo)
    ids.early_list = early_list.id
    week = clock.week_start(
        clock.local_day(db.get_one(Shift, ids.shift).starts_at, "America/New_York"), 7
    )
    rides = db.get_one(Program, cast.rides)
    named = week_templates.add_template(cy, rides, "Rowers", week, "America/New_York")
    ids.week_template = named.id
    ids.rate = rates.set_rate(Act(db, build.OFFICE, at), at.year, None, 3479, "Sector").id
    crew = groups.add_group(cy, db.get_one(Program, cast.rides), "Lakeside Rowers", cast.ana)
    groups.add_member(cy, crew, cast.bo)
    starts = build.NOON + timedelta(days=3)
    shift = build.shift(db, cast.desk, starts=starts, places=6, title="Food drive")
    row = group_spots.set_spots(cy, crew, shift.slots[0], 2, staff=True, without_records=True)
    assert row
    group_names.add_name(cy, row, "Rosa Lind")
    ids.crew, ids.crew_spots, ids.crew_shift = crew.id, row.id, shift.id
    ids.crew_name = row.names[0].id
    today = clock.local_day(at, "America/New_York")
    _, ids.kiosk_link = kiosks.add_kiosk(cy, cast.office, cast.rides, today, today)
    fill = Fill(by_id=cast.cy, last_day=today + timedelta(days=13), since=at, state="done", tries=1)
    db.add(fill)
    db.flush()
    db.add(FillLine(fill_id=fill.id, slot_id=ids.slot, person_id=cast.bo))
    ids.fill = fill.id
    ids.kiosk = kiosks.add_kiosk(cy, cast.office, cast.rides, today, today)[0].id

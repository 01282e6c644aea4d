"""A person's own paperwork: what their roles ask, submitting, signing, reading."""

from datetime import date
from typing import Any

from sqlalchemy import Select, exists, or_, select
from starlette.responses import Response

from portal.act import Ref
from portal.audit.log import record
from portal.programs.applications import engagements
from portal.programs.models import Program
from portal.programs.placements import a_program_of
from portal.programs.scopes import one
from portal.reading.pictures import LARGEST
from portal.requirements import acknowledgements, credentials, evidence, explain, paperwork
from portal.requirements.check_models import OPEN_CHECKS, BackgroundCheck, RequirementText, TextKind
from portal.requirements.evidence_models import Credential, Evidence
from portal.requirements.forms import OUTCOME_WORDS, HandInForm, SignForm
from portal.requirements.models import (
    UPLOADED,
    Kind,
    Reading,
    ReadingDone,
    Requirement,
    Rule,
    RuleOption,
    RuleVersion,
)
from portal.requirements.scopes import decided_papers, own_checks
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.web.uploads import uploads
from portal.words import text


def show(request: Request, form: Any = None) -> Screen:
    """What I may do, what is missing for the rest, and my papers."""
    db, viewer = request.db, request.viewer
    assert viewer.person_id
    return screen(
        "requirements/own.html",
        standings=paperwork.standings_of(db, viewer.person_id, today_of(request)),
        reasons=explain.to_you,
        papers=paperwork.papers_of(db, paperwork.own_papers(viewer.person_id), viewer.person_id),
        checks=db.scalars(own_checks(viewer).order_by(BackgroundCheck.id.desc()).limit(20)).all(),
        open_checks=OPEN_CHECKS,
        readings=acknowledgements.unread(db, viewer.person_id),
        states=OUTCOME_WORDS,
        form=form,
    )


def asked_requirements(person_id: int) -> Select[Requirement]:
    """The requirements that the rules of someone's roles name, or named: what they may submit."""
    engaged = engagements()
    asked = exists().where(
        Rule.id == RuleVersion.rule_id,
        RuleVersion.id == RuleOption.rule_version_id,
        RuleOption.requirement_id == Requirement.id,
        engaged.c.person_id == person_id,
        or_(Rule.program_id.is_(None), Rule.program_id == engaged.c.program_id),
        or_(Rule.position_id.is_(None), Rule.position_id == engaged.c.position_id),
    )
    had = exists().where(
        Credential.person_id == person_id, Credential.requirement_id == Requirement.id
    )
    return select(Requirement).where(or_(asked, had))


def own_requirement(request: Request, requirement_id: int) -> Requirement:
    """One of the requirements that one's roles ask for, or NotFound."""
    assert request.viewer.person_id
    mine = asked_requirements(request.viewer.person_id)
    return one(request.db, mine, Requirement.id == requirement_id)


def show_requirement(request: Request, requirement_id: int, form: Any = None) -> Screen:
    """One proof: what it is, how it stands, and handing it in or signing it."""
    db, viewer = request.db, request.viewer
    assert viewer.person_id
    requirement = own_requirement(request, requirement_id)
    mine = paperwork.own_papers(viewer.person_id).where(Credential.requirement_id == requirement_id)
    wording = None
    if requirement.kind == Kind.AGREEMENT:
        wording = credentials.current_text(db, requirement_id, TextKind.AGREEMENT)
    checks = own_checks(viewer).where(BackgroundCheck.requirement_id == requirement_id)
    return screen(
        "requirements/hand_in.html",
        requirement=requirement,
        papers=paperwork.papers_of(db, mine, viewer.person_id),
        states=OUTCOME_WORDS,
        uploads=requirement.kind in UPLOADED and requirement.closed_at is None,
        wording=wording,
        check=db.scalars(checks.order_by(BackgroundCheck.id.desc()).limit(1)).first(),
        form=form,
        handing=form_of(form, HandInForm),
        signing=form_of(form, SignForm),
        contact=_contact(request),
    )


def _contact(request: Request) -> Any:
    """Whom to call about paperwork: the contact of a program one serves in or applied to."""
    assert request.viewer.person_id
    program_id = a_program_of(request.db, request.viewer.person_id)
    return request.db.execute(
        select(Program.contact_name, Program.contact_phone).where(Program.id == program_id)
    ).first()


def read_file(request: Request, form: HandInForm, **ids: Any) -> evidence.File:
    """Look into the file that was sent, before anything is written."""
    return evidence.read(uploads(request, "file", LARGEST))


def hand_in(request: Request, form: HandInForm, requirement_id: int) -> See:
    """Hand one's own proof in."""
    assert request.viewer.person_id
    requirement = own_requirement(request, requirement_id)
    keep_and_hand_in(request, form, request.viewer.person_id, requirement, None)
    return See(
        "/me/paperwork", text("Thank you! We'll review it and tell you if it needs changes.")
    )


def keep_and_hand_in(
    request: Request,
    form: HandInForm,
    person_id: int,
    requirement: Requirement,
    asked: str | None,
) -> None:
    """Keep the file that came with a form, and hand it in with its dates."""
    file_id = evidence.keep(request.act, person_id, request.prepared)
    paper = credentials.Paper(form.issued_on.data, form.expires_on.data, evidence_id=file_id)
    _refuse_future(request, form.issued_on.data)
    credentials.hand_in(request.act.but(asked=asked), person_id, requirement, paper)


def _refuse_future(request: Request, issued_on: date) -> None:
    if issued_on > today_of(request):
        raise Refused(fields={"issued_on": text("This date is in the future.")})


def sign(request: Request, form: SignForm, requirement_id: int) -> See:
    """Sign an agreement."""
    db, viewer = request.db, request.viewer
    assert viewer.person_id
    requirement = own_requirement(request, requirement_id)
    wording = db.get(RequirementText, form.shown.data or 0)
    if wording is None or wording.requirement_id != requirement.id:
        raise Refused(text("The wording changed since you opened this page. Read it again."))
    today = today_of(request)
    credentials.sign(request.act, viewer.person_id, requirement, wording, form.name.data, today)
    return See("/me/paperwork", text("You signed it. Thank you!"))


def show_reading(request: Request, reading_id: int, form: Any = None) -> Screen:
    """Something to read, and "I have read this"."""
    assert request.viewer.person_id
    reading = one(
        request.db,
        acknowledgements.own_readings(request.viewer.person_id),
        Reading.id == reading_id,
    )
    done = request.db.get(ReadingDone, (reading_id, request.viewer.person_id))
    return screen("requirements/reading.html", reading=reading, done=done, form=form)


def have_read(request: Request, form: Any, reading_id: int) -> See:
    """Say that one has read it."""
    db, viewer = request.db, request.viewer
    assert viewer.person_id
    reading = one(db, acknowledgements.own_readings(viewer.person_id), Reading.id == reading_id)
    acknowledgements.have_read(request.act, viewer.person_id, reading)
    return See("/me/paperwork", text("Thank you for reading this."))


def download(request: Request, evidence_id: int) -> Response:
    """A file that was submitted, for its person and for those who decide on it."""
    found = request.db.get(Evidence, evidence_id)
    if found is None:
        raise NotFound
    if found.person_id != request.viewer.person_id:
        theirs = decided_papers(request.viewer).where(Credential.evidence_id == evidence_id)
        if request.db.scalar(theirs.with_only_columns(Credential.id).limit(1)) is None:
            raise NotFound
        about = Ref("evidence", found.id, found.person_id)
        request.trail(
            lambda db: record(request.act.but(db=db), "evidence.opened", about), must=True
        )
    return evidence.answer(found)

"""What outreach stands on: topics, speakers, what we give out, terms; letters to write, answers of calendars,
and what it all adds up to."""

from typing import Any

from sqlalchemy import select

from portal.outreach import intake_policy, outcomes, speakers
from portal.outreach.events import KIND_WORDS
from portal.outreach.forms import (
    MaterialForm,
    PledgeForm,
    RoutesForm,
    SpeakerForForm,
    TermsForm,
    TopicForm,
)
from portal.outreach.intake_models import Topic
from portal.outreach.intake_policy import Terms
from portal.outreach.outcome_models import Material
from portal.outreach.scopes import MANAGE, routable_programs, topics_seen, writable_topics
from portal.outreach.talk_models import Speaker
from portal.outreach.views.words import skill_names
from portal.people.models import Person, Status
from portal.people.search import matches
from portal.programs.models import Position, Program
from portal.programs.scopes import one, people_seen_with
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

MOST_FOUND = 20


def list_topics(request: Request) -> Screen:
    """What we talk about."""
    rows = request.db.scalars(speakers.topics(closed=True)).all()
    programs = {row.id: row.name for row in request.db.scalars(select(Program))}
    mine = {one.id for one in request.db.scalars(routable_programs(request.viewer))}
    shown = [row for row in rows if row.program_id is None or row.program_id in mine]
    return screen(
        "outreach/topics.html", rows=shown, programs=programs, whole=_whole(request), mine=mine
    )


def _whole(request: Request) -> bool:
    """Whether the viewer looks after the agency's outreach, not only that of a program."""
    return request.viewer.everywhere(MANAGE)


def _writable(request: Request, topic_id: int) -> Topic:
    """A topic one may write: of the agency, by its clerks; of a program, by whoever books for it."""
    return one(request.db, writable_topics(request.viewer), Topic.id == topic_id)


def new_topic(request: Request, form: TopicForm | None = None) -> Screen:
    """Write a topic."""
    return _topic_screen(request, form or TopicForm(data={"minutes": 45}), None)


def _topic_screen(request: Request, form: TopicForm, row: Topic | None) -> Screen:
    programs = request.db.scalars(routable_programs(request.viewer)).all()
    ids = [one.id for one in programs]
    positions = request.db.execute(
        select(Position.id, Position.name, Program.name.label("program"))
        .join(Program, Program.id == Position.program_id)
        .where(Position.program_id.in_(ids), Position.closed_at.is_(None))
        .order_by(Program.name, Position.name)
        .limit(500)
    )
    return screen(
        "outreach/topic.html",
        form=form,
        row=row,
        programs=[(one.id, one.name) for one in programs],
        positions=[(one.id, f"{one.program}: {one.name}") for one in positions],
    )


def _topic_values(request: Request, form: TopicForm) -> dict[str, Any]:
    values = form.values
    mine = {one.id for one in request.db.scalars(routable_programs(request.viewer))}
    if values["program_id"] is None and not _whole(request):
        raise Refused(fields={"program_id": text("Select one of your programs.")})
    if values["program_id"] is not None and values["program_id"] not in mine:
        raise Refused(fields={"program_id": text("Select one of your programs.")})
    position = request.db.get(Position, values["position_id"]) if values["position_id"] else None
    if values["position_id"] and (position is None or position.program_id not in mine):
        raise Refused(fields={"position_id": text("Select a role in one of your programs.")})
    return {name: values[name] for name in speakers.TOPIC_COLUMNS}


def create_topic(request: Request, form: TopicForm) -> See:
    """Save a topic."""
    values = _topic_values(request, form)
    speakers.save_topic(request.act, None, values, None)
    return See("/outreach/topics", text("The topic was added."))


def edit_topic(request: Request, topic_id: int, form: TopicForm | None = None) -> Screen:
    """Change a topic."""
    row = _writable(request, topic_id)
    return _topic_screen(request, form or TopicForm.showing(speakers.topic_values(row)), row)


def update_topic(request: Request, form: TopicForm, topic_id: int) -> See:
    """Save it."""
    row = _writable(request, topic_id)
    values = _topic_values(request, form)
    speakers.save_topic(request.act, row, values, form.version.data)
    return See("/outreach/topics", text("The topic was saved."))


def close_topic(request: Request, form: Any, topic_id: int) -> See:
    """Close a topic."""
    row = _writable(request, topic_id)
    speakers.close_topic(request.act, row, closed=True)
    return See("/outreach/topics", text("The topic is no longer offered."))


def reopen_topic(request: Request, form: Any, topic_id: int) -> See:
    """Offer it again."""
    row = _writable(request, topic_id)
    speakers.close_topic(request.act, row, closed=False)
    return See("/outreach/topics", text("The topic is offered again."))


def list_materials(request: Request, form: MaterialForm | None = None) -> Screen:
    """What we give out."""
    return screen(
        "outreach/materials.html",
        rows=request.db.scalars(outcomes.materials()).all(),
        form=form,
        adding=form or MaterialForm(data={"language": "English"}),
    )


def add_material(request: Request, form: MaterialForm) -> See:
    """A new title, or a new edition."""
    outcomes.add_material(request.act, form.title.data, form.language.data, form.edition.data or "")
    return See("/outreach/materials", text("The material was added."))


def supersede_material(request: Request, form: Any, material_id: int) -> See:
    """Withdraw a handout."""
    row = one(request.db, select(Material), Material.id == material_id)
    outcomes.supersede(request.act, row)
    return See("/outreach/materials", text("The material is no longer in use."))


def list_speakers(request: Request) -> Screen:
    """Who speaks for us; and finding someone to add."""
    query = request.asked("q")
    seen = people_seen_with(request.viewer, MANAGE)
    wanted = matches(query)
    found: Any = []
    if query and wanted is not None:
        found = request.db.execute(
            seen.with_only_columns(Person.id, Person.name)
            .where(wanted, Person.status == Status.ACTIVE)
            .order_by(Person.name)
            .limit(MOST_FOUND)
        ).all()
    ids = set(request.db.scalars(seen.with_only_columns(Person.id)))
    rows = [row for row in speakers.list_speakers(request.db) if row.person_id in ids]
    return screen("outreach/speakers.html", rows=rows, found=found, query=query)


def _seen_person(request: Request, person_id: int) -> Person:
    return one(request.db, people_seen_with(request.viewer, MANAGE), Person.id == person_id)


def show_speaker(request: Request, person_id: int, form: SpeakerForForm | None = None) -> Screen:
    """What someone speaks about, and how often."""
    person = _seen_person(request, person_id)
    row = request.db.get(Speaker, person.id)
    there = row is not None and row.ended_at is None
    if form is None:
        data: dict[str, Any] = {"topics": [], "per_month": 3, "rest_days": 2, "version": 0}
        if row:
            data = {name: getattr(row, name) for name in (*speakers.OWN, "version")}
            data["topics"] = speakers.topics_of(request.db, person.id)
        form = SpeakerForForm(data=data | {"asked": "phone"})
    topics = request.db.scalars(topics_seen(request.viewer))
    return screen(
        "outreach/speaker.html",
        person=person,
        speaker=row if there else None,
        form=form,
        topics=[(one.id, request.written(one.name, one.translations)) for one in topics],
    )


def save_speaker(request: Request, form: SpeakerForForm, person_id: int) -> See:
    """Save it."""
    person = _seen_person(request, person_id)
    values = {name: form[name].data for name in speakers.OWN}
    seen = {topic.id for topic in request.db.scalars(topics_seen(request.viewer))}
    kept = (
        set(speakers.topics_of(request.db, person.id)) - seen
    )  # of programs one does not book for
    chosen = kept | (seen & set(form.topics.data))
    speakers.set_speaker(
        request.act.but(asked=form.asked.data), person, values, chosen, form.version.data
    )
    return See("/outreach/speakers", text("%(name)s is now a speaker.", name=person.name))


def end_speaker(request: Request, form: Any, person_id: int) -> See:
    """End someone's time as a speaker."""
    person = _seen_person(request, person_id)
    speakers.end_speaker(request.act, person.id)
    return See("/outreach/speakers", text("%(name)s is no longer a speaker.", name=person.name))


def show_terms(request: Request, form: Any = None) -> Screen:
    """How far ahead each kind may be asked for, what is acknowledged, and which program gets what."""
    _need_whole(request)
    version, words, translations = intake_policy.pledge_of(request.db)
    own = PledgeForm.flat({"words": words, "translations": translations}) if version else {}
    return screen(
        "outreach/terms.html",
        terms=intake_policy.all_terms(request.db),
        kinds=KIND_WORDS,
        version=version,
        pledge=words,
        form=form,
        pledging=form_of(form, PledgeForm, own),
        districts=skill_names(request)["district"],
        programs=[(p.id, p.name) for p in request.db.scalars(routable_programs(request.viewer))],
        routes=intake_policy.routes(request.db),
        typed=form.typed if isinstance(form, TermsForm) else {},
    )


def _need_whole(request: Request) -> None:
    if not _whole(request):
        raise NotFound


def save_terms(request: Request, form: TermsForm) -> See:
    """Save the terms of every kind."""
    _need_whole(request)
    rows = {kind: form.row(kind) for kind in KIND_WORDS}
    if any(row is None for row in rows.values()):
        raise Refused(text("Enter whole numbers. The maximum must be more than the minimum."))
    wanted = {kind: Terms(*row) for kind, row in rows.items() if row}
    intake_policy.set_terms(request.act, wanted)
    return See("/outreach/terms", text("The request rules were saved."))


def save_pledge(request: Request, form: PledgeForm) -> See:
    """A new version of what is acknowledged."""
    _need_whole(request)
    intake_policy.write_pledge(request.act, form.words.data, form.translations)
    return See("/outreach/terms", text("The terms were saved."))


def save_routes(request: Request, form: RoutesForm) -> See:
    """Which program gets the requests of which part of the county."""
    _need_whole(request)
    known = {number for number, _ in skill_names(request)["district"]}
    mine = {one.id for one in request.db.scalars(routable_programs(request.viewer))}
    wanted = {
        number: program if program in mine else None
        for number, program in form.wanted.items()
        if number in known
    }
    intake_policy.set_routes(request.act, wanted)
    return See("/outreach/terms", text("The program areas were saved."))

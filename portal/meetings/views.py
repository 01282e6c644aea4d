"""Pages of meetings: planning and inviting, and answering an invitation."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from starlette.responses import Response

from portal.act import Ref
from portal.domain import Panel
from portal.meetings import invitees, meetings
from portal.meetings.events import ABOUT, KIND_WORDS, happening_of
from portal.meetings.forms import (
    ANSWERS,
    THEIR_ANSWERS,
    AnswerForm,
    CancelMeetingForm,
    InviteForm,
    MeetingForm,
    NewMeetingForm,
    TheirAnswerForm,
)
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.scopes import EVERYONE, MANAGE, managed_meetings, visible_meetings
from portal.people.models import Person
from portal.programs.confidential import is_told, note_reading, told_from
from portal.programs.models import Position, Program, Site
from portal.programs.naming import the_one
from portal.programs.scopes import one, scheduled_programs
from portal.web.answers import Screen, See, screen
from portal.web.calendar_files import download
from portal.web.errors import NotFound, Preview, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import count_text, text

MOST = 200
SAID_YES = text("Thank you! See you there.")
SAID_NO = text("OK. Thank you for telling us.")


def index(request: Request) -> Screen:
    """The meetings ahead in one's programs, and how many come."""
    listed = select(func.count()).where(Invitee.meeting_id == Meeting.id)
    number = listed.where(Invitee.answer == Answer.YES).scalar_subquery()
    invited = listed.where(Invitee.answer != Answer.REMOVED).scalar_subquery()
    columns = (
        Meeting.id, Meeting.kind, Meeting.title, Meeting.starts_at, Meeting.ends_at, Meeting.zone,
        Meeting.canceled_at, Program.name.label("program"), Program.translations,
        number.label("number"), invited.label("invited"),
    )  # fmt: skip
    found = request.db.execute(
        managed_meetings(request.viewer)
        .with_only_columns(*columns)
        .join(Program, Program.id == Meeting.program_id)
        .where(Meeting.ends_at > request.at)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST)
    ).all()
    return screen("meetings/list.html", meetings=found, kinds=KIND_WORDS)


def new(request: Request, form: NewMeetingForm | None = None) -> Screen:
    """Write a meeting."""
    form = form or NewMeetingForm(data={"zone": request.settings.timezone, "kind": "meeting"})
    return _form_screen(request, form, None)


def _form_screen(request: Request, form: MeetingForm, meeting: Meeting | None) -> Screen:
    programs = request.db.scalars(
        scheduled_programs(request.viewer).order_by(Program.name).limit(MOST)
    ).all()
    usable = [meeting.program_id] if meeting else [each.id for each in programs]
    sites = request.db.execute(
        select(Site.id, Site.name)
        .where(Site.program_id.is_(None) | Site.program_id.in_(usable), Site.closed_at.is_(None))
        .order_by(Site.name)
        .limit(1000)
    )
    return screen(
        "meetings/edit.html",
        form=form,
        meeting=meeting,
        programs=[(each.id, request.written(each.name, each.translations)) for each in programs],
        sites=[(row.id, row.name) for row in sites],
    )


def create(request: Request, form: NewMeetingForm) -> See:
    """Write it; then people are invited."""
    found = scheduled_programs(request.viewer).where(Program.id == form.program.data)
    program = request.db.scalars(found).one_or_none()
    if program is None:
        raise Refused(fields={"program": text("Select a program.")})
    made = meetings.plan(request.act, program, form.columns)
    return See(_path(made.id), text("Saved. No one was told yet. Who should be invited?"))


def _path(meeting_id: int) -> str:
    return f"/meetings/{meeting_id}"


def _managed(request: Request, meeting_id: int) -> Meeting:
    return one(request.db, managed_meetings(request.viewer), Meeting.id == meeting_id)


def _visible(request: Request, meeting_id: int) -> Meeting:
    return one(request.db, visible_meetings(request.viewer), Meeting.id == meeting_id)


def show(
    request: Request, meeting_id: int, form: Any = None, person_id: int | None = None
) -> Screen:
    """A meeting: one's own answer, and for whoever manages it who is invited."""
    meeting = _visible(request, meeting_id)
    manages = request.viewer.may_in(MANAGE, meeting.program_id)
    inviting = form_of(form, InviteForm)
    preview = inviting.refusal if isinstance(inviting.refusal, Preview) else None
    inviting.seen.data = preview.seen if preview else ""
    lines = invitees.lines_of(request.db, meeting.id) if manages else []
    own = _own_answer(request, meeting_id)
    return screen(
        "meetings/show.html",
        meeting=meeting,
        site=_site(request, meeting, own) if not manages else meeting.site,
        told_from=told_from(meeting.starts_at, meeting.zone),
        kind=KIND_WORDS[meeting.kind],
        own=own,
        answers=ANSWERS,
        their_answers=THEIR_ANSWERS,
        manages=manages,
        lines=lines,
        over=meeting.starts_at <= request.at,
        inviting=inviting,
        preview=preview.changes if preview else None,
        groups=_groups(request, meeting) if manages else [],
        form=form,
    )


def _site(request: Request, meeting: Meeting, own: Answer | None) -> Site | None:
    """The location as someone who is invited reads it: a confidential one from the day before, if they said
    yes, and it is noted (SECURITY P10)."""
    site = meeting.site
    if site is None or not site.confidential:
        return site
    comes = own == Answer.YES and meeting.canceled_at is None and meeting.ends_at > request.at
    if not (comes and is_told(meeting.starts_at, meeting.zone, request.at)):
        return None
    note_reading(request, Ref(Meeting.noun, meeting.id, None, meeting.program_id))
    return site


def _own_answer(request: Request, meeting_id: int) -> Answer | None:
    own = select(Invitee.answer).where(
        Invitee.meeting_id == meeting_id,
        Invitee.person_id == request.viewer.person_id,
        Invitee.answer != Answer.REMOVED,
    )
    return request.db.scalars(own).one_or_none()


def _groups(request: Request, meeting: Meeting) -> Sequence[tuple[int, Any]]:
    """Whom one can invite at once: everyone who serves in the program, or in one role."""
    roles = request.db.scalars(
        select(Position)
        .where(Position.program_id == meeting.program_id, Position.closed_at.is_(None))
        .order_by(Position.name)
        .limit(MOST)
    )
    every = (EVERYONE, text("Everyone who serves in this program"))
    return [every, *((row.id, request.written(row.name, row.translations)) for row in roles)]


def edit(request: Request, meeting_id: int, form: MeetingForm | None = None) -> Screen:
    """Change a meeting."""
    meeting = _managed(request, meeting_id)
    return _form_screen(request, form or MeetingForm.showing(meeting), meeting)


def update(request: Request, form: MeetingForm, meeting_id: int) -> See:
    """Save it."""
    meeting = _managed(request, meeting_id)
    meetings.edit(request.act, meeting, form.columns, form.version.data)
    return See(_path(meeting_id), text("The meeting was saved."))


def ask_to_cancel(
    request: Request, meeting_id: int, form: CancelMeetingForm | None = None
) -> Screen:
    """Ask for the reason, and name who is told."""
    meeting = _managed(request, meeting_id)
    return screen(
        "meetings/cancel.html",
        meeting=meeting,
        people=[row.person for row in meetings.expected(request.db, meeting.id)],
        form=form or CancelMeetingForm(),
    )


def cancel(request: Request, form: CancelMeetingForm, meeting_id: int) -> See:
    """Cancel it."""
    meetings.cancel(request.act, _managed(request, meeting_id), form.reason.data)
    return See(_path(meeting_id), text("The meeting was canceled."))


def invite(request: Request, form: InviteForm, meeting_id: int) -> See:
    """Invite a group, or one person."""
    meeting = _managed(request, meeting_id)
    whom = form.whom.data
    person_id = the_one(request, form.who.data).id if form.who.data else None
    if whom is None and person_id is None:
        raise Refused(fields={"whom": text("Select a group, or enter a person.")})
    people = invitees.invite(request.act, meeting, whom, person_id, form.seen.data or "")
    said = count_text("%(n)s person was invited.", "%(n)s people were invited.", len(people))
    return See(_path(meeting_id), said)


def answer(request: Request, form: AnswerForm, meeting_id: int) -> See:
    """Say whether one comes."""
    assert request.viewer.person_id
    yes = form.said.data == "yes"
    invitees.answer(request.act, _visible(request, meeting_id), request.viewer.person_id, yes=yes)
    return See(_path(meeting_id), SAID_YES if yes else SAID_NO)


def answer_for(request: Request, form: TheirAnswerForm, meeting_id: int, person_id: int) -> See:
    """Write down what someone told staff."""
    act = request.act.but(asked=form.asked.data)
    meeting = _managed(request, meeting_id)
    invitees.answer(act, meeting, person_id, yes=form.said.data == "yes")
    name = request.db.get_one(Person, person_id).name
    return See(_path(meeting_id), text("Saved what %(name)s said.", name=name))


def remove(request: Request, form: Any, meeting_id: int, person_id: int) -> See:
    """Take someone off the list."""
    invitees.remove(request.act, _managed(request, meeting_id), person_id)
    name = request.db.get_one(Person, person_id).name
    return See(_path(meeting_id), text("%(name)s is off the list.", name=name))


def download_meeting(request: Request, meeting_id: int) -> Response:
    """A meeting that one comes to as a calendar file."""
    row = request.db.execute(
        ABOUT.where(
            Invitee.meeting_id == meeting_id,
            Invitee.person_id == request.viewer.person_id,
            Invitee.answer == Answer.YES,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    happening = happening_of(row, request.settings, request.language)
    return download(request, happening, f"meeting-{meeting_id}.ics")


def panels(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    """The invitations that wait for the viewer's answer, and those they said no to, which they may change."""
    rows = request.db.execute(
        ABOUT.where(
            Invitee.person_id == request.viewer.person_id,
            Invitee.answer.in_((Answer.ASKED, Answer.NO)),
            Meeting.starts_at > request.at,
            Meeting.canceled_at.is_(None),
            Meeting.id.in_(visible_meetings(request.viewer).with_only_columns(Meeting.id)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(10)
    )
    for row in rows:
        rank = 26 if row.answer == Answer.ASKED else 91
        yield Panel(rank, "meetings/_asked.html", {"row": row, "answers": ANSWERS}, row.starts_at)

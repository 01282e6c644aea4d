"""What cases offer the rest of the portal."""

from functools import partial

from sqlalchemy import Select, func

from portal.act import Act
from portal.cases import (
    cases,
    contacts,
    digest,
    due,
    emergency,
    leaving,
    lists,
    matches,
    routes,
    scopes,
    story,
)
from portal.cases.emergency_models import EmergencyAccess
from portal.cases.expiring import EXPIRES
from portal.cases.match_notices import NOTICES
from portal.cases.models import HelpRequest, Match, MatchState, RequestState
from portal.cases.settings import SETTINGS
from portal.cases.views import helping
from portal.domain import Answerable, Chore, Domain, Now, Queue, once
from portal.permissions import Permission, Viewer
from portal.web.shared import Entry
from portal.words import Words, text


def _answer(act: Act, match_id: int, said: str) -> None:
    """What a volunteer said from the page of a mail, or by phone."""
    row = act.db.get_one(Match, match_id)
    if said == "yes":
        matches.accept(act, row)
    else:
        matches.decline(act, row)


def _in_list(which: str, viewer: Viewer, now: Now) -> Select[HelpRequest]:
    return lists.requests_in(viewer, which, now.today)


def _follows(name: str, words: Words, icon: str, rank: int) -> Queue:
    """What of the matches that someone follows wants something now."""

    def rows(viewer: Viewer, now: Now) -> Select[Match]:
        return story.which_of(viewer, name, now.today)

    path = f"/matches?which={name}"
    return Queue(f"match_{name}", words, path, icon, rank, rows, may=Permission.CASES_FOLLOW)


DOMAIN = Domain(
    "cases",
    pages=routes.pages,
    navigation=(
        Entry(
            text("Cases"),
            "/cases",
            "heart",
            Permission.CASES_REQUEST,
            also=("/help-requests",),
            rank=85,
        ),
        Entry(text("Matches"), "/matches", "people", Permission.CASES_FOLLOW, rank=86),
    ),
    queues=(
        Queue(
            "emergencies",
            text("Emergency access to review"),
            "/emergency-access",
            "exclamation-circle",
            6,
            lambda viewer, now: emergency.unreviewed(viewer),
            oldest=func.min(EmergencyAccess.at),
            may=Permission.CASES_OVERSEE,
        ),
        Queue(
            "help",
            text("Requests that look for a volunteer"),
            "/help-requests",
            "heart",
            66,
            lambda viewer, now: scopes.known_requests(viewer).where(
                HelpRequest.state == RequestState.OPEN
            ),
            oldest=func.min(HelpRequest.since),
            may=Permission.CASES_REQUEST,
        ),
        Queue(
            "handoff",
            text("Clients to ask, and volunteers to hand off to"),
            "/help-requests/waiting",
            "person-check",
            64,
            lambda viewer, now: scopes.readable_matches(viewer).where(
                Match.state.in_((MatchState.ACCEPTED, MatchState.AGREED))
            ),
            oldest=func.min(Match.accepted_at),
            may=Permission.CASES_READ,
        ),
        *(
            Queue(
                f"help_{which}",
                words,
                f"/help-requests?which={which}",
                icon,
                rank,
                partial(_in_list, which),
                may=Permission.CASES_REQUEST,
            )
            for which, words, icon, rank in (
                ("due", text("First visits due within 7 days"), "clock", 67),
                ("review", text("Requests to look at again"), "eye", 68),
            )
        ),
        Queue(
            "asked",
            text("Volunteers who were asked to help and didn't answer yet"),
            "/help-requests/waiting?which=asked",
            "hourglass-split",
            181,
            lambda viewer, now: scopes.readable_matches(viewer).where(
                Match.state == MatchState.PROPOSED
            ),
            oldest=func.min(Match.proposed_at),
            may=Permission.CASES_READ,
        ),
        *(
            _follows(name, words, icon, rank)
            for name, words, icon, rank in (
                ("overdue", text("Visits or calls that are overdue"), "clock", 61),
                ("messages", text("Messages to read"), "envelope", 62),
                ("to-do", text("To do for clients by today"), "check-circle", 63),
                ("visits", text("Visits to read"), "eye", 182),
            )
        ),
    ),
    chores=(
        Chore(
            "case words",
            175,
            lambda db, now: db.scalars(cases.to_erase(db, now.settings, now.at).limit(200)).all(),
            lambda act, case_id, now: cases.erase_words(act, case_id, now.settings),
        ),
        Chore(
            "contact drafts",
            176,
            once(lambda db, now: contacts.has_old_drafts(db, now.at)),
            lambda act, _, now: contacts.forget_old_drafts(act.db, now.at),
            counts=False,
        ),
        Chore(
            "match digest",
            178,
            once(lambda db, now: digest.due(db, now.zone, now.at)),
            lambda act, _, now: digest.write(act.db, now.zone, now.at),
            counts=False,
        ),
        Chore(
            "help due",
            179,
            once(lambda db, now: due.is_time(db, now.zone, now.at)),
            lambda act, _, now: due.warn(act.db, now.zone, now.at),
            counts=False,
        ),
    ),
    settings=SETTINGS,
    notices={**NOTICES, digest.NOTICE.kind.name: digest.NOTICE, due.DUE.name: due.NOTICE},
    expires=EXPIRES,
    home=helping.panels,
    release=leaving.release,
    engaged=leaving.engaged,
    answerable={
        Match.noun: Answerable(
            _answer,
            helping.THANKS,
            follow_up=lambda db, one: (
                f"/help-requests/{db.get_one(Match, one).request_id}/volunteers"
            ),
        )
    },
)

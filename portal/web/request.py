"""One request as views see it: who is looking, when, in which language, through which session."""

import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette import requests
from starlette.datastructures import FormData
from starlette.responses import Response

from portal import clock
from portal.act import Act
from portal.languages import LANGUAGES
from portal.permissions import NOBODY, Viewer
from portal.settings import Settings
from portal.typed import read_day
from portal.weather import is_weather
from portal.web import csrf, flash
from portal.web.forms import Form, clean
from portal.web.htmx import Htmx
from portal.web.ids import as_id
from portal.web.shared import TRAIL_SECONDS, CanUndo, Entry, Portal, Trail, Undos
from portal.words import CATALOGS, Words, best_language, in_language

log = logging.getLogger(__name__)


LONGEST_WORD = 250
"""Letters of a word in an address's query: a mark of a page is a name of 200 and an id."""


class Request(requests.Request):
    """A request with its viewer. `db` is the session of the beat that is running."""

    db: Session
    viewer: Viewer = NOBODY
    lapsed: int | None = None
    form_data: FormData
    bound: Form
    prepared: Any = None
    not_before: float = 0.0
    must_keep: bool = False
    kept_files: tuple[str, list[str]] | None = None
    used_files: str = ""
    undo_id: int | None = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.at = clock.now()
        self.trails: list[Trail] = []
        self.set_cookies: list[tuple[str, str, int | None]] = []

    @property
    def portal(self) -> Portal:
        return self.scope["app"].state.portal  # type: ignore[no-any-return]

    @property
    def settings(self) -> Settings:
        return self.portal.settings

    @property
    def ids(self) -> dict[str, Any]:
        """What the address names, for the view's arguments."""
        return self.path_params

    def enter(self, db: Session) -> None:
        """Find out who is looking, on the read session."""
        self.db = db
        if token := self.cookies.get(self.cookie_name("session")):
            visit = self.portal.load_viewer(db, token, self.at)
            self.viewer = replace(
                visit.viewer,
                today=clock.local_day(self.at, self.settings.timezone),
                former_since=self.at - timedelta(days=self.settings.former_days),
            )
            self.lapsed = visit.lapsed
            if visit.trail:
                self.trails.append(visit.trail)

    @property
    def act(self) -> Act:
        """What the viewer does now, on this request's session: the first argument of every verb."""
        return Act(self.db, self.viewer, self.at)

    def trail(self, keep: Trail, *, must: bool = False) -> None:
        """Keep something although the request may be refused; committed before the answer is sent. What
        `must` be kept, like the note that something was read, is waited for; without it there is no answer."""
        self.trails.append(keep)
        self.must_keep |= must

    def write_trails(self) -> None:
        """Commit what was left by `trail`, in one short transaction. A page answers although that has to
        wait, unless it must be kept (SECURITY V5)."""
        if not self.trails:
            return
        kept, self.trails = self.trails, []
        try:
            with self.portal.database.writing(None if self.must_keep else TRAIL_SECONDS) as db:
                for keep in kept:
                    keep(db)
        except Exception as error:
            if self.must_keep or not is_weather(error):
                raise
            log.warning("a trail was not kept", extra={"kind": type(error).__name__})

    @cached_property
    def htmx(self) -> Htmx:
        return Htmx.of(self.headers)

    @cached_property
    def language(self) -> str:
        """The person's own language, else the one chosen on this browser, else the browser's."""
        wanted = [
            self.viewer.language,
            self.cookies.get("language", ""),
            *(part.split(";")[0] for part in self.headers.get("accept-language", "").split(",")),
        ]
        return best_language(wanted)

    def read_by(self, language: str) -> None:
        """Say this page in the language of whoever was sent its link, unless one was chosen on this browser:
        the page quotes the mail, and both are in one language."""
        self.language = best_language([self.cookies.get("language", ""), language])

    @property
    def languages(self) -> Mapping[str, str]:
        return LANGUAGES

    @property
    def theme(self) -> str:
        """ "light" or "dark" if chosen on this browser, else "" for what the system wishes."""
        chosen = self.cookies.get("theme", "")
        return chosen if chosen in ("light", "dark") else ""

    def cookie_name(self, name: str) -> str:
        """A cookie's name; over https it is one that other hosts cannot plant."""
        return f"__Host-{name}" if self.settings.secure else name

    def set_cookie(self, name: str, value: str, seconds: int | None) -> None:
        """Set a cookie with the answer; None seconds lasts until the browser closes, 0 removes it."""
        self.set_cookies.append((self.cookie_name(name), value, seconds))

    @cached_property
    def csrf(self) -> str:
        """The token for this page's forms; a browser without a session gets a visit cookie for it."""
        return csrf.token(self.settings.secret_key, self.binding or self._start_visit())

    @property
    def binding(self) -> str:
        """The cookie value that this browser's form tokens belong to."""
        if self.viewer.signed_in:
            return self.cookies[self.cookie_name("session")]
        return self.cookies.get(self.cookie_name("visit"), "")

    def _start_visit(self) -> str:
        value = secrets.token_urlsafe(16)
        self.set_cookie("visit", value, None)
        return value

    @property
    def once(self) -> str:
        """A value that makes a form work once, however often it is sent."""
        return secrets.token_urlsafe(12)

    @cached_property
    def flashed(self) -> Words | None:
        """The sentence that the page before left for this one."""
        value = self.cookies.get(self.cookie_name(flash.COOKIE), "")
        if value:
            self.set_cookie(flash.COOKIE, "", 0)
        found = flash.unpack(value, self.settings.secret_key)
        words, self.undo_id = found or (None, None)
        return words

    @property
    def can_undo(self) -> CanUndo | None:
        """What the page before did, while it can be undone; a page that broke has no session to look it up."""
        if not hasattr(self, "db"):
            return None
        undos = self.portal.gives.get(Undos)
        return undos.shown(self, self.undo_id) if undos and self.undo_id else None

    @property
    def here(self) -> str:
        """This page's own address, for coming back to it."""
        return self.url.path + (f"?{self.url.query}" if self.url.query else "")

    @property
    def back(self) -> str:
        """Where to come back to after a choice made in the page's foot: after a form that was refused, the page
        that it stands on."""
        if self.method == "GET":
            return self.here
        again = re.sub(r":\w+}", "}", self.scope.get("portal.again", "/me"))
        try:
            return again.format(**self.ids)
        except KeyError:  # it names something that the form's address does not
            return "/me"

    @property
    def section(self) -> str:
        """The navigation entry that this page belongs to, by its path."""
        path = self.url.path
        fitting = [
            (len(beginning), entry.path)
            for entry in self.navigation
            for beginning in (entry.path, *entry.also)
            if f"{path}/".startswith(f"{beginning}/")
        ]
        return max(fitting, default=(0, ""))[1]

    def query_without(self, *names: str) -> str:
        """The address's query without some of its parts, ready to add another."""
        kept = [
            (name, value) for name, value in self.query_params.multi_items() if name not in names
        ]
        return urlencode(kept) + "&" if kept else ""

    def written(
        self, source: str, translations: Mapping[str, Any] | None, name: str = "name"
    ) -> str:
        """What an agency wrote, in the viewer's language."""
        return in_language(self.language, source, translations, name)

    def said(self, words: Words | str) -> str:
        """A sentence in the viewer's language."""
        return CATALOGS[self.language].say(words)

    def asked(self, name: str) -> str:
        """A word from the address's query, cleaned; "" if absent."""
        return clean(self.query_params.get(name, ""))[:LONGEST_WORD]

    def asked_id(self, name: str) -> int | None:
        """An id from the address's query; None if absent or nonsense."""
        return as_id(self.query_params.get(name, ""))

    def asked_day(self, name: str) -> date | None:
        """A day of this century from the address's query, as a picker or a person writes it; None for
        anything else."""
        try:
            day = read_day(self.asked(name), self.at.date())
        except ValueError:
            return None
        return day if 2000 <= day.year <= 2100 else None

    @property
    def kept_path(self) -> str:
        """Where a form was sent, with what its page was asked for; without that if it is too long."""
        path, query = self.url.path, self.url.query
        return f"{path}?{query}" if query and len(path) + len(query) < 500 else path

    def as_if_asked(self, query: str) -> None:
        """Go on as if the address had this query."""
        self.scope["query_string"] = query.encode()
        for name in ("_query_params", "_url"):
            self.__dict__.pop(name, None)

    @cached_property
    def navigation(self) -> list[Entry]:
        may = self.viewer.may
        return [
            entry
            for entry in self.portal.navigation
            if may(entry.permission) and not (entry.unless and may(entry.unless))
        ]

    def finish(self, response: Response) -> Response:
        """Put the cookies on the answer."""
        for name, value, seconds in self.set_cookies:
            response.set_cookie(
                name,
                value,
                max_age=seconds,
                path="/",
                httponly=True,
                samesite="lax",
                secure=self.settings.secure,
            )
        return response


def today_of(request: Request) -> date:
    """The agency's local day."""
    return clock.local_day(request.at, request.settings.timezone)

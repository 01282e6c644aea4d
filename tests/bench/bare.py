"""Bare handlers to compare with: the driver, SQL by hand, and the same templates. No checks, no layers.

They answer the same bytes for the same rows, so what our own pages cost above them is the price
of sessions, permissions, forms, the ORM's statements and the request wrapper.
"""

import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portal import clock
from portal.db import sqlite
from portal.people.tokens import hashed
from portal.shifts.lines import ShiftLine, SlotLine
from portal.web.render import Renderer
from portal.words import text

LIST = """
SELECT s.id, s.starts_at, s.ends_at, s.zone, s.title, g.name, t.name, o.id, o.position_id, o.minimum,
       o.maximum, o.filled, p.name, p.color, p.icon
FROM (SELECT * FROM shift WHERE starts_at > ? AND canceled_at IS NULL ORDER BY starts_at, id LIMIT 51) s
JOIN slot o ON o.shift_id = s.id JOIN position p ON p.id = o.position_id
JOIN program g ON g.id = s.program_id LEFT JOIN site t ON t.id = s.site_id
ORDER BY s.starts_at, s.id, o.id
"""
SHIFT = """
SELECT s.*, g.name AS program, g.contact_name, g.contact_phone, t.name AS site, t.address, t.directions,
       t.access_notes, o.id AS slot_id, o.position_id, o.minimum, o.maximum, o.filled, p.name AS position,
       p.description, p.color, p.icon
FROM shift s JOIN program g ON g.id = s.program_id LEFT JOIN site t ON t.id = s.site_id
JOIN slot o ON o.shift_id = s.id JOIN position p ON p.id = o.position_id WHERE s.id = ?
"""
WHO = "SELECT s.id, s.person_id, p.name, p.language FROM session s JOIN person p ON p.id = s.person_id WHERE token_hash = ?"
OWN = "SELECT slot_id FROM signup WHERE shift_id = ? AND person_id = ? AND state = 'signed_up'"
PLACED = "SELECT 1 FROM placement WHERE person_id = ? AND position_id = ? AND state = 'active'"
CLASH = "SELECT 1 FROM commitment WHERE person_id = ? AND ends_at > ? AND starts_at < ?"


def application(path: str, renderer: Renderer, navigation: Any) -> Starlette:
    """The bare application on a SQLite file."""
    connections: dict[int, Any] = {}

    def connect() -> Any:
        own = threading.get_ident()
        if own not in connections:
            db = connections[own] = sqlite.connect(
                path, isolation_level=None, check_same_thread=False
            )
            db.row_factory = sqlite.Row
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "busy_timeout=5000",
                "foreign_keys=ON",
            ):
                db.execute(f"PRAGMA {pragma}").close()
        return connections[own]

    def page_of(request: Request, who: Any) -> Any:
        """What base.html asks of a request."""
        return SimpleNamespace(
            csrf="0" * 64, theme="", flashed=None, navigation=navigation, section="/shifts", back="/",
            languages={"en": "English", "es": "Español"}, query_without=lambda *names: "",
        )  # fmt: skip

    def viewer(row: Any) -> Any:
        return SimpleNamespace(
            signed_in=row is not None, name=row["name"] if row else "", may=lambda _: False
        )

    def read(value: str) -> datetime:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)

    def line(row: Any) -> ShiftLine:
        starts, ends = read(row[1]), read(row[2])
        day, hours = clock.day_and_hours(starts, ends, row[3], "en", 2026)
        slot = SlotLine(row[7], row[8], row[12], row[13], row[14], row[9], row[10], row[11])
        missing = max(0, slot.minimum - slot.filled)
        return ShiftLine(
            row[0], starts, ends, row[3], day, hours, row[4] or row[12], row[5], False, row[6] or "",
            False, False, False, (slot,), missing,
        )  # fmt: skip

    def list_page(request: Request) -> Response:
        lines = [
            line(row)
            for row in connect().execute(LIST, (clock.now().strftime("%Y-%m-%d %H:%M:%S"),))
        ]
        days: dict[str, list[ShiftLine]] = {}
        for one in lines[:50]:
            days.setdefault(one.day, []).append(one)
        context = {
            "request": page_of(request, None), "viewer": viewer(None), "days": list(days.items()),
            "page": SimpleNamespace(rows=lines[:50], next="x" if len(lines) > 50 else ""), "options": None,
            "wanted": SimpleNamespace(fits=False), "has_roles": False, "far": False, "show": "all", "may_add": False, "address": "/shifts",
        }  # fmt: skip
        return HTMLResponse(renderer.render("shifts/list.html", context, "en"))

    def shift_page(request: Request, block: str = "") -> Response:
        db = connect()
        who = db.execute(WHO, (hashed(request.cookies.get("session", "")),)).fetchone()
        row = db.execute(SHIFT, (request.path_params["shift_id"],)).fetchone()
        starts, ends, until = (
            read(row["starts_at"]),
            read(row["ends_at"]),
            read(row["withdraw_until"]),
        )
        mine, hurdles = None, []
        if who:
            own = db.execute(OWN, (row["id"], who["person_id"])).fetchone()
            mine = own[0] if own else None
            if (
                not mine
                and not db.execute(PLACED, (who["person_id"], row["position_id"])).fetchone()
            ):
                hurdles.append(
                    SimpleNamespace(words=text("You don't have this role yet."), remedies=())
                )
            if (
                not mine
                and db.execute(
                    CLASH, (who["person_id"], row["starts_at"], row["ends_at"])
                ).fetchone()
            ):
                hurdles.append(
                    SimpleNamespace(words=text("You have another shift then."), remedies=())
                )
        day, hours = clock.day_and_hours(starts, ends, row["zone"], "en", 2026)
        spot = SimpleNamespace(
            id=row["slot_id"], filled=row["filled"], minimum=row["minimum"], maximum=row["maximum"],
            position=row["position"], position_translations=None, description=row["description"],
            line=0, ask_id=None, offered=lambda at: False,
            trainees=0, learning=0,
        )  # fmt: skip
        said = SimpleNamespace(
            title=row["title"] or row["position"], when=f"{day}, {hours}", program=row["program"]
        )
        facts = SimpleNamespace(
            shift_id=row["id"], zone=row["zone"], canceled_at=None, pattern_id=None, cant_at=None, learns=False, note=row["note"], withdraw_until=until,
            confidential=False, contact_name=row["contact_name"], contact_phone=row["contact_phone"],
        )  # fmt: skip
        place = SimpleNamespace(
            name=row["site"], address=row["address"], directions=row["directions"],
            access_notes=row["access_notes"], confidential=False, translations=None,
        )  # fmt: skip
        context = {
            "request": page_of(request, who), "viewer": viewer(who), "form": None, "spots": [spot], "mine": mine,
            "said": said, "row": facts, "place": place, "outside": False, "neutral": "",
            "obstacles": {row["slot_id"]: hurdles}, "learning": {}, "too_late": None, "running": False, "at": None, "fellows": [],
            "staff": False, "history": [], "panels": [],
        }  # fmt: skip
        return HTMLResponse(renderer.render("shifts/show.html", context, "en", block))

    def sign_up(request: Request, form: Any) -> Response:
        db, shift = connect(), request.path_params["shift_id"]
        who = db.execute(WHO, (hashed(request.cookies["session"]),)).fetchone()
        now = clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")
        db.execute("BEGIN IMMEDIATE").close()
        row = db.execute(SHIFT, (shift,)).fetchone()
        person = who["person_id"]
        allowed = (
            row["filled"] < row["maximum"]
            and db.execute(PLACED, (person, row["position_id"])).fetchone()
            and not db.execute(OWN, (shift, person)).fetchone()
            and not db.execute(CLASH, (person, row["starts_at"], row["ends_at"])).fetchone()
        )
        if not allowed:
            db.execute("ROLLBACK").close()
            return HTMLResponse("no", 422)
        made = db.execute(
            "INSERT INTO signup (slot_id, shift_id, person_id, state, since, reason, cant_reason, trainee) VALUES (?, ?, ?, 'signed_up', ?, '', '', 0)",
            (row["slot_id"], shift, person, now),
        ).lastrowid
        db.execute("UPDATE slot SET filled = filled + 1 WHERE id = ?", (row["slot_id"],)).close()
        db.execute(
            "INSERT INTO commitment (person_id, kind, source_id, starts_at, ends_at) VALUES (?, 'shift', ?, ?, ?)",
            (person, made, row["starts_at"], row["ends_at"]),
        ).close()
        db.execute(
            "INSERT INTO audit_entry (at, actor_id, action, subject_kind, subject_id, person_id, program_id) "
            "VALUES (?, ?, 'signup.made', 'signup', ?, ?, ?)",
            (now, person, made, person, row["program_id"]),
        ).close()
        db.execute("COMMIT").close()
        return RedirectResponse(f"/shifts/{shift}", 303)

    async def list_shifts(request: Request) -> Response:
        return await run_in_threadpool(list_page, request)

    async def show_shift(request: Request) -> Response:
        block = "signup_panel" if "hx-target" in request.headers else ""
        return await run_in_threadpool(shift_page, request, block)

    async def create_signup(request: Request) -> Response:
        return await run_in_threadpool(sign_up, request, await request.form())

    return Starlette(
        routes=[
            Route("/shifts", list_shifts),
            Route("/shifts/{shift_id:int}", show_shift),
            Route("/shifts/{shift_id:int}/signup", create_signup, methods=["POST"]),
        ]
    )


def finished(body: bytes) -> Starlette:
    """An application that sends bytes it has already."""

    async def answer(request: Request) -> Response:
        return HTMLResponse(body)

    return Starlette(routes=[Route("/{path:path}", answer)])

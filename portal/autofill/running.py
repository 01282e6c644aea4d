"""Having proposals made: the worker starts a process for each, looks at it from time to time, and ends it."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.autofill import fills
from portal.autofill.models import UNDER_WAY, Fill, FillState
from portal.autofill.problem import Solution, unpacked
from portal.autofill.rules import broken_rules
from portal.db import Database
from portal.domain import Round

log = logging.getLogger(__name__)

AT_ONCE = 1
"""Proposals that are made at the same time: the rest of the machine is for people."""

LONGEST = timedelta(seconds=120)
"""How long one may take from its start, whatever holds it up."""

TRIES = 2


class Child(NamedTuple):
    """A process that solves one proposal, with the files it reads and writes; `tries` says which run it is."""

    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]
    tries: int

    @property
    def answer(self) -> dict[str, Any]:
        """What it has written so far."""
        path = Path(self.folder.name) / "answer.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def solution(self) -> Solution | None:
        """What it found, if that breaks no rule."""
        said = self.answer
        pairs = tuple((int(spot), int(person)) for spot, person in said.get("pairs", ()))
        problem = unpacked((Path(self.folder.name) / "problem.json").read_text())
        wrong = broken_rules(problem, pairs)
        if "pairs" not in said or wrong:
            log.warning("no proposal", extra={"code": self.process.returncode, "why": wrong[:3]})
            return None
        return Solution(pairs, str(said["solver"]), int(said["gap"]))

    def end(self) -> None:
        """End it, if it has not ended, and take its files away."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.folder.cleanup()


CHILDREN: dict[int, Child] = {}
"""The processes that this worker started, by the proposal's id."""


def due(db: Session, _: Round) -> Iterable[int]:
    """The proposals to begin or to look at, and those whose process is still there."""
    under_way = select(Fill.id).where(Fill.state.in_(UNDER_WAY)).order_by(Fill.id).limit(20)
    return sorted({*db.scalars(under_way), *CHILDREN})


def work(database: Database, fill_id: int, now: Round) -> None:
    """Begin a proposal, or look how far it has come."""
    if fill_id in CHILDREN:
        _look(database, fill_id, now.at)
    elif len(CHILDREN) < AT_ONCE:
        _begin(database, fill_id, now.at)


def _begin(database: Database, fill_id: int, at: datetime) -> None:
    """Claim one that waits, or that a worker which is gone left behind, and start its process."""
    with database.writing() as db:
        row = db.get(Fill, fill_id, with_for_update=True, populate_existing=True)
        if row is None or row.state not in UNDER_WAY:
            return
        if row.state == FillState.RUNNING and row.started_at and at < row.started_at + LONGEST:
            return
        if row.tries >= TRIES:
            row.state, row.problem = FillState.FAILED, ""
            return
        row.state, row.started_at, row.tries = FillState.RUNNING, at, row.tries + 1
        problem, tries = row.problem, row.tries
    try:
        CHILDREN[fill_id] = _start(problem, tries)
    except OSError as error:  # no room, no memory: the worker goes on, and tries once more
        log.warning("no proposal", extra={"kind": type(error).__name__})


def _start(problem: str, tries: int) -> Child:
    """A process for a problem."""
    folder = tempfile.TemporaryDirectory(prefix="fill-")
    given = Path(folder.name) / "problem.json"
    given.write_text(problem)
    process = subprocess.Popen(  # noqa: S603 - our own module, with files of ours
        [sys.executable, "-m", "portal.autofill.child", str(given), f"{folder.name}/answer.json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(one for one in sys.path if one)},
    )
    return Child(process, folder, tries)


def _look(database: Database, fill_id: int, at: datetime) -> None:
    """Note how far a process is, take its solution over, or end it."""
    child = CHILDREN[fill_id]
    ended = child.process.poll() is not None
    found = child.solution() if ended else None
    over = True
    try:
        with database.writing() as db:
            over = _note(db, fill_id, child, at, found, ended=ended)
    finally:
        if over:
            del CHILDREN[fill_id]
            child.end()


def _note(
    db: Session, fill_id: int, child: Child, at: datetime, found: Solution | None, *, ended: bool
) -> bool:
    """Write down what a process came to; gives whether it is over."""
    row = db.get(Fill, fill_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != FillState.RUNNING or row.tries != child.tries:
        return True  # stopped, or taken over by another worker
    late = row.started_at is None or at >= row.started_at + LONGEST
    if found:
        fills.keep_solution(db, row, found)
    elif ended or late:
        row.state, row.problem = FillState.FAILED, ""
    else:
        row.progress = int(child.answer.get("progress", 0))
    return ended or late

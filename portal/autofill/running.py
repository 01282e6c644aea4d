"""Having proposals made: the worker starts a process for each, looks at it from time to time, and ends it."""

import json
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

AT_ONCE = 1
"""Proposals that are made at the same time: the rest of the machine is for people."""

LONGEST = timedelta(seconds=120)
"""How long one may take from its start, whatever holds it up."""

TRIES = 2


class Child(NamedTuple):
    """A process that solves one proposal, with the files it reads and writes."""

    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]

    @property
    def answer(self) -> dict[str, Any]:
        """What it has written so far."""
        path = Path(self.folder.name) / "answer.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

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
        problem = row.problem
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
    CHILDREN[fill_id] = Child(process, folder)


def _look(database: Database, fill_id: int, at: datetime) -> None:
    """Note how far a process is, take its solution over, or end it."""
    child = CHILDREN[fill_id]
    ended, said = child.process.poll() is not None, child.answer
    with database.writing() as db:
        row = db.get(Fill, fill_id, with_for_update=True, populate_existing=True)
        gone = row is None or row.state != FillState.RUNNING
        late = row is not None and (row.started_at is None or at >= row.started_at + LONGEST)
        if row is not None and not gone:
            if ended:
                _take_over(db, row, said)
            elif late:
                row.state, row.problem = FillState.FAILED, ""
            else:
                row.progress = int(said.get("progress", 0))
    if ended or gone or late:
        del CHILDREN[fill_id]
        child.end()


def _take_over(db: Session, row: Fill, said: dict[str, Any]) -> None:
    """Keep a solution that breaks no rule; whatever else a process leaves is a failure."""
    pairs = tuple((int(spot), int(person)) for spot, person in said.get("pairs", ()))
    if "pairs" not in said or broken_rules(unpacked(row.problem), pairs):
        row.state, row.problem = FillState.FAILED, ""
        return
    fills.keep_solution(db, row, Solution(pairs, str(said["solver"]), int(said["gap"])))

"""Files that came with a form, and keeping them when the form is refused for another reason."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from portal.web.forms import clean
from portal.web.models import KeptFile
from portal.web.request import Request

FIELD = "kept_file"
KEPT_FOR = timedelta(hours=1)
MOST = 4
MOST_KEPT = 12 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that was sent: its name, for showing alone, and its bytes, cut one byte over the limit."""

    name: str
    data: bytes


def uploads(request: Request, field: str, largest: int) -> list[Upload]:
    """The files of a field: those that came now, else those kept from the last time, for their owner."""
    sent = [
        one
        for one in request.form_data.getlist(field)
        if isinstance(one, UploadFile) and one.filename
    ][:MOST]
    if not sent:
        return _kept(request)
    found = []
    for one in sent:
        one.file.seek(0)
        found.append(Upload(clean(one.filename)[-200:], one.file.read(largest + 1)))
    return found


def _kept(request: Request) -> list[Upload]:
    token = str(request.form_data.get(FIELD, ""))
    if not token:
        return []
    mine = select(KeptFile).where(
        KeptFile.token_hash == _hash(token),
        KeptFile.person_id == request.viewer.person_id,
        KeptFile.at > request.at - KEPT_FOR,
    )
    with request.portal.database.reading() as db:
        row = db.scalar(mine)
        if row is None:
            return []
        names, sizes, data = json.loads(row.names), json.loads(row.sizes), row.data
    request.used_files = token
    found, start = [], 0
    for name, size in zip(names, sizes, strict=True):
        found.append(Upload(name, data[start : start + size]))
        start += size
    return found


def keep_files(request: Request) -> None:
    """Keep what was chosen for a form that comes back, unless the files themselves are what is wrong."""
    person_id, fields = request.viewer.person_id, [*request.form_data]
    if person_id is None or request.kept_files:
        return
    for field in dict.fromkeys(fields):
        if field in request.bound.errors:
            continue
        found = uploads(request, field, MOST_KEPT) if _has_files(request, field) else []
        if not found and request.used_files:
            found = _kept(request)
        if found and sum(len(one.data) for one in found) <= MOST_KEPT:
            _write(request, person_id, found)
            return


def _has_files(request: Request, field: str) -> bool:
    return any(
        isinstance(one, UploadFile) and one.filename for one in request.form_data.getlist(field)
    )


def _write(request: Request, person_id: int, found: list[Upload]) -> None:
    token, at = secrets.token_urlsafe(24), request.at
    row = {
        "token_hash": _hash(token),
        "person_id": person_id,
        "names": json.dumps([one.name[-100:] for one in found]),
        "sizes": json.dumps([len(one.data) for one in found]),
        "data": b"".join(one.data for one in found),
        "at": at,
    }

    def keep(db: Session) -> None:
        old = (KeptFile.at < at - KEPT_FOR) | (KeptFile.person_id == person_id)
        db.execute(delete(KeptFile).where(old))
        db.execute(insert(KeptFile).values(**row))

    request.trail(keep)
    request.kept_files = (token, [one.name for one in found])


def forget_files(db: Session, token: str) -> None:
    """Drop what was kept, once it has become what it was sent for."""
    db.execute(delete(KeptFile).where(KeptFile.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()

"""Files that people submit: judged by their content, cleaned, kept in the database, given out safely.

A file's own name and type are believed in nothing. Pictures are written anew by the reader, and a PDF is kept
as it is and never shown inside a page (SECURITY I5, I7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import func, select
from starlette.responses import Response

from portal.act import Act
from portal.reading import reader
from portal.reading.pictures import JPEG, LARGEST, PDF, PNG
from portal.requirements.evidence_models import Evidence
from portal.web.errors import Refused
from portal.web.uploads import Upload
from portal.words import text

MOST_A_DAY = 30
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
WRONG = text("Select a PDF, JPEG, or PNG file. A photo of the paper is fine.")
SAFE = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
}


@dataclass(frozen=True)
class File:
    """A file as it is kept: what it is by its content, and its bytes."""

    media_type: str
    data: bytes


def read(sent: Sequence[Upload]) -> File:
    """Read the sides of a paper, outside every transaction. Raises Refused beside the field `file`."""
    if not sent:
        raise Refused(fields={"file": text("Select a file.")})
    if sum(len(one.data) for one in sent) > LARGEST:
        raise Refused(fields={"file": text("Select files under 10 MB.")})
    try:
        return judge(*(one.data for one in sent))
    except ValueError:
        raise Refused(fields={"file": WRONG}) from None


def judge(*files: bytes) -> File:
    """What the files of a paper are, cleaned by the reader and made one. Raises ValueError for all but one PDF,
    and pictures as JPEG or PNG."""
    return File(*reader.picture(*files))


def keep(act: Act, person_id: int, file: File) -> int:
    """Keep a file of a person; gives its id. Raises Refused over the limit of a day."""
    lately = select(func.count()).where(
        Evidence.person_id == person_id, Evidence.uploaded_at > act.at - timedelta(days=1)
    )
    if (act.db.scalar(lately) or 0) >= MOST_A_DAY:
        raise Refused(fields={"file": text("That's the most files for one day. Call us.")})
    row = Evidence(
        person_id=person_id,
        media_type=file.media_type,
        size=len(file.data),
        data=file.data,
        uploaded_by_id=act.by.person_id,
        uploaded_at=act.at,
    )
    act.db.add(row)
    act.db.flush()
    return row.id


class Kept(Protocol):
    """A file as a table keeps it."""

    @property
    def id(self) -> Any: ...
    @property
    def media_type(self) -> Any: ...
    @property
    def data(self) -> Any: ...


def answer(kept: Kept) -> Response:
    """A file as a download under a name of ours, with everything that could run in it switched off."""
    name = f"paper-{kept.id}.{ENDINGS[kept.media_type]}"
    headers = SAFE | {"content-disposition": f'attachment; filename="{name}"'}
    return Response(kept.data, media_type=kept.media_type, headers=headers)

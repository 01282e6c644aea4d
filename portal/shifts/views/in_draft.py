"""Acting in a draft: what the address says of it, and where one goes back to."""

from typing import Any

from portal.shifts import drafts
from portal.shifts.draft_models import Draft
from portal.web.answers import See
from portal.web.request import Request
from portal.words import text


def asked_draft(request: Request) -> Draft | None:
    """The draft that the address names, in which an act is proposed instead of done; NotFound for another's."""
    number = request.asked_id("draft")
    return drafts.own_draft(request.db, request.viewer, number) if number else None


IN_DRAFT = text("This is in the draft. No one is told until you publish it.")


def proposed(draft: Draft) -> See:
    """Back to the week of a draft."""
    return See(week_of(draft), IN_DRAFT)


def week_of(draft: Draft) -> str:
    """The address of a draft's week."""
    return f"/schedule?week={draft.first_day.isoformat()}&draft={draft.id}"


def drafted(request: Request) -> dict[str, Any]:
    """What the page of a form in a draft is told: the draft, and its week to go back to."""
    draft = asked_draft(request)
    return {"draft": draft, "back": week_of(draft) if draft else ""}

"""Addresses of screening."""

from portal.permissions import Permission
from portal.recruitment import routes as recruitment
from portal.screening import forms
from portal.screening.views import naming, reading, referee
from portal.web.page import Post, get

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
DECIDE, SCREEN = Permission.PLACEMENTS_DECIDE, Permission.SCREENING_HANDLE
APPLIED = "/applied/{token}/references"
MINE = recruitment.MINE + "/references"
REFERENCE = "/references/{reference_id:id}"
LINK = "/reference/{token}"

link = get(LINK, referee.show, PUBLIC)
reference = get(REFERENCE, reading.show, SCREEN)

pages = [
    link,
    Post(LINK, referee.answer, PUBLIC, form=forms.AnswerForm, again=link),
    Post(LINK + "/refusal", referee.cannot, PUBLIC, again=link),
    Post(
        APPLIED, naming.add, PUBLIC, form=forms.NameForm, again=recruitment.applied,
        prepare=naming.guard,
    ),
    Post(APPLIED + "/{reference_id:id}/end", naming.end, PUBLIC, again=recruitment.applied),
    Post(
        MINE, naming.add_own, SIGNED_IN, form=forms.NameForm, again=recruitment.mine,
        prepare=naming.guard,
    ),
    Post(MINE + "/{reference_id:id}/end", naming.end_own, SIGNED_IN, again=recruitment.mine),
    Post(
        recruitment.APPLICATION + "/references", naming.add_for_them, DECIDE, form=forms.NameForm,
        again=recruitment.application,
    ),
    get("/references", reading.list_references, SCREEN),
    reference,
    Post(REFERENCE + "/answer", reading.write, SCREEN, form=forms.WriteForm, again=reference),
    Post(REFERENCE + "/acceptance", reading.accept, SCREEN, again=reference),
    Post(REFERENCE + "/dismissal", reading.dismiss, SCREEN, again=reference),
]  # fmt: skip

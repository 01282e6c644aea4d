"""Addresses of drafts."""

from portal.permissions import Permission
from portal.shifts.draft_forms import DraftForm, PublishForm, RoleForm
from portal.shifts.routes import scheduled
from portal.shifts.views import drafts
from portal.web.page import Post, get

MANAGE = Permission.SHIFTS_MANAGE

draft = get("/drafts/{draft_id:id}", drafts.show, MANAGE)
D, ONE = "/drafts/{draft_id:id}", "/drafts/{draft_id:id}/acts/{draft_act_id:id}"

pages = [
    draft,
    Post("/drafts", drafts.begin, MANAGE, form=DraftForm, again=scheduled),
    Post(f"{D}/publication", drafts.publish, MANAGE, form=PublishForm, again=draft),
    Post(f"{D}/removal", drafts.discard, MANAGE, again=draft),
    Post(f"{ONE}/removal", drafts.drop, MANAGE, again=draft),
    Post(f"{ONE}/people", drafts.add_person, MANAGE, form=RoleForm, again=draft),
]

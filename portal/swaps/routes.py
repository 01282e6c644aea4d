"""Addresses of swaps."""

from portal.permissions import Permission
from portal.swaps import views
from portal.swaps.forms import AnswerForForm, ProposeForm
from portal.web.page import Post, get

MANAGE, SIGNED_IN = Permission.SHIFTS_MANAGE, Permission.SIGNED_IN
index = get("/swaps", views.index, SIGNED_IN)
offer = get("/swap-offers/{swap_offer_id:id}", views.show_offer, SIGNED_IN)
show = get("/swaps/{swap_id:id}", views.show, SIGNED_IN)
to_approve = get("/schedule/swaps", views.to_approve, MANAGE)
decided = get("/swaps/{swap_id:id}/approval", views.show_for_staff, MANAGE)
pages = [
    index,
    to_approve,
    offer,
    show,
    decided,
    Post("/shifts/{shift_id:id}/swap-offer", views.offer, SIGNED_IN, again=index),
    Post("/swap-offers/{swap_offer_id:id}/end", views.take_back, SIGNED_IN, again=index),
    Post(
        "/swap-offers/{swap_offer_id:id}/swaps",
        views.propose,
        SIGNED_IN,
        form=ProposeForm,
        again=offer,
    ),
    Post("/swaps/{swap_id:id}/acceptance", views.accept, SIGNED_IN, again=show),
    Post("/swaps/{swap_id:id}/refusal", views.decline, SIGNED_IN, again=show),
    Post("/swaps/{swap_id:id}/end", views.withdraw, SIGNED_IN, again=show),
    Post("/slots/{slot_id:id}/takeover", views.take_over, SIGNED_IN, again=index),
    Post("/swaps/{swap_id:id}/approval", views.approve, MANAGE, again=decided),
    Post("/swaps/{swap_id:id}/rejection", views.reject, MANAGE, again=decided),
    Post("/swaps/{swap_id:id}/answer", views.answer_for, MANAGE, form=AnswerForForm, again=decided),
]

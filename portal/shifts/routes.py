"""Addresses of shifts, signing up and rosters."""

from portal.permissions import Permission
from portal.shifts.forms import (
    AskForm,
    AwayForm,
    CancelForm,
    RegularForm,
    SeenForm,
    ShiftForm,
    SignupForm,
)
from portal.shifts.gap_forms import (
    AddForm,
    AskManyForm,
    CallForm,
    ConfirmForm,
    PauseForm,
    PersonForm,
)
from portal.shifts.moving_forms import AnotherDayForm, CopyForm, MoveForm, TemplateForm
from portal.shifts.pattern_forms import (
    PatternEndForm,
    PatternForm,
    PatternUntilForm,
)
from portal.shifts.roster_forms import CantForm, RemovalForm
from portal.shifts.views import (
    another_day,
    calendar,
    gap_actions,
    gaps,
    grid,
    lists,
    patterns,
    reach,
    regulars,
    reopening,
    shifts,
    signups,
)
from portal.shifts.views import moving as moves
from portal.web.page import Post, get

PUBLIC, SIGNED_IN, MANAGE = Permission.PUBLIC, Permission.SIGNED_IN, Permission.SHIFTS_MANAGE

show = get("/shifts/{shift_id:id}", shifts.show_shift, PUBLIC, fragments=("signup_panel",))
instead = get("/shifts/{shift_id:id}/another-day", another_day.ask, SIGNED_IN)
new = get("/shifts/new", shifts.new_shift, MANAGE)
edit = get("/shifts/{shift_id:id}/edit", shifts.edit_shift, MANAGE)
canceling = get("/shifts/{shift_id:id}/cancellation", shifts.ask_to_cancel, MANAGE)
canceled = get("/shifts/{shift_id:id}/reopening", reopening.ask_to_reopen, MANAGE)
moving = get("/shifts/{shift_id:id}/move", moves.ask_to_move, MANAGE)
template = get("/schedule/templates/{template_id:id}", moves.show_template, MANAGE)
copying = get("/schedule/copy", moves.ask_to_copy, MANAGE)
regularly = get("/shifts/{shift_id:id}/regular", regulars.ask_regular, SIGNED_IN)
regular = get("/regulars/{regular_id:id}", regulars.show_regular, SIGNED_IN)
away = get("/me/away", regulars.show_away, SIGNED_IN)
asks = get("/shifts/{shift_id:id}/asks", signups.ask_for_help, MANAGE)
ask = get("/asks/{ask_id:id}", signups.show_ask, SIGNED_IN)
slot = get("/slots/{slot_id:id}", signups.show_slot, PUBLIC, fragments=("signup_panel",))
pattern_new = get("/patterns/new", patterns.new_pattern, MANAGE)
pattern = get("/patterns/{pattern_id:id}", patterns.show_pattern, MANAGE)
pattern_edit = get("/patterns/{pattern_id:id}/edit", patterns.edit_pattern, MANAGE)
pattern_end = get("/patterns/{pattern_id:id}/end", patterns.ask_to_end, MANAGE)
affected = get("/affected", reach.list_affected, MANAGE)
trials = get("/trials", reach.list_trials, Permission.SUPERVISION_SEE)
trial = get("/trials/{placement_id:id}", reach.list_trials, Permission.SUPERVISION_SEE)
unfilled = get("/gaps", gaps.list_gaps, MANAGE, fragments=("asking",))
scheduled = get("/schedule", lists.show_schedule, MANAGE, fragments=("shift_list",))

pages = [
    unfilled,
    Post("/gaps/{slot_id:id}", gap_actions.add, MANAGE, form=AddForm, again=unfilled),
    Post(
        "/gaps/{slot_id:id}/coming",
        gap_actions.confirm,
        MANAGE,
        form=ConfirmForm,
        again=unfilled,
    ),
    Post(
        "/gaps/{slot_id:id}/release", gap_actions.release, MANAGE, form=PersonForm, again=unfilled
    ),
    Post("/gaps/open/end", gap_actions.close_call, MANAGE, again=unfilled),
    Post("/gaps/{slot_id:id}/asks", gap_actions.ask, MANAGE, form=PersonForm, again=unfilled),
    Post("/gaps/{slot_id:id}/calls", gap_actions.note_call, MANAGE, form=CallForm, again=unfilled),
    Post("/gaps/{slot_id:id}/open", gap_actions.open_call, MANAGE, form=PersonForm, again=unfilled),
    Post("/gaps/asks", gap_actions.ask_many, MANAGE, form=AskManyForm, again=unfilled),
    Post("/shift-calls/{shift_call_id:id}/undo", gap_actions.undo_call, MANAGE, again=unfilled),
    Post(
        "/shift-calls/{shift_call_id:id}/pause",
        gap_actions.pause,
        MANAGE,
        form=PauseForm,
        again=unfilled,
    ),
    Post("/ask-pauses/{ask_pause_id:id}/end", gap_actions.end_pause, MANAGE, again=unfilled),
    get("/shifts", lists.list_shifts, PUBLIC, fragments=("shift_list", "narrowing")),
    scheduled,
    get("/schedule/people", grid.suggest_people, MANAGE),
    get("/schedule/revision", grid.revision, MANAGE, idle=True),
    Post("/schedule/{slot_id:id}/people", grid.add, MANAGE, form=AddForm, again=scheduled),
    Post(
        "/schedule/signups/{signup_id:id}/removal",
        grid.remove,
        MANAGE,
        form=RemovalForm,
        again=scheduled,
    ),
    new,
    Post("/shifts", shifts.create_shift, MANAGE, form=ShiftForm, again=new),
    show,
    edit,
    Post("/shifts/{shift_id:id}", shifts.update_shift, MANAGE, form=ShiftForm, again=edit),
    canceling,
    Post(
        "/shifts/{shift_id:id}/cancellation",
        shifts.cancel,
        MANAGE,
        form=CancelForm,
        again=canceling,
    ),
    canceled,
    Post(
        "/shifts/{shift_id:id}/reopening", reopening.reopen, MANAGE, form=SeenForm, again=canceled
    ),
    get("/shifts/{shift_id:id}/signup", signups.to_the_shift, PUBLIC),
    Post(
        "/shifts/{shift_id:id}/signup",
        signups.create_signup,
        SIGNED_IN,
        form=SignupForm,
        again=show,
    ),
    get("/shifts/{shift_id:id}/withdrawal", signups.to_the_shift, PUBLIC),
    Post("/shifts/{shift_id:id}/withdrawal", signups.create_withdrawal, SIGNED_IN, again=show),
    get("/signups/{signup_id:id}", signups.show_signup, SIGNED_IN),
    get("/schedule/now", lists.show_now, MANAGE),
    copying,
    Post("/schedule/copy", moves.copy_week, MANAGE, form=CopyForm, again=copying),
    Post("/schedule/templates", moves.add_template, MANAGE, form=TemplateForm, again=copying),
    template,
    Post("/schedule/templates/{template_id:id}/ending", moves.end_template, MANAGE, again=template),
    moving,
    Post("/shifts/{shift_id:id}/move", moves.move_shift, MANAGE, form=MoveForm, again=moving),
    asks,
    Post("/shifts/{shift_id:id}/asks", signups.send_asks, MANAGE, form=AskForm, again=asks),
    ask,
    Post("/asks/{ask_id:id}/refusal", signups.decline_ask, SIGNED_IN, again=ask),
    Post(
        "/shifts/{shift_id:id}/cover-request",
        signups.cant_make_it,
        SIGNED_IN,
        form=CantForm,
        again=show,
    ),
    Post("/shifts/{shift_id:id}/cover-request/end", signups.can_after_all, SIGNED_IN, again=show),
    instead,
    Post(
        "/shifts/{shift_id:id}/another-day",
        another_day.change,
        SIGNED_IN,
        form=AnotherDayForm,
        again=instead,
    ),
    regularly,
    Post(
        "/shifts/{shift_id:id}/regular",
        regulars.take_regular,
        SIGNED_IN,
        form=RegularForm,
        again=regularly,
    ),
    regular,
    Post("/regulars/{regular_id:id}/stop", regulars.stop, SIGNED_IN, again=regular),
    Post("/regulars/{regular_id:id}/resumption", regulars.resume, SIGNED_IN, again=regular),
    away,
    Post("/me/away", regulars.go_away, SIGNED_IN, form=AwayForm, again=away),
    Post("/absences/{absence_id:id}/end", regulars.come_back, SIGNED_IN, again=away),
    slot,
    Post("/slots/{slot_id:id}/waiting", signups.join_line, SIGNED_IN, again=slot),
    Post("/slots/{slot_id:id}/waiting/end", signups.leave_line, SIGNED_IN, again=slot),
    Post("/slots/{slot_id:id}/offer/refusal", signups.pass_on, SIGNED_IN, again=slot),
    get("/patterns", patterns.list_patterns, MANAGE),
    pattern_new,
    Post("/patterns", patterns.create_pattern, MANAGE, form=PatternForm, again=pattern_new),
    pattern,
    pattern_edit,
    Post(
        "/patterns/{pattern_id:id}",
        patterns.update_pattern,
        MANAGE,
        form=PatternForm,
        again=pattern_edit,
    ),
    Post("/patterns/{pattern_id:id}/pause", patterns.pause, MANAGE, again=pattern),
    Post("/patterns/{pattern_id:id}/resumption", patterns.go_on, MANAGE, again=pattern),
    Post(
        "/patterns/{pattern_id:id}/extension",
        patterns.extend,
        MANAGE,
        form=PatternUntilForm,
        again=pattern,
    ),
    pattern_end,
    Post(
        "/patterns/{pattern_id:id}/end",
        patterns.end_pattern,
        MANAGE,
        form=PatternEndForm,
        again=pattern_end,
    ),
    affected,
    Post("/affected/decision", reach.decide, MANAGE, form=reach.DecisionForm, again=affected),
    trials,
    trial,
    Post(
        "/trials/{placement_id:id}/review",
        reach.review,
        Permission.SUPERVISION_SEE,
        form=reach.ReviewForm,
        again=trial,
    ),
    get("/shifts/{shift_id:id}/event.ics", calendar.download_shift, Permission.SIGNED_IN),
    get("/patterns/{pattern_id:id}/calendar.ics", calendar.download_pattern, MANAGE),
]

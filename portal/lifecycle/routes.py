"""Addresses of letters."""

from portal.lifecycle import forms
from portal.lifecycle.views import (
    board,
    first_shifts,
    last_year,
    milestones,
    reading,
    staying,
    wordings,
    writing,
)
from portal.permissions import Permission
from portal.web.page import Post, get

PEOPLE, SIGNED_IN = Permission.PEOPLE_MANAGE, Permission.SIGNED_IN
PUBLIC, MANAGE = Permission.PUBLIC, Permission.PROGRAMS_MANAGE

new = get("/people/{person_id:id}/letters/new", writing.new, PEOPLE)
many = get("/people/letters/many", writing.many, PEOPLE)
letter = get("/people/letters/{letter_id:id}", reading.show, PEOPLE)
wording = get("/people/letters/wording", wordings.edit_wording, PEOPLE)
check = get("/letters/check", reading.check, PUBLIC)

staying_page = get("/people/staying", staying.show, PEOPLE)
last_year_page = get("/people/last-year", last_year.show, PEOPLE)

first_shift = get("/me/first-shifts/{first_shift_id:id}", first_shifts.show_own, SIGNED_IN)
first_shift_list = get("/first-shifts", first_shifts.show, Permission.SUPERVISION_SEE)
milestone_list = get("/people/milestones", milestones.show, PEOPLE)

board_edit = get("/board/pages/{board_id:id}", board.edit, MANAGE)
board_new = get("/board/pages/new", board.edit, MANAGE)

pages = [
    get("/board", board.show, SIGNED_IN),
    get("/board/{board_id:id}", board.show_page, SIGNED_IN),
    get("/board/pages", board.list_pages, MANAGE),
    board_new,
    Post("/board/pages", board.create, MANAGE, form=board.BoardForm, again=board_new),
    board_edit,
    Post(
        "/board/pages/{board_id:id}", board.update, MANAGE, form=board.BoardForm, again=board_edit
    ),
    get("/me/first-shifts", first_shifts.list_own, SIGNED_IN),
    first_shift,
    Post(
        "/me/first-shifts/{first_shift_id:id}",
        first_shifts.answer_own,
        SIGNED_IN,
        form=first_shifts.HowForm,
        again=first_shift,
    ),
    first_shift_list,
    Post(
        "/first-shifts/programs/{program_id:id}",
        first_shifts.switch,
        PEOPLE,
        form=first_shifts.AskingForm,
        again=first_shift_list,
    ),
    Post(
        "/first-shifts/{first_shift_id:id}/seen",
        first_shifts.mark_seen,
        Permission.SUPERVISION_SEE,
        again=first_shift_list,
    ),
    milestone_list,
    Post(
        "/people/milestones/programs/{program_id:id}",
        milestones.switch,
        PEOPLE,
        form=milestones.OnForm,
        again=milestone_list,
    ),
    Post(
        "/people/milestones/{milestone_id:id}/certificate",
        milestones.celebrate,
        PEOPLE,
        again=milestone_list,
    ),
    Post(
        "/people/milestones/{milestone_id:id}/skipping",
        milestones.skip,
        PEOPLE,
        again=milestone_list,
    ),
    staying_page,
    Post(
        "/people/staying/{program_id:id}",
        staying.switch,
        PEOPLE,
        form=staying.SwitchForm,
        again=staying_page,
    ),
    Post(
        "/people/staying/questions/{retention_id:id}",
        staying.answer,
        PEOPLE,
        form=staying.StayForm,
        again=staying_page,
    ),
    last_year_page,
    Post(
        "/people/last-year/{program_id:id}/{year:id}",
        last_year.take_on,
        PEOPLE,
        form=last_year.OwnerForm,
        again=last_year_page,
    ),
    Post(
        "/people/last-year/{reengagement_id:id}",
        last_year.note,
        PEOPLE,
        form=last_year.BackForm,
        again=last_year_page,
    ),
    new,
    Post("/people/{person_id:id}/letters", writing.write, PEOPLE, form=forms.LetterForm, again=new),
    get("/people/letters", reading.list_letters, PEOPLE),
    get("/people/letters/print.pdf", reading.print_batch, PEOPLE),
    many,
    Post("/people/letters", writing.write_many, PEOPLE, form=forms.ManyLettersForm, again=many),
    get("/people/letters/wordings", wordings.list_wordings, PEOPLE),
    wording,
    Post(
        "/people/letters/wording",
        wordings.save_wording,
        PEOPLE,
        form=forms.LetterWordingForm,
        again=wording,
    ),
    letter,
    get("/people/letters/{letter_id:id}.pdf", reading.download, PEOPLE),
    Post("/people/letters/{letter_id:id}/withdrawal", reading.withdraw, PEOPLE, again=letter),
    get("/me/letters", reading.list_own, SIGNED_IN),
    get("/me/letters/{letter_id:id}", reading.show_own, SIGNED_IN),
    get("/me/letters/{letter_id:id}.pdf", reading.download_own, SIGNED_IN),
    check,
    Post(
        "/letters/check",
        reading.check_code,
        PUBLIC,
        form=forms.CheckForm,
        again=check,
        prepare=reading.may_check,
    ),
]

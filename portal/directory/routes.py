"""Addresses of the pages about people."""

from portal.directory import (
    email_sign_in,
    leaving,
    listing,
    notes,
    on_call,
    one_to_one,
    roles,
    skills,
    supervision,
    views,
)
from portal.directory.exit_forms import ExitForm
from portal.people.forms import (
    AskedByVoiceForm,
    AskedForm,
    CodeForm,
    MailSignInForm,
    MembershipForm,
    NewPersonForm,
    OfficeCodeForm,
    PersonForm,
    RegisterForm,
    WhoForm,
)
from portal.people.skill_forms import (
    CanForForm,
    CoverForm,
    DayForForm,
    SupervisionEndForm,
    SupervisionForm,
    WeekForForm,
)
from portal.permissions import Permission
from portal.programs.forms import PlacementForm
from portal.web.page import Post, get

PEOPLE, AGENCY = Permission.PEOPLE_MANAGE, Permission.AGENCY_MANAGE
DECIDE = Permission.PLACEMENTS_DECIDE

listed = get("/people", listing.index, PEOPLE, fragments=("people_list",))
new = get("/people/new", views.new, PEOPLE)
show = get("/people/{person_id:id}", views.show, PEOPLE)
edit = get("/people/{person_id:id}/edit", views.edit, PEOPLE)

leaver = get("/people/{person_id:id}/leaving", leaving.show, PEOPLE)
exits = get("/people/exits", leaving.list_exits, PEOPLE)

can = get("/people/{person_id:id}/skills", skills.show, PEOPLE)
words = get("/skills", skills.list_skills, AGENCY)
word = get("/skills/{skill_id:id}/edit", skills.edit_skill, AGENCY)
supervised = get("/supervision", supervision.show, Permission.SUPERVISION_SEE)
talks = get("/supervision/{person_id:id}", one_to_one.show, Permission.SUPERVISION_SEE)
SEEN = "/people/{person_id:id}/skills/{skill_id:id}/verification"

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
on_call_page = get("/on-call", on_call.show, SIGNED_IN)
on_call_plan = get("/on-call/{program_id:id}", on_call.plan_page, PEOPLE)
on_call_cover = get("/on-call/{program_id:id}/cover", on_call.cover_page, SIGNED_IN)
by_mail = get("/session/mail", email_sign_in.ask_for_mail, PUBLIC)
code = get("/session/code", email_sign_in.type_code, PUBLIC)
link = get("/session/link/{token}", email_sign_in.show_link, PUBLIC)
who = get("/session/who", email_sign_in.ask_who, PUBLIC)
register = get("/register", email_sign_in.register, PUBLIC)
office = get("/session/office", email_sign_in.type_office_code, PUBLIC)

pages = [
    by_mail,
    Post(
        "/session/mail",
        email_sign_in.send_code,
        PUBLIC,
        form=MailSignInForm,
        again=by_mail,
        prepare=email_sign_in.may_ask,
    ),
    register,
    Post(
        "/register",
        email_sign_in.send_registration_code,
        PUBLIC,
        form=RegisterForm,
        again=register,
        prepare=email_sign_in.may_ask,
    ),
    code,
    Post(
        "/session/code",
        email_sign_in.check_code,
        PUBLIC,
        form=CodeForm,
        again=code,
        prepare=email_sign_in.spend_try,
    ),
    link,
    Post("/session/link/{token}", email_sign_in.use_link, PUBLIC, again=link),
    who,
    office,
    Post(
        "/session/office",
        email_sign_in.check_office_code,
        PUBLIC,
        form=OfficeCodeForm,
        again=office,
        prepare=email_sign_in.spend_office_try,
    ),
    Post("/session/who", email_sign_in.enter_as, PUBLIC, form=WhoForm, again=who),
    listed,
    get("/people.csv", listing.download_csv, PEOPLE),
    get("/people.xlsx", listing.download_sheet, PEOPLE),
    get("/people/phones", listing.phone_list, PEOPLE),
    new,
    Post("/people", views.create, PEOPLE, form=NewPersonForm, again=new),
    show,
    edit,
    Post("/people/{person_id:id}", views.update, PEOPLE, form=PersonForm, again=edit),
    Post("/people/{person_id:id}/placements", roles.place, DECIDE, form=PlacementForm, again=show),
    Post("/people/{person_id:id}/invitation", views.invite, PEOPLE, again=show),
    Post("/people/{person_id:id}/code", views.give_code, PEOPLE, form=AskedByVoiceForm, again=show),
    Post(
        "/people/{person_id:id}/memberships", views.grant, AGENCY, form=MembershipForm, again=show
    ),
    Post(
        "/people/{person_id:id}/memberships/{membership_id:id}/end",
        views.end_membership,
        AGENCY,
        again=show,
    ),
    Post("/people/{person_id:id}/notes", notes.add, PEOPLE, form=notes.NoteForm, again=show),
    Post("/people/{person_id:id}/notes/{note_id:id}/striking", notes.strike, PEOPLE, again=show),
    leaver,
    Post("/people/{person_id:id}/leaving", leaving.leave, PEOPLE, form=ExitForm, again=leaver),
    exits,
    Post("/people/exits/{exit_id:id}/return", leaving.take_back, PEOPLE, again=exits),
    can,
    Post("/people/{person_id:id}/skills", skills.declare, PEOPLE, form=CanForForm, again=can),
    Post("/people/{person_id:id}/times", skills.set_week, PEOPLE, form=WeekForForm, again=can),
    Post("/people/{person_id:id}/days", skills.set_day, PEOPLE, form=DayForForm, again=can),
    Post(
        "/people/{person_id:id}/days/{day_id:id}/removal",
        skills.remove_day,
        PEOPLE,
        form=AskedForm,
        again=can,
    ),
    Post(SEEN, skills.verify, PEOPLE, form=skills.SeenForm, again=can),
    Post(f"{SEEN}/end", skills.unverify, PEOPLE, again=can),
    words,
    Post("/skills", skills.create_skill, AGENCY, form=skills.NewSkillForm, again=words),
    word,
    Post("/skills/{skill_id:id}", skills.update_skill, AGENCY, form=skills.SkillForm, again=word),
    Post("/skills/{skill_id:id}/closing", skills.close_skill, AGENCY, again=word),
    Post("/skills/{skill_id:id}/reopening", skills.reopen_skill, AGENCY, again=word),
    supervised,
    Post(
        "/supervision/covers",
        supervision.set_cover,
        Permission.SUPERVISION_SEE,
        form=CoverForm,
        again=supervised,
    ),
    Post(
        "/supervision/covers/{cover_id:id}/end",
        supervision.end_cover,
        Permission.SUPERVISION_SEE,
        again=supervised,
    ),
    Post(
        "/people/{person_id:id}/supervision",
        supervision.give,
        PEOPLE,
        form=SupervisionForm,
        again=show,
    ),
    Post(
        "/people/{person_id:id}/supervision/{supervision_id:id}/end",
        supervision.end,
        PEOPLE,
        form=SupervisionEndForm,
        again=show,
    ),
    talks,
    Post(
        "/supervision/{person_id:id}/notes",
        one_to_one.add,
        Permission.SUPERVISION_SEE,
        form=one_to_one.TalkForm,
        again=talks,
    ),
    on_call_page,
    on_call_plan,
    Post(
        "/on-call/{program_id:id}",
        on_call.plan,
        PEOPLE,
        form=on_call.OnCallForm,
        again=on_call_plan,
    ),
    Post(
        "/on-call/{program_id:id}/clearing",
        on_call.clear,
        PEOPLE,
        form=on_call.ClearForm,
        again=on_call_plan,
    ),
    on_call_cover,
    Post(
        "/on-call/{program_id:id}/cover",
        on_call.ask_cover,
        SIGNED_IN,
        form=on_call.AskCoverForm,
        again=on_call_cover,
    ),
    Post(
        "/on-call/{program_id:id}/agreement",
        on_call.agree,
        SIGNED_IN,
        form=on_call.AnswerForm,
        again=on_call_page,
    ),
    Post(
        "/on-call/{program_id:id}/refusal",
        on_call.decline,
        SIGNED_IN,
        form=on_call.AnswerForm,
        again=on_call_page,
    ),
]

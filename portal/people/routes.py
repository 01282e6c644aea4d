"""Addresses of signing in and of one's own account."""

from portal.people.forms import (
    ChangePasswordForm,
    ConfirmEmailForm,
    DetailsForm,
    EmailForm,
    LanguageForm,
    NewPasswordForm,
    SignInForm,
    ThemeForm,
)
from portal.people.skill_forms import CanForm, DayForm, WeekForm
from portal.people.views import account, choices, saved, sessions, skills
from portal.permissions import Permission
from portal.web.page import Post, get
from portal.web.saved_forms import show_kept_form

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN

sign_in = get("/session/new", sessions.new_session, PUBLIC)
own_sessions = get("/me/sessions", sessions.list_sessions, SIGNED_IN)
details = get("/me/details", account.edit_details, SIGNED_IN)
email = get("/me/email", account.edit_email, SIGNED_IN)
stop_change = get("/email-changes/{token}", account.show_stop, PUBLIC)
password = get("/me/password", account.edit_password, SIGNED_IN)
invitation = get("/invitations/{token}", account.show_invitation, PUBLIC)
chosen = get("/choices", choices.edit_choices, PUBLIC)
own_views = get("/views", saved.index, SIGNED_IN)
own_skills = get("/me/skills", skills.show_own, SIGNED_IN)

pages = [
    own_views,
    Post("/views", saved.save, SIGNED_IN, form=saved.ViewForm, again=own_views),
    Post("/views/{view_id:id}/removal", saved.delete, SIGNED_IN, again=own_views),
    sign_in,
    Post(
        "/session",
        sessions.create_session,
        PUBLIC,
        form=SignInForm,
        again=sign_in,
        prepare=sessions.check_password,
    ),
    Post("/session/end", sessions.end_session, SIGNED_IN, again=own_sessions),
    get("/session/kept", show_kept_form, SIGNED_IN),
    own_sessions,
    Post(
        "/me/sessions/{session_id:id}/end", sessions.end_one_session, SIGNED_IN, again=own_sessions
    ),
    Post("/me/sessions/end", sessions.end_other_sessions, SIGNED_IN, again=own_sessions),
    details,
    Post("/me/details", account.update_details, SIGNED_IN, form=DetailsForm, again=details),
    email,
    Post(
        "/me/email",
        account.change_email,
        SIGNED_IN,
        form=EmailForm,
        again=email,
        prepare=account.prove_it_is_them,
    ),
    Post(
        "/me/email/proposal",
        account.confirm_proposal,
        SIGNED_IN,
        form=ConfirmEmailForm,
        again=email,
        prepare=account.prove_it_is_them,
    ),
    Post("/me/email/proposal/removal", account.decline_proposal, SIGNED_IN, again=email),
    Post(
        "/me/email/proof",
        account.confirm_email,
        SIGNED_IN,
        again=email,
        prepare=account.may_mail_code,
    ),
    stop_change,
    Post("/email-changes/{token}", account.stop_change, PUBLIC, again=stop_change),
    password,
    Post(
        "/me/password",
        account.update_password,
        SIGNED_IN,
        form=ChangePasswordForm,
        again=password,
        prepare=account.prove_old_password,
    ),
    invitation,
    Post(
        "/invitations/{token}",
        account.accept_invitation,
        PUBLIC,
        form=NewPasswordForm,
        again=invitation,
        prepare=account.hash_invited,
    ),
    chosen,
    Post("/choices/language", choices.update_language, PUBLIC, form=LanguageForm, again=chosen),
    Post("/choices/theme", choices.update_theme, PUBLIC, form=ThemeForm, again=chosen),
    own_skills,
    Post("/me/skills", skills.declare, SIGNED_IN, form=CanForm, again=own_skills),
    Post("/me/times", skills.set_week, SIGNED_IN, form=WeekForm, again=own_skills),
    Post("/me/days", skills.set_day, SIGNED_IN, form=DayForm, again=own_skills),
    Post("/me/days/{day_id:id}/removal", skills.remove_day, SIGNED_IN, again=own_skills),
]

"""What people are mailed to sign in, to register, and to set a new password."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Urgency
from portal.people.identity_models import AddressChange, EmailVerification, Invitation
from portal.settings import Settings
from portal.words import text

PROVE = Kind("proof", Urgency.NOW, secret=True, code=True)
INVITED = Kind("invitation", Urgency.NOW, secret=True, to_actor=True)
EMAIL_CHANGED = Kind("email.changed", Urgency.NOW, secret=True)
PASSWORD = Kind("password.changed", Urgency.NOW, to_actor=True)
LEFT = Kind("person.left", Urgency.SOON, calls=True)


def _prove(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    proof = db.get(EmailVerification, to.subject_id)
    if proof is None or proof.used_at or proof.ends_at <= at:
        return None
    return Saying(link=(text("Continue"), f"/session/link/{to.token}"))


def _invited(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    invitation = db.get(Invitation, to.subject_id)
    if invitation is None or invitation.used_at or invitation.ends_at <= at:
        return None
    return Saying(link=(text("Set your password"), f"/invitations/{to.token}"))


def _email_changed(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    change = db.get(AddressChange, to.subject_id)
    if change is None or change.stopped_at:
        return None
    return Saying(link=(text("Stop the change"), f"/email-changes/{to.token}"))


def _left(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    freed = int(to.told.get("freed", 0))
    return Saying(
        values={"freed": str(freed)}, link=(text("Open their record"), f"/people/{to.subject_id}")
    )


def _password(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    return Saying(link=(text("Where you are signed in"), "/me/sessions"))


NOTICES: Notices = {
    PROVE.name: Notice(
        PROVE,
        text("Sign-in code"),
        text("Your code for {agency}"),
        text(
            "Hello,\n\nHere is your code. Enter it where you asked for it, or open the link "
            "in the same browser. Both work for 15 minutes.\n\nIf you didn't ask for a code, "
            "you can ignore this email."
        ),
        _prove,
    ),
    INVITED.name: Notice(
        INVITED,
        text("An invitation to set a password"),
        text("Your account at {agency}"),
        text(
            "Hello,\n\nYou can now sign in at {agency}. Open this link and choose a "
            "password. The link works once, within 7 days.\n\nIf you didn't expect this "
            "email, you can ignore it."
        ),
        _invited,
    ),
    EMAIL_CHANGED.name: Notice(
        EMAIL_CHANGED,
        text("The email address of an account changed"),
        text("Your email address at {agency} changed"),
        text(
            "Hello,\n\nAn account at {agency} no longer uses this email address. If you made "
            "this change, you don't need to do anything.\n\nIf you didn't, open this link "
            "within 7 days. It brings this address back and signs everyone out."
        ),
        _email_changed,
    ),
    LEFT.name: Notice(
        LEFT,
        text("Someone left, and their spots are open (coordinators)"),
        text("Someone left, and their spots are open"),
        text(
            "Hello {name},\n\nSomeone in your program is now inactive, on leave, or without "
            "a role. We removed them from {freed} upcoming shifts, trainings, or "
            "presentations. Find someone for those spots."
        ),
        _left,
        ("freed",),
    ),
    PASSWORD.name: Notice(
        PASSWORD,
        text("A new password was set"),
        text("Your password for {agency} was changed"),
        text(
            "Hello {name},\n\nYour password was changed, and your other browsers were signed "
            "out. If you didn't do this, call us right away: {phone}."
        ),
        _password,
    ),
}

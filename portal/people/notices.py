"""What people are mailed to sign in, to register, and to set a new password."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying
from portal.people.models import Proof
from portal.settings import Settings
from portal.web.words import text

PROVE = Kind("proof", secret=True)
PASSWORD = Kind("password.changed", to_actor=True)


def _prove(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    proof = db.get(Proof, to.subject_id)
    if proof is None or proof.used_at or proof.ends_at <= at:
        return None
    return Saying(link=(text("Go on"), f"/session/link/{to.token}"))


def _password(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    return Saying(link=(text("Where you are signed in"), "/me/sessions"))


NOTICES: Notices = {
    PROVE.name: Notice(
        PROVE,
        text("The code to sign in"),
        text("Your code for {agency}"),
        text(
            "Hello,\n\nhere is your code. Type it where you asked for it, or open the link in the same "
            "browser. Both work for 15 minutes.\n\nYou did not ask for it? Then you need not do anything."
        ),
        _prove,
    ),
    PASSWORD.name: Notice(
        PASSWORD,
        text("A new password was set"),
        text("Your password for {agency} is new"),
        text(
            "Hello {name},\n\na new password was set for you, and your other browsers are signed out. "
            "It was not you? Then please call us at once: {phone}."
        ),
        _password,
    ),
}

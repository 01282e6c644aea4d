"""Holding floods and bots off the forms that anyone may send."""

import hmac
from dataclasses import dataclass

from portal.people import limits
from portal.people.tokens import hashed
from portal.people.views.sessions import TOO_OFTEN, place_of
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import text

AGAIN = text("Check your answers, then press the button again.")


@dataclass(frozen=True)
class Guard:
    """How often a public form is taken in a quarter of an hour: for one mail address, from one network, and in
    all. No one fills it in faster than in `least_seconds`; whoever is a person presses once more."""

    name: str
    per_address: int
    per_network: int
    in_all: int
    least_seconds: int

    def stamp(self, request: Request) -> str:
        """When the form was opened, signed so that no one can make it earlier."""
        return self._stamp(request, int(request.at.timestamp()))

    def _stamp(self, request: Request, at: int) -> str:
        key = request.settings.secret_key.encode()
        return f"{at}.{hmac.new(key, f'{self.name} {at}'.encode(), 'sha256').hexdigest()[:32]}"

    def check(self, request: Request, stamp: str | None) -> None:
        """Raise Refused for a stamp that is not ours, or only just made."""
        stamp = stamp or ""
        at = stamp.partition(".")[0]
        good = at.isascii() and at.isdecimal() and len(at) < 12
        if not good or not hmac.compare_digest(stamp, self._stamp(request, int(at))):
            raise Refused(AGAIN)
        if request.at.timestamp() - int(at) < self.least_seconds:
            raise Refused(AGAIN)

    def spend(self, request: Request, address: str | None) -> None:
        """Count a try against the network and the address it comes with; only what they allow counts in all.
        Raises Refused when there were too many."""
        network = place_of(request).network
        narrow = {f"{self.name}-from:{network}"[:80]: self.per_network}
        if address:
            narrow[f"{self.name}-to:{hashed(address.lower())[:32]}"] = self.per_address
        with request.portal.database.writing() as db:
            allowed = limits.spend(db, narrow, request.at) and limits.spend(
                db, {f"{self.name}-all": self.in_all}, request.at
            )
        if not allowed:
            raise Refused(TOO_OFTEN)

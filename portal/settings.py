"""What an agency sets: one frozen dataclass, read from PORTAL_... variables.

Every variable is listed in the README. A variable this version does not know is a
mistake worth hearing about, so it stops the start like a missing one does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "PORTAL_"
_SITE = r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"
"""Scheme, host and port of a site, as a content policy names it; nothing that ends or widens one."""
SECRET_LENGTH = 32


class SettingsError(Exception):
    """The settings are incomplete or wrong; `problems` says how, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """One agency's settings. Times are in hours unless the name says otherwise."""

    database_url: str = "sqlite:///portal.db"
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    timezone: str = "America/New_York"
    agency_name: str = "Volunteer Portal"
    agency_phone: str = ""
    brand_color: str = "#17615b"
    logo: str = ""
    trusted_proxy: str = ""
    threads: int = 3
    horizon_weeks: int = 26
    offer_hours: int = 12
    own_phone_days: int = 90
    second_step_days: int = 30
    former_days: int = 90
    fiscal_year_starts: int = 1
    smtp_url: str = ""
    mail_from: str = ""
    imap_url: str = ""
    mail_per_hour: int = 3000
    mail_per_person_day: int = 25
    embed_sites: str = ""
    demo: bool = False
    given: frozenset[str] = field(default=frozenset(), compare=False)

    def is_given(self, name: str) -> bool:
        """Whether the environment, or whoever made these settings, decides a value that the agency could."""
        return name in self.given or getattr(self, name, None) != _DEFAULTS.get(name)

    @property
    def secure(self) -> bool:
        """Whether people reach the portal over https, so cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port of the portal, as browsers send them in Origin."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """The one host name requests may ask for."""
        return urlsplit(self.base_url).hostname or ""

    @classmethod
    def read(cls, environ: Mapping[str, str], **overrides: object) -> "Settings":
        """Read the settings. Raises SettingsError naming everything that is wrong at once."""
        known = {PREFIX + one.name.upper(): one for one in fields(cls) if one.name != "given"}
        problems = [
            f"{name} is not a setting of this version; see the README for the list."
            for name in sorted(environ)
            if name.startswith(PREFIX) and name not in known
        ]
        values: dict[str, object] = {}
        for name, one in known.items():
            text = environ.get(name)
            if text is None:
                continue
            if one.type is str:
                values[one.name] = text
            elif not text.isdecimal() or len(text) > 6:
                problems.append(f"{name} must be a whole number, not {text!r}.")
            else:
                values[one.name] = bool(int(text)) if one.type is bool else int(text)
        settings = cls(**(values | overrides), given=frozenset(values.keys() - overrides.keys()))  # type: ignore[arg-type]
        problems += settings.problems()
        if problems:
            raise SettingsError(problems)
        return settings

    def environ(self) -> dict[str, str]:
        """The same settings as variables, to hand to worker processes."""
        return {
            PREFIX + one.name.upper(): str(int(value) if isinstance(value, bool) else value)
            for one in fields(self)
            if one.name != "given"
            and ((value := getattr(self, one.name)) != one.default or one.name in self.given)
        }

    def problems(self) -> list[str]:
        """What is wrong with these settings wherever they are used, a sentence each."""
        found = []
        if not self.database_url.startswith(
            ("sqlite:///", "postgresql://", "postgresql+psycopg://")
        ):
            found.append("PORTAL_DATABASE_URL must begin with sqlite:/// or postgresql://.")
        found += self._problems_of_pages()
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            found.append(
                f"PORTAL_TIMEZONE {self.timezone!r} is not a zone name like America/New_York."
            )
        try:
            for address in filter(None, self.trusted_proxy.split(",")):
                ip_network(address.strip())
        except ValueError:
            found.append("PORTAL_TRUSTED_PROXY must be addresses or networks, like 10.0.0.2.")
        if not 1 <= self.horizon_weeks <= 104:
            found.append("PORTAL_HORIZON_WEEKS must be from 1 to 104.")
        if not 1 <= self.offer_hours <= 168:
            found.append("PORTAL_OFFER_HOURS must be from 1 to 168.")
        found += self._problems_of_mail()
        if not 1 <= self.own_phone_days <= 366:
            found.append("PORTAL_OWN_PHONE_DAYS must be from 1 to 366.")
        if self.second_step_days > 366:
            found.append("PORTAL_SECOND_STEP_DAYS must be from 0 (off) to 366.")
        if self.former_days > 3660:
            found.append("PORTAL_FORMER_DAYS must be from 0 to 3660.")
        if not 1 <= self.fiscal_year_starts <= 12:
            found.append("PORTAL_FISCAL_YEAR_STARTS must be a month, from 1 to 12.")
        if not 1 <= self.threads <= 16:
            found.append("PORTAL_THREADS must be from 1 to 16.")
        return found

    def _problems_of_pages(self) -> list[str]:
        found = []
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.brand_color):
            found.append("PORTAL_BRAND_COLOR must look like #17615b.")
        if not self.host or urlsplit(self.base_url).scheme not in ("http", "https"):
            found.append(
                "PORTAL_BASE_URL must be a full address, like https://volunteers.example.gov."
            )
        if not all(re.fullmatch(_SITE, one) for one in self.embed_sites.split()):
            found.append("PORTAL_EMBED_SITES must be sites like https://www.example.gov.")
        return found

    def _problems_of_mail(self) -> list[str]:
        found = []
        if self.imap_url:
            parts = urlsplit(self.imap_url)
            safe = parts.scheme == "imaps" or parts.hostname in ("127.0.0.1", "localhost")
            if not safe or not parts.scheme.startswith("imap") or not parts.username:
                found.append(
                    "PORTAL_IMAP_URL must look like imaps://user:password@host/INBOX; "
                    "imap:// is for this machine alone."
                )
        if not self.smtp_url:
            return found
        parts = urlsplit(self.smtp_url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            found.append(
                "PORTAL_SMTP_URL must look like smtp://user:password@host:587?starttls=yes."
            )
        if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", self.mail_from):
            found.append("PORTAL_MAIL_FROM must be the address that mail comes from.")
        if self.mail_per_hour < 1 or self.mail_per_person_day < 1:
            found.append("PORTAL_MAIL_PER_HOUR and PORTAL_MAIL_PER_PERSON_DAY must be at least 1.")
        return found

    def problems_of_serving(self) -> list[str]:
        """What keeps these settings from being served to people (SECURITY X1)."""
        found = []
        if not self.secret_key:
            found.append(
                "PORTAL_SECRET_KEY is missing. Make one with:\n"
                '  python3 -c "import secrets; print(secrets.token_urlsafe(48))"\n'
                "and keep it where only the portal can read it."
            )
        elif len(self.secret_key) < SECRET_LENGTH or len(set(self.secret_key)) < 10:
            found.append(
                f"PORTAL_SECRET_KEY is too weak: at least {SECRET_LENGTH} random characters."
            )
        if "*" in self.host:
            found.append("PORTAL_BASE_URL must name one host, without *.")
        return found


_DEFAULTS = {one.name: one.default for one in fields(Settings)}

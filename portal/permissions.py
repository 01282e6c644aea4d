"""Permission names, staff roles, and who has what.

A permission is held for a program or for the whole agency. A view names the permission
it needs; rows are then loaded from a scope that knows in which programs it is held.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class Permission(StrEnum):
    """What a view may ask for. PUBLIC and SIGNED_IN are named too, so that nothing is forgotten."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    SHIFTS_MANAGE = "shifts:manage"
    PEOPLE_MANAGE = "people:manage"
    PLACEMENTS_DECIDE = "placements:decide"
    PROGRAMS_MANAGE = "programs:manage"
    SITES_MANAGE = "sites:manage"
    HOURS_APPROVE = "hours:approve"
    REPORTS_READ = "reports:read"
    REQUIREMENTS_MANAGE = "requirements:manage"
    CREDENTIALS_SEE = "credentials:see"
    CREDENTIALS_VERIFY = "credentials:verify"
    SCREENING_HANDLE = "screening:handle"
    WAIVERS_GRANT = "waivers:grant"
    TRAINING_MANAGE = "training:manage"
    SUPERVISION_SEE = "supervision:see"
    OUTREACH_MANAGE = "outreach:manage"
    CALLS_MAKE = "calls:make"
    INCIDENTS_RECEIVE = "incidents:receive"
    CASES_REQUEST = "cases:request"
    CASES_READ = "cases:read"
    CASES_FOLLOW = "cases:follow"
    CASES_EMERGENCY = "cases:emergency"
    CASES_OVERSEE = "cases:oversee"
    AUDIT_READ = "audit:read"
    AGENCY_MANAGE = "agency:manage"


class Role(StrEnum):
    """Staff roles. Everyone else is simply a person."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    SCREENER = "screener"
    TRAINER = "trainer"
    SUPERVISOR = "supervisor"
    OUTREACH_CLERK = "outreach_clerk"
    PRESENTER = "presenter"
    INCIDENT_RECEIVER = "incident_receiver"
    ON_CALL = "on_call"
    CASEWORKER = "caseworker"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"
    ON_CALL_NOW = "on_call_now"


HELD_BY_SCHEDULE = frozenset({Role.ON_CALL_NOW})
"""Nobody is given these: the on-call schedule gives them for a day to who may be on call."""

MAY_BE_ON_CALL = frozenset({Role.ON_CALL, Role.SUPERVISOR, Role.COORDINATOR})


COORDINATES = frozenset(
    {
        Permission.SHIFTS_MANAGE,
        Permission.PEOPLE_MANAGE,
        Permission.PLACEMENTS_DECIDE,
        Permission.PROGRAMS_MANAGE,
        Permission.SITES_MANAGE,
        Permission.HOURS_APPROVE,
        Permission.REPORTS_READ,
        Permission.REQUIREMENTS_MANAGE,
        Permission.CREDENTIALS_SEE,
        Permission.CREDENTIALS_VERIFY,
        Permission.WAIVERS_GRANT,
        Permission.TRAINING_MANAGE,
        Permission.SUPERVISION_SEE,
        Permission.OUTREACH_MANAGE,
        Permission.CALLS_MAKE,
    }
)
GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: COORDINATES | {Permission.AGENCY_MANAGE, Permission.CASES_EMERGENCY},
    Role.COORDINATOR: COORDINATES | {Permission.CASES_REQUEST, Permission.CASES_EMERGENCY},
    Role.CASEWORKER: frozenset(
        {Permission.CASES_REQUEST, Permission.CASES_READ, Permission.CASES_FOLLOW}
    ),
    Role.SCREENER: frozenset(
        {
            Permission.CREDENTIALS_SEE,
            Permission.CREDENTIALS_VERIFY,
            Permission.SCREENING_HANDLE,
            Permission.CALLS_MAKE,
        }
    ),
    Role.TRAINER: frozenset({Permission.TRAINING_MANAGE, Permission.CALLS_MAKE}),
    Role.SUPERVISOR: frozenset(
        {Permission.SUPERVISION_SEE, Permission.CASES_FOLLOW, Permission.CASES_EMERGENCY}
    ),
    Role.AUDITOR: frozenset({Permission.AUDIT_READ}),
    Role.PRIVACY_OFFICER: frozenset({Permission.AUDIT_READ, Permission.CASES_OVERSEE}),
    Role.OUTREACH_CLERK: frozenset({Permission.OUTREACH_MANAGE, Permission.CALLS_MAKE}),
    Role.PRESENTER: frozenset(),
    Role.INCIDENT_RECEIVER: frozenset({Permission.INCIDENTS_RECEIVE}),
    Role.ON_CALL: frozenset(),
    Role.ON_CALL_NOW: frozenset({Permission.SUPERVISION_SEE, Permission.CASES_EMERGENCY}),
}
"""Background checks are handled by screeners alone: whoever coordinates or administers sees outcomes and
dates, never what stands behind them. Reports of incidents are read by their receivers alone, for the same
reason. Cases are read by caseworkers, and followed by the supervisors of those who help; whoever coordinates
asks for volunteers by reference, and an administrator sees none; an emergency opens one case for a while.
Auditors and privacy officers read who did what, never what it was about. A presenter is staff who give talks;
it opens no page, and being allowed on call opens none before one's day."""


SECOND_STEP = frozenset(
    {
        Permission.SCREENING_HANDLE,
        Permission.INCIDENTS_RECEIVE,
        Permission.CASES_READ,
        Permission.CASES_OVERSEE,
    }
)
"""Whoever holds one of these signs in with the password and an emailed code (SECURITY A4)."""


def needs_second_step(roles: frozenset[Role]) -> bool:
    """Whether a password alone does not sign in someone with these staff roles."""
    return any(SECOND_STEP & GRANTS[role] for role in roles)


@dataclass(frozen=True)
class SessionLimits:
    """How long a sign-in lasts: without use, and in all."""

    idle: timedelta
    absolute: timedelta


VOLUNTEER_LIMITS = SessionLimits(idle=timedelta(days=14), absolute=timedelta(days=90))
STAFF_LIMITS: Mapping[Role, SessionLimits] = {
    Role.ADMINISTRATOR: SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Role.COORDINATOR: SessionLimits(idle=timedelta(hours=2), absolute=timedelta(hours=12)),
    Role.SCREENER: SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Role.TRAINER: SessionLimits(idle=timedelta(hours=2), absolute=timedelta(hours=12)),
    Role.SUPERVISOR: SessionLimits(idle=timedelta(hours=2), absolute=timedelta(hours=12)),
    Role.OUTREACH_CLERK: SessionLimits(idle=timedelta(hours=2), absolute=timedelta(hours=12)),
    Role.PRESENTER: VOLUNTEER_LIMITS,
    Role.INCIDENT_RECEIVER: SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Role.CASEWORKER: SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Role.AUDITOR: SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Role.PRIVACY_OFFICER: SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    Role.ON_CALL: SessionLimits(idle=timedelta(hours=2), absolute=timedelta(hours=12)),
    Role.ON_CALL_NOW: SessionLimits(idle=timedelta(hours=2), absolute=timedelta(hours=12)),
}


def session_limits(roles: frozenset[Role]) -> SessionLimits:
    """The strictest limits among the roles a person holds."""
    return min(
        (STAFF_LIMITS[role] for role in roles),
        key=lambda limits: limits.idle,
        default=VOLUNTEER_LIMITS,
    )


@dataclass(frozen=True)
class Viewer:
    """Who is looking: a signed-in person with their memberships, or no one yet.

    `memberships` holds (role, program id); the program is None for the whole agency. `today` is the
    agency's day; whose role ended since `former_since` can still be read by its coordinators.
    """

    person_id: int | None = None
    name: str = ""
    language: str = ""
    session_id: int | None = None
    memberships: frozenset[tuple[Role, int | None]] = field(default=frozenset())
    today: date | None = None
    former_since: datetime | None = None

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, _ in self.memberships)

    @property
    def staff(self) -> bool:
        return bool(self.memberships)

    def may(self, permission: Permission) -> bool:
        """Whether the permission is held anywhere; which rows it covers is the scope's business."""
        if permission is Permission.PUBLIC:
            return True
        if permission is Permission.SIGNED_IN:
            return self.signed_in
        return any(permission in GRANTS[role] for role in self.roles)

    def everywhere(self, permission: Permission) -> bool:
        """Whether the permission is held for the whole agency."""
        return any(
            permission in GRANTS[role] for role, program in self.memberships if program is None
        )

    def programs_with(self, permission: Permission) -> frozenset[int]:
        """The programs for which the permission is held by name (not through the agency)."""
        return frozenset(
            program
            for role, program in self.memberships
            if program is not None and permission in GRANTS[role]
        )

    @property
    def on_call_for(self) -> frozenset[int]:
        """The programs for which they are on call now."""
        return frozenset(
            program for role, program in self.memberships if role is Role.ON_CALL_NOW and program
        )

    def may_in(self, permission: Permission, program_id: int | None) -> bool:
        """Whether the permission is held for this program (None: for the whole agency)."""
        return self.everywhere(permission) or program_id in self.programs_with(permission)


NOBODY = Viewer()
COMMAND_LINE = Viewer(memberships=frozenset({(Role.ADMINISTRATOR, None)}))
"""Who acts on the command line: everything is allowed, and the audit names no one."""

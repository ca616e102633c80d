"""What may be done: the catalogue of permissions, the roles that come with the program, and short forms of both."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketmover.errors import ForbiddenError, UsageError
from marketmover.kit import did_you_mean

CATALOGUE: Mapping[str, str] = {
    "history:read": "See what campaigns did, and curves.",
    "history:write": "Import exports, delete an account's data.",
    "accounts:read": "See which ad accounts are connected.",
    "accounts:write": "Connect and remove ad accounts, pull from them.",
    "briefs:read": "See briefs.",
    "briefs:write": "Read and keep briefs.",
    "plans:read": "See plans, and what they would bring.",
    "plans:write": "Compose and change plans.",
    "plans:approve": "Approve plans.",
    "plans:publish": "Publish plans to the platforms, which spends money.",
    "monitoring:read": "See alerts.",
    "monitoring:write": "Watch plans, settle alerts.",
    "notices:read": "See who is told of what.",
    "notices:write": "Change who is told of what.",
    "jobs:read": "See work that is under way.",
    "jobs:run": "Start and stop work.",
    "models:read": "See models.",
    "models:write": "Train, compare and promote models.",
    "people:read": "See people, roles and invitations.",
    "people:write": "Invite and remove people, give roles.",
    "keys:write": "Make and revoke API keys.",
    "workspaces:write": "Make and archive workspaces.",
    "audit:read": "See who did what.",
    "settings:read": "See settings, without secrets.",
}
ALL = frozenset(CATALOGUE)
READ = frozenset(name for name in ALL if name.endswith(":read"))
OWNER = "owner"
ROLES: Mapping[str, frozenset[str]] = {
    OWNER: ALL,
    "manager": ALL - {"people:write", "workspaces:write", "keys:write"},
    "analyst": (READ - {"audit:read", "people:read"}) | {"history:write", "briefs:write", "plans:write", "jobs:run"},
    "viewer": frozenset(f"{thing}:read" for thing in ("history", "briefs", "plans", "monitoring", "models", "jobs")),
}
_ROLE_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Asker:
    """Who has something done.

    Attributes:
        who: How the log names them.
        held: What they may do; whoever works on the server may do all.
        person: Their id, where they are a person who signed in.
    """

    who: str
    held: frozenset[str] = ALL
    person: str | None = None

    def require(self, permissions: frozenset[str], what: str) -> None:
        """Nobody gives, changes or takes more than they have.

        Raises:
            ForbiddenError: `what` permits something that they may not do.
        """
        if beyond := sorted(permissions - self.held):
            raise ForbiddenError(
                f"{what} permits more than you may do here: {', '.join(beyond)}.", "Ask an owner of the workspace."
            )


def check_permissions(names: Iterable[str]) -> frozenset[str]:
    """Permissions by their names.

    Raises:
        UsageError: One is none, or there are none.
    """
    asked = frozenset(names)
    for name in sorted(asked - ALL):
        raise UsageError(f"{name!r} is no permission.", did_you_mean(name, list(ALL)))
    if not asked:
        raise UsageError("No permission is named.", "Name at least one, as `plans:read`.")
    return asked


def check_role_name(name: str) -> str:
    """A name that a workspace's own role can have.

    Raises:
        UsageError: It cannot, or a role that comes with the program has it.
    """
    if not _ROLE_NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a role.", "Use 1 to 64 lower case letters, digits and -, beginning with a letter."
        )
    if name in ROLES or name == "read":
        raise UsageError(f"The role {name} comes with marketmover and cannot be changed.", "Give yours another name.")
    return name


def permissions_of_scopes(scopes: Iterable[str], own_roles: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What scopes stand for: permissions themselves, a role's name for all that it permits, `read` for all reading.

    >>> sorted(permissions_of_scopes(["plans:write", "jobs:read"], {}))
    ['jobs:read', 'plans:write']

    Raises:
        UsageError: One is no scope, or there are none.
    """
    short = {"read": READ, **ROLES, **own_roles}
    found: set[str] = set()
    for scope in scopes:
        found |= short[scope] if scope in short else check_permissions([scope])
    return check_permissions(found)

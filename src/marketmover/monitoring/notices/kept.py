"""Who is told of what, set from afar: kept in records, its secrets sealed beside it and never handed out.

What comes from afar may less than `notices.toml`, which lies on the server: it names no files, no variables of the
environment and no hosts of private networks, since it would read, write and reach what is not its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from marketmover.errors import InputError, SettingsError, UsageError
from marketmover.monitoring.notices.configuration import Configuration, configuration_of
from marketmover.monitoring.notices.records import NoticeConfiguration

PLACE = "the notices"
SEALED = ("password", "url", "secrets", "token", "key", "secret")
_OF_THE_SERVER = ("file", "path")


@dataclass(frozen=True)
class KeptNotices:
    """What was set: as it was sent, with names in place of secrets."""

    content: Mapping[str, Any]
    changed_at: datetime
    changed_by: str


def notices_kept(session: Session, workspace: str) -> KeptNotices | None:
    """What a person set; `None` where nobody did."""
    row = session.get(NoticeConfiguration, workspace)
    return None if row is None else KeptNotices(row.content, row.changed_at, row.changed_by)


def configuration_kept(session: Session, workspace: str, allowed_hosts: tuple[str, ...] = ()) -> Configuration | None:
    """The same as delivering takes it; `allowed_hosts` are those of private networks that may be reached."""
    kept = notices_kept(session, workspace)
    if kept is None:
        return None
    return replace(configuration_of(plain(kept.content), PLACE), allowed_hosts=allowed_hosts, from_afar=True)


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """As `notices.toml` would have it: a route's options stand beside its other keys."""
    routes = {name: _table(route) for name, route in content.get("routes", {}).items()}
    return {**{key: value for key, value in content.items() if key != "routes" and value}, "routes": routes}


def _table(route: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in route.items() if key != "options" and value not in (None, "", [])}
    return {**own, **route.get("options", {})}


def set_notices(
    session: Session,
    workspace: str,
    content: Mapping[str, Any],
    seal: Callable[[str, str], None],
    *,
    who: str,
    now: datetime,
) -> KeptNotices:
    """Keep who is told of what, in place of what was kept.

    Args:
        session: The caller commits.
        workspace: Whose.
        content: `time_zone`, `link` and `routes`, each with its `options`.
        seal: Keeps a secret under a name.
        who: Who sets it.
        now: The moment.

    Raises:
        UsageError: An option may not be set from afar.
        InputError: Something in it cannot be used; the place and the remedy are named.
    """
    before = notices_kept(session, workspace)
    there = before.content["routes"] if before else {}
    for name, route in content["routes"].items():
        _require_own(name, route, there.get(name))
    routes = {name: {**route, "options": _sealed(name, route, seal)} for name, route in content["routes"].items()}
    kept = {**content, "routes": routes}
    try:
        configuration_of(plain(kept), PLACE)
    except SettingsError as error:  # it is the sender's, not the server's
        raise InputError(error.message, error.remedy) from error
    session.merge(NoticeConfiguration(workspace_id=workspace, content=kept, changed_at=now, changed_by=who))
    session.flush()
    return KeptNotices(kept, now, who)


def forget_notices(session: Session, workspace: str) -> bool:
    """Take back what was set; whether there was any. `notices.toml` holds again, where there is one."""
    row = session.get(NoticeConfiguration, workspace)
    if row is not None:
        session.delete(row)
    return row is not None


def _require_own(name: str, route: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    """See that what is sealed stays on its route, and the route leads where it led.

    Else whoever may change routes could have a password that nobody shows them sent to a host of theirs.

    Raises:
        UsageError: A secret is to go elsewhere.
    """
    old = before["options"] if before else {}
    for key, value in route.get("options", {}).items():
        if not any(_is_reference(text) for text in _several(value)):
            continue
        if value != old.get(key) or _leads(route) != _leads(before or {}):
            raise UsageError(
                f"`{key}` of the route {name} was sealed for another place than the route leads to now.",
                "Send the secret itself anew.",
            )


_DESTINATION = ("url", "host", "port", "security", "user")


def _leads(route: Mapping[str, Any]) -> list[Any]:
    options = route.get("options", {})
    return [route.get("to"), *(options.get(key) for key in _DESTINATION)]


def _several(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.strip().startswith("secret:")


def _sealed(name: str, route: Mapping[str, Any], seal: Callable[[str, str], None]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for key, value in route.get("options", {}).items():
        texts = _several(value)
        if any(part in key.split("_") for part in _OF_THE_SERVER):
            raise UsageError(
                f"`{key}` of the route {name} names a file of the server.", "Set it in notices.toml there."
            )
        if any(isinstance(text, str) and text.strip().startswith("env:") for text in texts):
            raise UsageError(f"`{key}` of the route {name} names a variable.", "Send the value: it is sealed.")
        hidden = [_one(f"{name}-{key}-{place}", text, key, seal) for place, text in enumerate(texts)]
        options[key] = hidden if isinstance(value, list) else hidden[0]
    return options


def _one(name: str, value: Any, key: str, seal: Callable[[str, str], None]) -> Any:
    if key not in SEALED or not isinstance(value, str) or _is_reference(value):
        return value
    seal(name, value.strip())
    return f"secret:{name}"

"""`notices.toml` in the home: routes, whose clock they go by, and what their transports need."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from marketmover.errors import NotFoundError, SettingsError
from marketmover.monitoring.notices.hours import WEEKDAYS, Digest, QuietHours
from marketmover.monitoring.notices.notice import SEVERITIES, Notifier, Severity, Step, Transport
from marketmover.monitoring.notices.options import Reveal, Values
from marketmover.monitoring.notices.routing import Route

_FIRST = "default"
_STEPS: tuple[Step, ...] = ("new", "worse", "resolved")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_EXAMPLE = 'Write it; the least is: [routes.log] to = "log" (docs/notices.md has each transport).'


@dataclass(frozen=True)
class Watched:
    """What the job `watch` looks at: folders of plans, or ones that hold such; a file of goals where there is one."""

    plans: tuple[Path, ...] = ()
    goals: Path | None = None


@dataclass(frozen=True)
class Configuration:
    """What `notices.toml` says.

    Attributes:
        place: The file, for errors.
        routes: By name, in the file's order.
        shared: Options by transport, for all routes that do not say otherwise.
        allowed_hosts: Hosts, or `host:port`, that may lie on this machine or in private networks.
        link: A page that notices without a link of their own lead to; may be empty.
        watched: What is watched on a schedule.
        from_afar: Whether it was set over the API, and not on the server: then mail, too, goes where webhooks may.
    """

    place: str
    routes: Mapping[str, Route]
    shared: Mapping[str, Mapping[str, Any]]
    allowed_hosts: tuple[str, ...]
    link: str
    watched: Watched
    from_afar: bool = False

    def route(self, name: str) -> Route:
        """A route by its name.

        Raises:
            NotFoundError: There is none.
        """
        if name not in self.routes:
            from marketmover.kit import did_you_mean

            raise NotFoundError(f"{self.place} has no route {name!r}.", did_you_mean(name, list(self.routes)))
        return self.routes[name]

    def notifier(self, route: Route, transports: Mapping[str, Transport], reveal: Reveal) -> Notifier:
        """What sends a route's messages.

        Raises:
            SettingsError: There is no such transport, or an option cannot be used.
        """
        place = f"{self.place}, [routes.{route.name}]"
        if route.to not in transports:
            raise SettingsError(f"{place}: `to` is {route.to!r}.", f"Write one of: {', '.join(sorted(transports))}.")
        options = {**self.shared.get(route.to, {}), **route.options}
        values = Values(place, options, reveal, self.allowed_hosts, from_afar=self.from_afar)
        notifier = transports[route.to](values)
        values.done()
        return notifier


def file_of(workspace: str) -> str:
    """The name of a workspace's file in the home: `notices.toml` of the first one, `notices-NAME.toml` of any other."""
    return "notices.toml" if workspace == _FIRST else f"notices-{workspace}.toml"


def read_configuration(path: Path) -> Configuration:
    """Read and check the file; options of transports are checked when their notifiers are made.

    Raises:
        NotFoundError: It is not there.
        SettingsError: Something in it cannot be used; the place and the remedy are named.
    """
    return configuration_of(_toml(path), path.name)


def configuration_of(content: Mapping[str, Any], place: str) -> Configuration:
    """Check what such a file holds.

    Args:
        content: As TOML or JSON has it.
        place: What errors name.

    Raises:
        SettingsError: Something in it cannot be used; the place and the remedy are named.
    """
    values = Values(place, content, _no_secrets)
    zone = values.text("time_zone", "UTC")
    _zone(values, zone)
    allowed = values.texts("allow_hosts", ())
    link = values.text("link", "")
    if link and not link.startswith(("https://", "http://")):
        raise values.wrong("link", f"is {link!r}", "Write an address that begins with https://")
    watched = _watched(values)
    tables = values.values.get("routes", {})
    values.asked.add("routes")
    if not isinstance(tables, dict) or not tables:
        raise SettingsError(f"{place} has no routes, so nobody would be told of anything.", _EXAMPLE)
    routes = {name: _route(place, name, table, zone) for name, table in cast("dict[str, Any]", tables).items()}
    shared = {key: table for key, table in values.rest().items() if isinstance(table, dict)}
    values.asked |= {name for name in shared if name in {route.to for route in routes.values()}}
    values.done()
    return Configuration(place, routes, shared, tuple(one.lower() for one in allowed), link, watched)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(f"{path} is not there, so nobody is told of anything.", _EXAMPLE) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.", "Mend it at the place that is named.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", "Let this user read it.") from error


def _no_secrets(reference: str) -> str:
    raise SettingsError(f"{reference} cannot be looked up here.", "Secrets stand in routes and their transports.")


def _watched(values: Values) -> Watched:
    values.asked.add("watch")
    table = values.values.get("watch", {})
    if not isinstance(table, dict):
        raise values.wrong("watch", "is no table", 'Write [watch] and below it plan = "DIR".')
    inner = Values(f"{values.place}, [watch]", cast("dict[str, Any]", table), _no_secrets)
    plans = tuple(_path(inner, "plan", text) for text in inner.texts("plan", ()))
    goals = inner.text("goals", "")
    inner.done()
    return Watched(plans, _path(inner, "goals", goals) if goals else None)


def _path(values: Values, key: str, text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_absolute() or not path.exists():
        raise values.wrong(key, f"is {path}, which is not there", "Write its whole path.")
    return path


def _route(file: str, name: str, table: Any, zone: str) -> Route:
    place = f"{file}, [routes.{name}]"
    if not isinstance(table, dict) or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        raise SettingsError(
            f"{place} is no route.", "Write [routes.NAME] with lower case letters, digits, - and _, and its keys below."
        )
    values = Values(place, cast("dict[str, Any]", table), _no_secrets)
    clock = _zone(values, values.text("time_zone", zone))
    return Route(
        name=name,
        to=values.text("to").lower(),
        from_severity=cast("Severity", values.choice("from_severity", SEVERITIES, "info")),
        kinds=frozenset(values.texts("kinds", ())),
        steps=frozenset(cast("Sequence[Step]", values.choices("steps", _STEPS, _STEPS))),
        quiet=_quiet(values, clock),
        digest=_digest(values, clock),
        critical_passes=values.yes("critical_passes", default=False),
        tries=values.whole("tries", 8, 1, 20),
        options=values.rest(),
    )


def _zone(values: Values, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise _no_zone(values, name) from error
    except KeyError as error:
        raise _no_zone(values, name) from error


def _no_zone(values: Values, name: str) -> SettingsError:
    return values.wrong("time_zone", f"is {name!r}, which is no time zone", 'Write a name such as "Europe/Berlin".')


def _quiet(values: Values, zone: ZoneInfo) -> QuietHours | None:
    hours = values.text("quiet", "")
    days = values.choices("quiet_days", WEEKDAYS, ())
    if len(set(days)) == len(WEEKDAYS):
        raise values.wrong("quiet_days", "has all days", "Leave one on which notices may be told.")
    begin, end = time.min, time.min
    if hours:
        found = re.fullmatch(rf"\s*{_CLOCK.pattern}\s*[-–]\s*{_CLOCK.pattern}\s*", hours)
        if not found:
            raise values.wrong("quiet", f"is {hours!r}", 'Write hours such as "22:00-07:00".')
        begin, end = (time(int(found[place]), int(found[place + 1])) for place in (1, 3))
        if begin == end:
            raise values.wrong("quiet", "begins when it ends", 'Write hours such as "22:00-07:00".')
    return QuietHours(begin, end, frozenset(map(WEEKDAYS.index, days)), zone) if hours or days else None


def _digest(values: Values, zone: ZoneInfo) -> Digest | None:
    said = values.text("digest", "").lower()
    if not said:
        return None
    found = re.fullmatch(rf"(daily|{'|'.join(WEEKDAYS)})\s+(?:at\s+)?{_CLOCK.pattern}", said)
    if not found:
        raise values.wrong("digest", f"is {said!r}", 'Write "daily 08:00" or a weekday: "monday 08:00".')
    at = time(int(found[2]), int(found[3]))
    if found[1] == "daily":
        return Digest("daily", at, 0, zone)
    return Digest("weekly", at, WEEKDAYS.index(found[1]), zone)

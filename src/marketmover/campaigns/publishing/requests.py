"""What is sent: a plan's request files by account, and what takes a platform from one state of it to another."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from marketmover.errors import InputError, NotFoundError
from marketmover.plans import Plan, PlanLine, State

Json = dict[str, Any]

_FILES = {
    "google_ads": ("google_ads.json", "customer_id", "mutateOperations", "more_requests"),
    "meta_ads": ("meta_ads.json", "account_id", "operations", "more_accounts"),
}
PLATFORM_NAMES = {"google_ads": "Google Ads", "meta_ads": "Meta"}
REQUEST_FILES = tuple(file for file, *_ in _FILES.values())
_PLACEHOLDER = re.compile(r"INSERT_[A-Z_]+")
_ACTIONS = {"bidding": "set_bidding", "audience": "set_audience", "creative": "rotate_creative"}
_NEEDS_NO_VALUE = frozenset({"pause", "resume"})
_COMPOSE = "Compose the plan again with `marketmover compose --out`."


@dataclass(frozen=True)
class PlatformRequest:
    """What one account is sent."""

    platform: str
    account_id: str
    body: Json

    @property
    def digest(self) -> str:
        """SHA-256 of the body, however it is written."""
        return digest_of(self.body)


def digest_of(value: Any) -> str:
    """SHA-256 of JSON, however it is written."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def plain_account(account_id: str) -> str:
    """An account's id as all platforms' files may write it: without `act_` and dashes."""
    return account_id.removeprefix("act_").replace("-", "")


def read_files(folder: Path) -> dict[str, bytes]:
    """The plan and what would be sent for it, by file: read once, so that what is checked is what is sent.

    Raises:
        InputError: A file is there, but cannot be read.
    """
    found: dict[str, bytes] = {}
    for name in ("plan.json", *REQUEST_FILES):
        try:
            found[name] = (folder / name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InputError(f"{folder / name} cannot be read: {error.strerror}.", _COMPOSE) from error
    return found


def requests_of(folder: Path, files: Mapping[str, bytes]) -> list[PlatformRequest]:
    """The requests beside a plan, one an account; accounts that nothing is asked of are left out.

    Args:
        folder: The plan's, for messages.
        files: What `read_files` read there.

    Raises:
        NotFoundError: A request file is missing.
        InputError: One cannot be read, or holds what a person is to put in.
    """
    return [
        request
        for platform, (file, account, operations, more) in _FILES.items()
        for request in _in_file(folder / file, files.get(file), platform, account, operations, more)
    ]


def _in_file(
    path: Path, read: bytes | None, platform: str, account: str, operations: str, more: str
) -> Iterator[PlatformRequest]:
    whole = _parsed(path, read)
    bodies = [whole, *cast("Sequence[Json]", whole.get(more) or [])]
    for body in bodies:
        if body.get(operations):
            _check_filled(path, body)
            own = {name: value for name, value in body.items() if name != more}
            yield PlatformRequest(platform, plain_account(str(body.get(account, ""))), own)


def _parsed(path: Path, read: bytes | None) -> Json:
    if read is None:
        raise NotFoundError(f"There is no {path}, which is what would be sent.", _COMPOSE)
    try:
        found: Any = json.loads(read.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}.", _COMPOSE) from error
    if not isinstance(found, dict):
        raise InputError(f"{path} is not a JSON object.", _COMPOSE)
    return cast("Json", found)


def _check_filled(path: Path, body: Json) -> None:
    missing = sorted(set(_PLACEHOLDER.findall(json.dumps(body))))
    if missing:
        raise InputError(
            f"{path} still holds {', '.join(missing)}, which only you can know.",
            "Put the values in (the plan's warnings say what each is), then approve the plan again.",
        )


def changes_between(plan: Plan, before: State, after: State) -> list[Json]:
    """What takes the plan's lines from one state to another, as `changes.json` writes changes.

    What sets money free comes first: pauses, then lower budgets, settings, higher budgets, and lines that run again.
    A line that both states leave paused gets its new budget, too, so that it is there when it runs again.
    """
    found: list[tuple[int, Json]] = []
    for line in plan.lines:
        was, now = line.id in before.paused, line.id in after.paused
        if was != now:
            named = {False: "running", True: "paused"}
            action = "pause" if now else "resume"
            found.append((0 if now else 4, _change(line.id, action, named[was], named[now])))
        old = before.daily_budgets.get(line.id, line.daily_budget)
        new = after.daily_budgets.get(line.id, line.daily_budget)
        if old != new:
            found.append((1 if new < old else 3, _change(line.id, "set_daily_budget", old, new)))
        found.extend((2, change) for change in _settings(line, before, after))
    return [change for _, change in sorted(found, key=lambda one: one[0])]


def _settings(line: PlanLine, before: State, after: State) -> Iterator[Json]:
    own = line.model_dump(mode="json", include=set(_ACTIONS))
    old, new = before.settings.get(line.id, {}), after.settings.get(line.id, {})
    was, now = {**own, **old}, {**own, **new}
    for setting, action in _ACTIONS.items():
        unwritten = any(setting in told and not told[setting] for told in (old, new))
        if was[setting] != now[setting]:
            yield _change(line.id, action, was[setting], None if unwritten else now[setting])


def _change(line: str, action: str, was: Any, now: Any) -> Json:
    return {"line_id": line, "action": action, "from": was, "to": now}


def sendable(changes: Sequence[Json]) -> list[Json]:
    """Changes that a platform can be told: all but new ads that a person is to write, or has written."""
    return [change for change in changes if change["action"] in _NEEDS_NO_VALUE or change["to"] is not None]

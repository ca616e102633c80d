"""An ad platform in a file: it keeps campaigns, groups and ads, refuses, loses answers, and outlives its callers.

It takes the very requests that plans are written as (`google_ads.json`, `meta_ads.json`) and requests of changes. Each
call reads the file, changes it and puts it back in one move, so that a killed caller leaves it whole.
"""

import fcntl
import json
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from marketmover.campaigns.publishing.platform import LiveLine, Refusal, Step
from marketmover.errors import PlatformError

Json = dict[str, Any]
_REFERENCE = re.compile(r"^\{result=(.+):\$\.id\}$")
_MARK = re.compile(r"\[((?:google_ads|meta_ads):[^ ]+) ")


class FilePlatform:
    """One account.

    Args:
        file: Where it lives: `objects` by id, `faults` by kind, and `calls`, what it was asked to do.
        platform: `google_ads` (a request of several operations is one step) or `meta_ads` (each operation is one).
    """

    def __init__(self, file: Path, platform: str) -> None:
        self.file = file
        self.platform = platform
        self.on = "ENABLED" if platform == "google_ads" else "ACTIVE"

    # what tests use

    def add_line(self, campaign: str, group: str, daily_budget: float, status: str = "") -> None:
        with self._open() as world:
            known = {"status": status or self.on, "name": f"campaign {campaign}"}
            if self.platform == "google_ads":
                world["objects"][campaign] = {"kind": "campaign", "group": group, "budget": daily_budget, **known}
            else:
                world["objects"][campaign] = {"kind": "campaign", **known}
                world["objects"][group] = {"kind": "adset", "campaign_id": campaign, "budget": daily_budget, **known}

    def objects(self) -> dict[str, Json]:
        with self._open() as world:
            return dict(world["objects"])

    def calls(self) -> list[str]:
        with self._open() as world:
            return list(world["calls"])

    def change(self, key: str, **told: Any) -> None:
        """Somebody at work in the account."""
        with self._open() as world:
            world["objects"][key].update(told)

    def fault(self, kind: str, where: str, times: int = 1, when: str = "send") -> None:
        """`refused`, `throttled`, `unavailable`, `expired`, or `lost` (done, but the answer never comes).

        `when`: at `send`, `check` or `take_back` of a step whose words hold `where`, or at a `read` of anything.
        """
        with self._open() as world:
            world["faults"].append({"kind": kind, "where": where, "times": times, "when": when})

    def set_today(self, day: date) -> None:
        with self._open() as world:
            world["today"] = day.isoformat()

    # AdPlatform

    def today(self) -> date:
        with self._open() as world:
            return date.fromisoformat(world.get("today", "2026-01-05"))

    def steps(self, request: Mapping[str, Any]) -> Sequence[Step]:
        if "changes" in request:
            return self._changes(request["changes"])
        if self.platform == "meta_ads":
            return [self._meta_step(operation) for operation in request["operations"]]
        return self._google_steps(request["mutateOperations"])

    def check(self, step: Step) -> Sequence[Refusal]:
        with self._open() as world:
            fault, there = _fault(world, step, "check"), _there(world, step, {})
        if fault:
            return [Refusal(step.ref, step.line_ids, "It says no beforehand.", "Mend it.", "NO")]
        return [Refusal(step.ref, step.line_ids, f"{name} is there already.", "Remove it.", "THERE") for name in there]

    def send(self, step: Step, made: Mapping[str, str]) -> dict[str, str]:
        with self._open() as world:
            world["calls"].append(f"send {step.ref}")
            fault, there = _fault(world, step, "send"), _there(world, step, made)
        if there:
            raise PlatformError(f"{', '.join(there)} is there already.", kind="refused")
        if fault not in (None, "lost"):
            raise PlatformError(f"{self.platform} says {fault} to {step.what}.", kind=fault)  # pyright: ignore[reportArgumentType] - a test's word
        with self._open() as world:
            ids = self._do(world, step, made)
        if fault == "lost":
            raise PlatformError("The answer was lost.", kind="unknown")
        return ids

    def find(self, step: Step, made: Mapping[str, str]) -> dict[str, str] | None:  # noqa: ARG002 - the protocol has it
        with self._open() as world:
            world["calls"].append(f"find {step.ref}")
            if not step.creates:
                return {} if self._stands(world, step) else None
            ids: dict[str, str] = {}
            for operation in step.body["operations"]:
                name = operation["params"].get("name")
                match = [key for key, one in world["objects"].items() if name and one.get("name") == name
                         and one["kind"] == operation["kind"]]  # fmt: skip
                if not match:
                    return None
                ids |= self._ids(world, operation, match[0])
            return ids

    def take_back(self, step: Step, ids: Mapping[str, str]) -> None:
        with self._open() as world:
            world["calls"].append(f"take back {step.ref}")
            fault = _fault(world, step, "take_back")
        if fault is not None:
            raise PlatformError(f"{self.platform} says {fault}.", kind=fault)  # pyright: ignore[reportArgumentType] - a test's word
        with self._open() as world:
            for operation in step.body["operations"]:
                world["objects"].pop(ids.get(operation["ref"], ""), None)

    def read(self, line_ids: Sequence[str]) -> Sequence[LiveLine]:
        with self._open() as world:
            fault = _fault(world, Step("read", (), "read", {}), "read")
            lines = [self._line(world, line) for line in line_ids]
        if fault is not None:
            raise PlatformError(f"{self.platform} says {fault}.", kind=fault)  # pyright: ignore[reportArgumentType] - a test's word
        return [line for line in lines if line is not None]

    # how it is done

    @contextmanager
    def _open(self) -> Generator[Json]:
        with self.file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fresh: Json = {"objects": {}, "faults": [], "calls": [], "last": 1000}
            world: Json = json.loads(self.file.read_text()) if self.file.exists() else fresh
            before = json.dumps(world)
            yield world
            after = json.dumps(world)
            if after != before:
                aside = self.file.with_suffix(".new")
                aside.write_text(after)
                aside.replace(self.file)

    def _meta_step(self, operation: Json) -> Step:
        kind = {"campaigns": "campaign", "adsets": "adset", "adcreatives": "creative", "ads": "ad"}.get(
            operation["edge"].rsplit("/", 1)[-1]
        )
        one = {"kind": kind, "ref": operation["ref"], "params": operation["params"], "line": operation["line_id"],
               "id": None if kind else operation["edge"]}  # fmt: skip
        return Step(operation["ref"], (operation["line_id"],), f"{kind or 'change of'} {operation['line_id']}",
                    {"operations": [one]}, creates=kind is not None)  # fmt: skip

    def _google_steps(self, operations: Sequence[Json]) -> list[Step]:
        steps: list[Step] = []
        for at, operation in enumerate(operations):
            ((kind, what),) = ((key, value) for key, value in operation.items() if key != "updateMask")
            if kind == "campaignOperation" and "create" in what:
                fields = what["create"]
                line = _MARK.search(fields["name"])
                assert line is not None
                one = {"kind": "campaign", "ref": fields["resourceName"], "line": line[1], "id": None,
                       "params": {"name": fields["name"], "status": fields["status"],
                                  "budget": _budget(operations, fields["campaignBudget"])}}  # fmt: skip
                steps.append(Step(f"line {line[1]}", (line[1],), f"campaign {fields['name']}", {"operations": [one]},
                                  creates=True))  # fmt: skip
            elif "update" in what:
                fields = what["update"]
                number = fields["resourceName"].rsplit("/", 1)[1]
                params = {"budget": int(fields["amountMicros"]) / 1e6} if "amountMicros" in fields else {
                    "status": fields["status"]}  # fmt: skip
                one = {"kind": None, "ref": f"update-{at}", "id": number, "params": params, "line": ""}
                steps.append(Step(f"update-{at}", (self._line_of(number),), f"change of {number}",
                                  {"operations": [one]}))  # fmt: skip
        return steps

    def _line_of(self, campaign: str) -> str:
        return f"google_ads:{campaign}:{self.objects()[campaign]['group']}"

    def _changes(self, changes: Sequence[Json]) -> list[Step]:
        found: list[Step] = []
        for at, change in enumerate(changes):
            params: Json = {
                "set_daily_budget": lambda to: {"budget": to},
                "pause": lambda _: {"status": "PAUSED"},
                "resume": lambda _: {"status": self.on},
                "switch_on": lambda _: {"status": self.on},
                "set_audience": lambda to: {"audience": to},
                "restore_audience": lambda to: {"audience": next(iter(to.values()))},
                "set_bidding": lambda to: {"bidding": to},
            }[change["action"]](change["to"])
            key = change["line_id"].split(":")[1 if self.platform == "google_ads" else 2]
            one = {"kind": None, "ref": f"{at}", "id": key, "params": params, "line": change["line_id"]}
            found.append(Step(f"{at} {change['action']} {change['line_id']}", (change["line_id"],),
                              f"{change['action']} {change['line_id']}", {"operations": [one]}))  # fmt: skip
        return found

    def _do(self, world: Json, step: Step, made: Mapping[str, str]) -> dict[str, str]:
        ids: dict[str, str] = {}
        for operation in step.body["operations"]:
            params = {key: _filled(value, made) for key, value in operation["params"].items()}
            if "daily_budget" in params:
                params["budget"] = params.pop("daily_budget") / 100
            if operation["kind"] is None:
                world["objects"][operation["id"]].update(params)
                continue
            world["last"] += 1
            key = str(world["last"])
            world["objects"][key] = {"kind": operation["kind"], **params}
            ids |= self._ids(world, operation, key)
        return ids

    def _ids(self, world: Json, operation: Json, key: str) -> dict[str, str]:
        found = {operation["ref"]: key}
        if self.platform == "google_ads":
            world["objects"][key].setdefault("group", f"{key}9")
            found[operation["line"]] = f"google_ads:{key}:{key}9"
        elif operation["kind"] == "adset":
            found[operation["line"]] = f"meta_ads:{world['objects'][key]['campaign_id']}:{key}"
        return found

    def _stands(self, world: Json, step: Step) -> bool:
        return all(
            world["objects"][operation["id"]].get(key) == value
            for operation in step.body["operations"]
            for key, value in operation["params"].items()
        )

    def _line(self, world: Json, line_id: str) -> LiveLine | None:
        _, campaign, group = line_id.split(":")
        at = world["objects"].get(campaign if self.platform == "google_ads" else group)
        if at is None:
            return None
        told = at.get("bidding", {}), at.get("start"), None, {group: at["audience"]} if at.get("audience") else {}
        return LiveLine(line_id, at["name"], at["status"], at["budget"], *told)


def _budget(operations: Sequence[Json], name: str) -> float:
    creates = (one["campaignBudgetOperation"]["create"] for one in operations if "campaignBudgetOperation" in one
               and "create" in one["campaignBudgetOperation"])  # fmt: skip
    return next(int(one["amountMicros"]) / 1e6 for one in creates if one["resourceName"] == name)


def _filled(value: Any, made: Mapping[str, str]) -> Any:
    if isinstance(value, str) and (match := _REFERENCE.match(value)):
        return made[match[1]]
    return {key: _filled(one, made) for key, one in value.items()} if isinstance(value, dict) else value


def _there(world: Json, step: Step, made: Mapping[str, str]) -> list[str]:
    """Names that a step would give to campaigns, ad sets and ads, and that are taken below the same parent."""
    found: list[str] = []
    for operation in step.body["operations"]:
        params = operation["params"]
        above = {name: params[name] for name in ("campaign_id", "adset_id") if name in params}
        hangs_on = {_REFERENCE.sub(r"\1", one) for one in above.values()}
        if operation["kind"] in (None, "creative") or hangs_on - set(made):
            continue
        wanted = {"kind": operation["kind"], "name": params["name"], **_filled(above, made)}
        found += [one["name"] for one in world["objects"].values() if wanted.items() <= one.items()]
    return found


def _fault(world: Json, step: Step, when: str) -> str | None:
    for fault in world["faults"]:
        if fault["times"] > 0 and fault["when"] == when and fault["where"] in f"{step.ref} {step.what}":
            fault["times"] -= 1
            return fault["kind"]
    return None

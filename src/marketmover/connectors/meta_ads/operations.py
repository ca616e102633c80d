"""A request for Meta (`meta_ads.json`) as steps: one operation, one POST, in the order of sending."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from marketmover.campaigns.publishing.platform import Step
from marketmover.errors import InputError
from marketmover.kit import coin_of

Json = dict[str, Any]

_REFERENCE = re.compile(r"\{result=([^:{}]+):\$\.id\}")
_PLACEHOLDER = re.compile(r'"(INSERT_[A-Z_]+)"')
_THINGS = {"campaigns": "campaign", "adsets": "ad set", "adcreatives": "creative", "ads": "ad", "copies": "copy of ad"}
_HAVE_STATUS = frozenset({"campaigns", "adsets", "ads"})


@dataclass(frozen=True)
class Operation:
    """One POST of a step.

    Attributes:
        edge: The path after the API version: `act_1/campaigns`, an object's id, or `AD/copies`.
        params: Its parameters; references may not be filled in yet.
        ref: Its name within the request.
        line_id: The plan's line that it is for.
    """

    edge: str
    params: Json
    ref: str
    line_id: str

    @property
    def path(self) -> tuple[str, ...]:
        """The path's parts."""
        return tuple(self.edge.split("/"))

    @property
    def collection(self) -> str | None:
        """`campaigns`, `adsets`, `adcreatives`, `ads` or `copies` where it makes something; `None` where it changes."""
        last = self.path[-1]
        return last if len(self.path) > 1 and last in _THINGS else None

    @property
    def given_name(self) -> str:
        """The name of what it makes; of a copy only what is put behind the name of its source."""
        suffix = cast("Json", self.params.get("rename_options") or {}).get("rename_suffix")
        return str(self.params.get("name") or suffix or "")

    @property
    def waits_for(self) -> frozenset[str]:
        """The operations whose results it needs."""
        return frozenset(_REFERENCE.findall(json.dumps(self.params)))

    @property
    def what(self) -> str:
        """In words, for people."""
        name = str(self.params.get("name") or "")
        if self.collection == "copies":
            return f"copy of ad {self.path[0]}"
        if self.collection is not None:
            return f"{_THINGS[self.collection]} “{name}”" if name else _THINGS[self.collection]
        return f"{_changed(self.params)} of {self.path[-1]}"

    def filled(self, made: Mapping[str, str]) -> "Operation":
        """With the ids of what was made before in place of references.

        Raises:
            InputError: Something that it needs was not made.
        """
        missing = sorted(self.waits_for - set(made))
        if missing:
            raise InputError(
                f"{self.line_id}: the {self.what} cannot be sent before {', '.join(missing)} is made.",
                "Publish the plan as a whole.",
            )
        text = _REFERENCE.sub(lambda found: made[found[1]], json.dumps(self.params))
        return Operation(self.edge, json.loads(text), self.ref, self.line_id)

    def as_step(self, what: str = "") -> Step:
        """As a step of a publish; `what` says in words what it does, where that is known better than from itself."""
        body = {"edge": self.edge, "method": "POST", "params": self.params, "ref": self.ref, "line_id": self.line_id}
        return Step(self.ref, (self.line_id,), what or self.what, body, creates=self.collection is not None)


def _changed(params: Mapping[str, Any]) -> str:
    words = {"daily_budget": "daily budget", "lifetime_budget": "budget", "targeting": "audience", "bid_amount": "bid"}
    return ", ".join(words.get(name, name.replace("_", " ")) for name in params) or "nothing"


def change_words(name: str, params: Mapping[str, Any], currency: str) -> str:
    """What a change does to a campaign, an ad set or an ad, in words.

    >>> change_words("the ad set “Spring”", {"daily_budget": 29000, "status": "ACTIVE"}, "EUR")
    'the ad set “Spring”: 290.00 a day, switched on'
    """
    said = [_SAID[field](value, coin_of(currency) / 100.0) for field, value in params.items() if field in _SAID]
    return f"{name}: {', '.join(dict.fromkeys(said))}" if said else name


_SAID: Mapping[str, Callable[[Any, float], str]] = {
    "daily_budget": lambda value, unit: f"{float(value) * unit:,.2f} a day",
    "lifetime_budget": lambda value, unit: f"{float(value) * unit:,.2f} for its whole life",
    "status": lambda value, _: "switched on" if value == "ACTIVE" else "paused",
    "targeting": lambda _, __: "a new audience",
    "bid_strategy": lambda _, __: "another bid",
    "bid_amount": lambda _, __: "another bid",
    "bid_constraints": lambda _, __: "another bid",
}


def operation_of(body: Mapping[str, Any]) -> Operation:
    """The operation in the body of a step.

    Raises:
        InputError: It is none.
    """
    params = body.get("params")
    if body.get("method", "POST") != "POST" or not isinstance(params, Mapping) or not body.get("edge"):
        raise InputError(f"{body.get('line_id', 'A step')}: this is no operation for Meta.", "Compose the plan anew.")
    given = cast("Mapping[str, Any]", params)
    return Operation(str(body["edge"]).strip("/"), dict(given), str(body["ref"]), str(body.get("line_id", "")))


def operations_of(request: Mapping[str, Any], account_id: str) -> Sequence[Operation]:
    """The operations of a `meta_ads.json` that are for an account.

    Raises:
        InputError: None is for it, a placeholder is left, or something would be made that runs at once.
    """
    bodies = [request, *request.get("more_accounts", ())]
    body = next((one for one in bodies if str(one.get("account_id")).removeprefix("act_") == account_id), None)
    if body is None:
        names = ", ".join(str(one.get("account_id")) for one in bodies)
        raise InputError(
            f"meta_ads.json is for the ad account {names}, and the connected one is {account_id}.",
            "Connect that account: marketmover accounts add meta_ads --credentials FILE.json.",
        )
    found = [operation_of(one) for one in body.get("operations", ())]
    for operation in found:
        _check(operation)
    return found


def _check(operation: Operation) -> None:
    missing = sorted(set(_PLACEHOLDER.findall(json.dumps([operation.edge, operation.params]))))
    if missing:
        raise InputError(
            f"{operation.line_id}: meta_ads.json still holds {', '.join(missing)} in the {operation.what}.",
            "Put the real values in; the plan's warnings say what they are.",
        )
    if operation.collection in _HAVE_STATUS and operation.params.get("status") != "PAUSED":
        raise InputError(
            f"{operation.line_id}: the {operation.what} would run at once.",
            "Set its status to PAUSED in meta_ads.json; it is switched on when the plan is.",
        )


def new_line_ids(operation: Operation, made: Mapping[str, str]) -> dict[str, str]:
    """The real id of the plan's new line that an ad set makes, by its id in the plan.

    Args:
        operation: Filled in, and done.
        made: Ids by reference, its own included.
    """
    if operation.collection != "adsets" or ":new:" not in operation.line_id:
        return {}
    return {operation.line_id: f"meta_ads:{operation.params['campaign_id']}:{made[operation.ref]}"}

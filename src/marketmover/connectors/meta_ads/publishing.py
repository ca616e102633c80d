"""A Meta ad account as a place to publish to: one step is one POST, found again by the mark in its name."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from marketmover.campaigns.publishing.platform import LiveLine, Refusal, Step
from marketmover.connectors.clock import today_of
from marketmover.connectors.meta_ads.changing import steps_of_changes
from marketmover.connectors.meta_ads.edges import OBJECTS
from marketmover.connectors.meta_ads.operations import (
    Operation,
    change_words,
    new_line_ids,
    operation_of,
    operations_of,
)
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.connectors.meta_ads.standing import is_missing, read_object, standing_of
from marketmover.errors import PlatformError

Json = dict[str, Any]

_CHECKED = frozenset({"campaigns", "adsets", "ads", None})
_LISTED = {"campaigns": "campaigns", "adsets": "adsets", "ads": "ads", "copies": "ads", "adcreatives": "adcreatives"}
_ABOVE = {"adsets": "campaign_id", "ads": "adset_id", "copies": "adset_id"}
_WRITTEN_ONLY = frozenset({"targeting_automation"})  # Meta need not tell it again
_CREATIVES = "adcreatives"
_WORDS = {"campaigns": "campaign", "adsets": "ad set", "ads": "ad"}
_MARK = re.compile(r"\[meta_ads:\S+ \d{4}-\d\d-\d\d [0-9a-f]{6}\]")
_SECOND = "Go on in the home that published it; if nobody uses it, delete it in Ads Manager first."
_BY_HAND = "Do it in Ads Manager, or leave it."


@dataclass
class Looked:
    """All creatives as they were listed, and which names were looked for among them since."""

    rows: list[Json] = field(default_factory=list[Json])
    names: set[str] = field(default_factory=set[str])


class MetaAds:
    """What plans are published to and changed in, over one ad account.

    Args:
        session: The connection; `close` ends it.
    """

    platform = "meta_ads"

    def __init__(self, session: MetaSession) -> None:
        self._session = session
        self._currency: str | None = None
        self._creatives = Looked()

    def steps(self, request: Mapping[str, Any]) -> Sequence[Step]:
        """The steps of `meta_ads.json`, or of `{"changes": [...]}` as in `changes.json`, in the order to send them.

        Changes name lines by Meta's own ids; the account is read to see where budgets stand.

        Raises:
            InputError: The request is for another account, holds a placeholder, or would make something that runs.
            PlatformError: The account cannot be read.
        """
        if "changes" in request:
            changes = cast("Sequence[Mapping[str, Any]]", request["changes"])
            return list(steps_of_changes(self._session, changes, self._money()))
        operations = operations_of(request, self._session.account_id)
        names = self._names() if any(one.collection is None for one in operations) else {}
        return [one.as_step(self._said(one, names)) for one in operations]

    def check(self, step: Step) -> Sequence[Refusal]:
        """Let Meta check a step without doing it; what hangs on something that is not made yet cannot be checked.

        What bears the plan's mark already is refused: Meta itself would make it a second time.

        Raises:
            PlatformError: Meta cannot be asked.
        """
        if "cannot" in step.body:
            return [Refusal(step.ref, step.line_ids, str(step.body["cannot"]), _BY_HAND, "by_hand")]
        operation = operation_of(step.body)
        if operation.waits_for:
            return []
        if there := self._already_there(operation):
            return [Refusal(step.ref, step.line_ids, there, _SECOND, "already_there")]
        if operation.collection not in _CHECKED:
            return []
        params = {**operation.params, "execution_options": ["validate_only"]}
        try:
            self._session.start(operation.path, params, f"checking the {operation.what}")
        except PlatformError as error:
            if error.kind != "refused":
                raise
            code = error.codes[0] if error.codes else ""
            return [Refusal(step.ref, step.line_ids, error.message, error.remedy, code)]
        return []

    def send(self, step: Step, made: Mapping[str, str]) -> dict[str, str]:
        """Do it, once.

        Returns:
            The id by the step's reference; for a new line's ad set also the line's real id by its id in the plan.

        Raises:
            PlatformError: `refused`: nothing was done; `unknown`: nobody knows whether it was.
            InputError: A step before it was not done.
        """
        if "cannot" in step.body:
            raise PlatformError(str(step.body["cannot"]), _BY_HAND, kind="refused", codes=["by_hand"])
        operation = operation_of(step.body).filled(made)
        if there := self._already_there(operation):
            raise PlatformError(there, _SECOND, kind="refused", codes=["already_there"])
        if operation.collection == _CREATIVES:
            self._creatives = Looked()  # whether it is made or its answer is lost, what was listed before is old
        doing = f"{'making' if operation.collection else 'setting'} the {operation.what}"
        answer = self._session.write(operation.path, operation.params, doing)
        if operation.collection is None:
            return {step.ref: operation.path[-1]}
        name = answer.get("id") or answer.get("copied_ad_id")
        if not name:
            raise PlatformError(
                f"Meta ad account {self._session.account_id} did not say which id the {operation.what} has got.",
                "Nobody knows whether it was made: look it up before it is sent again.",
                kind="unknown",
            )
        return self._ids(operation, str(name))

    def find(self, step: Step, made: Mapping[str, str]) -> dict[str, str] | None:
        """What `send` would have returned, if the step was done; `None` if it was not.

        What is made is found by its whole name, which bears the plan's mark, below the same parent. What is changed is
        read, and counts as done where it is as asked.
        """
        if "cannot" in step.body:
            return None
        unfilled = operation_of(step.body)
        if unfilled.waits_for - set(made):
            return None  # what it hangs on was not made, so neither was it
        operation = unfilled.filled(made)
        if operation.collection is None:
            return {step.ref: operation.path[-1]} if self._is_so(operation) else None
        found = self._named(operation)
        return self._ids(operation, str(found["id"])) if found is not None else None

    def take_back(self, step: Step, ids: Mapping[str, str]) -> None:
        """Remove what a step made, with all below it; what is gone already is well. Changes are left as they are.

        Raises:
            PlatformError: It cannot be removed.
        """
        if not step.creates or step.ref not in ids:
            return
        try:
            self._session.remove(ids[step.ref], f"taking back the {step.what}")
        except PlatformError as error:
            if not is_missing(error):
                raise

    def read(self, line_ids: Sequence[str]) -> Sequence[LiveLine]:
        """Lines as they are now; those that are not there are left out."""
        found = (standing_of(self._session, name, self._money()) for name in line_ids)
        return [line.as_live() for line in found if line is not None]

    def today(self) -> date:
        """What day it is for the account."""
        found = self._session.read((self._session.act,), {"fields": "timezone_name"}, "reading the account")
        return today_of(str(found.get("timezone_name") or ""), self._session.clock)

    def close(self) -> None:
        """End the connection; a later call opens it anew."""
        self._session.close()

    def _names(self) -> dict[str, str]:
        """Campaigns and ad sets by id, in words."""
        found: dict[str, str] = {}
        for edge, word in (("campaigns", "campaign"), ("adsets", "ad set")):
            asked = {"fields": "id,name", "effective_status": list(OBJECTS[edge].statuses)}
            rows = self._session.rows((self._session.act, edge), asked, f"reading {edge}")
            found |= {str(row["id"]): f"the {word} “{row.get('name')}”" for row in rows}
        return found

    def _said(self, operation: Operation, names: Mapping[str, str]) -> str:
        name = names.get(operation.path[-1])
        return change_words(name, operation.params, self._money()) if name and operation.collection is None else ""

    def _ids(self, operation: Operation, name: str) -> dict[str, str]:
        ids = {operation.ref: name}
        return ids | new_line_ids(operation, ids)

    def _money(self) -> str:
        if self._currency is None:
            found = self._session.read((self._session.act,), {"fields": "currency"}, "reading the account")
            self._currency = str(found.get("currency") or "")
        return self._currency

    def _already_there(self, operation: Operation) -> str:
        """That something bears the plan's mark already, in words; a creative alone spends nothing, and may."""
        mark = _MARK.search(operation.given_name)
        if mark is None or operation.collection in {_CREATIVES, None}:
            return ""
        edge, above = _LISTED[str(operation.collection)], _ABOVE.get(str(operation.collection))
        for row in self._like(edge, mark[0], above, operation.what):
            if above is None or str(row.get(above)) == str(operation.params.get(above)):
                found = f"the {_WORDS[edge]} “{row.get('name')}” ({row['id']})"
                return f"Meta ad account {self._session.account_id}: {found} is there already, with this plan's mark."
        return ""

    def _named(self, operation: Operation) -> Json | None:
        """What has the name that an operation gives, below the parent that it names; of several the oldest."""
        edge, above = _LISTED[str(operation.collection)], _ABOVE.get(str(operation.collection))
        name = operation.given_name
        if not name:
            return None
        rows = self._all_creatives(name) if edge == _CREATIVES else self._like(edge, name, above, operation.what)
        fits = [row for row in rows if _fits(row, operation, name, above)]
        return min(fits, key=lambda row: (str(row.get("created_time") or ""), int(row["id"])), default=None)

    def _like(self, edge: str, name: str, above: str | None, what: str) -> list[Json]:
        """Objects of an edge in whose name a text is, but for what was archived: that never runs again."""
        wanted = {"field": "name", "operator": "CONTAIN", "value": name}
        params: Json = {
            "fields": ",".join(["id", "name", *([above, "created_time"] if above else [])]),
            "filtering": [wanted],
            "effective_status": [status for status in OBJECTS[edge].statuses if status != "ARCHIVED"],
        }
        return self._session.rows((self._session.act, edge), params, f"looking for the {what}")

    def _all_creatives(self, name: str) -> list[Json]:
        """The names of all creatives: Meta does not filter them by name. Whoever looks for many reads them once.

        A second look for the same one reads anew, since what was lost may have come in late.
        """
        if name in self._creatives.names or not self._creatives.names:
            path = (self._session.act, _CREATIVES)
            rows = self._session.rows(path, {"fields": "id,name,status"}, "looking for creatives")
            self._creatives = Looked([row for row in rows if row.get("status") != "DELETED"])
        self._creatives.names.add(name)
        return self._creatives.rows

    def _is_so(self, operation: Operation) -> bool:
        """Whether an object is as an operation asks for already."""
        fields = [name for name in operation.params if name != "execution_options"]
        found = read_object(self._session, operation.path[-1], ",".join(["id", *fields]))
        return found is not None and all(_same(found.get(name), operation.params[name]) for name in fields)


def _fits(row: Json, operation: Operation, name: str, above: str | None) -> bool:
    if above is not None and str(row.get(above)) != str(operation.params.get(above)):
        return False
    told = str(row.get("name") or "")
    return told.endswith(name) if operation.collection == "copies" else told == name


def _same(found: Any, asked: Any) -> bool:
    """Whether what is read is what was asked: of an object, all that was asked of it; Meta writes numbers as text."""
    if isinstance(asked, Mapping):
        wanted = cast("Mapping[str, Any]", asked)
        told = cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}
        return all(_same(told.get(name), value) for name, value in wanted.items() if name not in _WRITTEN_ONLY)
    if isinstance(asked, list):
        wanted_items, told_items = cast("list[Any]", asked), cast("list[Any]", found) if isinstance(found, list) else []
        return len(wanted_items) == len(told_items) and all(map(_same, told_items, wanted_items))
    return str(found) == str(asked) or json.dumps(found) == json.dumps(asked)

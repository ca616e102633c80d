"""Plans and changes put on a Google Ads account: cut into steps, checked, done once, found again, taken back, read."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from marketmover.campaigns.platforms import google_changes
from marketmover.campaigns.publishing.platform import LiveLine, Refusal, Step
from marketmover.connectors.google_ads.account import read_account
from marketmover.connectors.google_ads.failures import GoogleError, fault_meaning
from marketmover.connectors.google_ads.finding import find_done, ids_of, kept_name
from marketmover.connectors.google_ads.live import campaign_of, read_lines_now, read_live_lines
from marketmover.connectors.google_ads.places import place_names
from marketmover.connectors.google_ads.queries import quoted
from marketmover.connectors.google_ads.session import GoogleSession, Json
from marketmover.connectors.google_ads.steps import creates, own_body, steps_of
from marketmover.connectors.google_ads.words import campaigns_words, operations_words
from marketmover.errors import PlatformError

_GONE = {
    "mutate_error.RESOURCE_NOT_FOUND",
    "id_error.NOT_FOUND",
    "criterion_error.INVALID_CRITERION_ID",
    "context_error.OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE",
    "operation_access_denied_error.OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE",
    "ad_group_ad_error.CANNOT_OPERATE_ON_REMOVED_ADGROUPAD",
}


class GoogleAds:
    """A connected Google Ads account that plans can be published to (`campaigns.publishing.platform.AdPlatform`)."""

    platform = "google_ads"

    def __init__(self, session: GoogleSession, clock: str | None = None) -> None:
        self._session = session
        self._clock = clock

    def steps(self, request: Mapping[str, Any]) -> Sequence[Step]:
        """The steps of `google_ads.json`, or of `{"changes": [...]}` as in `changes.json`.

        Of a file for several accounts only the part for this one is taken. What makes campaigns comes first.

        Raises:
            InputError: The request is for another account, not filled in, or would make something that runs at once.
        """
        if "changes" in request:
            return self._changes(cast("Sequence[Mapping[str, Any]]", request["changes"]))
        body = own_body(request, self._session.customer_id)
        return steps_of(self._session, body.get("mutateOperations", ()))

    def check(self, step: Step) -> Sequence[Refusal]:
        """Let Google check a step without doing it."""
        by_hand = [
            Refusal(step.ref, step.line_ids, words, "Do it in Google Ads, or leave it out.", "by_hand")
            for words in step.body.get("by_hand", ())
        ]
        operations = _operations(step)
        try:
            if operations:
                self._session.mutate(operations, f"checking {_campaigns(step)}", only_check=True)
        except GoogleError as error:
            if error.kind != "refused":
                raise
            return [*by_hand, *_refusals(step, operations, error)]
        return by_hand

    def send(self, step: Step, made: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG002 - a step stands alone
        """Do a step, once, all of it or nothing; see `AdPlatform.send`.

        Returns:
            Real resource names by the names in the request, and for each new line its id by the plan's.
        """
        operations = _operations(step)
        if not operations:
            words = " ".join(step.body.get("by_hand", ()))
            if words:
                raise PlatformError(words, "Do it in Google Ads, or leave it out.", kind="refused", codes=["by_hand"])
            return {}
        names = self._session.mutate(operations, f"sending {_campaigns(step)}")
        if len(names) != len(operations):
            raise PlatformError(
                f"Google Ads account {self._session.customer_id} answered {len(names)} of {len(operations)} operations "
                f"for {_campaigns(step)}.",
                "Nobody knows whether it was done: look before you send it again.",
                kind="unknown",
            )
        return ids_of(operations, names)

    def find(self, step: Step, made: Mapping[str, str]) -> dict[str, str] | None:  # noqa: ARG002
        """What `send` would have returned if the step was done; `None` if it was not."""
        operations = _operations(step)
        if not operations:
            return None if step.body.get("by_hand") else {}
        return find_done(self._session, operations)

    def take_back(self, step: Step, ids: Mapping[str, str]) -> None:
        """Remove what a step made: campaigns with all below them, then their budgets; ads and targeting alone."""
        operations = _operations(step)
        made = [
            (one, ids[name])
            for place, one in enumerate(operations)
            if creates(one) is not None and (name := kept_name(one, place)) is not None and name in ids
        ]
        campaigns = [name for one, name in made if "campaignOperation" in one]
        budgets = [name for one, name in made if "campaignBudgetOperation" in one] if campaigns else []
        below = [
            {kind: {"remove": name}}
            for one, name in made
            if (kind := next(iter(one))) not in ("campaignOperation", "campaignBudgetOperation", "adGroupOperation")
        ]
        self._remove([{"campaignOperation": {"remove": name}} for name in self._there("campaign", campaigns)], step)
        self._remove(
            [{"campaignBudgetOperation": {"remove": name}} for name in self._there("campaign_budget", budgets)], step
        )
        for one in below:
            self._remove([one], step)

    def read(self, line_ids: Sequence[str]) -> Sequence[LiveLine]:
        """Lines as they are now; those that are not there are left out."""
        return read_live_lines(self._session, line_ids)

    def today(self) -> date:
        """What day it is for the account."""
        return read_account(self._session, self._clock).today

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _changes(self, changes: Sequence[Mapping[str, Any]]) -> list[Step]:
        lines = list(dict.fromkeys(str(change.get("line_id")) for change in changes))
        actions = frozenset(str(change.get("action")) for change in changes)
        currency, now, names = read_lines_now(self._session, lines, actions)
        asked = google_changes(changes, now, currency)
        places = place_names(self._session, [one for change in asked.values() for one in change.operations])
        return [
            Step(
                ref=f"campaigns/{campaign_of(line) or line}",
                line_ids=(line,),
                what=operations_words(change.operations, [names.get(line, line)], places),
                body={
                    "customer_id": self._session.customer_id,
                    "mutateOperations": change.operations,
                    "campaigns": campaigns_words(change.operations, [names.get(line, line)]),
                    "by_hand": change.by_hand,
                    "remarks": change.remarks,
                },
            )
            for line, change in asked.items()
        ]

    def _there(self, resource: str, names: Sequence[str]) -> list[str]:
        """Those of these campaigns or budgets that are not removed."""
        key = {"campaign": "campaign", "campaign_budget": "campaignBudget"}[resource]
        found: list[str] = []
        for name in names:
            asked = (
                f"campaign.id = {name.rpartition('/')[2]}"
                if key == "campaign"
                else f"{resource}.resource_name = {quoted(name)}"
            )
            query = f"SELECT {resource}.resource_name FROM {resource} WHERE {asked} AND {resource}.status != 'REMOVED'"  # noqa: S608 - GAQL
            found += [str(row[key]["resourceName"]) for row in self._session.rows(query, "what was made")]
        return found

    def _remove(self, operations: list[Json], step: Step) -> None:
        try:
            if operations:
                self._session.mutate(operations, f"taking back {_campaigns(step)}")
        except GoogleError as error:
            if error.kind != "refused" or not set(error.codes) <= _GONE:
                raise


def _operations(step: Step) -> list[Json]:
    return list(step.body.get("mutateOperations", ()))


def _campaigns(step: Step) -> str:
    return str(step.body.get("campaigns", step.what))


def _refusals(step: Step, operations: Sequence[Json], error: GoogleError) -> list[Refusal]:
    if not error.faults:
        return [Refusal(step.ref, step.line_ids, error.message, error.remedy, next(iter(error.codes), ""))]
    told = [(fault_meaning(fault, operations), fault.code) for fault in error.faults]
    return [
        Refusal(step.ref, step.line_ids, f"{_campaigns(step)}: {one.words}.", one.remedy or error.remedy, code)
        for one, code in told
    ]

"""Changes of running Google lines, as `tune` writes them, as operations that do no harm when they are sent twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from marketmover.campaigns.platforms.amounts import whole_or_cents
from marketmover.campaigns.platforms.google_bidding import bidding_changes
from marketmover.campaigns.platforms.google_changed import NewMessage, exclusions_of, new_ads
from marketmover.campaigns.platforms.google_operations import GoogleOperations, Json
from marketmover.errors import InputError
from marketmover.history import AdText, GoogleResource
from marketmover.kit import coin_of
from marketmover.plans import Bidding, Creative, LineAudience

_NEVER = "the API does not change VIDEO campaigns"


@dataclass(frozen=True)
class GoogleLineNow:
    """A running Google line as the account has it now.

    Attributes:
        resource: Its campaign, budget, bidding and ad groups.
        ad_type: Google's channel.
        ads: Its ads that are not removed.
        exclusions: What each of its ad groups, or the campaign, leaves out: resource name of the owner, then Google's
            name of the age range or gender, then the criterion's resource name.
    """

    resource: GoogleResource
    ad_type: str
    ads: Sequence[AdText] = ()
    exclusions: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])


class GoogleLineChange(NamedTuple):
    """What is sent for one line, in words what cannot be sent, and what a person should know of what is sent."""

    operations: list[Json]
    by_hand: list[str]
    remarks: list[str]


def google_changes(
    changes: Sequence[Mapping[str, Any]], lines: Mapping[str, GoogleLineNow], currency: str
) -> dict[str, GoogleLineChange]:
    """The operations that each line's changes need, by line id, in the order in which the lines are named first.

    Args:
        changes: `line_id`, `action` and `to` as in `changes.json` (contract: plan). `switch_on` also turns on paused
            ad groups and ads of a campaign; all others touch what they name alone. New ads are paused: a person reads
            them first.
        lines: The lines that are there; what is asked of others is told in `by_hand`.
        currency: The account's, ISO 4217.

    Raises:
        InputError: An action is not known, or its `to` has not the form that it needs.
    """
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for change in changes:
        asked.setdefault(str(change.get("line_id")), []).append(change)
    made: dict[str, GoogleLineChange] = {}
    for line_id, own in asked.items():
        if line_id in lines:
            made[line_id] = _Writer(line_id, lines[line_id], whole=coin_of(currency) > 1).write(own)
        else:
            made[line_id] = GoogleLineChange([], [f"{line_id} is not in the Google Ads account (any more)."], [])
    return made


class _Writer:
    """Writes one line's changes: what concerns the campaign goes into one update of it."""

    def __init__(self, line_id: str, now: GoogleLineNow, *, whole: bool) -> None:
        self._line_id, self._now, self._whole = line_id, now, whole
        self._operations = GoogleOperations(now.resource.customer_id)
        self._campaign: dict[str, Any] = {}
        self._by_hand: list[str] = []
        self._remarks: list[str] = []
        self._actions: dict[str, Callable[[Any], None]] = {
            "set_daily_budget": self._budget,
            "pause": lambda _: self._status("PAUSED"),
            "resume": lambda _: self._status("ENABLED"),
            "switch_on": lambda _: self._switch_on(),
            "set_bidding": self._bidding,
            "set_audience": self._audience,
            "rotate_creative": self._creative,
        }

    def write(self, changes: Sequence[Mapping[str, Any]]) -> GoogleLineChange:
        for change in changes:
            action = self._actions.get(str(change.get("action")))
            if action is None:
                raise InputError(
                    f"{self._line_id}: {change.get('action')!r} is no change that Google Ads can make.",
                    f"Choose one of {', '.join(self._actions)}.",
                )
            action(change.get("to"))
        self._operations.update("campaignOperation", self._now.resource.campaign, self._campaign)
        return GoogleLineChange(self._operations.operations, self._by_hand, self._remarks)

    def _budget(self, to: Any) -> None:
        if isinstance(to, bool) or not isinstance(to, int | float) or not 0 <= to < float("inf"):
            raise InputError(f"{self._line_id}: {to!r} is no daily budget.", "Give an amount of 0 or more.")
        resource, amount = self._now.resource, f"{to:,.2f}"
        if to == 0:
            self._status("PAUSED")  # Google takes no budget of nothing
        elif resource.budget_period == "CUSTOM_PERIOD":
            self._by_hand.append(
                f"{self._line_id} has one budget for its whole life, which Google does not let change into a daily "
                f"one: set {amount} a day for the days that are left in Google Ads."
            )
        elif resource.budget is None or resource.budget_shared:
            self._by_hand.append(
                f"{self._line_id} shares its budget with other campaigns: set it in Google Ads so that {amount} a day "
                "are meant for this one, or give it a budget of its own."
            )
        else:
            units = whole_or_cents(float(to), whole=self._whole)
            micros = units * (1_000_000 if self._whole else 10_000)
            self._operations.update("campaignBudgetOperation", resource.budget, {"amountMicros": str(micros)})

    def _status(self, status: str) -> None:
        if self._now.resource.status == "REMOVED":
            self._by_hand.append(f"{self._line_id} was removed in Google Ads and cannot run again.")
        elif self._now.ad_type == "VIDEO":
            todo = "pause it" if status == "PAUSED" else "switch it on"
            self._by_hand.append(f"{self._line_id}: {_NEVER}: {todo} in Google Ads.")
        else:
            self._campaign["status"] = status

    def _switch_on(self) -> None:
        resource = self._now.resource
        owner = resource.campaign.rsplit("/", 2)[0]
        for group in resource.ad_groups:
            if group.status == "PAUSED":
                name = f"{owner}/adGroups/{group.id}"
                self._operations.update("adGroupOperation", name, {"status": "ENABLED"})
        for ad in self._now.ads:
            if not ad.running:
                name = f"{owner}/adGroupAds/{ad.group_id}~{ad.id}"
                self._operations.update("adGroupAdOperation", name, {"status": "ENABLED"})
        self._status("ENABLED")

    def _bidding(self, to: Any) -> None:
        if isinstance(to, str):
            to = {"strategy": to}
        if not isinstance(to, Mapping) or not to.get("strategy"):
            raise InputError(f"{self._line_id}: {to!r} is no bidding.", "Give its strategy and its target.")
        if self._now.ad_type == "VIDEO":
            self._by_hand.append(f"{self._line_id}: {_NEVER}: set its bidding in Google Ads.")
            return
        bidding = Bidding(strategy=str(to["strategy"]), target=to.get("target"))
        self._campaign |= bidding_changes(
            bidding, self._now.resource, self._line_id, whole=self._whole, warn=self._by_hand.append
        )

    def _audience(self, to: Any) -> None:
        if not isinstance(to, Mapping):
            raise InputError(f"{self._line_id}: {to!r} is no audience.", "Give it in the form of a plan's line.")
        audience = LineAudience.model_validate(to)
        sent, by_hand = exclusions_of(self._line_id, self._now.ad_type, audience, self._remarks.append)
        self._by_hand.extend(by_hand)
        if by_hand and not sent:
            return
        for owner, there in self._now.exclusions.items():
            self._exclude(owner, sent, there)

    def _exclude(self, owner: str, wanted: Mapping[str, Json], there: Mapping[str, str]) -> None:
        by_group = owner.rsplit("/", 2)[1] == "adGroups"
        kind, parent = (
            ("adGroupCriterionOperation", "adGroup") if by_group else ("campaignCriterionOperation", "campaign")
        )
        for name, criterion in there.items():
            if name not in wanted:
                self._operations.remove(kind, criterion)
        for name, entry in wanted.items():
            if name not in there:
                self._operations.create(kind, None, {parent: owner, **entry})

    def _creative(self, to: Any) -> None:
        if not isinstance(to, Mapping):
            said = f" (“{to}”)" if to else ""
            self._by_hand.append(
                f"{self._line_id}: new ads are asked for{said}, but no texts: write them in Google Ads, or in a brief."
            )
            return
        message = NewMessage(self._line_id, self._now.ad_type, Creative.model_validate(to))
        before, words = len(self._operations.operations), list[str]()
        new_ads(self._operations, message, self._now.resource, self._now.ads, words.append)
        (self._remarks if len(self._operations.operations) > before else self._by_hand).extend(words)

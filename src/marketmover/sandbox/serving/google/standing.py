"""What stands in the account while a request is looked at: its own objects, and those that the request makes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.google.rows import answered_parts

Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of object that can be changed.

    Attributes:
        what: Its name in changes of a served account.
        rows: The kind of rows that list it.
        part: Where it stands in such a row.
        collection: In resource names.
    """

    what: str
    rows: str
    part: str
    collection: str


KINDS = {
    "campaign_budget_operation": Kind("budget", "campaign_budget", "campaignBudget", "campaignBudgets"),
    "campaign_operation": Kind("campaign", "campaign", "campaign", "campaigns"),
    "ad_group_operation": Kind("group", "ad_group", "adGroup", "adGroups"),
    "ad_group_ad_operation": Kind("ad", "ad_group_ad", "adGroupAd", "adGroupAds"),
    "ad_group_criterion_operation": Kind(
        "ad_group_criterion", "ad_group_criterion", "adGroupCriterion", "adGroupCriteria"
    ),
    "campaign_criterion_operation": Kind(
        "campaign_criterion", "campaign_criterion", "campaignCriterion", "campaignCriteria"
    ),
}
"""By the name of their operations."""


@dataclass
class Standing:
    """Objects by kind and resource name, in REST form.

    Attributes:
        account: The account.
        failed: Temporary names whose creation was refused.
        made: Names that the request makes.
    """

    account: ServedAccount
    failed: set[str] = field(default_factory=set[str])
    made: set[str] = field(default_factory=set[str])
    _objects: dict[str, dict[str, Json]] = field(default_factory=dict[str, dict[str, Json]])

    @property
    def prefix(self) -> str:
        """Of all resource names of the account."""
        return f"customers/{self.account.google_customer}/"

    def all(self, what: str) -> dict[str, Json]:
        """All objects of a kind, removed ones too, by resource name."""
        if what not in self._objects:
            kind = next(one for one in KINDS.values() if one.what == what)
            rows = answered_parts(self.account, kind.rows)
            self._objects[what] = {str(row[kind.part]["resourceName"]): row[kind.part] for row in rows}
        return self._objects[what]

    def live(self, what: str) -> Iterator[tuple[str, Json]]:
        """Objects of a kind that were not removed."""
        return ((name, thing) for name, thing in self.all(what).items() if thing.get("status") != "REMOVED")

    def find(self, what: str, name: str) -> Json | None:
        """An object that was not removed."""
        found = self.all(what).get(name)
        return found if found is not None and found.get("status") != "REMOVED" else None

    def put(self, what: str, name: str, fields: Mapping[str, Any]) -> None:
        """Let an object stand as it will after the request."""
        self.all(what)[name] = dict(fields) | {"resourceName": name}
        self.made.add(name)

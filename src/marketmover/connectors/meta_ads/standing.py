"""What a line of the account stands at: its campaign and its ad set, read from Meta."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from marketmover.campaigns.publishing.platform import LiveLine
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.errors import InputError, PlatformError
from marketmover.kit import LineId, coin_of

Json = dict[str, Any]

_CAMPAIGN = "id,name,status,daily_budget,lifetime_budget,bid_strategy,start_time,stop_time"
_AD_SET = (
    "id,name,campaign_id,status,daily_budget,lifetime_budget,bid_strategy,bid_amount,bid_constraints,start_time,"
    "end_time,targeting"
)
_GONE = frozenset({"DELETED"})
_ROAS_UNITS = 10_000.0


@dataclass(frozen=True)
class Standing:
    """A line's objects as they are now.

    Attributes:
        line_id: As in exports.
        campaign: Its campaign.
        ad_set: Its ad set; `None` where the line is a whole campaign of several.
        currency: The account's.
        targetings: Of the line's ad sets, by their ids.
    """

    line_id: str
    campaign: Json
    ad_set: Json | None
    currency: str
    targetings: Mapping[str, Json]

    @property
    def holder(self) -> Json:
        """The object that the budget stands on: the line's own status is this one's."""
        on_campaign = {"daily_budget", "lifetime_budget"} & {name for name, value in self.campaign.items() if value}
        return self.campaign if on_campaign or self.ad_set is None else self.ad_set

    @property
    def kind(self) -> str:
        """`campaign` or `adset`: what the holder is."""
        return "campaign" if self.holder is self.campaign else "adset"

    @property
    def bidding(self) -> Json:
        """Strategy and target, as `plan.json` writes them."""
        ad_set = self.ad_set or {}
        strategy = ad_set.get("bid_strategy") or self.campaign.get("bid_strategy")
        floor = cast("Mapping[str, Any]", ad_set.get("bid_constraints") or {}).get("roas_average_floor")
        target = self.major(ad_set.get("bid_amount")) if floor is None else float(floor) / _ROAS_UNITS
        return {"strategy": strategy, "target": target} if strategy else {}

    def major(self, minor: Any) -> float | None:
        """A sum in minor units as the API writes it, in major ones."""
        return None if minor in (None, "", "0", 0) else int(minor) * coin_of(self.currency) / 100.0

    def minor(self, major: float) -> int:
        """A sum in major units, in minor ones."""
        return round(major * 100.0 / coin_of(self.currency))

    def as_live(self) -> LiveLine:
        """As publishing compares it; a line whose campaign is paused is so itself."""
        own, above = str((self.ad_set or self.campaign).get("status")), str(self.campaign.get("status"))
        dates = self.ad_set or self.campaign
        return LiveLine(
            line_id=self.line_id,
            name=str(self.campaign.get("name") or ""),
            status="CAMPAIGN_PAUSED" if own == "ACTIVE" and above == "PAUSED" else own,
            daily_budget=self.major(self.holder.get("daily_budget")),
            bidding=self.bidding,
            start=_day(dates.get("start_time")),
            end=_day(dates.get("end_time") or dates.get("stop_time")),
            audience=self.targetings,
        )


def standing_of(session: MetaSession, line_id: str, currency: str) -> Standing | None:
    """How a line stands; `None` where it is not there any more.

    Raises:
        InputError: It is no line of Meta's.
        PlatformError: It cannot be read.
    """
    campaign_id, ad_set_id = _parts(line_id)
    ad_set = read_object(session, ad_set_id, _AD_SET) if ad_set_id else None
    if ad_set_id and ad_set is None:
        return None
    campaign = read_object(session, str(ad_set["campaign_id"]) if ad_set else campaign_id, _CAMPAIGN)
    if campaign is None:
        return None
    ad_sets = [ad_set] if ad_set else _ad_sets(session, str(campaign["id"]))
    targetings = {str(one["id"]): one["targeting"] for one in ad_sets if one.get("targeting")}
    return Standing(line_id, campaign, ad_set, currency, targetings)


def _ad_sets(session: MetaSession, campaign_id: str) -> list[Json]:
    return session.rows((campaign_id, "adsets"), {"fields": "id,targeting"}, f"reading the ad sets of {campaign_id}")


def read_object(session: MetaSession, name: str, fields: str) -> Json | None:
    """An object by its id; `None` where it is not there, or was deleted."""
    try:
        found = session.read((name,), {"fields": fields}, f"reading {name}")
    except PlatformError as error:
        if not is_missing(error):
            raise
        return None
    return None if found.get("status") in _GONE else found


def is_missing(error: PlatformError) -> bool:
    """Whether an error says that an object is not there. Source: Graph API, code 100 with subcode 33."""
    return error.kind == "refused" and "100/33" in error.codes


def _parts(line_id: str) -> tuple[str, str | None]:
    try:
        platform, campaign, group = LineId.parse(line_id)
    except ValueError as error:
        raise InputError(
            f"'{line_id}' is no line of an ad account.", "Lines are named meta_ads:CAMPAIGN:GROUP."
        ) from error
    if platform != "meta_ads" or not campaign.isdigit():
        raise InputError(f"'{line_id}' is no line that runs on Meta.", "Publish the plan first.")
    return campaign, group


def _day(text: Any) -> date | None:
    """The day of a moment, as it is written: the account's own."""
    return datetime.fromisoformat(str(text)).date() if text else None

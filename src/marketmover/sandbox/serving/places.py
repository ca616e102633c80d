"""Where things stand in a market: its lines by campaign, group, budget and ad, as the platforms name them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from marketmover.sandbox.exports.account import account_of, places
from marketmover.sandbox.exports.creatives import ads_of
from marketmover.sandbox.exports.google_structure import campaign_criteria_rows, criteria_rows
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.market import Market


@dataclass(frozen=True)
class Places:
    """A market's lines by the ids that platforms give.

    Attributes:
        market: The market, lines as they are set now.
        running: Ids of the lines that can be given money.
        made: Ids of lines that stand in it and were made of created objects.
    """

    market: Market
    running: frozenset[str]
    made: frozenset[str] = frozenset()

    @classmethod
    def of(cls, live: Live, made: frozenset[str] = frozenset()) -> "Places":
        """Those of a live window; `made` are lines of created objects, which are not the market's own."""
        return cls(replace(live.market, lines=live.settings.lines), frozenset(live.line_ids), made)

    def lines(self, platform: str, what: str, name: str) -> list[SimulatedLine]:
        """The lines that an object holds or belongs to; none where there is no such object."""
        lines = self.market.lines
        found = [line for line in lines if line.platform == platform and line.id not in self.made]
        if what == "campaign":
            return [line for line in found if line.campaign_id == name]
        if what == "group":
            return [line for line in found if name in line.group_ids]
        if what == "budget":
            return [line for line in found if line.budget_id == name and platform == "google_ads"]
        if what == "ad":
            line = self._ads[platform].get(name)
            return [lines[line[0]]] if line is not None and lines[line[0]].id not in self.made else []
        return []

    def line(self, line_id: str) -> SimulatedLine | None:
        """A line by its id."""
        return next((line for line in self.market.lines if line.id == line_id), None)

    def criterion(self, what: str, name: str) -> Mapping[str, Any] | None:
        """A Google criterion of a line of the market; `None` where there is none."""
        owner = name.partition("~")[0]
        account = account_of(self.market)
        kind = "group" if what == "ad_group_criterion" else "campaign"
        for line in self.lines("google_ads", kind, owner):
            place = self.market.lines.index(line)
            if kind == "group":
                rows = [row["adGroupCriterion"] for row in criteria_rows(self.market, account, place)]
            else:
                rows = [row["campaignCriterion"] for row in campaign_criteria_rows(self.market, account, place)]
            for row in rows:
                if str(row["resourceName"]).rpartition("/")[2] == name:
                    return row
        return None

    def ads(self, line: SimulatedLine) -> list[str]:
        """Ids of a line's ads that are on, unless somebody paused them."""
        at = next(place for place, one in enumerate(self.market.lines) if one.id == line.id)
        newest = max((ad.last for ad in line.ads), default=0)
        return [name for name, (place, last) in self._ads[line.platform].items() if place == at and last == newest]

    @cached_property
    def _ads(self) -> dict[str, dict[str, tuple[int, int]]]:
        return {platform: dict(self._ads_of(platform)) for platform in ("google_ads", "meta_ads")}

    def _ads_of(self, platform: str) -> Iterator[tuple[str, tuple[int, int]]]:
        for place in places(self.market, platform):
            for group, owner in enumerate(self.market.lines[place].group_ids):
                for ad in ads_of(self.market, place, group):
                    name = f"{owner}~{ad.id}" if platform == "google_ads" else f"12021{ad.id}"
                    yield name, (place, ad.last)

"""Budget lines: which campaigns and ad sets hold a budget, and what the exports say of each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from marketmover.history.panel import Line
from marketmover.kit import line_id

if TYPE_CHECKING:
    from marketmover.plans import Platform

Row = Mapping[str, Any]
_STORIES = frozenset({"story", "messenger_story", "sponsored_messages"})
_REELS = frozenset({"reels", "facebook_reels", "facebook_reels_overlay", "ig_reels", "profile_reels"})
_OPEN_END = 65


@dataclass(frozen=True)
class LineKey:
    """A line's platform, campaign and the group in its id (`None` where the campaign has several or none)."""

    platform: str
    account_id: str
    campaign_id: str
    group_id: str | None
    by_group: bool

    @property
    def id(self) -> str:
        """The line's id."""
        return line_id(self.platform, self.campaign_id, self.group_id)


@dataclass
class Known:
    """Everything but figures that is known, by campaign and by (campaign, group)."""

    settings: dict[tuple[str, str], Row] = field(default_factory=dict[tuple[str, str], Row])
    targeting: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    creatives: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    changes: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(
        cls, settings: Iterable[Row], targeting: Iterable[Row], creatives: Iterable[Row], changes: Iterable[Row]
    ) -> "Known":
        """Current rows of the lake's smaller tables, indexed."""
        known = cls({(row["campaign_id"], row["group_id"]): row for row in settings})
        for rows, index in (
            ((row for row in targeting if row["present"]), known.targeting),
            (creatives, known.creatives),
            (changes, known.changes),
        ):
            for row in rows:
                index[row["campaign_id"], row["group_id"]].append(row)
        return known

    def groups(self, campaign_id: str) -> set[str]:
        """Groups of a campaign that settings name."""
        return {group for campaign, group in self.settings if campaign == campaign_id and group}

    def form_of(self, creative: Row) -> str:
        """An ad's form: by its structure, and STORIES or REELS where its ad set shows nowhere else."""
        if creative["format"] in ("TEXT", "LEAD_FORM"):
            return str(creative["format"])
        placed = _placed_form(self.targeting[creative["campaign_id"], creative["group_id"]])
        return placed or creative["format"] or "UNKNOWN"

    def budget_on_campaign(self, campaign_id: str) -> bool:
        """Whether a Meta campaign itself holds the budget."""
        row = self.settings.get((campaign_id, ""))
        return bool(row and (row["daily_budget"] or row["lifetime_budget"]))


def owners_of(table: Any) -> list[tuple[str, str, str, str]]:
    """Distinct (platform, account, campaign, group) of rows of daily figures."""
    columns = [table[name].to_pylist() for name in ("platform", "account_id", "campaign_id", "group_id")]
    return list(dict.fromkeys(zip(*columns, strict=True)))


def line_keys(seen: Iterable[tuple[str, str, str, str]], known: Known) -> list[LineKey]:
    """The lines of (platform, account, campaign, group) that have daily figures, in the order of the panel."""
    groups: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for platform, account, campaign, group in seen:
        groups[platform, account, campaign].add(group)
    named: dict[str, set[str]] = defaultdict(set)
    for campaign, group in known.settings:
        if group:
            named[campaign].add(group)
    keys: list[LineKey] = []
    for (platform, account, campaign), found in groups.items():
        ad_sets = sorted(found - {""})
        if platform == "meta_ads" and ad_sets and not known.budget_on_campaign(campaign):
            keys += [LineKey(platform, account, campaign, group, by_group=True) for group in ad_sets]
            continue
        everyone = {*ad_sets, *named[campaign]}
        only = next(iter(everyone)) if len(everyone) == 1 else None
        keys.append(LineKey(platform, account, campaign, only, by_group=False))
    return sorted(keys, key=lambda key: (key.platform, key.campaign_id, key.group_id or "", key.account_id))


def count_lines(seen: Iterable[tuple[str, str, str, str]], settings: Iterable[Row]) -> int:
    """How many lines the (platform, account, campaign, group) that have daily figures make, under these settings."""
    return len(line_keys(seen, Known.of(settings, (), (), ())))


def describe_line(key: LineKey, known: Known, as_of: date | None) -> Line:
    """What the exports say of a line."""
    campaign = known.settings.get((key.campaign_id, ""), {})
    group = known.settings.get((key.campaign_id, key.group_id or ""), {}) if key.by_group else {}
    own = group if key.by_group else campaign
    groups = {key.group_id or ""} if key.by_group else _groups_of(key, known)
    criteria = [*known.targeting[key.campaign_id, ""]]
    for name in sorted(groups - {""}):
        criteria += known.targeting[key.campaign_id, name]
    strategy, target = _bidding(campaign, group, key, known)
    resource = campaign.get("budget_resource") if campaign.get("budget_shared") else None
    return Line(
        id=key.id,
        platform=cast("Platform", key.platform),
        account_id=key.account_id,
        campaign_id=key.campaign_id,
        group_id=key.group_id,
        name=_name(key, campaign, group),
        ad_type=_ad_type(key, known, groups, criteria),
        objective=campaign.get("objective") or "UNKNOWN",
        status=_status(campaign, group),
        bidding_strategy=strategy,
        bidding_target=target,
        daily_budget=_daily_budget(own),
        budget_level="ad_set" if key.by_group else "campaign",
        shared_budget=resource,
        learning_since=_learning_since(key, known, groups, as_of),
        **_audience(criteria),
    )


def _groups_of(key: LineKey, known: Known) -> set[str]:
    indexed: Sequence[Mapping[tuple[str, str], Any]] = (known.settings, known.targeting, known.creatives, known.changes)
    return {group for index in indexed for campaign, group in index if campaign == key.campaign_id}


def _name(key: LineKey, campaign: Row, group: Row) -> str:
    whole, part = campaign.get("name") or "", (group.get("name") or "") if key.by_group else ""
    if whole and part.startswith(whole):
        return part
    return " / ".join(name for name in (whole, part) if name) or key.id


def _status(campaign: Row, group: Row) -> str:
    statuses = [row.get("status") for row in (group, campaign) if row.get("status")]
    stopped = [status for status in statuses if status not in ("ACTIVE", "ENABLED")]
    return str((stopped or statuses or ["UNKNOWN"])[0])


def _bidding(campaign: Row, group: Row, key: LineKey, known: Known) -> tuple[str, float | None]:
    """The group's own bidding, else the campaign's, else (Meta, budget on the campaign) that of all its ad sets."""
    rows = [group, campaign]
    if key.platform == "meta_ads" and not key.by_group:
        rows += [known.settings[key.campaign_id, name] for name in sorted(known.groups(key.campaign_id))]
    strategy = next((row["bidding_strategy"] for row in rows if row.get("bidding_strategy")), "UNKNOWN")
    return strategy, next((row["bidding_target"] for row in rows if row.get("bidding_target")), None)


def _daily_budget(own: Row) -> float | None:
    if own.get("daily_budget"):
        return float(own["daily_budget"])
    first, last, total = own.get("start_date"), own.get("end_date"), own.get("lifetime_budget")
    if total and first and last and last >= first:
        return float(total) / ((last - first).days + 1)
    return None


def _learning_since(key: LineKey, known: Known, groups: set[str], as_of: date | None) -> date | None:
    days = [
        row["date"]
        for group in groups | {""}
        for row in known.changes[key.campaign_id, group]
        if row["restarts_learning"] and row["date"] and (as_of is None or row["date"] <= as_of)
    ]
    return max(days, default=None)


def _ad_type(key: LineKey, known: Known, groups: set[str], criteria: Iterable[Row]) -> str:
    if key.platform == "google_ads":
        return str(known.settings.get((key.campaign_id, ""), {}).get("ad_type") or "UNKNOWN")
    forms = [row for group in sorted(groups) for row in known.creatives[key.campaign_id, group] if row["format"]]
    running = [row for row in forms if row["status"] == "ACTIVE"] or forms
    counted = sorted(
        {row["format"] for row in running}, key=lambda name: (-sum(r["format"] == name for r in running), name)
    )
    if counted and counted[0] == "LEAD_FORM":
        return "LEAD_FORM"
    return _placed_form(criteria) or (counted[0] if counted else "UNKNOWN")


def _placed_form(criteria: Iterable[Row]) -> str | None:
    """STORIES or REELS where an ad set shows nowhere else."""
    positions = {str(row["value"]).split(":")[-1] for row in criteria if row["kind"] == "position"}
    if not positions or not positions <= _STORIES | _REELS:
        return None
    return "STORIES" if positions & _STORIES else "REELS"


def _audience(criteria: Iterable[Row]) -> dict[str, Any]:
    wanted: dict[str, list[str]] = defaultdict(list)
    unwanted: dict[str, set[str]] = defaultdict(set)
    for row in criteria:
        if row["negative"]:
            unwanted[row["kind"]].add(row["value"])
        elif row["value"] not in wanted[row["kind"]]:
            wanted[row["kind"]].append(row["value"])
    youngest, oldest = _ages(wanted, unwanted)
    genders = [name for name in ("FEMALE", "MALE") if name in wanted["gender"] and name not in unwanted["gender"]]
    if not genders and unwanted["gender"] & {"FEMALE", "MALE"}:
        genders = [name for name in ("FEMALE", "MALE") if name not in unwanted["gender"]]
    return {
        "countries": tuple(sorted(wanted["country"])),
        "places": tuple(wanted["place"]),
        "age_min": youngest,
        "age_max": oldest,
        "genders": tuple(genders),
        "interests": tuple(wanted["interest"]),
        "keywords": tuple(wanted["keyword"]),
    }


_AGE_RANGES = {
    "AGE_RANGE_18_24": (18, 24),
    "AGE_RANGE_25_34": (25, 34),
    "AGE_RANGE_35_44": (35, 44),
    "AGE_RANGE_45_54": (45, 54),
    "AGE_RANGE_55_64": (55, 64),
    "AGE_RANGE_65_UP": (_OPEN_END, None),
}


def _ages(wanted: Mapping[str, list[str]], unwanted: Mapping[str, set[str]]) -> tuple[int | None, int | None]:
    """Youngest and oldest age reached; `None` where open or not said."""
    if wanted.get("age_min") or wanted.get("age_max"):
        lows, highs = ([int(age) for age in wanted.get(name, [])] for name in ("age_min", "age_max"))
        return min(lows, default=None), max(highs, default=None)
    out = unwanted.get("age_range", set())
    names = wanted.get("age_range") or (list(_AGE_RANGES) if out else [])
    ranges = [_AGE_RANGES[name] for name in names if name in _AGE_RANGES and name not in out]
    if not ranges:
        return None, None
    tops = [high for _, high in ranges]
    return min(low for low, _ in ranges), None if None in tops else max(top for top in tops if top is not None)

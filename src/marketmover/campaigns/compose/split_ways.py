"""How the arms of a plan's test are kept apart on each platform.

Google's campaign experiments split one campaign's traffic and its budget alike, and take one campaign an arm: they test
settings, and cannot give a campaign more money in one arm than in the other. Meta's split tests keep people apart, and
each cell holds campaigns of its own with budgets of their own. Money that moves between Google campaigns, or between
platforms, is tested by regions: the same regions in the same arm everywhere.
"""

from collections.abc import Collection, Mapping, Sequence

from marketmover.plans import ABTestWay, Brief, PlanLine, Platform

_HARDLY = 0.02
_ACROSS = 0.01  # share of the budget that moves between platforms
_EXPERIMENTS = {"SEARCH": "SEARCH_CUSTOM", "DISPLAY": "DISPLAY_CUSTOM", "VIDEO": "YOUTUBE_CUSTOM"}
_RESTART = (
    "A copy starts its learning phase anew: copy both arms, and start them on the same day, so that both learn alike."
)


def ways(
    lines: Sequence[PlanLine],
    today: Mapping[str, float],
    brief: Brief,
    share: float,
    changed: Collection[str] = (),
) -> list[ABTestWay]:
    """How each platform on which the arms differ keeps them apart.

    Args:
        lines: The plan's lines.
        today: Each line's budget under today's split.
        brief: Says how many places there are to split.
        share: Share of people, and so of the budget, for the advised arm.
        changed: Lines whose settings (audience, bidding, message) the plan changes.
    """
    across = _between_platforms(lines, today)
    found: list[ABTestWay] = []
    platforms: list[Platform] = sorted({line.platform for line in lines})
    for platform in platforms:
        own = [line for line in lines if line.platform == platform]
        moved = [line.id for line in own if _moved(line, today)]
        apart = [line.id for line in own if line.id in moved or line.id in changed]
        if platform == "meta_ads" and apart and not across:
            found.append(_meta(apart, share))
        elif moved or across:
            first = not any(way.method == "region_split" for way in found)
            found.append(_regions(platform, apart, brief, share, across=across) if first else _same(platform, apart))
        elif apart:
            found += _experiments([line for line in own if line.id in apart], brief, share)
    return found


def _experiments(lines: Sequence[PlanLine], brief: Brief, share: float) -> list[ABTestWay]:
    """Google lines whose settings alone change: campaign experiments, and regions for types that have none."""
    having = [line.id for line in lines if line.ad_type in _EXPERIMENTS]
    others = [line.id for line in lines if line.ad_type not in _EXPERIMENTS]
    found: list[ABTestWay] = []
    if having:
        kinds = " or ".join(sorted({_EXPERIMENTS[line.ad_type] for line in lines if line.id in having}))
        words = (
            f"A campaign experiment for each campaign (type {kinds}) with {share:.0%} of the traffic for the changed "
            "copy, split by cookie so that a person sees one arm. The campaign's budget is split alike, and must not "
            "be shared with other campaigns."
        )
        found.append(ABTestWay(platform="google_ads", method="campaign_experiment", line_ids=having, words=words))
    return found + ([_regions("google_ads", others, brief, share, across=False)] if others else [])


def _moved(line: PlanLine, today: Mapping[str, float]) -> bool:
    before = today.get(line.id, 0.0)
    return abs(line.budget - before) > _HARDLY * max(before, line.budget, 1e-9)


def _between_platforms(lines: Sequence[PlanLine], today: Mapping[str, float]) -> bool:
    total = sum(line.budget for line in lines)
    change: dict[Platform, float] = {}
    for line in lines:
        change[line.platform] = change.get(line.platform, 0.0) + line.budget - today.get(line.id, 0.0)
    return len(change) > 1 and max(map(abs, change.values())) > _ACROSS * total


def _meta(ids: list[str], share: float) -> ABTestWay:
    words = (
        f"A split test (ad study of type SPLIT_TEST) with two cells, {1 - share:.0%} of people for the usual arm and "
        f"{share:.0%} for the advised one: in each a copy of the campaigns, with {1 - share:.0%} of today's budgets in "
        f"the first and {share:.0%} of the plan's in the second. Nobody sees both. {_RESTART}"
    )
    return ABTestWay(platform="meta_ads", method="split_test", line_ids=ids, words=words)


def _same(platform: Platform, ids: list[str]) -> ABTestWay:
    words = "The same regions in the same arms as on the other platform, with copies of the campaigns likewise."
    return ABTestWay(platform=platform, method="region_split", line_ids=ids, words=words)


def _regions(platform: Platform, ids: list[str], brief: Brief, share: float, *, across: bool) -> ABTestWay:
    why = (
        "Money moves between the platforms, which neither can split by itself"
        if across
        else "A campaign experiment splits a campaign's budget along with its traffic, so it cannot test a budget"
    )
    few = (
        " With a single place, take whole weeks in turn instead, in an order drawn by lot: one the usual split, one "
        "the advised."
        if len(brief.audience.places) == 1
        else ""
    )
    words = (
        f"{why}: split by region. Pair regions of like past results, draw by lot which of a pair goes where until the "
        f"arms hold {1 - share:.0%} and {share:.0%} of past results, and target a copy of each campaign at either "
        "part: today's budgets in proportion for the usual arm, the plan's for the advised. Target people who are in "
        f"a place, not those interested in it. {_RESTART}{few}"
    )
    return ABTestWay(platform=platform, method="region_split", line_ids=ids, words=words)

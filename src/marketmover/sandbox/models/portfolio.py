"""Draws an account's lines: platforms, campaigns, groups, forms, audiences, and how long each has run."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from marketmover.kit import line_id
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.models.roles import ROLES, draw_role
from marketmover.sandbox.words import BRAND_KEYWORDS, MESSAGES, Trade

_GOOGLE_TYPES = ("SEARCH", "SEARCH", "PERFORMANCE_MAX", "SEARCH", "DISPLAY", "SEARCH", "DEMAND_GEN", "VIDEO")
_META_FORMS = ("IMAGE", "VIDEO", "CAROUSEL", "LEAD_FORM", "STORIES", "REELS")
_TESTS = 0.4
_COMPARED: dict[str, tuple[dict[str, Any], ...]] = {
    "age": ({"age_min": 18, "age_max": 34}, {"age_min": 35, "age_max": 65}),
    "gender": ({"genders": ("FEMALE",)}, {"genders": ("MALE",)}),
    "bidding": ({"bidding": "COST_CAP"}, {"bidding": "LOWEST_COST_WITHOUT_CAP"}),
}
_AGES = ((18, 34), (25, 44), (25, 54), (35, 65), (18, 65), (45, 65))


def draw_lines(
    count: int, days: int, trade: Trade, sells: str, countries: Sequence[str], rng: np.random.Generator
) -> tuple[SimulatedLine, ...]:
    """An account of `count` lines on both platforms (one line: Google alone) over `days` of history."""
    google = count if count == 1 else int(np.clip(round(count * rng.uniform(0.35, 0.65)), 1, count - 1))
    spells = [_spell(index, count, days, rng) for index in range(count)]
    account = _Account(trade, sells, countries, count, named_by_role=bool(rng.random() < 0.6))
    drawn = [_google_line(index, account, spells[index], rng) for index in range(google)]
    campaigns = 0
    while len(drawn) < count:
        made = len(drawn) - google
        drawn.extend(_meta_campaign(campaigns, made, count - len(drawn), account, spells[len(drawn) :], rng))
        campaigns += 1
    return tuple(drawn)


_Spell = tuple[int, int, tuple[tuple[int, int], ...]]


class _Account(NamedTuple):
    """What all lines share: trade, how it sells, where, how many lines, whether campaigns are named by their role."""

    trade: Trade
    sells: str
    countries: Sequence[str]
    lines: int
    named_by_role: bool

    def named(self, *parts: str, role: str) -> str:
        """A campaign's name."""
        kind, *rest = parts
        return " | ".join((kind, *((ROLES[role].label,) if self.named_by_role else ()), self.trade.product, *rest))


def _spell(index: int, count: int, days: int, rng: np.random.Generator) -> _Spell:
    """First day, last day, pauses. In accounts of eight lines or more some are young and some have ended."""
    first, last = 0, days - 1
    fate = rng.random()
    if count >= 8 and index % 8 == 5 and days > 60:
        first = int(days - rng.integers(12, max(13, min(120, days // 2))))
    elif count >= 8 and index % 10 == 7 and days > 90:
        last = int(rng.integers(days // 3, days - 40))
    elif fate < 0.3 and days > 200:
        first = int(rng.integers(0, days // 2))
    pauses = []
    if rng.random() < 0.25 and last - first > 250:
        start = int(rng.integers(first + 60, last - 100))
        pauses.append((start, start + int(rng.integers(5, 30))))
    return first, last, tuple(pauses)


def _digits(rng: np.random.Generator, length: int, head: str = "") -> str:
    return head + "".join(str(digit) for digit in [rng.integers(1, 10), *rng.integers(0, 10, length - len(head) - 1)])


def _audience(
    account: _Account, role: str, rng: np.random.Generator, *, everybody: bool = False
) -> dict[str, tuple[str, ...] | int]:
    """Whom a line is shown to. Prospecting often goes to everybody; brand and retargeting lines name no interests.

    Performance Max takes `everybody`: it has no targeting.
    """
    trade, countries = account.trade, account.countries
    youngest, oldest = _AGES[int(rng.integers(len(_AGES)))]
    genders = (("FEMALE", "MALE"), ("FEMALE", "MALE"), ("FEMALE",), ("MALE",))[int(rng.integers(4))]
    if everybody or (role == "prospecting" and rng.random() < 0.5):
        youngest, oldest, genders = 18, 65, ("FEMALE", "MALE")
    most = 0 if everybody or role in {"brand", "retargeting"} else int(rng.integers(1, 3))
    picked = rng.choice(len(trade.interests), most, replace=False)
    country = (countries[int(rng.integers(len(countries)))],) if rng.random() < 0.6 else tuple(countries)
    return {"countries": country, "age_min": youngest, "age_max": oldest, "genders": genders,
            "interests": tuple(trade.interests[place] for place in sorted(picked))}  # fmt: skip


def _google_line(index: int, account: _Account, spell: _Spell, rng: np.random.Generator) -> SimulatedLine:
    kind = _GOOGLE_TYPES[index % len(_GOOGLE_TYPES)]
    role = draw_role("FIRST_SEARCH" if index == 0 else kind, account.lines, rng)
    words = BRAND_KEYWORDS if role == "brand" else account.trade.keywords
    groups = 0 if kind == "PERFORMANCE_MAX" else (1 if index % 2 else int(rng.integers(2, 5)))
    campaign = _digits(rng, 11)
    group_ids = tuple(_digits(rng, 12) for _ in range(groups))
    shares = rng.dirichlet(np.full(max(groups, 1), 4.0))
    picked = sorted(rng.choice(len(words), rng.integers(2, 4), replace=False))
    bidding = rng.choice(["TARGET_CPA", "MAXIMIZE_CONVERSIONS"] if account.sells == "leads" else
                         ["TARGET_ROAS", "MAXIMIZE_CONVERSION_VALUE", "MAXIMIZE_CONVERSIONS"])  # fmt: skip
    name = account.named(kind.replace("_", " ").title(), str(index + 1), role=role)
    return SimulatedLine(
        id=line_id("google_ads", campaign, group_ids[0] if groups == 1 else None),
        platform="google_ads",
        campaign_id=campaign,
        campaign_name=name,
        group_ids=group_ids,
        group_names=tuple(f"{name} | group {place + 1}" for place in range(groups)),
        group_shares=tuple(float(share) for share in shares),
        budget_id=_digits(rng, 11),
        budget_level="campaign",
        ad_type=kind,
        bidding=str(bidding),
        messages=(MESSAGES[int(rng.integers(len(MESSAGES)))],),
        **_audience(account, role, rng, everybody=kind == "PERFORMANCE_MAX"),  # pyright: ignore[reportArgumentType] - keys and types as the dataclass
        keywords=tuple(words[place] for place in picked) if kind == "SEARCH" else (),
        first_day=spell[0],
        last_day=spell[1],
        pauses=spell[2],
        has_curve=bool(kind in {"SEARCH", "PERFORMANCE_MAX"} and rng.random() < 0.5),
        role=role,
    )


def _meta_campaign(
    campaign_number: int, done: int, left: int, account: _Account, spells: Sequence[_Spell], rng: np.random.Generator
) -> list[SimulatedLine]:
    """One campaign: a single line with its budget on the campaign, or up to three ad sets with budgets of their own."""
    on_campaign = campaign_number == 1 or (campaign_number > 1 and rng.random() < 0.3)
    sets = int(rng.integers(2, 4) if on_campaign else rng.integers(1, 4))
    lines = 1 if on_campaign else min(left, sets)
    campaign = _digits(rng, 17, "1202")
    role = draw_role("META", account.lines, rng)
    name = account.named("CBO" if on_campaign else "ABO", str(done + 1), role=role)
    drawn: list[SimulatedLine] = []
    for place in range(lines):
        ids = tuple(_digits(rng, 17, "1202") for _ in range(sets if on_campaign else 1))
        forms = [form for form in _META_FORMS if form != "LEAD_FORM" or account.sells != "ecommerce"]
        form = forms[(done + place) % len(forms)]
        names = tuple(f"{name} | {form.lower()} | {place + number + 1}" for number in range(len(ids)))
        drawn.append(
            SimulatedLine(
                id=line_id("meta_ads", campaign, None if on_campaign else ids[0]),
                platform="meta_ads",
                campaign_id=campaign,
                campaign_name=name,
                group_ids=ids,
                group_names=names,
                group_shares=tuple(float(share) for share in rng.dirichlet(np.full(len(ids), 4.0))),
                budget_id="",
                budget_level="campaign" if on_campaign else "ad_set",
                ad_type=form,
                bidding=("LOWEST_COST_WITHOUT_CAP", "COST_CAP")[int(rng.random() < 0.25)],
                messages=(MESSAGES[int(rng.integers(len(MESSAGES)))],),
                **_audience(account, role, rng),  # pyright: ignore[reportArgumentType] - as above
                keywords=(),
                first_day=spells[place][0],
                last_day=spells[place][1],
                pauses=spells[place][2],
                has_curve=bool(rng.random() < 0.4),
                role=role,
            )
        )
    return _differing_in_one(drawn, rng) if len(drawn) > 1 and rng.random() < _TESTS else drawn


def _differing_in_one(lines: Sequence[SimulatedLine], rng: np.random.Generator) -> list[SimulatedLine]:
    """Ad sets that somebody set up to compare: alike in all but their form, their message, their people or bidding."""
    first, what = lines[0], str(rng.choice(["ad_type", "message", "age", "gender", "bidding"]))
    found = [first]
    for place, line in enumerate(lines[1:], start=1):
        own = line if what == "ad_type" else first
        messages = (MESSAGES[(MESSAGES.index(first.messages[0]) + place) % len(MESSAGES)],)
        other = _COMPARED[what][place % len(_COMPARED[what])] if what in _COMPARED else None
        alike = replace(
            line, ad_type=own.ad_type, bidding=first.bidding, messages=first.messages, countries=first.countries,
            age_min=first.age_min, age_max=first.age_max, genders=first.genders, interests=first.interests,
            group_names=(f"{line.campaign_name} | {own.ad_type.lower()} | {place + 1}",),
        )  # fmt: skip
        found.append(replace(alike, **(other or {}), **({"messages": messages} if what == "message" else {})))
    return found

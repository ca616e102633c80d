"""Whatever is asked for, a split adds up to the smallest coin and keeps every bound."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import response

from marketmover.budget import Response, allocate
from marketmover.kit import coin_of, to_cents
from marketmover.plans import CampaignLimit, Limits, LineLimit, PlatformLimit

LINES = 8


@pytest.fixture(scope="module")
def made() -> Response:
    return response(LINES, draws=12, together=2)


@dataclass(frozen=True)
class Asked:
    """A problem that some split keeps: limits drawn around it, in cents."""

    currency: str
    total: int
    limits: Limits
    pools: dict[str, str]
    current: dict[str, float]


@st.composite
def problems(draw: st.DrawFn, ids: list[str], campaigns: tuple[str, ...], platforms: tuple[str, ...]) -> Asked:
    """Locks, floors and caps of lines and campaigns, shares of platforms, shared budgets, smallest budgets."""
    currency = draw(st.sampled_from(["USD", "JPY", "KRW", "KWD", "HUF"]))
    coin = coin_of(currency)
    base = np.array(draw(st.lists(st.integers(0, 400_000), min_size=LINES, max_size=LINES))) // coin * coin
    base[0] += coin
    total = int(base.sum())
    kinds = draw(st.lists(st.sampled_from(["free", "min", "max", "locked", "pool"]), min_size=LINES, max_size=LINES))
    lines: dict[str, LineLimit] = {}
    for row, kind in enumerate(kinds):
        money = float(base[row]) / 100
        if kind == "min":
            lines[ids[row]] = LineLimit(min=money)
        elif kind == "max":
            lines[ids[row]] = LineLimit(max=money)
        elif kind == "locked":
            lines[ids[row]] = LineLimit(locked=money)
    sums = {name: float(base[[one == name for one in campaigns]].sum()) / 100 for name in dict.fromkeys(campaigns)}
    capped = draw(st.sets(st.sampled_from(sorted(sums)), max_size=2))
    google = float(base[[name == "google_ads" for name in platforms]].sum()) / total
    shares = {"google_ads": PlatformLimit(max_share=min(1.0, google + 1e-9))} if draw(st.booleans()) else {}
    smallest = draw(st.sampled_from([0.0, 5.0, 40.0]))
    return Asked(
        currency,
        total,
        Limits.model_validate(
            {
                "lines": lines,
                "campaigns": {name: CampaignLimit(max=sums[name]) for name in capped},
                "platforms": shares,
                "smallest_daily": {"google_ads": smallest, "meta_ads": smallest} if smallest else {},
            }
        ),
        # lines without a limit, in campaigns without one, may share a budget
        {
            line: "shared"
            for line, kind, name, campaign in zip(ids, kinds, platforms, campaigns, strict=True)
            if kind == "pool" and name == "google_ads" and campaign not in capped and not shares
        },
        {line: float(value) for line, value in zip(ids, base, strict=True)} if draw(st.booleans()) else {},
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_split_adds_up_and_keeps_its_bounds(made: Response, data: st.DataObject) -> None:
    asked = data.draw(problems(made.line_ids, made.campaigns, made.platforms))
    coin = coin_of(asked.currency)

    found = allocate(
        made, asked.total / 100, objective="leads", limits=asked.limits, pools=asked.pools, current=asked.current,
        currency=asked.currency,
    )  # fmt: skip

    assert sum(found.cents.values()) == asked.total
    assert all(cents >= 0 and cents % coin == 0 for cents in found.cents.values())
    for line, limit in asked.limits.lines.items():
        low, high = (limit.locked, limit.locked) if limit.locked is not None else (limit.min or 0.0, limit.max)
        assert found.cents[line] >= to_cents(low)
        assert high is None or found.cents[line] <= to_cents(high)
    for name, limit in asked.limits.campaigns.items():
        spent = sum(found.cents[line] for line, own in zip(made.line_ids, made.campaigns, strict=True) if own == name)
        assert limit.max is not None
        assert spent <= to_cents(limit.max)
    for name, share in asked.limits.platforms.items():
        spent = sum(cents for line, cents in found.cents.items() if line.startswith(name))
        assert spent <= (share.max_share or 1.0) * asked.total + coin


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(total=st.integers(3_000, 90_000), smallest=st.integers(1, 60))
def test_a_line_gets_nothing_or_what_it_needs_in_whole_yen(made: Response, total: int, smallest: int) -> None:
    limits = Limits(smallest_daily={"google_ads": float(smallest), "meta_ads": float(smallest)})
    needed = smallest * made.days

    found = allocate(made, float(total), objective="leads", limits=limits, currency="JPY")

    assert sum(found.cents.values()) == total * 100
    assert all(yen == 0 or yen >= min(needed, total) - 1 for yen in found.budgets.values())

"""Which stages of the funnel a history supports, and the counts of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Panel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StageCounts:
    """One stage: how many were counted, and per what.

    Attributes:
        name: The stage, named by its metric.
        parent: The stage that it is a rate of, `None` where it responds to spend.
        counts: Shape (lines, days), in units of `unit`.
        exposure: Counts of the parent, spend for a root stage, shape (lines, days).
        unit: Amount of the metric that one count stands for.
        binomial: Whether the parent's count bounds this one.
        longest_lag: Days for which counts may still be incomplete; 0 where they are known at once.
    """

    name: str
    parent: str | None
    counts: Floats
    exposure: Floats
    unit: float = 1.0
    binomial: bool = False
    longest_lag: int = 0


def supported_stages(panel: Panel) -> tuple[list[StageCounts], dict[str, tuple[str, ...]]]:
    """The stages that the history has counts for, parents first, and each metric's chain from the root.

    Metrics that are the same counts (leads and conversions of an account with one action) share a stage.
    """
    leads = _leads(panel)
    bought = _bought(panel)
    stages = [
        StageCounts("clicks", None, panel.clicks, panel.cost),
        StageCounts("impressions", None, panel.impressions, panel.cost),
        StageCounts("reach", "impressions", np.nan_to_num(panel.reach), _where_known(panel.impressions, panel.reach)),
        StageCounts("installs", *bought.of(panel.installs), longest_lag=30),
        StageCounts("leads", *bought.of(leads), longest_lag=30),
        StageCounts("conversions", *bought.of(panel.conversions), longest_lag=30),
        StageCounts("qualified_leads", "leads", panel.crm_qualified, panel.crm_decided, binomial=True),
        _sales(panel, leads, bought),
    ]
    kept = [stage for stage in stages if stage.counts.sum() > 0 and stage.exposure.sum() > 0]
    if not kept:
        kept = [stage for stage in stages if stage.name in _WITHOUT_HISTORY]
    revenue = _revenue(panel, {stage.name: stage for stage in kept})
    return _chained(kept + ([revenue] if revenue else []))


_WITHOUT_HISTORY = ("clicks", "impressions", "reach", "installs", "leads", "conversions", "qualified_leads")


@dataclass(frozen=True)
class _Bought:
    """What conversions are a rate of: clicks where there are any, else impressions, else spend."""

    parent: str | None
    exposure: Floats

    def of(self, counts: Floats) -> tuple[str | None, Floats, Floats]:
        return self.parent, counts, self.exposure


def _bought(panel: Panel) -> _Bought:
    if panel.clicks.sum() > 0:
        return _Bought("clicks", panel.clicks)
    if panel.impressions.sum() > 0:
        return _Bought("impressions", panel.impressions)
    counted = _leads(panel).sum() + panel.conversions.sum() > 0
    return _Bought(None, panel.cost) if counted else _Bought("clicks", panel.clicks)


def _leads(panel: Panel) -> Floats:
    """Leads as the platforms count them, else as the CRM does."""
    return panel.leads if panel.leads.sum() > 0 or not panel.has_crm else panel.crm_leads


def _where_known(counts: Floats, marker: Floats) -> Floats:
    return np.where(np.isfinite(marker), counts, 0.0)


def _sales(panel: Panel, leads: Floats, bought: _Bought) -> StageCounts:
    """Sales per click as the platforms count them, else won leads per lead."""
    if panel.sales.sum() > 0 or not panel.has_crm:
        return StageCounts("sales", *bought.of(panel.sales), longest_lag=30)
    won = np.where(leads > 0, panel.crm_won, 0.0)
    return StageCounts("sales", "leads", won, leads, longest_lag=90)


def _revenue(panel: Panel, known: dict[str, StageCounts]) -> StageCounts | None:
    """Revenue in units of the mean value of what earns it, so that its chance is that of few large sums."""
    if panel.revenue.sum() <= 0:
        return None
    order = ("sales", "leads", "conversions") if panel.revenue_source == "crm" else ("sales", "conversions", "leads")
    parent = next((known[name] for name in order if name in known), None)
    if parent is None:
        return None
    unit = float(panel.revenue.sum() / parent.counts.sum())
    late = panel.revenue_source == "crm" and parent.name != "sales"
    return StageCounts(
        "revenue", parent.name, panel.revenue / unit, parent.counts, unit=unit, longest_lag=90 if late else 0
    )


def _chained(stages: list[StageCounts]) -> tuple[list[StageCounts], dict[str, tuple[str, ...]]]:
    by_name = {stage.name: stage for stage in stages}
    alias: dict[str, str] = {}
    if {"leads", "conversions"} <= set(by_name) and np.allclose(by_name["leads"].counts, by_name["conversions"].counts):
        alias["conversions"] = "leads"
    chains: dict[str, tuple[str, ...]] = {}
    kept: list[StageCounts] = []
    for stage in stages:
        if stage.parent is not None and alias.get(stage.parent, stage.parent) not in by_name:
            continue
        if stage.name in alias:
            chains[stage.name] = chains[alias[stage.name]]
            continue
        above = () if stage.parent is None else chains[stage.parent]
        chains[stage.name] = (*above, stage.name)
        kept.append(stage)
    return kept, chains

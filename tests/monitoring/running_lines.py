"""Lines that run, as arrays and as exports: seasons, chance, late conversions, and troubles planted in them."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Line, Panel
from marketmover.history.pulls import Document, ExportChunk, SourceAccount
from marketmover.monitoring.lines.arrivals import as_if_pulled, known_shares
from marketmover.monitoring.lines.figures import Figures, Plan, figures_of

if TYPE_CHECKING:
    from marketmover.plans import Platform

Floats = NDArray[np.float64]

FIRST, HISTORY, LIVE = date(2025, 1, 6), 300, 28


def panel_of(lines: int = 8, seed: int = 1, *, factors: dict[str, Floats] | None = None) -> Panel:
    """Lines with a weekly pattern and chance; `factors` act on `cpm`, `ctr`, `conversion_rate`, `cost`."""
    rng, days = np.random.default_rng(seed), HISTORY + LIVE
    shape = (lines, days)
    acting = {name: np.ones(shape) for name in ("cost", "cpm", "ctr", "conversion_rate")} | (factors or {})
    weekday = 1.0 + 0.1 * np.sin(2 * np.pi * np.arange(days) / 7)
    budgets = np.repeat(rng.uniform(100, 400, (lines, 1)), days, axis=1)
    cost = budgets * rng.lognormal(0.0, 0.05, shape) * acting["cost"]
    cpm = rng.uniform(5, 15, (lines, 1)) * rng.lognormal(0.0, 0.06, shape) * acting["cpm"]
    impressions = np.floor(1000 * cost / cpm)
    clicks = rng.poisson(
        impressions * rng.uniform(0.01, 0.03, (lines, 1)) * rng.gamma(100, 0.01, shape) * acting["ctr"]
    )
    rate = rng.uniform(0.02, 0.06, (lines, 1)) * weekday * rng.gamma(50, 0.02, shape) * acting["conversion_rate"]
    counts = rng.poisson(clicks * rate).astype(np.float64)
    blank = np.zeros(shape)
    platforms: list[Platform] = ["google_ads" if row < lines // 2 else "meta_ads" for row in range(lines)]
    rows = tuple(
        Line(
            id=f"{platform}:{row}:{row}1",
            platform=platform,
            account_id="1",
            campaign_id=str(row),
            group_id=f"{row}1",
            name=f"Line {row}",
            ad_type="SEARCH",
            status="ENABLED",
            daily_budget=float(budgets[row, 0]),
        )
        for row, platform in enumerate(platforms)
    )
    return replace(
        Panel.empty("EUR"),
        dates=np.datetime64(FIRST) + np.arange(days),
        lines=rows,
        observed=np.ones(shape, dtype=np.bool_),
        cost=cost,
        impressions=impressions,
        clicks=clicks.astype(np.float64),
        conversions=counts,
        leads=counts,
        **dict.fromkeys(
            ("sales", "installs", "revenue", "crm_leads", "crm_decided", "crm_qualified", "crm_won", "reach"), blank
        ),
        lead_source="platform",
    )


def figures_from(panel: Panel, first: int = HISTORY, plan: Plan | None = None) -> Figures:
    """What is watched of a panel; conversions are known at once."""
    past = replace(panel, dates=panel.dates[:first], **{
        name: getattr(panel, name)[:, :first] for name in ("observed", "cost", "impressions", "clicks", "conversions")
    })  # fmt: skip
    share = known_shares(past, panel.lines)
    return figures_of(panel, first, share, as_if_pulled(panel, first, share), plan or Plan(), (), ())


def plan_of(panel_leads: float, days: int, folder: Path) -> Path:
    """A plan that expects so many leads a day of the first line."""
    start = FIRST + timedelta(HISTORY)
    mid = panel_leads * days
    expected = {"leads": {"low": 0.8 * mid, "mid": mid, "high": 1.2 * mid}}
    line = {"id": "google_ads:0:01", "platform": "google_ads", "campaign_id": "0", "ad_group_id": "01",
            "ad_type": "SEARCH", "bidding": {"strategy": "MAXIMIZE_CONVERSIONS", "target": None},
            "audience": {"countries": [], "age_min": None, "age_max": None, "genders": [], "interests": [],
                         "keywords": []},
            "creative": None, "budget": 2800.0, "daily_budget": 100.0, "expected": expected, "reasons": [],
            "evidence": {"days": 300, "spend": 1.0, "campaign_ids": ["0"]}}  # fmt: skip
    plan = {"version": 1, "brief": {}, "objective": "leads", "currency": "EUR", "start_date": str(start),
            "end_date": str(start + timedelta(days - 1)), "total_budget": 2800.0, "lines": [line], "expected": expected,
            "baseline": {"description": "", "expected": expected, "lines": []},
            "probability_better_than_baseline": None,
            "assumptions": [], "warnings": [], "history": {"first_date": None, "last_date": None, "rows": 0, "lines": 1,
            "quarantined": 0, "quarantine_reasons": {}, "flagged": 0}}  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(json.dumps(plan))
    return folder


def planted(name: str, rows: list[int], begin: int, end: int, factor: float, lines: int = 8) -> dict[str, Floats]:
    """Factors with one trouble: rows, live days `begin` to `end` (not included), and what becomes of the figure."""
    path = np.ones((lines, HISTORY + LIVE))
    path[rows, HISTORY + begin : HISTORY + end] = factor
    return {name: path}


def write_exports(panel: Panel, folder: Path, first: int, last: int) -> Path:
    """Write columns `first` to `last` (not included) of a panel as Google Ads and Meta Ads export them."""
    google: list[dict[str, Any]] = []
    meta: list[dict[str, Any]] = []
    for row, line in enumerate(panel.lines):
        for column in range(first, last):
            if panel.impressions[row, column] > 0:
                (google if line.platform == "google_ads" else meta).append(fact(panel, row, column))
    for name, rows in (("google_ads", [{"results": google}]), ("meta_ads", {"data": meta})):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "daily.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def fact(panel: Panel, row: int, column: int) -> dict[str, Any]:
    """A row of a line and a day, as its platform exports it."""
    line, day = panel.lines[row], (FIRST + timedelta(column)).isoformat()
    cost, shown, clicks, results = (
        float(getattr(panel, name)[row, column]) for name in ("cost", "impressions", "clicks", "conversions")
    )
    if line.platform == "google_ads":
        return {
            "customer": {"id": "1", "currencyCode": "EUR", "timeZone": "Europe/Berlin"},
            "campaign": {"id": line.campaign_id, "name": line.name, "status": "ENABLED"},
            "adGroup": {"id": line.group_id, "name": line.name},
            "metrics": {
                "impressions": str(int(shown)),
                "clicks": str(int(clicks)),
                "costMicros": str(round(cost * 1_000_000)),
                "conversions": results,
            },
            "segments": {"date": day},
        }
    return {
        "account_id": "1",
        "account_currency": "EUR",
        "campaign_id": line.campaign_id,
        "campaign_name": line.name,
        "adset_id": line.group_id,
        "adset_name": line.name,
        "objective": "OUTCOME_LEADS",
        "impressions": str(int(shown)),
        "inline_link_clicks": str(int(clicks)),
        "clicks": str(int(clicks)),
        "spend": f"{cost:.2f}",
        "actions": [{"action_type": "lead", "value": str(int(results))}],
        "date_start": day,
        "date_stop": day,
    }


@dataclass
class PanelExports:
    """A Meta account whose days are a panel's."""

    panel: Panel
    live: int
    platform: str = "meta_ads"

    def account(self) -> SourceAccount:
        today = FIRST + timedelta(HISTORY + self.live)
        return SourceAccount("meta_ads", "act_1", "Panel", "EUR", "Europe/Berlin", today, simulated=True)

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        return [ExportChunk("insights", since, until)]

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:
        del resume, keep
        assert chunk.first is not None
        assert chunk.last is not None
        columns = range((chunk.first - FIRST).days, (chunk.last - FIRST).days + 1)
        rows = [row for row, line in enumerate(self.panel.lines) if line.platform == "meta_ads"]
        yield {"data": [fact(self.panel, row, column) for row in rows for column in columns]}

    def close(self) -> None:
        """Nothing is held open."""

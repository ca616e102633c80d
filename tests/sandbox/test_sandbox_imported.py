"""What a sandbox's exports hold, read naively, is what import takes: to the cent, the click and the conversion."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from marketmover.history import Panel, import_history, load_panel
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.summary import describe
from marketmover.store import Lake


def rows_of(folder: Path, stem: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"{stem}*")):
        whole = json.loads(path.read_text(encoding="utf-8"))
        for answer in whole if isinstance(whole, list) else [whole]:
            yield from answer.get("results") or answer.get("data") or []


def naive_totals(folder: Path) -> dict[str, float]:
    """Plain sums over the rows of daily facts, each lead and purchase under one of its names."""
    sums = defaultdict[str, float](float)
    for row in rows_of(folder / "google_ads", "daily_"):
        metrics = row["metrics"]
        sums["cost"] += int(metrics["costMicros"]) / 1e6
        sums["impressions"] += int(metrics["impressions"])
        sums["clicks"] += int(metrics.get("clicks", "0"))
        sums["conversions"] += metrics.get("conversions", 0.0)
        sums["revenue"] += metrics.get("conversionsValue", 0.0)
    for row in rows_of(folder / "google_ads", "conversions_by_action"):
        use = "sales" if row["segments"]["conversionActionName"] == "Purchase" else "leads"
        sums[use] += row["metrics"]["conversions"]
    for stem in ("insights_earlier", "insights_recent"):
        for row in rows_of(folder / "meta_ads", stem):
            counts, values = (
                {action["action_type"]: float(action["value"]) for action in row.get(name, [])}
                for name in ("actions", "action_values")
            )
            sums["cost"] += float(row["spend"])
            sums["impressions"] += int(row["impressions"])
            sums["clicks"] += int(row.get("inline_link_clicks", row["clicks"]))
            sums["leads"] += counts.get("lead", 0.0)
            sums["sales"] += counts.get("purchase", 0.0)
            sums["conversions"] += counts.get("lead", 0.0) + counts.get("purchase", 0.0)
            sums["revenue"] += values.get("purchase", 0.0)
    sums["crm_leads"] = sum(len(json.loads(path.read_text())) for path in (folder / "crm").glob("*.json"))
    return sums


def imported(folder: Path, lake_file: Path) -> Panel:
    lake = Lake.open(lake_file)
    try:
        now = datetime(2026, 11, 22, tzinfo=UTC)
        report = import_history(lake, folder, now=now, progress=lambda _share, _step: None)
        assert report.quarantine == {}
        return load_panel(lake)
    finally:
        lake.close()


@pytest.mark.parametrize(("seed", "days"), [(1, 430), (4, 90), (5, 90)])  # attributed by data, split by device, both
def test_import_takes_all_that_the_exports_hold(seed: int, days: int, tmp_path: Path) -> None:
    market = create_market(lines=6, days=days, seed=seed, sells="both", end=date(2026, 10, 1))
    rows = write_history(market, tmp_path / "h")
    panel, sums = imported(tmp_path / "h", tmp_path / "lake.duckdb"), naive_totals(tmp_path / "h")
    assert sums["conversions"] > 100
    assert {name: float(getattr(panel, name).sum()) for name in sums} == pytest.approx(sums, rel=1e-9)
    made = describe(market, tmp_path / "h", rows)
    assert made["exported_conversions"] == pytest.approx(panel.conversions.sum(), abs=0.02)
    assert made["exported_conversions"] < made["conversions"]

"""Writes a simulated market as a history: the platforms' exports, `simulated.json`, and the truth beside them."""

import json
from pathlib import Path

from marketmover.console import Progress
from marketmover.sandbox.dirt.plant import plant_defects
from marketmover.sandbox.exports import (
    crm,
    google,
    google_breakdowns,
    google_changes,
    google_structure,
    meta,
    meta_details,
    meta_structure,
)
from marketmover.sandbox.exports.account import Account, Pull, account_of, places, pulls
from marketmover.sandbox.market import Market
from marketmover.sandbox.truth_files import TRUTH_VERSION, save_truth


def write_history(
    market: Market, folder: str | Path, *, dirty: bool = False, truth: bool = True, report: Progress | None = None
) -> dict[str, int]:
    """Write `market` into `folder`, which must be empty or missing.

    Args:
        market: The market.
        folder: Where the history goes.
        dirty: Plant defects and mix dialects, listed in `truth/defects.json`.
        truth: Write the truth beside the exports; defects are listed there, and need it.
        report: Told of progress.

    Returns:
        How many rows each kind of export holds.
    """
    root = Path(folder)
    tell: Progress = report or _silent
    account = account_of(market)
    rows: dict[str, int] = {}
    _say_simulated(market, root, dirty=dirty)
    made = pulls(market)
    for pull in made:
        tell(0.1, f"Google Ads, {pull.name}")
        rows |= _google_facts(market, account, root / "google_ads", pull)
        tell(0.3, f"Meta Ads, {pull.name}")
        rows |= _meta_facts(market, account, root / "meta_ads", pull)
    tell(0.5, "campaigns, ads, changes, breakdowns")
    rows |= _structures(market, account, root, made[-1])
    tell(0.7, "crm")
    if market.setting.sells != "ecommerce":
        rows["crm/leads"] = crm.write_leads(market, account, root / "crm")
    if truth or dirty:
        save_truth(market, root / "truth")
    if dirty:
        tell(0.9, "defects")
        plant_defects(market, root)
    return rows


def _google_facts(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    if not places(market, "google_ads"):
        return {}
    return {
        f"google_ads/daily_{pull.name}": google.write_facts(market, account, folder, pull),
        f"google_ads/conversions_by_action_{pull.name}": google.write_actions(market, account, folder, pull),
    }


def _meta_facts(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    if not places(market, "meta_ads"):
        return {}
    return {f"meta_ads/insights_{pull.name}": meta.write_facts(market, account, folder, pull)}


def _structures(market: Market, account: Account, root: Path, pull: Pull) -> dict[str, int]:
    rows: dict[str, int] = {}
    if places(market, "google_ads"):
        folder = root / "google_ads"
        found = google_structure.write_structure(market, account, folder, pull)
        found |= google_breakdowns.write_breakdowns(market, account, folder, pull)
        found |= google_changes.write_changes(market, account, folder, pull)
        rows |= {f"google_ads/{name}": count for name, count in found.items()}
    if places(market, "meta_ads"):
        found = meta_structure.write_structure(market, account, root / "meta_ads", pull)
        found |= meta_details.write_details(market, account, root / "meta_ads", pull)
        rows |= {f"meta_ads/{name}": count for name, count in found.items()}
    return rows


def _silent(_share: float, _step: str) -> None:
    """Nobody asked for progress."""


def _say_simulated(market: Market, root: Path, *, dirty: bool) -> None:
    setting = market.setting
    told = {
        "simulated": True,
        "notice": "These data are simulated by marketmover. No advertiser, campaign or person in them exists.",
        "version": TRUTH_VERSION,
        "seed": setting.seed,
        "parameters": {
            "lines": len(market.lines),
            "days": setting.days,
            "family": setting.family,
            "manager": market.manager,
            "sells": setting.sells,
            "country": setting.country,
            "currency": setting.currency,
            "dirty": dirty,
        },
        "first_date": setting.first_date.isoformat(),
        "last_date": market.last_date.isoformat(),
    }
    root.mkdir(parents=True, exist_ok=True)
    (root / "simulated.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

"""Writes a simulated market as a history: the platforms' exports, `simulated.json`, and the truth beside them."""

import json
from pathlib import Path

from marketmover.console import Progress
from marketmover.sandbox.exports import crm, google, meta
from marketmover.sandbox.exports.account import account_of, places, pulls
from marketmover.sandbox.market import Market
from marketmover.sandbox.truth_files import TRUTH_VERSION, save_truth


def write_history(market: Market, folder: str | Path, *, report: Progress | None = None) -> dict[str, int]:
    """Write `market` into `folder`, which must be empty or missing.

    Args:
        market: The market.
        folder: Where the history goes.
        report: Told of progress.

    Returns:
        How many rows each kind of export holds.
    """
    root = Path(folder)
    tell: Progress = report or _silent
    account = account_of(market)
    rows: dict[str, int] = {}
    for pull in pulls(market):
        tell(0.1, f"google_ads {pull.name}")
        if places(market, "google_ads"):
            rows[f"google_ads daily {pull.name}"] = google.write_facts(market, account, root / "google_ads", pull)
            rows[f"google_ads conversions {pull.name}"] = google.write_actions(
                market, account, root / "google_ads", pull
            )
        tell(0.4, f"meta_ads {pull.name}")
        if places(market, "meta_ads"):
            rows[f"meta_ads insights {pull.name}"] = meta.write_facts(market, account, root / "meta_ads", pull)
    tell(0.7, "crm")
    if market.setting.sells != "ecommerce":
        rows["crm leads"] = crm.write_leads(market, account, root / "crm")
    _say_simulated(market, root)
    save_truth(market, root / "truth")
    return rows


def _silent(_share: float, _step: str) -> None:
    """Nobody asked for progress."""


def _say_simulated(market: Market, root: Path) -> None:
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
        },
        "first_date": setting.first_date.isoformat(),
        "last_date": market.last_date.isoformat(),
    }
    (root / "simulated.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

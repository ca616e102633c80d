"""What a sandbox holds, in figures and in words that say that it is simulated."""

from pathlib import Path
from typing import Any

from marketmover.kit import counted, plural
from marketmover.sandbox.exports.account import account_of, places
from marketmover.sandbox.exports.google import Cells
from marketmover.sandbox.market import Market

_FACTS = ("daily_", "insights_earlier", "insights_recent")


def describe(market: Market, folder: Path, rows: dict[str, int]) -> dict[str, Any]:
    """What was made, as JSON."""
    platforms = {name: sum(line.platform == name for line in market.lines) for name in ("google_ads", "meta_ads")}
    setting = market.setting
    return {
        "simulated": True,
        "folder": str(folder),
        "lines": platforms,
        "running_lines": len(market.line_ids),
        "first_date": setting.first_date.isoformat(),
        "last_date": market.last_date.isoformat(),
        "seed": setting.seed,
        "sells": setting.sells,
        "country": setting.country,
        "currency": setting.currency,
        "manager": market.manager,
        "spend": round(float(market.ledger.cost_cents.sum()) / 100.0, 2),
        "conversions": int(market.ledger.leads.sum() + market.ledger.sales.sum()),
        "exported_conversions": round(_exported_conversions(market), 2),
        "rows": rows,
    }


def _exported_conversions(market: Market) -> float:
    """What platforms had counted on the last day: no late ones, none of outages, on Google also fractions."""
    account, books = account_of(market), market.ledger
    google = [Cells(market, account, place) for place in places(market, "google_ads")]
    meta = (books.reported_leads + books.reported_sales)[places(market, "meta_ads")]
    return float(sum(cells.credit.sum() + cells.sales.sum() for cells in google)) + float(meta.sum())


def in_words(made: dict[str, Any]) -> list[str]:
    """The same for a person."""
    lines, rows, where = made["lines"], made["rows"], made["folder"]
    days = f"{made['first_date']} to {made['last_date']} ({made['country']}, seed {made['seed']})"
    facts = sum(count for name, count in rows.items() if name.split("/")[1].startswith(_FACTS))
    total = lines["google_ads"] + lines["meta_ads"]
    sides = f"{lines['google_ads']} Google and {lines['meta_ads']} Meta {plural(total, 'line')}"
    happened = f"{made['spend']:,.0f} {made['currency']} spent, {counted(made['conversions'], 'conversion')}"
    seen = f"the exports count {made['exported_conversions']:,.0f}, as late and untracked ones are missing"
    return [
        "SIMULATED data: no advertiser, campaign or person in them exists.",
        f"{where}: {sides}, {made['running_lines']} of them running, {days}.",
        f"{happened} ({seen}).",
        f"{counted(facts, 'daily fact')}, {counted(sum(rows.values()), 'row')} in all.",
        f"The truth lies in {where}/truth; import never reads it.",
    ]

"""What a sandbox holds, in figures and in words that say that it is simulated."""

from pathlib import Path
from typing import Any

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
        "rows": rows,
    }


def in_words(made: dict[str, Any]) -> list[str]:
    """The same for a person."""
    lines, rows, where = made["lines"], made["rows"], made["folder"]
    days = f"{made['first_date']} to {made['last_date']} ({made['country']}, seed {made['seed']})"
    facts = sum(count for name, count in rows.items() if name.split("/")[1].startswith(_FACTS))
    spent = f"{made['spend']:,.0f} {made['currency']} spent, {made['conversions']:,} conversions"
    running = f"{made['running_lines']} of them running"
    return [
        "SIMULATED data: no advertiser, campaign or person in them exists.",
        f"{where}: {lines['google_ads']} Google and {lines['meta_ads']} Meta lines, {running}, {days}.",
        f"{spent}; {facts:,} daily facts, {sum(rows.values()):,} rows in all.",
        f"The truth lies in {where}/truth; import never reads it.",
    ]

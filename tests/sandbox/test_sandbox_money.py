"""Markets in any country and any money that the platforms bill in."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from marketmover.errors import UsageError
from marketmover.history import import_history, load_panel
from marketmover.kit import coin_of
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.commands import app
from marketmover.sandbox.countries import PRICE_LEVEL, USUAL, country_of
from marketmover.store import Lake

MICROS = re.compile(r'"(?:costMicros|amountMicros|budgetAmountMicros|targetCpaMicros)":"(\d+)"')
MAJOR = re.compile(r'"(?:spend|revenue|conversionsValue)":"?([\d.]+)"?')
MINOR = re.compile(r'"(?:daily_budget|bid_amount)":"([^"]+)"')


@pytest.mark.parametrize("currency", ["JPY", "KRW"])
def test_money_without_hundredths_is_whole_in_every_export(currency: str, tmp_path: Path) -> None:
    market = create_market(lines=6, days=60, seed=3, sells="both", currency=currency, end=date(2026, 3, 31))
    write_history(market, tmp_path)
    texts = [path.read_text() for path in tmp_path.rglob("*.json") if "truth" not in path.parts]
    micros, major, minor = (
        [found for text in texts for found in what.findall(text)] for what in (MICROS, MAJOR, MINOR)
    )
    assert min(len(micros), len(major), len(minor)) > 2
    assert all(int(amount) % 1_000_000 == 0 for amount in micros)
    assert all(float(amount) == int(float(amount)) for amount in major)
    assert all("." not in amount for amount in minor)
    assert (market.ledger.cost_cents % 100 == 0).all()


def test_yen_are_imported_as_they_were_spent_and_budgets_as_they_were_set(tmp_path: Path) -> None:
    market = create_market(lines=6, days=60, seed=3, countries=("JP",), end=date(2026, 3, 31))
    assert market.setting.currency == "JPY"
    write_history(market, tmp_path / "h")
    lake = Lake.open(tmp_path / "lake.duckdb")
    try:
        import_history(lake, tmp_path / "h", now=datetime(2026, 4, 1, tzinfo=UTC), progress=lambda _share, _step: None)
        panel = load_panel(lake)
    finally:
        lake.close()
    assert panel.currency == "JPY"
    assert panel.cost.sum() == pytest.approx(market.ledger.cost_cents.sum() / 100.0)
    row = json.loads((tmp_path / "h" / "meta_ads" / "adsets-001.json").read_text())["data"][0]
    place = next(place for place, line in enumerate(market.lines) if row["id"] in line.group_ids)
    assert int(row["daily_budget"]) == market.daily_budgets[place, -1]


def test_a_market_costs_as_much_in_any_money() -> None:
    dollars, yen = (
        create_market(lines=4, days=60, seed=1, manager="good", currency=money, countries=("US",))
        for money in ("USD", "JPY")
    )
    spent = [sum(one.status_quo().values()) for one in (dollars, yen)]
    assert spent[1] / spent[0] == pytest.approx(PRICE_LEVEL["JPY"], rel=0.1)


def test_any_country_can_be_asked_for() -> None:
    japan, kuwait = country_of("JP"), country_of("KW")
    assert (japan.currency, japan.time_zone, japan.geo_target) == ("JPY", "Asia/Tokyo", "2392")
    assert kuwait.currency == "USD"  # no platform price is known in dinars
    assert {country.currency for country in USUAL.values()} <= set(PRICE_LEVEL)
    assert {"JPY", "KRW", "CLP", "HUF"} <= {code for code in PRICE_LEVEL if coin_of(code) > 1}
    for wrong in ("XX", "Japan", "AQ"):
        with pytest.raises(UsageError, match="not a country"):
            country_of(wrong)


def test_the_command_takes_country_and_currency(tmp_path: Path) -> None:
    small = ["--lines", "3", "--days", "30", "--end", "2026-02-28", "--manager", "good", "--json"]
    asked = ["create", str(tmp_path / "s"), *small, "--country", "IN", "--currency", "IDR"]
    made = json.loads(CliRunner().invoke(app, asked).stdout)
    assert (made["country"], made["currency"]) == ("IN", "IDR")
    assert made["spend"] == int(made["spend"]) > 1e6
    refused = CliRunner().invoke(app, ["create", str(tmp_path / "t"), *small, "--currency", "XAU"])
    assert isinstance(refused.exception, UsageError)
    assert not (tmp_path / "t").exists()

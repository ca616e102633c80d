"""Money and numbers as exports write them: every amount that is taken is exact, and everything else is set aside."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from history_exports import Row, batches, google_row, lines, meta_row, take
from hypothesis import given, settings
from hypothesis import strategies as st

from marketmover.history import describe_history, load_panel
from marketmover.history.intake.values import micros, minor_units, number
from marketmover.history.tables import FACTS, LEADS, QUARANTINE, current_rows
from marketmover.store import Lake

FEW = settings(max_examples=3, deadline=None)  # each example imports up to sixty rows for real
_FIRST = date(2025, 1, 1)


@dataclass(frozen=True)
class Taken:
    """What became of rows in their order: each row's micros as stored, or the reason for which it was set aside."""

    micros: list[int | None]
    reasons: list[str | None]


def day(at: int) -> str:
    return (_FIRST + timedelta(at)).isoformat()


def imported(name: str, rows: Sequence[Row], content: Any = None) -> Taken:
    """Import for real; row `at` stands on day `at`, and on place `at` of its file."""
    with TemporaryDirectory() as scratch, closing(Lake.open(Path(scratch) / "lake.duckdb")) as lake:
        take(lake, Path(scratch) / "history", {name: content or rows})
        stored: dict[date, int] = {row["date"]: row["cost_micros"] for row in current_rows(lake, FACTS)}
        reasons: dict[int, str] = {row["row"]: row["reason"] for row in current_rows(lake, QUARANTINE)}
    days = [_FIRST + timedelta(at) for at in range(len(rows))]
    return Taken([stored.get(found) for found in days], [reasons.get(at) for at in range(len(rows))])


def spent(written: Sequence[Any], *, by_line: bool = False) -> Taken:
    """What Meta's spend becomes."""
    rows = [meta_row(day(at), spend=amount) for at, amount in enumerate(written)]
    return imported("meta_ads/x.json", rows, lines(rows) if by_line else {"data": rows})


def as_micros(written: str | float) -> int:
    text = written.strip() if isinstance(written, str) else json.dumps(written)
    return int((Decimal(text) * 1_000_000).to_integral_value(ROUND_HALF_UP))


AMOUNTS = st.integers(0, 10**15).map(lambda found: Decimal(found) / 1_000_000)
NOTATIONS = st.sampled_from(
    [
        lambda amount: f"{amount:f}",
        lambda amount: f"{amount:.6f}",
        lambda amount: f"{amount:E}",
        lambda amount: f"{amount:e}",
        lambda amount: f"+{amount:f}",
        lambda amount: f"00{amount:.6f}000",
        lambda amount: f" {amount:f}\t",
        float,
    ]
)
WRITTEN = st.tuples(AMOUNTS, NOTATIONS).map(lambda found: found[1](found[0]))


@FEW
@given(st.lists(WRITTEN, min_size=1, max_size=60), st.booleans())
def test_an_amount_is_taken_to_the_micro_however_it_is_written(written: list[str | float], by_line: bool) -> None:
    taken = spent(written, by_line=by_line)
    assert taken == Taken([as_micros(amount) for amount in written], [None] * len(written))


SCRIBBLES = st.one_of(
    AMOUNTS.map(lambda amount: f"-{amount:f}"),
    st.text(alphabet="0123456789.,eE+-_' ", max_size=8),
    st.text(max_size=6),
)


def is_small(text: str) -> bool:
    try:
        return abs(Decimal(text.strip())) <= 10**9
    except InvalidOperation:
        return True


@FEW
@given(st.lists(SCRIBBLES.filter(is_small), min_size=1, max_size=60))
def test_text_is_the_number_that_it_says_or_set_aside_and_never_lost(written: list[str]) -> None:
    taken = spent([*written, "1"])
    for text, found, reason in zip([*written, "1"], taken.micros, taken.reasons, strict=True):
        assert (found is None) != (reason is None), text
        if found is not None:
            assert found >= 0, text
            assert abs(found - Decimal(text.strip()) * 1_000_000) <= 1, text
        else:
            assert reason == "wrong_type" or (reason == "negative_cost" and Decimal(text.strip()) < 0), text


def test_amounts_with_separators_or_signs_of_money_are_never_guessed_at() -> None:
    written = [
        "1,234.56",
        "1.234,56",
        "12,34",
        "1 000",
        "1'000",
        "$5",
        "5 USD",
        "5 €",
        "NaN",
        "-inf",
        "0x10",
        "",
        "٣",
        "- ",
        "+ ",
    ]
    assert spent([*written, "1"]) == Taken([None] * len(written) + [1_000_000], ["wrong_type"] * len(written) + [None])


COUNTS = st.tuples(st.integers(0, 2**53), st.sampled_from([str, int, lambda count: f" {count}"]))


@FEW
@given(st.lists(COUNTS, min_size=1, max_size=60))
def test_googles_micros_are_whole_and_never_rounded(amounts: list[tuple[int, Any]]) -> None:
    rows = [google_row(day(at), metrics={"costMicros": write(count)}) for at, (count, write) in enumerate(amounts)]
    taken = imported("google_ads/x.json", rows, batches(rows))
    assert taken == Taken([count for count, _ in amounts], [None] * len(rows))


def test_micros_that_are_no_whole_amount_are_set_aside() -> None:
    written = {"12340000.5": "wrong_type", "1e99": "wrong_type", "9" * 30: "wrong_type", "-1": "negative_cost"}
    rows = [google_row(day(at), metrics={"costMicros": text}) for at, text in enumerate([*written, "7"])]
    assert imported("google_ads/x.json", rows) == Taken([None] * 4 + [7], [*written.values(), None])


def test_the_largest_amounts_that_rows_may_hold_still_add_up() -> None:
    largest = 9 * 10**18
    metrics = {"costMicros": str(largest), "impressions": str(largest)}
    devices = [google_row(day(at), metrics=metrics, segments={"device": name}) for at in (0, 1) for name in "AB"]
    meta = [meta_row(day(at), spend="9e12", adset_id=name) for at in (0, 1) for name in ("771", "772")]
    with TemporaryDirectory() as scratch, closing(Lake.open(Path(scratch) / "lake.duckdb")) as lake:
        files = {"google_ads/x.json": devices, "meta_ads/x.json": meta}
        assert take(lake, Path(scratch) / "history", files).spend == {"USD": 8 * 9e12}
        described = describe_history(lake)
    assert described.spend_by_currency == {"USD": 8 * 9e12}
    assert described.panel.cost.sum() == 8 * 9e12


@FEW
@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60))
def test_values_of_conversions_and_deals_come_through_unchanged(amounts: list[float]) -> None:
    """They may be negative (a refund), and are kept as the nearest binary number, as JSON itself reads them."""
    rows = [google_row(day(at), metrics={"conversionsValue": amount}) for at, amount in enumerate(amounts)]
    lead = {"created_at": "2025-01-01", "platform": "google_ads", "campaign_id": "55"}
    leads = [{**lead, "lead_id": f"{at:02}", "revenue": amount} for at, amount in enumerate(amounts)]
    with TemporaryDirectory() as scratch, closing(Lake.open(Path(scratch) / "lake.duckdb")) as lake:
        take(lake, Path(scratch) / "history", {"google_ads/x.json": rows, "crm/x.json": lines(leads)})
        assert [row["conversions_value"] for row in current_rows(lake, FACTS)] == amounts
        assert [row["revenue"] for row in current_rows(lake, LEADS)] == amounts


@FEW
@given(st.lists(st.integers(1, 10**11), min_size=1, max_size=20), st.sampled_from(["USD", "EUR", "BRL", "JPY", "KRW"]))
def test_googles_budgets_are_in_micros_and_metas_in_the_currencys_smallest_unit(cents: list[int], code: str) -> None:
    google = [
        google_row(
            day(0),
            campaign={"id": str(at)},
            campaignBudget={"amountMicros": str(amount * 10_000)},
            customer={"currencyCode": code},
        )
        for at, amount in enumerate(cents)
    ]
    meta = [meta_row(day(0), adset_id=str(at), account_currency=code) for at in range(len(cents))]
    meta += [
        {"id": str(at), "campaign_id": "77", "targeting": {}, "daily_budget": str(amount)}
        for at, amount in enumerate(cents)
    ]
    with TemporaryDirectory() as scratch, closing(Lake.open(Path(scratch) / "lake.duckdb")) as lake:
        take(lake, Path(scratch) / "history", {"google_ads/x.json": google, "meta_ads/x.json": meta})
        found = {line.id: line.daily_budget for line in load_panel(lake).lines}
    unit = 1 if code in {"JPY", "KRW"} else 100
    assert found == {
        **{f"google_ads:{at}:551": amount / 100 for at, amount in enumerate(cents)},
        **{f"meta_ads:77:{at}": amount / unit for at, amount in enumerate(cents)},
    }


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_of_the_settings_is_read_from_its_text(value: float) -> None:
    for written in (value, repr(value), f" {value!r} ", f"{value:.17e}"):
        assert number(written) == value
    assert micros(repr(value)) == value / 1_000_000
    assert minor_units(repr(value), "USD") == value / 100
    assert minor_units(repr(value), "JPY") == value


def test_what_is_no_number_in_the_settings_is_unknown_rather_than_0() -> None:
    for value in (None, True, False, "", "nan", "inf", "-Infinity", "1,000", "1.2.3", "a", [], {}):
        assert (number(value), micros(value), minor_units(value, "USD")) == (None, None, None)

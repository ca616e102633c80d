"""What may be mapped: conversion actions that the history has, and a clear word where it has none of that name."""

from pathlib import Path
from typing import Any

import pytest
from history_exports import Row, actions, google_row, meta_row, take

from marketmover.errors import NotFoundError, UsageError
from marketmover.history import load_panel, map_action
from marketmover.history.tables import MAPPING, append_rows, count_rows
from marketmover.store import Lake


def by_action(name: str, conversions: float, account: str = "111") -> Row:
    row = google_row("2025-12-01", customer={"id": account}, metrics={"conversions": conversions})
    return {**row, "segments": {"date": "2025-12-01", "conversionActionName": name}}


@pytest.fixture
def filled(lake: Lake, folder: Path) -> Lake:
    """An account by action, one in another currency as a whole, and one of Meta."""
    euros: dict[str, Any] = {"id": "222", "currencyCode": "EUR"}
    files = {
        "google_ads/a.json": [google_row("2025-12-01"), by_action("Contact form", 2.0), by_action("Call", 0.5)],
        "google_ads/b.json": [google_row("2025-12-01", customer=euros, campaign={"id": "66"})],
        "meta_ads/a.json": [meta_row("2025-12-01", actions=actions(lead=3, contact_total=4))],
    }
    take(lake, folder, files)
    return lake


REFUSED = [
    ("google_ads", "contact frm", "Did you mean 'Contact form'?"),
    ("google_ads", "Contact form ", "Did you mean 'Contact form'?"),
    ("google_ads", "lead", "There are: 'Contact form', 'Call', '*'."),
    ("google_ads", "", "There are: 'Contact form', 'Call', '*'."),
    ("meta_ads", "contact_totals", "Did you mean 'contact_total'?"),
    ("meta_ads", "purchase", "There are: 'contact_total', 'lead'."),
    ("meta_ads", "*", "There are: 'contact_total', 'lead'."),
]


def test_an_action_that_the_history_has_not_is_refused_with_those_that_it_has(filled: Lake) -> None:
    for platform, action, told in REFUSED:
        with pytest.raises(NotFoundError) as refused:
            map_action(filled, platform, action, "leads")
        assert f"no conversion action {action!r} of {platform}" in refused.value.message
        assert refused.value.remedy == f"{told} `marketmover history` shows them all."
    assert count_rows(filled.table(MAPPING.name)) == 0


def test_actions_of_every_account_and_currency_may_be_mapped(filled: Lake) -> None:
    for platform, action in (("google_ads", "Call"), ("google_ads", "*"), ("meta_ads", "contact_total")):
        map_action(filled, platform, action, "sales")
    assert load_panel(filled, currency="USD").sales.sum() == pytest.approx(0.5 + 4.0)
    assert load_panel(filled, currency="EUR").sales.sum() == pytest.approx(2.5)


def test_what_was_mapped_before_may_be_mapped_again(filled: Lake) -> None:
    append_rows(filled, MAPPING, [{"platform": "google_ads", "action": "Old name", "kind": "leads"}])
    map_action(filled, "google_ads", "Old name", "other")
    assert count_rows(filled.table(MAPPING.name)) == 1


def test_a_home_without_exports_says_to_import_them_first(lake: Lake) -> None:
    with pytest.raises(NotFoundError, match="marketmover import DIR"):
        map_action(lake, "meta_ads", "lead", "leads")


def test_a_platform_or_kind_that_there_is_not_is_wrong_use(lake: Lake) -> None:
    for platform, kind in (("tiktok", "leads"), ("google_ads", "customers")):
        with pytest.raises(UsageError, match="is not one of"):
            map_action(lake, platform, "Call", kind)

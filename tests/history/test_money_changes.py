"""Changes of budgets and pauses, as both platforms log them."""

import json
from datetime import date
from pathlib import Path

from history_exports import NOW

from marketmover.history import MoneyChange, import_history, load_money_changes, load_panel
from marketmover.store import StoreOpener

_GOOGLE = {"customer": {"id": "1", "currencyCode": "EUR"}, "campaign": {"id": "5", "name": "A"}}


def test_budgets_and_pauses_are_read_from_both_logs(opener: StoreOpener, tmp_path: Path) -> None:
    day = {"metrics": {"impressions": "10", "clicks": "1", "costMicros": "1000000"}, "segments": {"date": "2025-03-01"}}
    budget = {
        "changeDateTime": "2025-03-01 10:00:00",
        "changeResourceType": "CAMPAIGN_BUDGET",
        "campaign": "customers/1/campaigns/5",
        "changedFields": "amountMicros",
        "oldResource": {"campaignBudget": {"amountMicros": "20000000"}},
        "newResource": {"campaignBudget": {"amountMicros": "35500000"}},
    }
    pause = {
        "changeDateTime": "2025-03-02 10:00:00",
        "changeResourceType": "CAMPAIGN",
        "campaign": "customers/1/campaigns/5",
        "changedFields": "status",
        "oldResource": {"campaign": {"status": "ENABLED"}},
        "newResource": {"campaign": {"status": "PAUSED"}},
    }
    changes = [{"customer": {"id": "1"}, "changeEvent": change} for change in (budget, pause)]
    (tmp_path / "google_ads").mkdir()
    (tmp_path / "google_ads" / "all.json").write_text(json.dumps([{"results": [_GOOGLE | day, *changes]}]))
    meta = {
        "account_id": "2", "account_currency": "EUR", "campaign_id": "7", "campaign_name": "B", "adset_id": "71",
        "adset_name": "B", "objective": "OUTCOME_LEADS", "impressions": "10", "clicks": "1", "spend": "1.00",
        "date_start": "2025-03-01", "date_stop": "2025-03-01",
    }  # fmt: skip
    group = {"id": "71", "campaign_id": "7", "targeting": {}, "daily_budget": "4000"}
    activity = {
        "event_time": "2025-03-01T12:00:00+0000",
        "event_type": "update_ad_set_budget",
        "object_id": "71",
        "extra_data": json.dumps({"old_value": {"old_value": 2500}, "new_value": {"new_value": 4000}}),
    }
    (tmp_path / "meta_ads").mkdir()
    (tmp_path / "meta_ads" / "all.json").write_text(json.dumps({"data": [meta, group, activity]}))
    with opener.temporary() as stores:
        import_history(stores.lake, tmp_path, now=NOW, progress=lambda *_: None)
        panel = load_panel(stores.lake)
        found = load_money_changes(stores.lake, panel)
    google, meta_line = (line.id for line in panel.lines)
    assert set(found) == {
        MoneyChange(google, date(2025, 3, 1), "budget", 20.0, 35.5),
        MoneyChange(google, date(2025, 3, 2), "status", 1.0, 0.0),
        MoneyChange(meta_line, date(2025, 3, 1), "budget", 25.0, 40.0),
    }
    assert found[-1].kind == "status"

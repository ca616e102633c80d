"""Comments beneath ads: taken in once, without who wrote them."""

import json
from datetime import date
from pathlib import Path

from marketmover.history import import_history, load_reactions
from marketmover.kit import utc_now
from marketmover.store import StoreOpener

FACT = {
    "account_id": "444", "account_currency": "EUR", "campaign_id": "1", "campaign_name": "C", "adset_id": "11",
    "adset_name": "S", "impressions": "1000", "clicks": "10", "spend": "5.00", "date_start": "2026-03-01",
    "date_stop": "2026-03-01",
}  # fmt: skip


def comment(name: str, words: str, day: str = "2026-03-02", **more: str) -> dict[str, str]:
    created = f"{day}T10:00:00+0000"
    return {"id": name, "ad_id": "99", "adset_id": "11", "message": words, "created_time": created, **more}


def test_comments_are_kept_once_with_personal_data_masked_and_no_author(tmp_path: Path) -> None:
    folder = tmp_path / "meta_ads"
    folder.mkdir()
    (folder / "insights.json").write_text(json.dumps({"data": [FACT]}))
    rows = [
        comment("7_1", "Write to me at ana.lima@example.com, great work", **{"from": "Ana Lima"}),
        comment("7_2", "Never again."),
        comment("7_3", "Later", day="2026-03-09"),
    ]
    (folder / "comments.json").write_text(json.dumps({"data": rows}))
    with StoreOpener().temporary() as stores:
        reports = [
            import_history(stores.lake, tmp_path, now=utc_now(), as_of=date(2026, 3, 10), progress=lambda *_: None)
            for _ in range(2)
        ]
        found = load_reactions(stores.lake, as_of=date(2026, 3, 5))
        tables = stores.lake.table("history_reactions").to_pyarrow().to_pylist()
    assert reports[1].unknown == {}
    assert [one.text for one in found] == ["Write to me at [EMAIL_1], great work", "Never again."]
    assert {one.ad_id for one in found} == {"99"}
    assert len(tables) == 3
    assert "Lima" not in json.dumps(tables, default=str)


def test_a_comment_without_words_or_day_is_told_not_kept(tmp_path: Path) -> None:
    folder = tmp_path / "meta_ads"
    folder.mkdir()
    (folder / "insights.json").write_text(json.dumps({"data": [FACT]}))
    broken = {"id": "7_4", "ad_id": "99", "message": "No day"}
    (folder / "comments.json").write_text(json.dumps({"data": [broken]}))
    with StoreOpener().temporary() as stores:
        report = import_history(stores.lake, tmp_path, now=utc_now(), as_of=date(2026, 3, 10), progress=lambda *_: None)
        assert load_reactions(stores.lake) == ()
    assert sum(report.quarantine.values()) == 1


def test_a_comment_on_a_post_of_two_ads_is_known_of_both(tmp_path: Path) -> None:
    folder = tmp_path / "meta_ads"
    folder.mkdir()
    (folder / "insights.json").write_text(json.dumps({"data": [FACT]}))
    rows = [comment("7_1", "Never again.") | {"ad_id": ad} for ad in ("98", "99")]
    (folder / "comments.json").write_text(json.dumps({"data": rows}))
    with StoreOpener().temporary() as stores:
        for _ in range(2):
            import_history(stores.lake, tmp_path, now=utc_now(), as_of=date(2026, 3, 10), progress=lambda *_: None)
        found = load_reactions(stores.lake)
        kept = stores.lake.table("history_reactions").to_pyarrow().num_rows
    assert [(one.ad_id, one.id) for one in found] == [("98", "7_1"), ("99", "7_1")]
    assert kept == 2

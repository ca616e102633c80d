"""When lines got new creatives, as exports tell it: days ads were made, figures of ads, change events."""

from pathlib import Path

import numpy as np
import pytest
from history_exports import Row, days, google_row, meta_row, take

from marketmover.history import load_panel
from marketmover.store import Lake

DAYS = days(30)


def ad(name: str, made: str | None = None, **changes: object) -> Row:
    creative = {"id": f"c{name}", "title": "Title", "body": "Body"}
    row: Row = {"id": name, "adset_id": "771", "campaign_id": "77", "status": "ACTIVE", "creative": creative}
    return {**row, **({"created_time": f"{made}T06:00:00+0000"} if made else {}), **changes}


def refreshed(lake: Lake) -> np.ndarray:
    told = load_panel(lake).refreshed
    assert told is not None
    return told[0]


def test_a_history_that_says_nothing_of_ads_says_nothing_of_refreshes(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"meta_ads/a.json": [meta_row(day) for day in DAYS], "meta_ads/ads.json": [ad("1")]})
    assert load_panel(lake).refreshed is None


def test_the_days_on_which_ads_were_made_tell_from_the_first_on(lake: Lake, folder: Path) -> None:
    ads = [ad("1", DAYS[4], status="PAUSED"), ad("2", DAYS[20]), ad("0", "2020-01-01", status="PAUSED")]
    take(lake, folder, {"meta_ads/a.json": [meta_row(day) for day in DAYS], "meta_ads/ads.json": ads})
    told = refreshed(lake)
    assert np.isnan(told[:4]).all()
    assert np.flatnonzero(told > 0).tolist() == [4, 20]
    assert told[20] == 1.0


def test_an_ad_made_beside_three_that_run_is_a_quarter_of_a_refresh(lake: Lake, folder: Path) -> None:
    ads = [*(ad(name, DAYS[0]) for name in "123"), ad("4", DAYS[10])]
    take(lake, folder, {"meta_ads/a.json": [meta_row(day) for day in DAYS], "meta_ads/ads.json": ads})
    assert refreshed(lake)[10] == pytest.approx(0.25)


def test_a_new_ad_counts_for_the_share_of_impressions_it_takes_over(lake: Lake, folder: Path) -> None:
    def figures(day: str, name: str, shown: str) -> Row:
        return meta_row(day, ad_id=name, ad_name=name, impressions=shown)

    facts = [figures(day, "old", "1500" if at < 20 else "500") for at, day in enumerate(DAYS) if at >= 10]
    facts += [figures(day, "new", "1500") for day in DAYS[20:]]
    take(lake, folder, {"meta_ads/a.json": [meta_row(day) for day in DAYS], "meta_ads/b.json": facts})
    told = refreshed(lake)
    assert np.isnan(told[:11]).all()
    assert told[20] == pytest.approx(0.75)
    assert np.nansum(told) == pytest.approx(0.75)


def test_a_line_whose_figures_of_ads_begin_with_it_begins_with_new_ads(lake: Lake, folder: Path) -> None:
    other = [google_row(day, campaign={"id": "56"}, adGroup={"id": "561"}) for day in DAYS]
    own = [google_row(day) for day in DAYS[12:]]
    facts = [
        {**row, "adGroupAd": {"ad": {"id": f"9{row['adGroup']['id']}"}, "status": "ENABLED"}} for row in (*other, *own)
    ]
    take(lake, folder, {"google_ads/a.json": [*other, *own], "google_ads/b.json": facts})
    panel = load_panel(lake)
    assert panel.refreshed is not None
    assert panel.refreshed[0, 12] == 1.0
    assert np.nansum(panel.refreshed[1]) == 0.0


def test_change_events_tell_of_new_ads_but_not_of_paused_ones(lake: Lake, folder: Path) -> None:
    def change(day: str, kind: str, **event: object) -> Row:
        said = {
            "changeDateTime": f"{day} 09:00:00",
            "changeResourceType": kind,
            "changeResourceName": "customers/111/adGroupAds/551~9",
            "campaign": "customers/111/campaigns/55",
            "adGroup": "customers/111/adGroups/551",
        }
        return {"customer": {"id": "111"}, "changeEvent": {**said, **event}}

    made = change(
        DAYS[5], "AD_GROUP_AD", changedFields="status,ad.id", newResource={"adGroupAd": {"status": "ENABLED"}}
    )
    texts = change(DAYS[9], "AD", changedFields="responsiveSearchAd.headlines", oldResource={"ad": {"id": "9"}})
    paused = change(
        DAYS[14],
        "AD_GROUP_AD",
        changedFields="status",
        oldResource={"adGroupAd": {"status": "ENABLED"}},
        newResource={"adGroupAd": {"status": "PAUSED"}},
    )
    rows = [google_row(day) for day in DAYS]
    take(lake, folder, {"google_ads/a.json": rows, "google_ads/b.json": [made, texts, paused]})
    told = refreshed(lake)
    assert np.isnan(told[:5]).all()
    assert np.flatnonzero(told > 0).tolist() == [5, 9]


def test_metas_activities_of_ads_are_those_of_their_lines(lake: Lake, folder: Path) -> None:
    changes = [
        {"event_time": f"{DAYS[day]}T10:00:00+0000", "event_type": kind, "object_id": name, "object_type": "AD"}
        for day, kind, name in (
            (3, "create_ad", "1"),
            (12, "update_ad_creative", "1"),
            (20, "update_ad_run_status", "1"),
        )
    ]
    files = {"a": [meta_row(day) for day in DAYS], "ads": [ad("1")], "activities": changes}
    take(lake, folder, {f"meta_ads/{name}.json": rows for name, rows in files.items()})
    assert np.flatnonzero(refreshed(lake) > 0).tolist() == [3, 12]


def test_what_came_after_the_day_asked_for_is_not_seen(lake: Lake, folder: Path) -> None:
    ads = [ad("1", DAYS[4]), ad("2", DAYS[20])]
    take(lake, folder, {"meta_ads/a.json": [meta_row(day) for day in DAYS], "meta_ads/ads.json": ads})
    told = load_panel(lake, as_of=load_panel(lake).dates[9].astype(object)).refreshed
    assert told is not None
    assert told.shape == (1, 10)
    assert np.flatnonzero(told[0] > 0).tolist() == [4]

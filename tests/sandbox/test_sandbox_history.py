"""The written history: the platforms' own shapes, and figures that are those of the market."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marketmover.errors import InputError, NotFoundError
from marketmover.sandbox import Market, create_market, load_market, write_history
from marketmover.sandbox.truth_files import TRUTH_VERSION


def google_rows(folder: Path, stem: str) -> Iterator[dict[str, Any]]:
    for path in sorted((folder / "google_ads").glob(f"{stem}*.json")):
        for batch in json.loads(path.read_text()):
            assert len(batch["results"]) <= 10_000
            yield from batch["results"]


def meta_rows(folder: Path, stem: str) -> Iterator[dict[str, Any]]:
    for path in sorted((folder / "meta_ads").glob(f"{stem}*.json")):
        page = json.loads(path.read_text())
        assert set(page) == {"data", "paging"}
        yield from page["data"]


def digest(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_google_facts_add_up_to_the_market(market: Market, history: Path) -> None:
    cost, clicks, shown = Counter[str](), Counter[str](), Counter[str]()
    conversions = defaultdict[str, float](float)
    for row in google_rows(history, "daily_"):
        campaign, metrics = row["campaign"]["id"], row["metrics"]
        cost[campaign] += int(metrics["costMicros"]) // 10_000
        clicks[campaign] += int(metrics.get("clicks", "0"))
        shown[campaign] += int(metrics["impressions"])
        conversions[campaign] += metrics.get("conversions", 0.0)
    books = market.ledger
    for place, line in enumerate(market.lines):
        if line.platform == "google_ads":
            assert cost[line.campaign_id] == books.cost_cents[place].sum()
            assert clicks[line.campaign_id] == books.clicks[place].sum()
            assert shown[line.campaign_id] == books.impressions[place].sum()
            reported = books.reported_leads[place].sum() + books.reported_sales[place].sum()
            assert conversions[line.campaign_id] == pytest.approx(reported, rel=0.03, abs=2.0)


def test_meta_facts_add_up_to_the_market_and_count_a_lead_under_each_of_its_names(
    market: Market, history: Path
) -> None:
    spend, leads = defaultdict[str, float](float), Counter[tuple[str, str]]()
    for row in meta_rows(history, "insights_earlier"):
        spend[row["adset_id"]] += float(row["spend"])
    for stem in ("insights_earlier", "insights_recent"):
        for row in meta_rows(history, stem):
            spend[row["adset_id"]] += float(row["spend"]) if stem == "insights_recent" else 0.0
            assert all(isinstance(row[name], str) for name in ("impressions", "clicks", "spend", "reach", "ctr"))
            assert int(row["reach"]) <= int(row["impressions"])
            for action in row.get("actions", []):
                leads[row["adset_id"], action["action_type"]] += int(action["value"])
    books = market.ledger
    for place, line in enumerate(market.lines):
        if line.platform == "meta_ads":
            assert sum(spend[ad_set] for ad_set in line.group_ids) == pytest.approx(
                books.cost_cents[place].sum() / 100.0
            )
            once = sum(leads[ad_set, "lead"] for ad_set in line.group_ids)
            own = (
                "onsite_conversion.lead_grouped" if line.ad_type == "LEAD_FORM" else "offsite_conversion.fb_pixel_lead"
            )
            assert once == books.reported_leads[place].sum() == sum(leads[ad_set, own] for ad_set in line.group_ids)


def test_no_row_stands_on_a_day_without_impressions_and_clicks_never_exceed_them(history: Path) -> None:
    keys = Counter[tuple[str, ...]]()
    for row in google_rows(history, "daily_"):
        assert 0 <= int(row["metrics"].get("clicks", "0")) <= int(row["metrics"]["impressions"])
        assert int(row["metrics"]["impressions"]) > 0
        segments = row["segments"]
        keys[
            row["campaign"]["id"], row.get("adGroup", {}).get("id", ""), segments["date"], segments.get("device", "")
        ] += 1
    assert max(keys.values()) == 1


def test_older_pulls_speak_older_versions(history: Path) -> None:
    assert all("startDate" in row["campaign"] for row in google_rows(history, "daily_earlier"))
    assert all("startDateTime" in row["campaign"] for row in google_rows(history, "daily_recent"))
    assert {row["objective"] for row in meta_rows(history, "insights_earlier")} <= {"LEAD_GENERATION", "CONVERSIONS"}
    assert {row["objective"] for row in meta_rows(history, "insights_recent")} == {"OUTCOME_LEADS"}


def test_conversions_by_action_add_up_to_conversions(history: Path) -> None:
    whole = sum(row["metrics"].get("conversions", 0.0) for row in google_rows(history, "daily_"))
    parts = sum(row["metrics"]["conversions"] for row in google_rows(history, "conversions_by_action"))
    assert parts == pytest.approx(whole, rel=0.005)


def test_search_impression_shares_add_up_and_show_the_starved_lines(market: Market, history: Path) -> None:
    room, lost = list[float](), list[float]()
    by_campaign = defaultdict[str, list[float]](list)
    for row in google_rows(history, "daily_recent"):
        metrics = row["metrics"]
        if "searchImpressionShare" in metrics:
            shown, budget, rank = (metrics[f"search{name}ImpressionShare"] for name in ("", "BudgetLost", "RankLost"))
            if shown > 0.0999 and budget < 0.9 and rank < 0.9:
                assert shown + budget + rank == pytest.approx(1.0)
            by_campaign[row["campaign"]["id"]].append(budget / (1.0 - rank))
    for place, line in enumerate(market.lines):
        if line.campaign_id in by_campaign:
            room.append(float(market.truth.inventory[place] / market.spendable[place, -300:].mean()))
            lost.append(float(np.mean(by_campaign[line.campaign_id])))
    assert len(room) >= 2
    assert np.argsort(room).tolist() == np.argsort(lost).tolist()


def test_the_budget_of_a_meta_campaign_stands_on_it_or_on_its_ad_sets(market: Market, history: Path) -> None:
    on_campaign = {row["id"]: "daily_budget" in row for row in meta_rows(history, "campaigns")}
    for row in meta_rows(history, "adsets"):
        assert ("daily_budget" in row) is not on_campaign[row["campaign_id"]]
        assert row["targeting"]["age_min"] >= 18
    budgets = {row["id"]: row["daily_budget"] for row in meta_rows(history, "adsets") if "daily_budget" in row}
    line = next(line for line in market.lines if line.group_ids and line.group_ids[0] in budgets)
    place = market.lines.index(line)
    assert int(budgets[line.group_ids[0]]) == round(
        100 * market.daily_budgets[place][market.daily_budgets[place] > 0][-1]
    )


def test_the_form_of_an_ad_shows_in_its_structure(tmp_path: Path) -> None:
    market = create_market(lines=16, days=60, seed=1, sells="leads", manager="good")
    write_history(market, tmp_path / "h")
    forms = {line.group_ids[0]: line.ad_type for line in market.lines if line.platform == "meta_ads"}
    seen = Counter[str]()
    for row in meta_rows(tmp_path / "h", "ads-"):
        spec, form = row["creative"]["object_story_spec"], forms.get(row["adset_id"])
        if form == "CAROUSEL":
            assert len(spec["link_data"]["child_attachments"]) >= 2
        elif form in {"VIDEO", "REELS"}:
            assert "video_id" in spec["video_data"]
        elif form == "LEAD_FORM":
            assert "lead_gen_form_id" in spec["link_data"]["call_to_action"]["value"]
        seen[str(form)] += 1
    assert {"CAROUSEL", "VIDEO", "LEAD_FORM", "IMAGE"} <= set(seen)
    for row in google_rows(tmp_path / "h", "ads-"):
        search = row["adGroupAd"]["ad"].get("responsiveSearchAd")
        if search:
            assert 3 <= len(search["headlines"]) <= 15
            assert all(len(headline["text"]) <= 30 for headline in search["headlines"])
            assert 2 <= len(search["descriptions"]) <= 4


def test_breakdowns_add_up_to_their_ad_group(history: Path) -> None:
    days = {row["segments"]["date"] for row in google_rows(history, "gender_view")}
    parts, whole = Counter[str](), Counter[str]()
    for row in google_rows(history, "gender_view"):
        parts[row["adGroup"]["id"]] += int(row["metrics"]["impressions"])
    for row in google_rows(history, "daily_recent"):
        if "adGroup" in row and row["segments"]["date"] in days:
            whole[row["adGroup"]["id"]] += int(row["metrics"]["impressions"])
    assert parts == whole


def test_budget_changes_lead_to_the_budget_of_today(history: Path) -> None:
    last = dict[str, str]()
    for row in google_rows(history, "change_events"):
        event = row["changeEvent"]
        if event["changeResourceType"] == "CAMPAIGN_BUDGET":
            last[event["campaign"].split("/")[-1]] = event["newResource"]["campaignBudget"]["amountMicros"]
    today = {
        row["campaign"]["id"]: row["campaignBudget"]["amountMicros"] for row in google_rows(history, "daily_recent")
    }
    assert last
    assert all(today[campaign] == amount for campaign, amount in last.items())


def test_platform_curves_rise_with_the_budget(tmp_path: Path) -> None:
    market = create_market(lines=16, days=60, seed=6, sells="leads", manager="good")
    write_history(market, tmp_path / "h")
    curves = [
        row["campaignSimulation"]["budgetPointList"]["points"] for row in google_rows(tmp_path / "h", "campaign_sim")
    ]
    assert curves
    for points in curves:
        conversions = [point["biddableConversions"] for point in points]
        assert conversions == sorted(conversions)
    for row in meta_rows(tmp_path / "h", "delivery_estimate"):
        assert [point["spend"] for point in row["daily_outcomes_curve"]] == sorted(
            point["spend"] for point in row["daily_outcomes_curve"]
        )


def test_leads_of_the_last_days_are_undecided_and_no_lead_is_of_the_future(market: Market, history: Path) -> None:
    leads = [lead for path in sorted((history / "crm").glob("*.json")) for lead in json.loads(path.read_text())]
    last = market.last_date.isoformat()
    assert max(lead["created_at"] for lead in leads) < last + "U"
    recent = [lead["qualified"] for lead in leads if lead["created_at"][:10] == last]
    assert all(value is None for value in recent[-3:])
    decided = [lead["qualified"] for lead in leads if lead["qualified"] is not None]
    qualified = market.ledger.qualified.sum() / market.ledger.crm_leads.sum()
    assert np.mean(decided) == pytest.approx(qualified, abs=0.03)
    assert len({lead["lead_id"] for lead in leads}) == len(leads)
    assert all(lead["revenue"] > 0.0 for lead in leads if lead["won"])


def test_conversions_of_the_last_days_are_still_missing() -> None:
    missing = list[float]()
    for seed in range(50, 54):
        books = create_market(lines=6, days=120, seed=seed, manager="good").ledger
        happened = (books.leads + books.sales)[:, -2:].sum()
        missing.append(1.0 - (books.reported_leads + books.reported_sales)[:, -2:].sum() / happened)
    assert np.mean(missing) > 0.1


def test_a_shop_has_revenue_and_purchases_under_each_of_their_names(shop: Market, tmp_path: Path) -> None:
    write_history(shop, tmp_path / "shop")
    rows = [*meta_rows(tmp_path / "shop", "insights_recent")]
    bought = [{action["action_type"] for action in row.get("action_values", [])} for row in rows]
    assert {"purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase"} in bought
    value = sum(row["metrics"]["conversionsValue"] for row in google_rows(tmp_path / "shop", "daily_recent"))
    google = [place for place, line in enumerate(shop.lines) if line.platform == "google_ads"]
    assert value == pytest.approx(shop.ledger.sales_cents[google].sum() / 100.0)


def test_everything_says_that_it_is_simulated(history: Path) -> None:
    told = json.loads((history / "simulated.json").read_text())
    assert told["simulated"] is True
    assert told["seed"] == 11
    assert json.loads((history / "truth" / "market.json").read_text())["simulated"] is True


def test_the_same_arguments_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_history(create_market(lines=5, days=90, seed=9), tmp_path / name, dirty=True)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_the_truth_comes_back_as_it_was(market: Market, history: Path) -> None:
    loaded = load_market(history)
    window = market.last_date.replace(day=1), market.last_date
    assert loaded.lines == market.lines
    assert loaded.setting == market.setting
    one, other = (found.evaluate(found.status_quo(), *window, samples=5) for found in (market, loaded))
    assert np.array_equal(one.expected["leads"], other.expected["leads"])
    assert np.array_equal(one.sampled["revenue"], other.sampled["revenue"])


def test_a_truth_of_another_version_is_refused(market: Market, tmp_path: Path) -> None:
    write_history(market, tmp_path / "h")
    described = tmp_path / "h" / "truth" / "market.json"
    described.write_text(described.read_text().replace(f'"version": {TRUTH_VERSION}', '"version": 99'))
    with pytest.raises(InputError, match="version 99"):
        load_market(tmp_path / "h")
    described.write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        load_market(tmp_path / "h")
    with pytest.raises(NotFoundError):
        load_market(tmp_path)


REASONS = {
    "unreadable", "truncated", "missing_date", "missing_id", "wrong_type", "negative_cost", "negative_count",
    "impossible_clicks", "duplicate", "conflict", "other_currency", "future",
}  # fmt: skip


def lines_or_rows(path: Path) -> list[Any]:
    """A file's rows as texts or values, whatever its dialect, broken ends included."""
    content = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    try:
        whole = json.loads(content)
    except ValueError:
        body = content.removeprefix('{"data":[')
        return [line.rstrip(",") for line in body.splitlines()]
    if isinstance(whole, dict):
        return list(whole.get("data") or whole["results"])
    return [
        row for part in whole for row in (part["results"] if isinstance(part, dict) and "results" in part else [part])
    ]


def test_every_reason_of_quarantine_is_planted_and_found_where_it_is_listed(dirty_history: Path) -> None:
    listed = json.loads((dirty_history / "truth" / "defects.json").read_text())
    assert {defect["reason"] for defect in listed["quarantine"]} == REASONS
    for defect in listed["quarantine"]:
        rows = lines_or_rows(dirty_history / defect["file"])
        row, reason = rows[defect["row"]], defect["reason"]
        if reason in {"truncated", "unreadable"}:
            with pytest.raises((ValueError, TypeError)):
                assert isinstance(json.loads(row), dict)
        if reason == "duplicate":
            assert row in rows[: defect["row"]]
    assert {flag["flag"] for flag in listed["flags"]} == {"outlier", "unknown_enum"}
    assert len(listed["gaps"]) == 2
    assert {"bare array, snake_case", "gzip", "search page", "JSONL", "JSONL, gzip"} <= {
        entry["dialect"] for entry in listed["dialects"]
    }


def test_the_clean_rows_around_the_defects_are_all_there(history: Path, dirty_history: Path) -> None:
    listed = json.loads((dirty_history / "truth" / "defects.json").read_text())
    bad = {(defect["file"], defect["row"]) for defect in listed["quarantine"]}
    clean = [row for path in sorted((history / "meta_ads").glob("insights_recent*")) for row in lines_or_rows(path)]
    found = list[Any]()
    for path in sorted((dirty_history / "meta_ads").glob("insights_[rt]*")):
        name = path.relative_to(dirty_history).as_posix()
        found += [json.loads(row) if isinstance(row, str) and (name, at) not in bad else row
                  for at, row in enumerate(lines_or_rows(path)) if (name, at) not in bad]  # fmt: skip
    gap = next(gap for gap in listed["gaps"] if gap["platform"] == "meta_ads")
    lost = [row for row in clean if row["adset_id"] == gap["group_id"]
            and gap["first_date"] <= row["date_start"] <= gap["last_date"]]  # fmt: skip
    assert len(found) == len(clean) - len(lost)
    same = sum(row in clean for row in found)
    assert same == len(found) - 1

"""Check google_ads.json and meta_ads.json with the platforms' official SDKs, without a network or an account.

    .venv/bin/python scripts/check_payloads.py [PLAN_DIR...]

builds payloads of every kind that marketmover writes (or reads those of the plan folders given), and hands them to
`sdk_payloads.py` in a throw-away environment with `google-ads` and `facebook-business`. Exit code 1 if one is refused.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from marketmover.campaigns.platforms import MetaAccount, Payload, choose_creative, google_request, meta_operations
from marketmover.history import AdText, GoogleAdGroup, GoogleResource, MetaAdSet, MetaResource
from marketmover.plans import (
    Audience,
    Baseline,
    Bidding,
    Brief,
    HistoryNote,
    LineAudience,
    LineEvidence,
    Objective,
    Plan,
    PlanLine,
    Platform,
    Range,
    SettingChange,
)

SDKS = ("google-ads==31.4.0", "facebook-business==26.0.3")  # 31.4.0 carries v21 to v25 at once
CHANNELS = ("SEARCH", "DISPLAY", "PERFORMANCE_MAX", "DEMAND_GEN", "VIDEO", "SHOPPING")
FORMS = ("IMAGE", "VIDEO", "CAROUSEL", "STORIES", "REELS", "LEAD_FORM")
METRICS = ("leads", "conversions", "revenue", "clicks", "reach", "installs")
BIDDINGS = (
    Bidding(strategy="TARGET_CPA", target=38.0),
    Bidding(strategy="TARGET_ROAS", target=3.5),
    Bidding(strategy="MAXIMIZE_CONVERSIONS"),
    Bidding(strategy="MANUAL_CPC"),
    Bidding(strategy="COST_CAP", target=12.0),
    Bidding(strategy="LOWEST_COST_WITH_MIN_ROAS", target=2.0),
)
ADS = (
    AdText(
        "9001",
        "google_ads",
        headlines=("Yoga in Austin", "Book {KeyWord:Yoga} today", "First class free"),
        descriptions=("Small classes, patient teachers.", "Come as you are. Mats are there."),
        form="SEARCH",
        final_url="https://example.com/yoga",
    ),
    AdText("9003", "google_ads", "google_ads:56:-", final_url="https://example.com/old", group_id="561"),
    AdText(
        "9002",
        "meta_ads",
        headlines=("First class free",),
        descriptions=("Small classes, patient teachers.",),
        call_to_action="BOOK_NOW",
        form="IMAGE",
        final_url="https://example.com/yoga",
        page_id="501",
        picture="https://example.com/yoga.jpg",
        lead_gen_form_id="601",
    ),
)
RESOURCES: dict[str, GoogleResource] = {
    "google_ads:55:551": GoogleResource(
        "1112223333",
        "customers/1112223333/campaigns/55",
        "customers/1112223333/campaignBudgets/9",
        status="PAUSED",
        bidding_strategy="MAXIMIZE_CONVERSIONS",
    ),
    "google_ads:56:-": GoogleResource(
        "1112223333",
        "customers/1112223333/campaigns/56",
        ad_groups=(GoogleAdGroup("561", "ENABLED"), GoogleAdGroup("562", "PAUSED", frozenset({"MALE"}))),
    ),
    "google_ads:57:-": GoogleResource(
        "1112223333", "customers/1112223333/campaigns/57", "customers/1112223333/campaignBudgets/8", budget_shared=True
    ),
}
_TARGETING: dict[str, Any] = {
    "geo_locations": {"countries": ["US"], "location_types": ["home", "recent"]},
    "custom_audiences": [{"id": "7001", "name": "Visitors"}],
    "flexible_spec": [{"interests": [{"id": "6003", "name": "yoga"}]}],
}
META_RESOURCES: dict[str, MetaResource] = {
    "meta_ads:77:771": MetaResource("444", "77", "771", bid_strategy="LOWEST_COST_WITHOUT_CAP", status="PAUSED"),
    "meta_ads:78:-": MetaResource(
        "444",
        "78",
        None,
        budget_level="campaign",
        ad_sets=(MetaAdSet("781", "ACTIVE", _TARGETING), MetaAdSet("782", "ACTIVE", _TARGETING)),
    ),
    "meta_ads:79:791": MetaResource(
        "444", "79", "791", budget_kind="lifetime", spent=812.4, time_zone="America/Chicago"
    ),
}


def main() -> int:
    """Check the plan folders named on the command line, or samples of every kind; 0 if both SDKs take them all."""
    folders = [Path(name) for name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as name:
        bodies = Path(name) / "bodies.jsonl"
        with bodies.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(entry) + "\n" for entry in (_read(folders) if folders else _samples()))
        wants = [part for sdk in SDKS for part in ("--with", sdk)]
        uv = Path(sys.executable).with_name("uv")
        script = Path(__file__).with_name("sdk_payloads.py")
        return subprocess.run(
            [uv, "run", "--quiet", "--no-project", "--isolated", *wants, script, bodies], check=False
        ).returncode


def _read(folders: list[Path]) -> Iterator[dict[str, Any]]:
    versions = ("v23", "v24", "v25")
    for folder in folders:
        body = json.loads((folder / "google_ads.json").read_text(encoding="utf-8"))
        yield {"platform": "google_ads", "versions": versions, "body": body}
        body = json.loads((folder / "meta_ads.json").read_text(encoding="utf-8"))
        yield {"platform": "meta_ads", "body": body}


def _samples() -> Iterator[dict[str, Any]]:
    for plan in _plans():
        for version in ("v21", "v22", "v23", "v24", "v25"):
            body = google_request(plan, RESOURCES, ads=ADS, languages=("en", "es"), api_version=version).body
            yield {"platform": "google_ads", "versions": [version], "body": body}
        yield {"platform": "meta_ads", "body": _meta(plan).body}


def _meta(plan: Plan) -> Payload:
    account = MetaAccount(time_zone="America/Chicago", interest_ids={"yoga": "6003"}, beneficiary="Example Ltd")
    return meta_operations(plan, META_RESOURCES, account=account, ads=ADS)


def _plans() -> Iterator[Plan]:
    running = [*RESOURCES, *META_RESOURCES]
    for (channel, form), metric, currency in product(zip(CHANNELS, FORMS, strict=True), METRICS, ("USD", "JPY")):
        for bidding in BIDDINGS:
            lines = [_line(name, _running_type(name, channel, form), bidding) for name in running]
            lines += [_line("google_ads:new:1", channel, bidding), _line("meta_ads:new:1", form, bidding)]
            lines[0] = lines[0].model_copy(update={"budget": 0.0, "daily_budget": 0.0})
            yield _plan(lines, metric, currency, "sales" if metric == "conversions" else "engagement")


def _running_type(name: str, channel: str, form: str) -> str:
    """One running line of each platform takes every kind in turn, so that the settings of each are changed."""
    turns = {"google_ads:57:-": channel, "meta_ads:78:-": form}
    return turns.get(name, "SEARCH" if name.startswith("google") else "IMAGE")


def _changes() -> list[SettingChange]:
    gain = Range(low=0.0, mid=0.1, high=0.2)
    return [
        SettingChange(parameter=name, before="as it was", after="as it is", gain=gain, probability=0.9, words="")
        for name in ("audience", "message")
    ]


def _line(name: str, ad_type: str, bidding: Bidding) -> PlanLine:
    platform: Platform = "google_ads" if name.startswith("google") else "meta_ads"
    _, campaign, group = name.split(":")
    new = campaign == "new"
    choice = choose_creative(ADS, platform, line_id=name if new else "", ad_type=ad_type, is_new=True)
    return PlanLine(
        id=name,
        platform=platform,
        campaign_id=None if new else campaign,
        ad_group_id=None if new or group == "-" else group,
        is_new=new,
        ad_type=ad_type,
        bidding=bidding,
        audience=LineAudience(
            countries=["US", "DE"], age_min=25, age_max=54, genders=["FEMALE"], interests=["yoga"], keywords=["yoga"]
        ),
        creative=choice.creative,
        budget=2800.0,
        daily_budget=100.0,
        expected={},
        reasons=[],
        evidence=LineEvidence(),
        changes=[] if new else _changes(),
    )


def _plan(lines: list[PlanLine], metric: str, currency: str, objective: Objective) -> Plan:
    return Plan(
        brief=Brief(objective=objective, audience=Audience(countries=["US"]), product="yoga classes"),
        objective=metric,
        currency=currency,
        start_date=date(2026, 3, 1),
        end_date=date(2026, 3, 28),
        total_budget=sum(line.budget for line in lines),
        lines=lines,
        expected={},
        baseline=Baseline(description="", expected={}, lines=[]),
        probability_better_than_baseline=None,
        assumptions=[],
        warnings=[],
        history=HistoryNote(
            first_date=None, last_date=None, rows=0, lines=0, quarantined=0, quarantine_reasons={}, flagged=0
        ),
    )


if __name__ == "__main__":
    sys.exit(main())

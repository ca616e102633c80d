import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from tests.campaigns.publishing.file_platform import FilePlatform

from marketmover.campaigns.compose.writing import plan_json
from marketmover.campaigns.platforms import MetaAccount, google_request, meta_operations
from marketmover.campaigns.publishing.accounts import Connection
from marketmover.campaigns.publishing.ledger import Ledger
from marketmover.campaigns.publishing.sending import Patience
from marketmover.campaigns.publishing.service import Publisher
from marketmover.campaigns.tuning.in_force import Author
from marketmover.history import GoogleResource, MetaResource
from marketmover.kit import round_to_cent, utc_now
from marketmover.plans import (
    Baseline,
    Bidding,
    Brief,
    Creative,
    HistoryNote,
    LineAudience,
    LineEvidence,
    Plan,
    PlanLine,
)
from marketmover.store import Records

START = date(2026, 1, 5)
DAYS = 28
ANNE = Author("Anne", "approve", "")
OLD_GOOGLE, NEW_GOOGLE = "google_ads:55:551", "google_ads:new:1"
OLD_META, NEW_META = "meta_ads:77:771", "meta_ads:new:1"
LINES = (OLD_GOOGLE, NEW_GOOGLE, OLD_META, NEW_META)

_TEXTS = Creative(
    headline="Yoga in Austin",
    body="Small classes, patient teachers.",
    headlines=["Yoga in Austin", "Book today", "First class free"],
    descriptions=["Small classes, patient teachers.", "Come as you are."],
    final_url="https://example.com/yoga",
)


@dataclass(frozen=True)
class Desk:
    """A plan's folder, the accounts that it is for, and who publishes there."""

    folder: Path
    google: FilePlatform
    meta: FilePlatform
    records: Records

    @property
    def publisher(self) -> Publisher:
        return desk_publisher(self.folder, self.records)


def desk_publisher(folder: Path, records: Records, now: Callable[[], datetime] = utc_now) -> Publisher:
    """A publisher that waits for nothing."""
    accounts = [
        Connection(name, name, account, lambda name=name: FilePlatform(folder.parent / f"{name}.json", name))
        for name, account in (("google_ads", "123-456-7890"), ("meta_ads", "act_444"))
    ]
    patience = Patience(waits_s=(1.0, 1.0), settling_s=(0.0, 1.0), pause=lambda _: None)
    return Publisher(Ledger(records, now), accounts, patience)


@pytest.fixture
def records(tmp_path: Path) -> Generator[Records]:
    found = Records.open(make_url(f"sqlite:///{tmp_path / 'records.sqlite'}"))
    yield found
    found.close()


@pytest.fixture
def desk(tmp_path: Path, records: Records) -> Desk:
    folder = tmp_path / "plan"
    write_plan_folder(folder, make_plan())
    google, meta = (FilePlatform(tmp_path / f"{name}.json", name) for name in ("google_ads", "meta_ads"))
    google.add_line("55", "551", 80.0)
    meta.add_line("77", "771", 60.0)
    return Desk(folder, google, meta, records)


def make_plan(lines: Sequence[str] = LINES) -> Plan:
    made = [_line(name) for name in lines]
    return Plan(
        brief=Brief(product="Yoga classes"), objective="leads", currency="USD", start_date=START,
        end_date=START + timedelta(DAYS - 1), total_budget=sum(line.budget for line in made), lines=made, expected={},
        baseline=Baseline(description="as it was", expected={}, lines=[]), probability_better_than_baseline=None,
        assumptions=[], warnings=[],
        history=HistoryNote(first_date=None, last_date=None, rows=0, lines=0, quarantined=0, quarantine_reasons={},
                            flagged=0),
    )  # fmt: skip


def _line(name: str) -> PlanLine:
    platform, campaign, group = name.split(":")
    new, google = campaign == "new", platform == "google_ads"
    return PlanLine(
        id=name, platform="google_ads" if google else "meta_ads", campaign_id=None if new else campaign,
        ad_group_id=None if new else group, is_new=new, ad_type="SEARCH" if google else "IMAGE",
        bidding=Bidding(strategy="UNKNOWN"), audience=LineAudience(countries=["US"], keywords=["yoga classes"]),
        creative=_TEXTS, budget=round_to_cent(100.0 * DAYS), daily_budget=100.0, expected={}, reasons=[],
        evidence=LineEvidence(),
    )  # fmt: skip


def write_plan_folder(folder: Path, plan: Plan) -> None:
    folder.mkdir(exist_ok=True)
    google = google_request(
        plan,
        {OLD_GOOGLE: GoogleResource("1234567890", "customers/1234567890/campaigns/55",
                                    "customers/1234567890/campaignBudgets/55")},
    )  # fmt: skip
    meta = meta_operations(
        plan,
        {OLD_META: MetaResource("444", "77", "771", budget_level="ad_set")},
        account=MetaAccount(account_id="444", promoted_object={"page_id": "1", "pixel_id": "2"}),
    )
    body = json.loads(json.dumps(meta.body).replace("INSERT_LINK", "https://example.com"))
    (folder / "plan.json").write_text(plan_json(plan))
    (folder / "google_ads.json").write_text(json.dumps(google.body, indent=2))
    (folder / "meta_ads.json").write_text(json.dumps(body, indent=2))

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from tests.campaigns.publishing.file_platform import FilePlatform
from tests.made_plans import made_line, made_plan

from marketmover.campaigns.compose.writing import plan_json
from marketmover.campaigns.platforms import MetaAccount, google_request, meta_operations
from marketmover.campaigns.publishing.accounts import Connection
from marketmover.campaigns.publishing.ledger import Ledger
from marketmover.campaigns.publishing.sending import Patience
from marketmover.campaigns.publishing.service import Publisher
from marketmover.campaigns.tuning.in_force import Author
from marketmover.history import GoogleResource, MetaResource
from marketmover.kit import utc_now
from marketmover.plans import (
    Brief,
    Creative,
    LineAudience,
    Plan,
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
    audience = LineAudience(countries=["US"], keywords=["yoga classes"])
    made = [made_line(name, audience=audience, creative=_TEXTS) for name in lines]
    return made_plan(made, START, brief=Brief(product="Yoga classes"))


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

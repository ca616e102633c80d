"""A served home with accounts that are platforms in files, and a plan that can be published to them."""

from collections.abc import Generator
from pathlib import Path

import pytest
from fastapi import FastAPI
from tests.campaigns.publishing.conftest import make_plan, write_plan_folder
from tests.campaigns.publishing.file_platform import FilePlatform

from marketmover.access import Account
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept.plans import Order, note_plan
from marketmover.kit import new_id, utc_now
from marketmover.settings import Settings
from marketmover.store import Records
from marketmover.store.database import database_url


class Connected(ServedApp):
    """An installation with two accounts, each a platform in a file."""

    def accounts(self, platform: str | None = None) -> list[Account]:
        ids = {"google_ads": "1234567890", "meta_ads": "444"}
        return [Account(name, name, number, {}, utc_now()) for name, number in ids.items() if platform in (None, name)]

    def platform_of(self, account: Account) -> FilePlatform:
        return FilePlatform(self.settings.home / f"{account.platform}.json", account.platform)


@pytest.fixture
def served(tmp_path: Path) -> Generator[ServedApp]:
    records = Records.open(database_url("", tmp_path))
    yield Connected(Settings(home=tmp_path), records)
    records.close()


@pytest.fixture
def api(served: ServedApp) -> FastAPI:
    return make_api(served)


@pytest.fixture
def published_id(served: ServedApp) -> str:
    """A plan with running and new lines, in the home."""
    home, name, plan = served.settings.home, new_id(), make_plan()
    FilePlatform(home / "google_ads.json", "google_ads").add_line("55", "551", 80.0)
    FilePlatform(home / "meta_ads.json", "meta_ads").add_line("77", "771", 60.0)
    folder = home / "plans" / "default" / name
    folder.parent.mkdir(parents=True)
    write_plan_folder(folder, plan)
    with served.records.session() as session:
        note_plan(session, "default", Order(name, plan.brief, "Anne"), plan, utc_now())
    return name

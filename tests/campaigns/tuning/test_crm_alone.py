"""Accounts whose results the CRM alone counts: days that it has not told of are no days without results."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.campaigns.tuning.conftest import START
from tests.made_plans import made_line, made_plan

from marketmover.campaigns.tuning import load_known
from marketmover.errors import InputError
from marketmover.plans import Brief
from marketmover.store import StoreOpener

LINE = made_line("google_ads:55:551")


def write_days(folder: Path, begin: int, end: int, *, crm: bool, counted: float = 0.0) -> None:
    """Days after the plan's first one as exports: Google's rows, and a lead of the CRM a day."""
    days = [(START + timedelta(day)).isoformat() for day in range(begin, end)]
    rows: list[dict[str, Any]] = [
        {
            "customer": {"id": "1", "currencyCode": "USD", "timeZone": "Europe/Berlin"},
            "campaign": {"id": "55", "name": "Yoga", "status": "ENABLED"},
            "adGroup": {"id": "551", "name": "Yoga"},
            "metrics": {"impressions": "1000", "clicks": "50", "costMicros": "90000000", "conversions": counted},
            "segments": {"date": day},
        }
        for day in days
    ]
    told = {"platform": "google_ads", "campaign_id": "55", "ad_group_id": "551", "qualified": None, "won": False}
    leads = [{"lead_id": day, "created_at": f"{day}T10:00:00Z", **told} for day in days]
    for name, document in (("google_ads", [{"results": rows}]), *([("crm", leads)] if crm else [])):
        (folder / name).mkdir(parents=True)
        (folder / name / "all.json").write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("objective", "counted", "refused"), [("leads", 0.0, True), ("clicks", 0.0, False), ("leads", 2.0, False)]
)
def test_while_the_crm_is_away_nothing_is_tuned_by_results_that_it_alone_counts(
    opener: StoreOpener, tmp_path: Path, objective: str, counted: float, *, refused: bool
) -> None:
    plan = made_plan([LINE], START, brief=Brief(product="Yoga"), objective=objective)
    write_days(tmp_path / "history", -60, 0, crm=True, counted=counted)
    for day, crm in ((1, True), (2, False)):
        write_days(tmp_path / "live" / f"{START + timedelta(day)}", 0, day + 1, crm=crm, counted=counted)
    known_by = START + timedelta(3)

    def read() -> Any:
        return load_known(
            opener, plan, (tmp_path / "history", tmp_path / "live"), as_of=known_by, progress=lambda *_: None
        )

    if refused:
        with pytest.raises(InputError, match="leads of 7 January are not known"):
            read()
        write_days(tmp_path / "live" / f"{known_by}", 0, 4, crm=True)
    assert read().last >= START + timedelta(2)

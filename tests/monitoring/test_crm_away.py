"""Days of which the CRM told no leads are not known: no evidence that leads were lost, nor that they go on."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running_lines import FIRST, HISTORY, panel_of, planted, write_exports
from typer.testing import CliRunner

from marketmover.cli.commands import build
from marketmover.history import Panel
from marketmover.monitoring.lines.crm_days import crm_notes, leads_until
from marketmover.store import StoreOpener

AWAY = 3  # the live day from which on the CRM is away, and on which conversions stop to be counted


def folder_of(
    place: Path, live: int, *files: str, platforms: tuple[str, ...] = ("google_ads", "meta_ads")
) -> tuple[Any, Path]:
    """The folder of a live day's pulls, with files of the CRM."""
    folder = place / str(FIRST + timedelta(HISTORY + live))
    for platform in platforms:
        (folder / platform).mkdir(parents=True)
        (folder / platform / "daily.json").write_text("[]")
    for name in files:
        (folder / "crm").mkdir(parents=True, exist_ok=True)
        (folder / "crm" / name).write_text("[]")
    return FIRST + timedelta(HISTORY + live), folder


def lead(panel: Panel, row: int, column: int, number: int) -> dict[str, Any]:
    line = panel.lines[row]
    return {
        "lead_id": f"{row}-{column}-{number}", "created_at": f"{FIRST + timedelta(column)}T10:00:00Z",
        "platform": line.platform, "campaign_id": line.campaign_id, "ad_group_id": line.group_id, "qualified": None,
        "won": False, "revenue": 0.0, "currency": "EUR",
    }  # fmt: skip


def write_leads(panel: Panel, folder: Path, first: int, last: int) -> None:
    """One in ten conversions is a lead of the CRM, too."""
    leads = [
        lead(panel, row, column, number)
        for row in range(len(panel.lines))
        for column in range(first, last)
        for number in range(int(panel.conversions[row, column] // 10) + 1)
    ]
    (folder / "crm").mkdir()
    (folder / "crm" / "leads.json").write_text(json.dumps(leads))


@pytest.mark.parametrize("away", [True, False])
def test_conversions_that_stop_while_the_crm_is_away_are_tracking_and_no_lost_leads(
    opener: StoreOpener, tmp_path: Path, *, away: bool
) -> None:
    right = panel_of(lines=4)
    wrong = panel_of(lines=4, factors=planted("conversion_rate", [1], AWAY, 28, 0.0, lines=4))
    write_leads(right, write_exports(right, tmp_path / "history", HISTORY - 60, HISTORY), HISTORY - 60, HISTORY)
    for live in range(7):
        folder = write_exports(wrong, tmp_path / "live" / str(FIRST + timedelta(HISTORY + live)), HISTORY - 3,
                               HISTORY + live + 1)  # fmt: skip
        if live < AWAY:
            write_leads(wrong, folder, HISTORY, HISTORY + live + 1)
        elif not away:  # it tells of all lines, but no leads of the one: they are lost indeed
            write_leads(wrong, folder, HISTORY, HISTORY + AWAY)
    out = tmp_path / "alerts.json"
    given = ["--history", str(tmp_path / "history"), "--live", str(tmp_path / "live"), "--out", str(out)]
    done = CliRunner().invoke(build({"monitor"}), ["monitor", *given], obj=opener)
    assert done.exit_code == 0, (done.output, done.exception)
    found = json.loads(out.read_text())
    kinds = {alert["kind"] for alert in found["alerts"] if "google_ads:1:11" in alert["line_ids"]}
    assert kinds == ({"tracking"} if away else {"anomaly"})
    said = "No export holds the CRM's leads of Google Ads and Meta Ads of 5 November to 8 November (4 days): "
    assert [note for note in found["notes"] if "CRM" in note] == [f"{said}taken as not known, not as lost."] * away


def test_what_the_crm_told_ends_with_the_last_pull_that_has_its_leads(tmp_path: Path) -> None:
    panel = panel_of(lines=2)
    meta = [line.platform for line in panel.lines].index("meta_ads")
    google_file, meta_file = "google_ads-1-00001-leads.json.gz", "meta_ads-1-00001-leads.json.gz"
    pulls = [
        folder_of(tmp_path, 0, google_file, meta_file),
        folder_of(tmp_path, 1, google_file),
        folder_of(tmp_path, 2),
        folder_of(tmp_path, 5, meta_file),
    ]
    known = leads_until(panel, HISTORY, pulls) - HISTORY
    assert known[:6, meta].tolist() == [0, 0, 0, 3, 4, 5]  # days without a pull are as known at the end
    assert known[:6, 1 - meta].tolist() == [0, 1, 1, 1, 1, 1]
    assert known[-1, 1 - meta] == 1
    assert known[-1, meta] == panel.dates.size - 1 - HISTORY
    late = [*pulls, folder_of(tmp_path, 6, google_file, platforms=("google_ads",))]  # the other's day is not over yet
    assert (leads_until(panel, HISTORY, late)[-1] == panel.dates.size - 1).all()
    one_export = [(None, folder_of(tmp_path / "all", 0, "leads.json")[1])]
    assert (leads_until(panel, HISTORY, one_export)[:, 0] == np.arange(HISTORY, panel.dates.size)).all()
    assert (leads_until(panel, HISTORY, [(None, tmp_path)]) == HISTORY - 1).all()


def test_without_a_crm_there_is_nothing_to_say(tmp_path: Path) -> None:
    panel = panel_of(lines=2)
    assert crm_notes(panel, leads_until(panel, HISTORY, [(None, tmp_path)])) == []

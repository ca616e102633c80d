"""Which stretches are replayed, what was known then, and what was counted."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pasts import past

from marketmover.campaigns.backtest.counted import counted, settling_days
from marketmover.campaigns.backtest.known import known_by_cutting, known_by_lake
from marketmover.campaigns.backtest.windows import LEAST_KNOWN_DAYS, MOST_WINDOWS, least_days, replayable
from marketmover.history import Panel, PlatformCurve, import_history
from marketmover.store import Lake

sys.path.append(str(Path(__file__).parents[2] / "history"))
from history_exports import google_row, write  # pyright: ignore[reportMissingImports] - beside the history's tests


def panel_of(days: int) -> Panel:
    dates = np.arange(np.datetime64("2024-01-01"), np.datetime64("2024-01-01") + days)
    return replace(Panel.empty("USD"), dates=dates)


@example(days=503, weeks=17, settling=14)
@given(days=st.integers(0, 1500), weeks=st.integers(1, 26), settling=st.integers(1, 90))
def test_windows_lie_in_the_settled_second_half_and_never_overlap(days: int, weeks: int, settling: int) -> None:
    panel = panel_of(days)
    spans = replayable(panel, weeks, settling)
    assert len(spans) <= MOST_WINDOWS
    for span in spans:
        known = (span.start - date(2024, 1, 1)).days
        assert known >= max(days // 2, LEAST_KNOWN_DAYS)
        assert span.days == 7 * weeks
        assert (span.end - date(2024, 1, 1)).days <= days - 1 - settling
    for first, second in pairwise(spans):
        assert first.end < second.start
    assert (len(spans) >= 2) == (days >= least_days(weeks, settling))


def test_what_is_known_of_a_panel_ends_with_the_day_and_holds_no_later_curve() -> None:
    made = past().panel
    day = date(2025, 12, 31)
    curves = tuple(
        PlatformCurve(made.line_ids[0], told, np.array([1.0, 2.0]), np.array([1.0, 1.5]))
        for told in (day, day + timedelta(days=1), None)
    )
    known = known_by_cutting(replace(made, curves=curves))(day)
    assert known.panel.dates[-1].astype(object) == day
    assert known.panel.cost.shape == (6, len(known.panel.dates))
    assert [curve.as_of for curve in known.panel.curves] == [day]
    assert not known.as_imported


def test_where_imports_are_kept_only_what_they_knew_is_known(tmp_path: Path) -> None:
    """A conversion of the 10th that came in after the import of the 11th is not known on the 11th."""
    days = [f"2025-12-{day:02}" for day in range(1, 21)]
    lake = Lake.open(tmp_path / "lake.duckdb")
    for moment, until, late in ((11, 11, 1.0), (20, 20, 5.0)):
        folder = tmp_path / f"import{moment}"
        rows = [google_row(day, metrics={"conversions": late if day == "2025-12-10" else 2.0}) for day in days[:until]]
        write(folder, {"google_ads/a.json": rows})
        import_history(
            lake, folder, now=datetime(2025, 12, moment, 12, tzinfo=UTC), progress=lambda _share, _step: None
        )
    known = known_by_lake(lake, "USD")
    at_the_time, final = known(date(2025, 12, 11)), known(date(2025, 12, 9))
    assert at_the_time.as_imported
    assert at_the_time.panel.conversions[0].tolist() == [2.0] * 9 + [1.0, 2.0]
    assert not final.as_imported
    assert len(final.panel.dates) == 9
    lake.close()


def test_leads_are_the_crms_where_no_platform_counts_them() -> None:
    made = past().panel
    by_crm = replace(made, leads=np.zeros_like(made.leads), crm_leads=made.leads + 1, has_crm=True)
    assert (counted(by_crm, "leads") == made.leads + 1).all()
    assert (counted(made, "leads") == made.leads).all()


@pytest.mark.parametrize(("open_days", "most"), [(0, 14), (40, 55)])
def test_what_a_crm_has_not_decided_yet_is_not_judged(open_days: int, most: int) -> None:
    made = past().panel
    decided = made.leads.copy()
    decided[:, decided.shape[1] - open_days :] = 0
    panel = replace(made, has_crm=True, crm_leads=made.leads, crm_decided=decided, crm_qualified=decided * 0.3)
    settling = settling_days(panel, "qualified_leads")
    assert max(open_days, 14) <= settling <= most
    assert settling_days(panel, "clicks") == 1

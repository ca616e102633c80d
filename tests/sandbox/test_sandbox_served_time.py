"""How long a served account lives: beyond the days whose troubles were drawn at its beginning, to the end of time."""

import shutil
from pathlib import Path

import pytest

from marketmover.errors import UsageError
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.replay import FIRST_DAYS


def _rows(account: ServedAccount, before: str) -> list[tuple[str, str]]:
    return [
        (row["segments"]["date"], row["metrics"]["costMicros"])
        for row in account.google_rows("campaigns")
        if row["segments"]["date"] < before
    ]


def test_time_goes_on_after_the_first_days_and_no_day_before_changes(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    write_history(create_market(lines=3, days=40, seed=5, sells="leads"), folder)
    shutil.rmtree(folder / "google_ads")
    account = ServedAccount.open(folder, troubles=2)
    account.advance(FIRST_DAYS)
    day, names = account.today.isoformat(), {one.name for one in account._live.troubles}  # pyright: ignore[reportPrivateUsage] - the truth
    seen = _rows(account, day)
    account.advance(30)
    after = {one.name for one in account._live.troubles}  # pyright: ignore[reportPrivateUsage] - the truth
    assert names < after
    assert _rows(account, day) == seen
    assert max(date for date, _ in _rows(account, "9999")) > day
    last = account.last_date
    assert (last - account.market.last_date).days == 400
    rows, today = _rows(account, "9999"), account.today
    account.close()
    again = ServedAccount.open(folder)
    assert (again.today, _rows(again, "9999")) == (today, rows)
    with pytest.raises(UsageError, match=f"time ends with {last}"):
        again.advance(400)
    again.close()

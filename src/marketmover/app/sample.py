"""Sample data: a simulated market in an empty workspace, to look around with, and its removal."""

import gzip
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from marketmover.console import Progress
from marketmover.errors import ConflictError
from marketmover.history.sample import SAMPLE, sample_accounts
from marketmover.history.tables import FACTS, count_rows
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.app.web.served import ServedApp
    from marketmover.jobs import TaskRun
    from marketmover.store import Stores

_SEED, _LINES, _DAYS = 7, 16, 730
_SIMULATED, _KEPT = 0.35, 0.4  # shares of the work that are done by then


def load_sample(run: "TaskRun", app: "ServedApp") -> Mapping[str, Any]:
    """Simulate two years that end the day before it was asked for, and import them; the result is the import's report.

    The same day gives the same data. Cut off and done again, nothing is imported twice.

    Raises:
        ConflictError: The workspace has campaign data already.
    """
    from marketmover.history.uploads.service import folder_of, import_upload

    upload = f"{SAMPLE}{run.task_id}"
    with app.home() as stores:
        if run.attempt == 1:
            _require_empty(stores)
        if not stores.files.exists(f"{folder_of(upload)}/simulated.json"):
            _simulate(run, stores, folder_of(upload))
        report = import_upload(
            stores,
            upload,
            since=run.created_at,
            now=utc_now(),
            most_unpacked=app.most_unpacked,
            progress=_share(run, _KEPT, 1.0),
        )
    told = report.to_json()
    return {**told, "source": f"imports/{upload}", "folder": f"imports/{upload}"}


def remove_sample(run: "TaskRun", app: "ServedApp") -> Mapping[str, Any]:
    """Delete the accounts that came as sample data, with all that is known of them. Done again, nothing is left."""
    from marketmover.app.forgetting import forget_account

    with app.home() as stores:
        accounts = sample_accounts(stores.lake)
    for number, (platform, account_id) in enumerate(accounts):
        report = _share(run, number / len(accounts), (number + 1) / len(accounts))
        forget_account(run, app, platform, account_id, report)
    return {"accounts": [{"platform": platform, "account_id": account} for platform, account in accounts]}


def _require_empty(stores: "Stores") -> None:
    if stores.lake.has(FACTS.name) and count_rows(stores.lake.table(FACTS.name)):
        raise ConflictError(
            "This workspace has campaign data already, and sample data would mix with them.",
            "Look around with sample data in a new workspace, or delete the data that are here first.",
        )


def _simulate(run: "TaskRun", stores: "Stores", folder: str) -> None:
    """Write a market's exports into the home's files; the mark that they are simulated comes last."""
    from marketmover.sandbox import create_market, write_history

    run.report(0.02, "simulating two years of campaigns")
    end = run.created_at.date() - timedelta(days=1)
    market = create_market(_LINES, _DAYS, _SEED, end=end, sells="leads", countries=("US",))
    with TemporaryDirectory(prefix="marketmover-") as place:
        root = Path(place, "market")
        write_history(market, root, truth=False, report=_share(run, 0.15, _SIMULATED))
        run.report(_SIMULATED, "keeping them")
        for file in sorted(root.rglob("*.json")):
            if file.name != "simulated.json":
                _keep(stores, file, f"{folder}/{file.relative_to(root).as_posix()}.gz")
        stores.files.copy_in(root / "simulated.json", f"{folder}/simulated.json")


def _keep(stores: "Stores", file: Path, path: str) -> None:
    with (
        file.open("rb") as source,
        stores.files.open(path, "wb") as kept,
        gzip.GzipFile(fileobj=kept, mode="wb", compresslevel=1, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed, 1 << 20)


def _share(run: "TaskRun", first: float, last: float) -> Progress:
    """Tell of a part of the work as of the whole."""
    return lambda share, step: run.report(first + (last - first) * share, step)

"""What tasks of this room do: import what was sent, count actions otherwise, bring figures up to date."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from marketmover.kit import utc_now

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from marketmover.jobs import TaskRun
    from marketmover.store import Stores


class Home(Protocol):
    """What the works need of an installation."""

    @property
    def most_unpacked(self) -> int:
        """Bytes that the files of an upload may unpack to."""
        ...

    def home(self) -> "AbstractContextManager[Stores]":
        """The home's stores."""
        ...


def import_sent(run: "TaskRun", app: Home) -> Mapping[str, Any]:
    """Import the files of an upload, or try that out; the result is the import's report."""
    from marketmover.history.overview.rows import shown_source
    from marketmover.history.uploads.service import import_upload, try_upload

    as_of = run.arguments.get("as_of")
    upload = str(run.arguments["upload"])
    day = date.fromisoformat(as_of) if as_of else None
    most = app.most_unpacked
    with app.home() as stores:
        if run.arguments.get("dry_run"):
            report = try_upload(stores, upload, now=utc_now(), as_of=day, most_unpacked=most, progress=run.report)
        else:
            report = import_upload(
                stores,
                upload,
                since=run.created_at,
                now=utc_now(),
                as_of=day,
                most_unpacked=most,
                progress=run.report,
            )
    told = report.to_json()
    return {**told, "source": shown_source(told.pop("folder"))}


def map_sent(run: "TaskRun", app: Home) -> Mapping[str, Any]:
    """Let a conversion action count as something, and bring figures up to date."""
    from marketmover.history.mapping import map_action
    from marketmover.history.overview.building import refresh

    told = {name: str(run.arguments[name]) for name in ("platform", "action", "kind")}
    with app.home() as stores:
        run.report(0.1, "writing it down")
        map_action(stores.lake, **told)
        run.report(0.2, "bringing figures up to date")
        refresh(stores, utc_now())
    return told


def refresh_kept(run: "TaskRun", app: Home) -> Mapping[str, Any]:
    """Bring what is kept of the history up to date."""
    from marketmover.history.overview.building import refresh

    run.report(0.0, "bringing figures up to date")
    with app.home() as stores:
        return {"made": refresh(stores, utc_now())}

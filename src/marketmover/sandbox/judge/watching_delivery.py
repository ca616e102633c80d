"""A run of the judge of alerts or of tuning from the command line: one window, or the commands on many markets."""

from collections.abc import Sequence
from pathlib import Path

from marketmover.console import print_json, progress
from marketmover.errors import UsageError
from marketmover.sandbox.judge.cases import Case, choose_cases, read_seeds

_REMEDY = "Or give --seeds A-B, and markets are made, lived and judged here."


def alerts_of_window(window: Path | None, alerts: Path | None, *, as_json: bool) -> None:
    """Score an `alerts.json` by a window's truth.

    Raises:
        UsageError: One of them is not named.
        NotFoundError, InputError: One of them cannot be read.
    """
    from marketmover.sandbox.judge.alerts import read_alerts, score_alerts
    from marketmover.sandbox.judge.watching_views import print_alerts
    from marketmover.sandbox.live.record import read_truth

    if window is None or alerts is None:
        raise UsageError("Name a window that `sandbox live` wrote, and the alerts.json of `monitor`.", _REMEDY)
    score = score_alerts(read_alerts(alerts), read_truth(window))
    if as_json:
        print_json(score.to_json())
    else:
        print_alerts(score)


def tuning_of_window(
    folder: Path | None, changes: Sequence[Path], plan: Path | None, troubles: str | None, seed: int,
    *, shock: bool, as_json: bool,
) -> None:  # fmt: skip
    """Score files of changes in a window that is lived with them and without.

    Raises:
        UsageError: No history or no changes are named, or a wish cannot be met.
        NotFoundError, InputError: A file cannot be read.
    """
    from marketmover.sandbox.judge.tuning import score_changes
    from marketmover.sandbox.judge.watching_views import print_tuning
    from marketmover.sandbox.live.asking import asking_for
    from marketmover.sandbox.live.writing import read_changes

    if folder is None or not changes:
        raise UsageError("Name a simulated history, and the changes.json of each week.", _REMEDY)
    begin = asking_for(folder, plan, troubles, seed, shock=shock)
    score = score_changes(begin, [read_changes(path) for path in changes])
    if as_json:
        print_json(score.to_json())
    else:
        print_tuning(score)


def markets_asked(
    seeds: str, manager: str, family: str, lines: int, days: int, *, instead_of: Sequence[object]
) -> list[Case]:
    """The markets to judge on.

    Raises:
        UsageError: There is no such seed, manager or family, or something of a single window was given as well.
    """
    if any(instead_of):
        raise UsageError("--seeds makes its own markets.", "Leave out what belongs to a single window, or --seeds.")
    return choose_cases(read_seeds(seeds), manager, family, lines, days)


def alerts_on_markets(
    cases: Sequence[Case], *, composed: bool, daily: bool, cache: Path | None, jobs: int, as_json: bool
) -> None:
    """Run `marketmover monitor` on each market and show what it was worth; raises as `watch_markets`."""
    from marketmover.sandbox.judge.cache import Cache
    from marketmover.sandbox.judge.many import watch_markets
    from marketmover.sandbox.judge.many_views import show_watched

    kept = Cache(cache)
    with progress("Judging alerts") as report:
        found = watch_markets(cases, composed=composed, daily=daily, cache=kept, jobs=jobs, report=report)
    show_watched(found, as_json=as_json)


def tuning_on_markets(cases: Sequence[Case], *, cache: Path | None, jobs: int, as_json: bool) -> None:
    """Run `marketmover tune` once a week on each market and show what it was worth; raises as `tune_markets`."""
    from marketmover.sandbox.judge.cache import Cache
    from marketmover.sandbox.judge.many import tune_markets
    from marketmover.sandbox.judge.many_views import show_tuned

    kept = Cache(cache)
    with progress("Judging tuning") as report:
        found = tune_markets(cases, cache=kept, jobs=jobs, report=report)
    show_tuned(found, as_json=as_json)

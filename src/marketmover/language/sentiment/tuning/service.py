"""The verbs: train on labels, compare engines, refresh once a week, and go back to an earlier version."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.console import Progress
from marketmover.errors import ConflictError, UsageError
from marketmover.kit import new_id
from marketmover.language.sentiment.choosing import load_engine, open_folder
from marketmover.language.sentiment.tuning.fine_tuning import Schedule, fine_tune
from marketmover.language.sentiment.tuning.labels_file import Labelled, read_labels
from marketmover.language.sentiment.tuning.measuring import (
    BETTER_FROM,
    Better,
    Measured,
    ask,
    beats_chance,
    compare_answers,
    measure,
)
from marketmover.language.sentiment.tuning.out_folder import check_out, copy_out
from marketmover.language.sentiment.tuning.splitting import Needed, Split, require_enough, split
from marketmover.language.sentiment.tuning.tuned import TunedEngine
from marketmover.language.sentiment.tuning.versions import (
    FOLDER,
    MOST_BACK,
    TRAINED_ON,
    State,
    Version,
    delete_versions,
    engine_in_force,
    keep_folder,
    local_folder,
    pruned,
    read_state,
    write_state,
)

if TYPE_CHECKING:
    from marketmover.learning import Tracker
    from marketmover.store import Files

LIGHT = "light"
NEEDED = {LIGHT: Needed(150, 20), "transformer": Needed(300, 40)}
REFRESH_DAYS = 7
_MODEL = "sentiment"


@dataclass(frozen=True)
class House:
    """What the verbs are given by the edge.

    Attributes:
        files: The home's files.
        tracker: The record of models.
        setting: `MARKETMOVER_SENTIMENT_MODEL`.
        threads: Of the processor, for transformers; 0 takes all cores.
        now: The present moment.
    """

    files: "Files"
    tracker: "Tracker"
    setting: str
    threads: int
    now: datetime


@dataclass(frozen=True)
class Outcome:
    """What training led to: the new version beside the engine that was in force, on texts that neither learnt from."""

    version: Version
    before: Measured
    after: Measured
    better: Better
    notes: list[str] = field(default_factory=list[str])


def train(
    house: House,
    paths: Sequence[Path],
    *,
    base: str = LIGHT,
    schedule: Schedule | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Train a version on labels, judge it on held-out ones, and promote it where it is better.

    Better means: a paired bootstrap over the held-out texts gives it the higher macro F1 in 95 of 100 resamples, and
    agreement with people by more than chance in as many.

    Args:
        house: What the edge gives.
        paths: Files of labels; `refresh` reads the same ones later.
        base: `light` to correct the setting's own engine, else the transformer to fine-tune, a folder or
            `NAME@REVISION`.
        schedule: How a transformer is trained, and the seed.
        out: A folder for a copy of the version, promoted or not.
        progress: Told of each step.

    Raises:
        InputError: The labels cannot be used, or are too few.
        ConflictError: Another training ended meanwhile.
        MarketmoverError: A model cannot be opened.
    """
    if out:
        check_out(out)
    seen = read_state(house.files)
    labelled = read_labels(paths)
    require_enough(labelled, NEEDED.get(base, NEEDED["transformer"]))
    parts = split(labelled)
    folder = f"{FOLDER}/{new_id()}"
    with tempfile.TemporaryDirectory(prefix="marketmover-") as made:
        target = Path(made)
        _make(house, base, parts, target, schedule or Schedule(), progress)
        keys = sorted(parts.learning.keys + parts.choosing.keys)
        (target / TRAINED_ON).write_text("\n".join(keys), encoding="utf-8")
        keep_folder(house.files, target, folder)
    try:
        outcome = _judged(house, base, labelled, parts, folder)
        _keep(house, seen, paths, base, outcome)
    except BaseException:
        for name in house.files.list(folder):
            house.files.delete(name)
        raise
    if out:
        with local_folder(house.files, folder) as made_folder:
            copy_out(made_folder, out)
    return outcome


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: why it did nothing, or what training led to."""

    reason: str
    outcome: Outcome | None = None


def refresh(
    house: House,
    paths: Sequence[Path] = (),
    *,
    schedule: Schedule | None = None,
    progress: Progress | None = None,
) -> Refreshed:
    """Train anew where a week has passed and labels have changed; otherwise do nothing and say why.

    Args:
        house: What the edge gives.
        paths: Files of labels; without any, those of the last training.
        schedule: How a transformer is trained, and the seed.
        progress: Told of each step.

    Raises:
        UsageError: There are no labels to refresh from.
        MarketmoverError: As `train`.
    """
    state = read_state(house.files)
    chosen = list(paths) or [Path(path) for path in state.labels]
    if not chosen:
        raise UsageError(
            "There are no labels to refresh from.",
            "Train once: marketmover sentiment train LABELS.csv; or set MARKETMOVER_SENTIMENT_LABELS.",
        )
    if state.trained_at and house.now < state.trained_at + timedelta(days=REFRESH_DAYS):
        due = state.trained_at + timedelta(days=REFRESH_DAYS)
        return Refreshed(
            f"Nothing to do: the last training was on {state.trained_at:%Y-%m-%d}, the next is due on {due:%Y-%m-%d}."
        )
    if state.over == house.setting and read_labels(chosen).fingerprint == state.fingerprint:
        return Refreshed("Nothing to do: no label has changed since the last training.")
    outcome = train(house, chosen, base=state.base or LIGHT, schedule=schedule, progress=progress)
    return Refreshed("Trained anew.", outcome)


def rollback(house: House, to: int | None = None) -> Version | None:
    """Put an earlier version in force; gives it, or `None` for the setting's own engine.

    Args:
        house: What the edge gives.
        to: Its number, 0 for the setting's own engine; without it, what was in force before the present one.

    Raises:
        ConflictError: There is nothing to go back to.
        NotFoundError: There is no such version.
    """
    state = read_state(house.files)
    history = state.in_force if state.over == house.setting else [0]
    if to is None:
        if len(history) < 2:
            raise ConflictError("Nothing was in force before the present engine.")
        history = history[:-1]
    elif to == history[-1]:
        raise ConflictError(f"Version {to} is in force already.")
    else:
        history = [*history, to][-MOST_BACK:]
    version = state.version(history[-1]) if history[-1] else None
    if version:
        with local_folder(house.files, version.folder) as folder:
            open_folder(folder, "", house.threads)
    now = {"in_force": history, "over": house.setting, "changed_at": house.now}
    write_state(house.files, state.model_copy(update=now), state)
    return version


def _make(house: House, base: str, parts: Split, target: Path, schedule: Schedule, progress: Progress | None) -> None:
    if base == LIGHT:
        texts = parts.learning.texts + parts.choosing.texts
        labels = parts.learning.labels + parts.choosing.labels
        engine = TunedEngine.train(load_engine(house.setting, house.threads), texts, labels, schedule.seed)
        engine.save(target, house.setting)
        return
    from marketmover.language.hub import model_folder

    source = model_folder(base)
    fine_tune(source, parts.learning, parts.choosing, target, schedule, threads=house.threads, progress=progress)


def _judged(house: House, base: str, labelled: Labelled, parts: Split, folder: str) -> Outcome:
    held_out = parts.held_out
    present = engine_in_force(house.files, house.setting, house.threads)
    with local_folder(house.files, folder) as place:
        new = open_folder(place, "new version", house.threads)
    first, second = (ask(engine, held_out.texts, held_out.labels) for engine in (present, new))
    before, after, better = measure(first), measure(second), compare_answers(first, second)
    version = Version(
        number=0,
        kind="light" if base == LIGHT else "transformer",
        folder=folder,
        base=base,
        over=house.setting,
        trained_at=house.now,
        fingerprint=labelled.fingerprint,
        texts=len(labelled.texts) - len(held_out.texts),
        held_out=len(held_out.texts),
        macro_f1=after.macro_f1,
        macro_f1_before=before.macro_f1,
        calibration_error=after.calibration_error,
        probability_better=better.probability,
        promoted=better.holds and beats_chance(second) >= BETTER_FROM,
    )
    number = _recorded(house, version, before, after)
    return Outcome(version.model_copy(update={"number": number}), before, after, better, labelled.notes)


def _recorded(house: House, version: Version, before: Measured, after: Measured) -> int:
    from marketmover.learning import Run

    figures = {
        f"{name}{when}": float(getattr(one, name))
        for one, when in ((before, "_before"), (after, ""))
        for name in ("macro_f1", "accuracy", "calibration_error", "texts_per_second")
    }
    labels = {"fingerprint": version.fingerprint, "kind": version.kind, "promoted": str(version.promoted).lower()}
    run = Run(
        f"{version.kind} until {version.trained_at:%Y-%m-%d}",
        {"base": version.base, "over": version.over, "texts": version.texts, "held_out": version.held_out},
        {**figures, "probability_better": version.probability_better},
        labels=labels,
    )
    run_id = house.tracker.record(_MODEL, run)
    return house.tracker.register(_MODEL, version.model_dump(mode="json", exclude={"number"}), run_id, labels).number


def _keep(house: House, seen: State, paths: Sequence[Path], base: str, outcome: Outcome) -> None:
    version = outcome.version
    history = seen.in_force if seen.over == house.setting else [0]
    state = State(
        labels=[str(path.absolute()) for path in paths],
        base=base,
        trained_at=house.now,
        fingerprint=version.fingerprint,
        over=house.setting,
        in_force=[*history, version.number][-MOST_BACK:] if version.promoted else history,
        changed_at=house.now if version.promoted else seen.changed_at,
        versions=[*seen.versions, version],
    )
    state, lost = pruned(state)
    write_state(house.files, state, seen)
    delete_versions(house.files, lost)

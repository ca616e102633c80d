"""Training and comparison as people read them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from marketmover.console import Table, print_table, print_text, say
from marketmover.language.sentiment.tuning.comparing import Compared
from marketmover.language.sentiment.tuning.measuring import Measured
from marketmover.language.sentiment.tuning.service import Outcome
from marketmover.language.sentiment.tuning.versions import State

_FIGURES = frozenset({"texts", "macro F1", "90% range", "accuracy", "calibration error", "texts a second"})


def outcome_sentence(outcome: Outcome) -> str:
    """What came of training, in words."""
    version, better = outcome.version, outcome.better
    found = (
        f"macro F1 {outcome.after.macro_f1:.3f} against {outcome.before.macro_f1:.3f} of {outcome.before.name} on "
        f"{version.held_out:,} held-out texts; the gain lies between {better.low:+.3f} and {better.high:+.3f}, and is "
        f"above 0 in {better.probability:.1%} of resamples (95% are asked for)"
    )
    if version.promoted:
        return f"Version {version.number} is in force now: {found}."
    why = "; its answers agree with people no more than by chance" if better.holds else ""
    return f"Version {version.number} is kept aside, and {outcome.before.name} stays in force: {found}{why}."


def show_outcome(outcome: Outcome) -> None:
    """Print what came of training."""
    _notes(outcome.notes)
    print_text(outcome_sentence(outcome))
    print_table(_table([outcome.before, outcome.after]))


def show_compared(compared: Compared) -> None:
    """Print engines side by side."""
    _notes(compared.notes)
    print_text(compared.advice)
    print_table(_table(compared.engines))


def show_versions(state: State, setting: str) -> None:
    """Print the versions, newest first, and which is in force."""
    present = state.present(setting)
    if not state.versions:
        print_text("No engine was trained yet. Run: marketmover sentiment train LABELS.csv")
        return
    heads = ("version", "trained", "kind", "base", "texts", "macro F1", "before", "was", "in force")
    rows = [
        (
            str(one.number),
            f"{one.trained_at:%Y-%m-%d}",
            one.kind,
            one.base,
            str(one.texts),
            f"{one.macro_f1:.3f}",
            f"{one.macro_f1_before:.3f}",
            "promoted" if one.promoted else "kept aside",
            "yes" if one == present else "",
        )
        for one in reversed(state.versions)
    ]
    print_table(Table("", heads, list(rows), frozenset({"version", "texts", "macro F1", "before"})))
    if present is None:
        print_text(f"In force: {setting or 'the default engine'}.")


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What came of training, for programs."""
    parts = {name: asdict(getattr(outcome, name)) for name in ("before", "after", "better")}
    return {"version": outcome.version.model_dump(mode="json"), **parts, "notes": outcome.notes}


def _table(engines: Sequence[Measured]) -> Table:
    rows = [
        (
            one.name,
            f"{one.texts:,}",
            f"{one.macro_f1:.3f}",
            f"{one.low:.3f} to {one.high:.3f}",
            f"{one.accuracy:.1%}",
            f"{one.calibration_error:.3f}",
            f"{one.texts_per_second:,.0f}",
        )
        for one in engines
    ]
    heads = ("engine", "texts", "macro F1", "90% range", "accuracy", "calibration error", "texts a second")
    return Table("", heads, list(rows), _FIGURES)


def _notes(notes: Sequence[str]) -> None:
    for note in notes:
        say(f"note: {note}")

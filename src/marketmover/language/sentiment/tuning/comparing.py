"""Engines side by side on the same labels, with a sentence on which to use."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marketmover.errors import InputError, NotFoundError
from marketmover.kit import counted
from marketmover.language.sentiment.choosing import load_engine
from marketmover.language.sentiment.engine import SentimentEngine
from marketmover.language.sentiment.tuning.labels_file import read_labels
from marketmover.language.sentiment.tuning.measuring import Better, Measured, ask, compare_answers, measure
from marketmover.language.sentiment.tuning.service import House
from marketmover.language.sentiment.tuning.versions import TRAINED_ON, engine_in_force, open_version, read_state
from marketmover.language.sentiment.tuning.versions import trained_on as texts_of

PRESENT = "present"
_VERSION = "version:"
_FEWEST = 30


@dataclass(frozen=True)
class Compared:
    """What engines did on the same texts.

    Attributes:
        engines: Each engine's figures, in the order asked for.
        better: How far each one lies above the first, for the second and on.
        advice: Which to use, in a sentence.
        notes: What was left out, and why.
    """

    engines: list[Measured]
    better: list[Better]
    advice: str
    notes: list[str] = field(default_factory=list[str])


def compare(house: House, paths: Sequence[Path], engines: Sequence[str] = ()) -> Compared:
    """Let engines read labelled texts that none of them learnt from.

    Args:
        house: What the edge gives.
        paths: Files of labels.
        engines: `present`, `default`, `version:NUMBER`, a folder, or `NAME@REVISION`; without any, `default` and, where
            it is another one, `present`.

    Raises:
        InputError: The labels cannot be used, or too few are left.
        MarketmoverError: An engine cannot be opened.
    """
    names = list(dict.fromkeys(engines)) or _usual(house)
    labelled = read_labels(paths)
    learnt = set[str]().union(*(_learnt_from(house, name) for name in names))
    left = [index for index, key in enumerate(labelled.keys) if key not in learnt]
    notes = list(labelled.notes)
    if len(left) < len(labelled.texts):
        gone = counted(len(labelled.texts) - len(left), "text")
        notes.append(f"{gone} were left out, since an engine had learnt from them.")
    if len(left) < _FEWEST:
        raise InputError(
            f"Not enough data: {counted(len(left), 'text')} to judge by that no engine learnt from; "
            f"{_FEWEST} are needed.",
            f"Label {_FEWEST - len(left)} more.",
        )
    judged = labelled.at(left)
    answers = [ask(_Named(name, _open(house, name)), judged.texts, judged.labels) for name in names]
    measured = [measure(one) for one in answers]
    better = [compare_answers(answers[0], other) for other in answers[1:]]
    return Compared(measured, better, _advice(measured, better), notes)


class _Named:
    """An engine under the name that it was asked for by."""

    def __init__(self, name: str, engine: SentimentEngine) -> None:
        self.name = name
        self.score_many = engine.score_many


def _usual(house: House) -> list[str]:
    plain = not house.setting and read_state(house.files).present(house.setting) is None
    return ["default"] if plain else ["default", PRESENT]


def _open(house: House, name: str) -> SentimentEngine:
    if name == PRESENT:
        return engine_in_force(house.files, house.setting, house.threads)
    if name.startswith(_VERSION):
        return open_version(house.files, read_state(house.files).version(_number(name)), house.threads)
    return load_engine(name, house.threads)


def _learnt_from(house: House, name: str) -> set[str]:
    state = read_state(house.files)
    version = state.present(house.setting) if name == PRESENT else None
    if name.startswith(_VERSION):
        version = state.version(_number(name))
    if version:
        return texts_of(house.files, version)
    place = Path(house.setting if name == PRESENT else name).expanduser() / TRAINED_ON
    return set(place.read_text(encoding="utf-8").split()) if place.is_file() else set()


def _number(name: str) -> int:
    number = name.removeprefix(_VERSION)
    if not number.isdecimal():
        raise NotFoundError(f"There is no {name!r}.", "Name a version by its number, as version:2.")
    return int(number)


def _advice(measured: Sequence[Measured], better: Sequence[Better]) -> str:
    """The first stays unless another is better by the test; of those, the one with the highest macro F1."""
    first = measured[0]
    if not better:
        return f"{first.name} alone was measured: name another engine with --engine to compare."
    winners = [(one, by) for one, by in zip(measured[1:], better, strict=True) if by.holds]
    if winners:
        best, by = max(winners, key=lambda pair: pair[0].macro_f1)
        return (
            f"Use {best.name}: its macro F1 is {best.macro_f1:.3f} against {first.macro_f1:.3f} of {first.name}, "
            f"{_sure(by.probability)} likely better; it reads {best.texts_per_second:,.0f} texts a second, "
            f"{first.name} {first.texts_per_second:,.0f}."
        )
    nearest, by = max(zip(measured[1:], better, strict=True), key=lambda pair: pair[1].mid)
    if by.probability <= 0.05:
        return f"Keep {first.name}: it is better than {nearest.name}, {_sure(1 - by.probability)} likely."
    return (
        f"Keep {first.name}: that {nearest.name} is better is {_sure(by.probability)} likely on "
        f"{counted(first.texts, 'text')}, and 95% are asked for. More labels would tell."
    )


def _sure(probability: float) -> str:
    return "over 99%" if probability > 0.99 else "under 1%" if probability < 0.01 else f"{probability:.0%}"

"""Which labelled texts teach, which choose, and which only judge; and whether there are enough."""

from dataclasses import dataclass

from marketmover.errors import InputError
from marketmover.kit import counted
from marketmover.language.sentiment.engine import LABELS
from marketmover.language.sentiment.tuning.labels_file import Labelled

HELD_OUT_SHARE = 0.25
CHOOSING_SHARE = 0.10


@dataclass(frozen=True)
class Needed:
    """The fewest labels that a kind of model can learn from: in all, and of each label that occurs."""

    texts: int
    of_each: int


@dataclass(frozen=True)
class Split:
    """Texts by their part.

    Attributes:
        learning: Those that teach.
        choosing: Those by which settings are chosen and training is stopped.
        held_out: Those that only judge.
    """

    learning: Labelled
    choosing: Labelled
    held_out: Labelled


def split(labelled: Labelled) -> Split:
    """Split by each text's own hash: a text stays in its part for ever, whatever labels come later.

    So no later version has learnt from a text that judges it, nor has the version that it is compared with.
    """
    places = [int(key[:8], 16) / 0x100000000 for key in labelled.keys]
    held_out = [index for index, place in enumerate(places) if place < HELD_OUT_SHARE]
    choosing = [i for i, place in enumerate(places) if HELD_OUT_SHARE <= place < HELD_OUT_SHARE + CHOOSING_SHARE]
    learning = [index for index, place in enumerate(places) if place >= HELD_OUT_SHARE + CHOOSING_SHARE]
    return Split(labelled.at(learning), labelled.at(choosing), labelled.at(held_out))


def require_enough(labelled: Labelled, needed: Needed) -> None:
    """Refuse labels that are too few to learn from and to judge by.

    Raises:
        InputError: It says how many there are and how many are needed.
    """
    counts = labelled.counts()
    wants = [f"{needed.of_each - count} more {label}" for label, count in counts.items() if count < needed.of_each]
    if len(counts) < 2:
        wants.append(f"at least {needed.of_each} of a second label ({', '.join(LABELS)})")
    short = needed.texts - len(labelled.texts)
    if short > 0:
        wants.append(f"{short} more in all")
    if wants:
        have = ", ".join(f"{count} {label}" for label, count in counts.items()) or "none"
        raise InputError(
            f"Not enough data yet: {counted(len(labelled.texts), 'labelled text')} ({have}); needed are "
            f"{needed.texts} in all and {needed.of_each} of each label that occurs.",
            f"Label {' and '.join(wants)}.",
        )

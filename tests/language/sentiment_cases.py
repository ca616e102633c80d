"""Labelled texts in a house's own words, which no lexicon knows, and what the verbs are given."""

import csv
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from marketmover.language.sentiment.tuning.service import House
from marketmover.learning import Tracker
from marketmover.store import StoreOpener

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWN_WORDS = {"positive": ["zingy", "plomful"], "negative": ["flooze", "grumbled"], "neutral": ["tuesday", "warehouse"]}
FILLERS = [
    "the",
    "parcel",
    "order",
    "box",
    "came",
    "from",
    "your",
    "shop",
    "with",
    "our",
    "label",
    "again",
    "for",
    "it",
]


def own_texts(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Texts and labels; a text's label follows from the one word of its house's own in it."""
    draw = random.Random(seed)  # noqa: S311 - made-up texts, no secret
    rows: list[tuple[str, str]] = []
    for number in range(count):
        label = draw.choice(list(OWN_WORDS))
        words = [*draw.choices(FILLERS, k=6), draw.choice(OWN_WORDS[label])]
        draw.shuffle(words)
        rows.append((f"{' '.join(words)} {number}", label))
    return rows


def write_labels(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    return path


def house_of(opener: StoreOpener, now: datetime = NOW, setting: str = "") -> House:
    with opener.home() as stores:
        return House(stores.files, Tracker(stores.tracking_url, stores.files, stores.workspace), setting, 1, now)

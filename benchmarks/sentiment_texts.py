"""Texts with people's ratings (Hutto and Gilbert 2014, MIT), split for good by a hash, and our own."""

import gzip
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from marketmover.errors import NotFoundError
from marketmover.language.sentiment import Label, label_of

ROOT = Path(__file__).parent.parent
OWN = ROOT / "tests" / "language" / "sentiment"
DOMAINS = {
    "tweets": "tweets",
    "reviews": "amazonReviewSnippets",
    "films": "movieReviewSnippets",
    "editorials": "nytEditorialSnippets",
}
_SHARES = {"train": 60, "development": 80, "test": 100}


@dataclass(frozen=True)
class Rated:
    """A text, its domain, its part of the split, and the mean rating that people gave it, over 4: from -1 to 1."""

    domain: str
    part: str
    score: float
    text: str

    @property
    def label(self) -> Label:
        """The truth: neutral within half a point of four."""
        return label_of(self.score)


def data_folder() -> Path:
    """Where the rated texts lie: `SENTIMENT_DATA`, else beside the checkout."""
    return Path(os.environ.get("SENTIMENT_DATA") or ROOT.parent / "shared" / "data" / "sentiment")


def rated(folder: Path, *parts: str) -> list[Rated]:
    """The rated texts of the named parts.

    Raises:
        NotFoundError: The data are not there.
    """
    if not folder.is_dir():
        raise NotFoundError(f"There are no rated texts in {folder}.", "Name their folder in SENTIMENT_DATA.")
    found: list[Rated] = []
    for domain, name in DOMAINS.items():
        with gzip.open(folder / f"{name}.tsv.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                _, rating, text = line.rstrip("\n").split("\t", 2)
                part = part_of(text)
                if part in parts:
                    found.append(Rated(domain, part, float(rating) / 4, text))
    return found


def part_of(text: str) -> str:
    """`train` (60%), `development` or `test` (20% each), by a hash of its letters: repeats stay together."""
    plain = re.sub(r"\W+", " ", text.lower()).strip()
    place = int(hashlib.sha256(plain.encode()).hexdigest()[:8], 16) % 100
    return next(part for part, upto in _SHARES.items() if place < upto)


def own_texts(half: str) -> list[tuple[Label, str]]:
    """Our own labelled texts of marketing life, `development` or `test`."""
    lines = (OWN / f"{half}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines)]  # type: ignore[misc]

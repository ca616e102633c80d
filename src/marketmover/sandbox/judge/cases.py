"""Which markets are judged on: seeds, managers, families, sizes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marketmover.errors import UsageError
from marketmover.sandbox.models.managers import MANAGERS
from marketmover.sandbox.models.response import FAMILIES

_FAMILIES = ("mixed", *FAMILIES)
_LINES, _DAYS = 16, 730


@dataclass(frozen=True)
class Case:
    """Which market: the seed, who managed it, the response family of its lines, its size."""

    seed: int
    manager: str
    family: str
    lines: int = _LINES
    days: int = _DAYS

    @property
    def name(self) -> str:
        """Tells one case from another; fit for a file name."""
        return f"{self.seed}-{self.manager}-{self.family}-{self.lines}x{self.days}"

    @property
    def command(self) -> str:
        """The command that judges this market again."""
        sizes = (f" --lines {self.lines}" if self.lines != _LINES else "") + (
            f" --days {self.days}" if self.days != _DAYS else ""
        )
        family = f" --family {self.family}" if self.family != family_of(self.seed) else ""
        return f"marketmover sandbox judge --seeds {self.seed}-{self.seed} --manager {self.manager}{family}{sizes}"


def family_of(seed: int) -> str:
    """The family that a seed's market has where none is asked for: mixed and each pure one in turn."""
    return _FAMILIES[seed % len(_FAMILIES)]


def choose_cases(
    seeds: Sequence[int], manager: str = "both", family: str | None = None, lines: int = _LINES, days: int = _DAYS
) -> list[Case]:
    """The markets to judge on, by manager, then seed.

    Raises:
        UsageError: There is no such manager or family, or no seed.
    """
    if manager not in {"both", *MANAGERS}:
        raise UsageError(f"--manager {manager} is not known.", f"Choose one of both, {', '.join(MANAGERS)}.")
    if family is not None and family not in _FAMILIES:
        raise UsageError(f"--family {family} is not known.", f"Choose one of {', '.join(_FAMILIES)}.")
    if not seeds:
        raise UsageError("There is no seed to judge on.", "Give --seeds A-B with A not above B.")
    managers = MANAGERS if manager == "both" else (manager,)
    return [Case(seed, who, family or family_of(seed), lines, days) for who in managers for seed in seeds]


def read_seeds(text: str) -> range:
    """Seeds as they are asked for: `1-30`, or `7` for one.

    Raises:
        UsageError: The text is neither.
    """
    found = re.fullmatch(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?", text)
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise UsageError(f"--seeds {text} is not a range of seeds.", "Write it as A-B, for example 1-30.")
    return range(int(found[1]), int(found[2] or found[1]) + 1)

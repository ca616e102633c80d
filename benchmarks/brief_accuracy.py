"""How well briefs are read: accuracy by field, made-up fields, evidence, time, on our own labelled briefs.

The briefs stand in `tests/campaigns/briefs/`, each lot split by a hash before any rule was tuned on it:
`development*.jsonl` to look at and learn from, `test*.jsonl` only to measure (the first 50; `test-hard`: unusual and
broken texts; `test-ordinary`: what businesses usually write). Fields that a brief's labels do not cover stand in its
`unlabelled` and are not scored. Run it by `python -m benchmarks.brief_accuracy [development] [--misses]`.
"""

import json
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, print_figures
from marketmover.campaigns.brief import read_brief
from marketmover.plans import Brief

BRIEFS = Path(__file__).parent.parent / "tests" / "campaigns" / "briefs"
EXACT = (
    "objective",
    "outcome",
    "start_date",
    "end_date",
    "duration_days",
    "age_min",
    "age_max",
    "sentiment",
    "industry",
)
SETS = ("include", "exclude", "countries", "places", "genders")
PHRASES = ("interests", "tone", "constraints", "concerns", "product")
FIELDS = (*EXACT, *SETS, *PHRASES, "budget", "targets")


@dataclass
class Result:
    """What was measured over a set of briefs; shares from 0 to 1, time in milliseconds a brief."""

    briefs: int
    by_field: dict[str, float]
    score: float
    made_up: float
    verbatim: float
    milliseconds: float
    misses: list[str] = field(default_factory=list[str])


def labelled_briefs(half: str, file: str = "*") -> list[dict[str, Any]]:
    """The labelled briefs of `half` (`development` or `test`), file by file: `HALF.jsonl`, then `HALF-*.jsonl`."""
    files = [BRIEFS / f"{half}.jsonl", *sorted(BRIEFS.glob(f"{half}-*.jsonl"))]
    chosen = [path for path in files if file in ("*", path.name)]
    return [json.loads(line) for path in chosen for line in path.read_text(encoding="utf-8").splitlines()]


def measure(half: str = "test", file: str = "*") -> Result:
    """Read every brief of `half` (`development` or `test`), or of one file of it, and compare with its labels."""
    labelled = labelled_briefs(half, file)
    read_brief(labelled[0]["text"])  # loads what is loaded once
    began = time.perf_counter()
    briefs = [read_brief(one["text"]) for one in labelled]
    milliseconds = (time.perf_counter() - began) * 1000 / len(labelled)
    scores: dict[str, list[float]] = {name: [] for name in FIELDS}
    made_up = filled = 0
    misses: list[str] = []
    for one, brief in zip(labelled, briefs, strict=True):
        read = readings(brief)
        for name in (name for name in FIELDS if name not in one.get("unlabelled", ())):
            expected, got = one["expect"].get(name), read[name]
            score = field_score(name, expected, got)
            scores[name].append(score)
            filled += bool(got)
            made_up += bool(got) and not expected
            if score < 1:
                misses.append(f"{one['id']} {name}: expected {expected!r}, read {got!r}")
    evidence = [
        (words, one["text"]) for one, brief in zip(labelled, briefs, strict=True) for words in brief.evidence.values()
    ]
    by_field = {name: sum(values) / len(values) for name, values in scores.items()}
    return Result(
        briefs=len(labelled),
        by_field=by_field,
        score=sum(by_field.values()) / len(by_field),
        made_up=made_up / max(filled, 1),
        verbatim=sum(words in text for words, text in evidence) / max(len(evidence), 1),
        milliseconds=milliseconds,
        misses=misses,
    )


def readings(brief: Brief) -> dict[str, Any]:
    """A brief in the compact form of the labels."""
    form = brief.model_dump(mode="json")
    budget = form["budget"]
    return {
        **{
            name: form[name]
            for name in (
                "objective",
                "outcome",
                "start_date",
                "end_date",
                "duration_days",
                "industry",
                "product",
                "tone",
                "concerns",
            )
        },
        **{
            name: form["audience"][name]
            for name in ("age_min", "age_max", "countries", "places", "genders", "interests")
        },
        **{name: form["platforms"][name] for name in ("include", "exclude")},
        "sentiment": form["sentiment"] and form["sentiment"]["label"],
        "budget": budget and [budget["amount"], budget["currency"], budget["period"]],
        "targets": [[one["metric"], one["value"], one["comparison"]] for one in form["targets"]],
        "constraints": [[one["kind"], one["what"]] for one in form["constraints"]],
    }


def field_score(name: str, expected: Any, got: Any) -> float:
    """From 0 to 1: exact for single values, F1 for sets and lists, by shared words for phrases; both empty is 1."""
    if not expected or not got:
        return float(not expected and not got)
    if name == "budget":
        return sum(one == two for one, two in zip(expected, got, strict=True)) / 3
    if name in EXACT:
        return float(expected == got)
    if name == "product":
        return float(_alike(expected, got))
    if name == "constraints":
        return _f1(expected, got, lambda one, two: one[0] == two[0] and _alike(one[1], two[1]))
    if name in PHRASES:
        return _f1(expected, got, _alike)
    return _f1(expected, got, lambda one, two: one == two)


def _f1(expected: list[Any], got: list[Any], alike: Any) -> float:
    found = sum(any(alike(one, two) for two in got) for one in expected)
    right = sum(any(alike(one, two) for one in expected) for two in got)
    recall, precision = found / len(expected), right / len(got)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _alike(one: str, two: str) -> bool:
    """Whether two phrases share at least half of their words."""
    first, second = (set(re.findall(r"[\w']+", text.lower())) for text in (one, two))
    return 2 * len(first & second) >= len(first | second) or (len(first & second) * 2 >= max(len(first), len(second)))


def run() -> list[Figure]:
    """The figures of the test half, each beside its limit, and those of its files: some are harder than others."""
    whole = figures(measure("test"))
    return [*whole, *(figure for path in sorted(BRIEFS.glob("test*.jsonl")) for figure in _of_file(path.name))]


def _of_file(name: str) -> list[Figure]:
    result = measure("test", name)
    score, made_up = f"{result.score:.1%}", f"{result.made_up:.1%}"
    return [
        Figure(f"of {name}, {result.briefs} briefs: mean field score", score, "at least 92%", result.score >= 0.92),
        Figure(f"of {name}: made-up fields", made_up, "at most 3%", result.made_up <= 0.03),
    ]


def figures(result: Result) -> list[Figure]:
    """A result as figures: fields from the worst to the best, then the four that have limits."""
    fields = sorted(result.by_field.items(), key=lambda one: one[1])
    return [
        *(Figure(f"{name}, {result.briefs} briefs", f"{score:.1%}") for name, score in fields),
        Figure("mean field score", f"{result.score:.1%}", "at least 92%", result.score >= 0.92),
        Figure("made-up fields, of those filled", f"{result.made_up:.1%}", "at most 3%", result.made_up <= 0.03),
        Figure("evidence verbatim", f"{result.verbatim:.1%}", "100%", result.verbatim == 1.0),
        Figure("time a brief in batch, ms", f"{result.milliseconds:.1f}", "at most 30", result.milliseconds <= 30),
    ]


def main() -> None:
    """Print the figures; `--misses` lists every field that was not read as labelled."""
    half = "development" if "development" in sys.argv else "test"
    result = measure(half)
    print_figures(f"Briefs: accuracy by field, {half} half", figures(result) if half == "development" else run())
    if "--misses" in sys.argv:
        print("\n".join(result.misses))


if __name__ == "__main__":
    main()

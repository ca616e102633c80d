"""Learn the weights by which the brief's reader tells candidates apart, from the development half of our own briefs.

    python -m scripts.train_brief            # all tables
    python -m scripts.train_brief budget     # one

Each table is a logistic regression with an L2 penalty over signs; how weak the penalty is is chosen by cross-validation
over briefs. Prints how well it does on held-out briefs that the rules were not written with. The test half is not read.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.brief_accuracy import labelled_briefs

from marketmover.campaigns.brief.ages import age_candidates
from marketmover.campaigns.brief.budget import budget_candidates
from marketmover.campaigns.brief.calendar import spans
from marketmover.campaigns.brief.constraints import candidate_constraints
from marketmover.campaigns.brief.countries import candidate_countries
from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.date_order import numeric_order
from marketmover.campaigns.brief.date_signs import Days, day_signs
from marketmover.campaigns.brief.dates import campaign_days, length_candidates
from marketmover.campaigns.brief.document import Document, read_document
from marketmover.campaigns.brief.feeling_signs import Part, parts
from marketmover.campaigns.brief.genders import gender_candidates
from marketmover.campaigns.brief.interests import people_candidates
from marketmover.campaigns.brief.money import sums
from marketmover.campaigns.brief.places import candidate_places
from marketmover.campaigns.brief.platforms import named_platforms
from marketmover.campaigns.brief.reader import money_and_taken
from marketmover.campaigns.brief.target_signs import kind_of
from marketmover.campaigns.brief.targets import target_candidates

HOME = Path(__file__).parent.parent
TABLES = HOME / "src" / "marketmover" / "campaigns" / "brief" / "weights"
FOLDS = 8
STRENGTHS = (0.4, 0.8, 1.6, 3.2)
SMALLEST = 0.02
SMALLEST_OF_MANY = 0.05  # in the tables of phrases, which have thousands of signs
# The rules were written with the first briefs at hand, so that there they are right more often than elsewhere.
SEEN_BY_RULES = 260
WEIGHT_OF_SEEN = 0.1
# Feelings are told by many rare words: whole texts are read best with a stronger penalty than single parts ask for.
STRENGTHS_OF_WORDS = {
    "praise": (0.15,), "blame": (0.15,), "concerns": (0.4,), "interests": (0.4,), "avoid": (0.7,), "require": (0.7,)
}  # fmt: skip
WEIGHT_OF_SEEN_WORDS = 0.4  # no rule alone decides these, so that the first briefs mislead less
# single sentences and parts of briefs show what is looked for more often than briefs do
WEIGHT_OF_PARTS = {"interests": 0.5, "avoid": 0.5, "require": 0.5}
PARTIAL = 10  # unlabelled fields over which a text is a single sentence or part of a brief
# a table's field where it is named otherwise
FIELDS = {
    "target_metrics": "targets",
    "praise": "sentiment",
    "blame": "sentiment",
    "so_so": "sentiment",
    "avoid": "constraints",
    "require": "constraints",
}
WORDED = ("praise", "blame", "so_so", "concerns", "interests", "avoid", "require")
MOSTLY = 0.7
ALIKE = 0.5
FEWEST = {"interests": 3, "avoid": 3, "require": 3}  # candidates must show a sign as often before it gets a weight


@dataclass(frozen=True)
class Example:
    """A candidate of a brief: its signs, and whether it is what the label says."""

    brief: int
    signs: frozenset[str]
    right: bool


Learner = Callable[[Document, dict[str, Any], int], Iterator[Example]]


def budget_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Sums of money; right are those with the amount of the labelled budget."""
    amount = expect["budget"][0] if expect.get("budget") else None
    money, taken = money_and_taken(document)
    for one in budget_candidates(document, money, taken):
        yield Example(brief, frozenset(one.signs), one.money.amount == amount)


def target_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Figures that may be targets of a kind; right are those with a labelled metric of it."""
    wanted = _wanted_targets(expect)
    for one in target_candidates(document):
        right = any((metric.target.value.metric, metric.target.value.value) in wanted for metric in one.metrics)
        # the kind of a labelled figure is right even where its metric is not named
        right = right or any(kind_of(metric) == one.kind and value == one.figure.value for metric, value in wanted)
        yield Example(brief, one.signs, right)


def metric_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Metrics of the figures that are targets; right are the labelled ones."""
    wanted = _wanted_targets(expect)
    for one in target_candidates(document):
        rights = [(metric.target.value.metric, metric.target.value.value) in wanted for metric in one.metrics]
        if any(rights):
            yield from (Example(brief, metric.signs, right) for metric, right in zip(one.metrics, rights, strict=True))


def _wanted_targets(expect: dict[str, Any]) -> set[tuple[str, float]]:
    return {(metric, round(float(value), 4)) for metric, value, _ in expect.get("targets", ())}


def start_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Days; right are those that begin with the labelled first day."""
    days = days_of(document)
    for at, one in enumerate(days):
        yield Example(brief, frozenset(day_signs(document, days, at)), str(one.first) == expect.get("start_date"))


def end_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Days; right are those that end with the labelled last day."""
    days = days_of(document)
    for at, one in enumerate(days):
        yield Example(brief, frozenset(day_signs(document, days, at)), str(one.last) == expect.get("end_date"))


def days_of(document: Document) -> list[Days]:
    """The days in a text, its numeric dates read as its countries write them."""
    named = [one.value for one in country_mentions(document)]
    currencies = [one.currency for one in sums(document, named) if one.currency]
    order, _ = numeric_order(document.text, named, currencies)
    return campaign_days(document, spans(document.text, order or "dmy"))


def length_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Lengths of time; right are those that the labelled days have."""
    first = date.fromisoformat(expect["start_date"]) if expect.get("start_date") else None
    for one, signs in length_candidates(document):
        days = (one.last_day(first) - first).days + 1 if first else one.about_days
        yield Example(brief, frozenset(signs), expect.get("duration_days") in (days, one.about_days))


def age_examples(name: str) -> Learner:
    """Figures that may be ages; right are those of the label."""

    def examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
        for one in age_candidates(document):
            yield Example(brief, one.signs, one.age.value == expect.get(name))

    return examples


def judgement_examples(kind: str) -> Learner:
    """Parts of sentences that praise or blame past work or find it so-so.

    The labels say what a whole text does. So in a text that does it the part that does it most plainly is right, and
    those that might do it too teach nothing.
    """
    labels = {"praise": ("positive", "neutral"), "blame": ("negative", "neutral"), "so_so": ("neutral",)}[kind]

    def examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
        judged = parts(document)
        label = expect.get("sentiment")
        plain = [_plainness(kind, one) for one in judged]
        so_so = label == "neutral" and any(_plainness("so_so", one) > 0 for one in judged)
        does_it = (label in labels and so_so == (kind == "so_so")) or label in labels[:1]
        best = max(plain, default=0.0)
        for one, plainness in zip(judged, plain, strict=True):
            right = does_it and plainness == best and (best > 0 or label != "neutral")
            if right or label is None or plainness <= 0 or label not in labels:
                yield Example(brief, one.signs, right)

    return examples


def place_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Names that may be places; right are those of the label."""
    wanted = {name.lower() for name in expect.get("places", ())}
    for one in candidate_places(document):
        yield Example(brief, one.signs, document.text[one.start : one.end] in wanted)


def country_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Mentions of countries; right are those of the label."""
    for one in candidate_countries(document):
        yield Example(brief, frozenset(one.signs), one.value in expect.get("countries", ()))


def gender_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Genders that the text speaks of; right are those of the label."""
    for one in gender_candidates(document):
        yield Example(brief, frozenset(one.signs), one.value in expect.get("genders", ()))


def platform_examples(name: str) -> Learner:
    """Platforms that the text names; right are those of the label."""

    def examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
        for one in named_platforms(document):
            yield Example(brief, one.signs, one.platform in expect.get(name, ()))

    return examples


def _plainness(kind: str, part: Part) -> float:
    """How plainly a part does it by the rules alone; nought where it does not."""
    when = 0.1 + part.is_past
    if kind == "so_so":
        return when * part.shows("so-so")
    sign = 1.0 if kind == "praise" else -1.0
    idioms = {"praise": ("good results",), "blame": ("bad results", "did not go well", "complaint")}[kind]
    return when * (sign * part.sound + 0.3 * any(part.shows(idiom) for idiom in idioms))


def concern_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Parts of sentences; right are those that a labelled concern shares most of its words with."""
    wanted = [set(re.findall(r"[\w']+", one.lower())) for one in expect.get("concerns", ())]
    for part in parts(document):
        words = set(re.findall(r"[\w']+", document.text[part.start : part.end]))
        shared = max((len(words & one) / max(min(len(words), len(one)), 1) for one in wanted), default=0.0)
        yield Example(brief, part.signs, shared >= MOSTLY and len(words) > 1)


def interest_examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
    """Phrases; right are those nearest to a label; others that share half of its words teach nothing."""
    candidates = people_candidates(document)
    for one, right in zip(candidates, _nearest(document, candidates, expect.get("interests", ())), strict=True):
        if right is not None:
            yield Example(brief, one.signs, right)


def constraint_examples(kind: str) -> Learner:
    """Stretches; right are those nearest to a label of the kind; others that share half of its words teach nothing."""

    def examples(document: Document, expect: dict[str, Any], brief: int) -> Iterator[Example]:
        candidates = candidate_constraints(document)
        wanted = [what for of_kind, what in expect.get("constraints", ()) if of_kind == kind]
        for one, right in zip(candidates, _nearest(document, candidates, wanted), strict=True):
            if right is not None:
                yield Example(brief, one.signs, right)

    return examples


def _nearest(document: Document, candidates: Sequence[Any], wanted: Sequence[str]) -> list[bool | None]:
    """For each stretch whether it is nearest to a wanted phrase, or `None` where it only shares half of its words."""
    said = [_words(document.text[one.start : one.end]) for one in candidates]
    right: list[bool | None] = [False] * len(candidates)
    for phrase in map(_words, wanted):
        alike = [len(phrase & one) / max(len(phrase | one), 1) for one in said]
        best = max(alike, default=0.0)
        for at, likeness in enumerate(alike):
            if likeness == best >= ALIKE:
                right[at] = True
            elif likeness >= ALIKE and not right[at]:
                right[at] = None
    return right


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w']+", text.lower()))


LEARNERS: dict[str, Learner] = {
    "budget": budget_examples,
    "targets": target_examples,
    "target_metrics": metric_examples,
    "start_date": start_examples,
    "end_date": end_examples,
    "duration_days": length_examples,
    "places": place_examples,
    "countries": country_examples,
    "genders": gender_examples,
    "include": platform_examples("include"),
    "exclude": platform_examples("exclude"),
    "age_min": age_examples("age_min"),
    "age_max": age_examples("age_max"),
    "praise": judgement_examples("praise"),
    "blame": judgement_examples("blame"),
    "so_so": judgement_examples("so_so"),
    "concerns": concern_examples,
    "interests": interest_examples,
    "avoid": constraint_examples("avoid"),
    "require": constraint_examples("require"),
}


def labelled(name: str) -> Iterator[tuple[int, Document, dict[str, Any]]]:
    """Briefs of the development half whose labels cover the field."""
    for number, one in enumerate(labelled_briefs("development")):
        if FIELDS.get(name, name) not in one.get("unlabelled", ()):
            yield number, read_document(one["text"]), one["expect"]


def main() -> None:
    """Learn the named tables, or all."""
    for name in sys.argv[1:] or LEARNERS:
        examples = [one for number, doc, expect in labelled(name) for one in LEARNERS[name](doc, expect, number)]
        seen_once = Counter(sign for one in examples for sign in one.signs)
        signs = sorted(sign for sign, times in seen_once.items() if times >= FEWEST.get(name, 2))
        data = _matrix(examples, signs), np.array([one.right for one in examples])
        briefs = np.array([one.brief for one in examples])
        seen = WEIGHT_OF_SEEN_WORDS if name in WORDED else WEIGHT_OF_SEEN
        of_parts = WEIGHT_OF_PARTS.get(name, 1.0)
        strengths = STRENGTHS_OF_WORDS.get(name, STRENGTHS)
        scores = {strength: _held_out(*data, briefs, strength, seen, of_parts) for strength in strengths}
        for strength, score in scores.items():
            print(f"{name}, strength {strength}: F1 of held-out candidates {score:.1%}")
        best = max(strengths, key=lambda strength: scores[strength])
        _write(name, signs, _fit(*data, briefs, best, seen, of_parts), best)


def _matrix(examples: list[Example], signs: list[str]) -> Any:
    from scipy.sparse import csr_matrix

    index = {sign: at for at, sign in enumerate(signs)}
    cells = [(row, index[sign]) for row, one in enumerate(examples) for sign in one.signs if sign in index]
    rows, columns = zip(*cells, strict=True)
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(examples), len(signs)))


def _fit(
    matrix: Any, right: Any, briefs: Any, strength: float, seen: float = WEIGHT_OF_SEEN, of_parts: float = 1.0
) -> Any:
    from sklearn.linear_model import LogisticRegression

    weight = np.where(np.isin(briefs, _partial()), of_parts, np.where(briefs < SEEN_BY_RULES, seen, 1.0))
    return LogisticRegression(C=strength, max_iter=2000, solver="liblinear").fit(matrix, right, sample_weight=weight)


@cache
def _partial() -> list[int]:
    """The numbers of the texts that are labelled in few fields: single sentences and parts of briefs."""
    texts = enumerate(labelled_briefs("development"))
    return [number for number, one in texts if len(one.get("unlabelled", ())) > PARTIAL]


def _held_out(matrix: Any, right: Any, briefs: Any, strength: float, seen: float, of_parts: float) -> float:
    """F1 of the candidates that are likelier right than not, over briefs that the rules were not written with."""
    said = np.zeros(len(right), dtype=bool)
    for fold in range(FOLDS):
        out = briefs % FOLDS == fold
        model = _fit(matrix[~out], right[~out], briefs[~out], strength, seen, of_parts)
        said[out] = model.decision_function(matrix[out]) > 0
    fresh = briefs >= SEEN_BY_RULES
    both = float(np.sum(said & right & fresh))
    return 2 * both / max(float(np.sum(said & fresh) + np.sum(right & fresh)), 1.0)


def _write(name: str, signs: list[str], model: Any, strength: float) -> None:
    TABLES.mkdir(exist_ok=True)
    least = SMALLEST_OF_MANY if name in FEWEST else SMALLEST
    kept = [(sign, float(weight)) for sign, weight in zip(signs, model.coef_[0], strict=True)]
    rows = [
        f"# Learnt by scripts/train_brief.py {name} from the development half of our own briefs; strength {strength}.",
        f"(bias)\t{float(model.intercept_[0]):.3f}",
        *(f"{sign}\t{weight:.2f}" for sign, weight in kept if abs(weight) >= least),
    ]
    (TABLES / f"{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

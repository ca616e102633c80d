"""Learn the weights by which the brief's reader chooses product, industry and objective, from the development half.

    python -m scripts.train_brief_choices              # all three, in this order: industry rests on product
    python -m scripts.train_brief_choices objective    # one

Each table is a conditional logit (`weighing.Weights.shares`) with an L2 penalty, fitted by L-BFGS on the likelihood
that one of the right candidates is chosen, or none where the label is empty. Prints how often held-out briefs are read
right. The test half is not read.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.brief_accuracy import field_score, labelled_briefs

from marketmover.campaigns.brief.beside import read_beside
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document, read_document
from marketmover.campaigns.brief.industry import find_industry, industry_candidates, stated_industry
from marketmover.campaigns.brief.objective import find_objective, objective_candidates
from marketmover.campaigns.brief.product import find_product, product_candidates
from marketmover.campaigns.brief.targets import find_targets
from marketmover.campaigns.brief.weighing import Candidate, Weights

TABLES = Path(__file__).parent.parent / "src" / "marketmover" / "campaigns" / "brief" / "weights"
FOLDS = 8
PENALTIES = {"product": 2.0, "industry": 2.0, "objective": 0.9}  # by cross-validation
FEWEST = 3  # briefs must show a sign as often before it gets a weight
SMALLEST = 0.03
OLDEST = 260  # the first briefs, which words were collected from


@dataclass(frozen=True)
class Case:
    """A brief's candidates for one field, which of them are right, and how it is read by given weights."""

    number: int
    candidates: Sequence[Candidate]
    right: Sequence[bool]
    expected: str | None
    read: Callable[[Weights], Found[Any] | None]

    @property
    def teaches(self) -> bool:
        """Whether the right answer is among what can be chosen."""
        return any(self.right) or not self.expected


def product_case(number: int, document: Document, expected: str | None) -> Case:
    """Noun phrases; right are those that share most words with the label, half of them at least."""
    beside = read_beside(document)
    candidates = product_candidates(document, beside)
    shared = [_shared(expected or "", document.evidence(one.start, one.end)) for one in candidates]
    right = [share >= 0.5 for share in shared]
    return Case(number, candidates, right, expected, lambda by: find_product(document, beside, by))


def _shared(one: str, two: str) -> float:
    """The share of the words of two phrases that both have."""
    first, second = set(one.lower().split()), set(two.lower().split())
    return len(first & second) / max(len(first), len(second), 1)


def industry_case(number: int, document: Document, expected: str | None, product: Found[str] | None) -> Case:
    """Words of a line of business, beside the product as a model that has not seen the brief finds it."""
    candidates = [] if stated_industry(document) else industry_candidates(document, product)
    right = [one.value == expected for one in candidates]
    return Case(number, candidates, right, expected, lambda by: find_industry(document, product, by))


def objective_case(number: int, document: Document, expected: str | None) -> Case:
    """Words for an objective."""
    targets = find_targets(document)
    candidates = objective_candidates(document, targets)
    right = [one.value == expected for one in candidates]
    return Case(number, candidates, right, expected, lambda by: find_objective(document, targets, by))


def cases(name: str) -> list[Case]:
    """The labelled briefs of a field as cases."""
    rows = [
        (number, read_document(one["text"]), one["expect"].get(name), name in one.get("unlabelled", ()))
        for number, one in enumerate(labelled_briefs("development"))
    ]
    if name == "objective":
        return [objective_case(number, document, label) for number, document, label, skip in rows if not skip]
    if name == "product":
        return [product_case(number, document, label) for number, document, label, skip in rows if not skip]
    products = cases("product")
    tables = [fit("product", [one for one in products if one.number % FOLDS != fold]) for fold in range(FOLDS)]
    return [
        industry_case(number, document, label, find_product(document, read_beside(document), tables[number % FOLDS]))
        for number, document, label, skip in rows
        if not skip
    ]


def fit(name: str, known: Iterable[Case]) -> Weights:
    """The weights that make the right choices likeliest."""
    from scipy.optimize import minimize

    teaching = [one for one in known if one.teaches]
    times = Counter(sign for one in teaching for sign in {sign for each in one.candidates for sign in each.signs})
    signs = sorted(sign for sign, briefs in times.items() if briefs >= FEWEST)
    loss = _loss(teaching, signs, PENALTIES[name])
    best = minimize(loss, np.zeros(len(signs) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    return Weights(float(best[0]), dict(zip(signs, (float(one) for one in best[1:]), strict=True)))


def _loss(known: Sequence[Case], signs: Sequence[str], penalty: float) -> Callable[[Any], tuple[float, Any]]:
    """Penalised negative log-likelihood and its gradient; the first weight is the bias of all candidates over none."""
    from scipy.sparse import csr_matrix

    index = {sign: at + 1 for at, sign in enumerate(signs)}
    cells: list[tuple[int, int]] = []
    right: list[bool] = []
    starts: list[int] = []
    for one in known:
        starts.append(len(right))
        right.append(not one.expected)
        for candidate, fits in zip(one.candidates, one.right, strict=True):
            cells.extend((len(right), index[sign]) for sign in set(candidate.signs) if sign in index)
            cells.append((len(right), 0))
            right.append(fits)
    rows, columns = zip(*cells, strict=True)
    matrix = csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(right), len(signs) + 1))
    chosen, brief = np.array(right), np.repeat(np.arange(len(starts)), np.diff([*starts, len(right)]))

    def loss(weight: Any) -> tuple[float, Any]:
        scores = matrix @ weight
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[brief])
        everything, good = np.add.reduceat(raised, starts), np.add.reduceat(raised * chosen, starts)
        slope = matrix.T @ (raised / everything[brief] - raised * chosen / good[brief])
        value = float(np.sum(np.log(everything) - np.log(good)) + penalty / 2 * weight @ weight)
        return value, slope + penalty * weight

    return loss


def held_out(name: str, known: Sequence[Case]) -> list[tuple[Case, float]]:
    """Each case with its score by weights that were fitted without it."""
    scored: list[tuple[Case, float]] = []
    for fold in range(FOLDS):
        by = fit(name, [one for one in known if one.number % FOLDS != fold])
        for one in (one for one in known if one.number % FOLDS == fold):
            read = one.read(by)
            scored.append((one, field_score(name, one.expected, read.value if read else None)))
    return scored


def _write(name: str, by: Weights) -> None:
    TABLES.mkdir(exist_ok=True)
    rows = [
        f"# Learnt by scripts/train_brief_choices.py {name}, development half of our own briefs; L2 {PENALTIES[name]}.",
        f"(bias)\t{by.bias:.3f}",
        *(f"{sign}\t{weight:.2f}" for sign, weight in by.by_sign.items() if abs(weight) >= SMALLEST),
    ]
    (TABLES / f"{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Learn the named tables, or all."""
    for name in sys.argv[1:] or ("product", "industry", "objective"):
        known = cases(name)
        scored = held_out(name, known)
        for title, some in (
            ("first briefs", [score for one, score in scored if one.number < OLDEST]),
            ("fresh briefs and snippets", [score for one, score in scored if one.number >= OLDEST]),
        ):
            print(f"{name}, {title}: {sum(some) / len(some):.1%} of {len(some)} held-out briefs read as labelled")
        _write(name, fit(name, known))


if __name__ == "__main__":
    main()

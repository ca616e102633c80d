"""The room's verbs: read a test's results and decide."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from marketmover.experiments.analysis import analyse, check_sample, planned_shares
from marketmover.experiments.decision import Decision, Money, decide
from marketmover.experiments.findings import Finding, Terms
from marketmover.experiments.metrics import PEOPLE, Metric, resolve_metric
from marketmover.experiments.models.mismatch import Mismatch
from marketmover.experiments.results import Results
from marketmover.kit import counted

_SHARE_OFF = 0.1


@dataclass(frozen=True)
class Report:
    """What a test has shown.

    Attributes:
        results: What was counted.
        terms: What was fixed beforehand.
        mismatch: The sample-ratio check, `None` where nothing counts who was assigned.
        findings: Each arm against the control, in the metric that decides.
        decisions: On each arm, in the same order.
        others: The first arm's findings in what else was counted, without a verdict.
        notes: What to mind.
    """

    results: Results
    terms: Terms
    mismatch: Mismatch | None
    findings: list[Finding]
    decisions: list[Decision]
    others: list[Finding]
    notes: list[str]

    @property
    def best(self) -> int:
        """The arm that the decision is about: the best winner, else the likeliest to be better."""
        won = [place for place, decision in enumerate(self.decisions) if decision.verdict == "better"]
        places = won or list(range(len(self.findings)))
        return max(places, key=lambda place: self.findings[place].probability)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        best = self.decisions[self.best]
        return {
            "verdict": best.verdict,
            "words": best.words,
            "arms": list(self.results.arms),
            "metric": self.findings[0].metric.name,
            "alpha": self.terms.alpha,
            "sample_ratio": asdict(self.mismatch) if self.mismatch else None,
            "findings": [
                _plain(asdict(finding) | {"decision": asdict(decision)})
                for finding, decision in zip(self.findings, self.decisions, strict=True)
            ],
            "others": [_plain(asdict(finding) | {"looks": ()}) for finding in self.others],
            "notes": self.notes,
        }


def read_experiment(results: Results, metric: str | None, terms: Terms, money: Money | None = None) -> Report:
    """Analyse a test and decide.

    Args:
        results: What was counted.
        metric: What decides; by default what matters most among the columns.
        terms: What was fixed before the test began.
        money: What results are worth.

    Raises:
        InputError: The metric is not there, or cannot be compared in these data.
    """
    results = _as_planned(results, terms)
    chosen = resolve_metric(metric, list(results.columns))
    mismatch = check_sample(results, terms)
    findings = analyse(results, chosen, terms)
    each = replace(terms, alpha=terms.alpha / len(findings))
    decisions = [decide(finding, each, money or Money(), mismatch, results) for finding in findings]
    return Report(
        results=results,
        terms=terms,
        mismatch=mismatch,
        findings=findings,
        decisions=decisions,
        others=[analyse(results, other, terms)[0] for other in _others(results, chosen)],
        notes=[*results.notes, *_share_notes(results, terms, mismatch)],
    )


def _as_planned(results: Results, terms: Terms) -> Results:
    """The results up to the planned end: whoever adds days until it is clear finds something at last."""
    planned = terms.planned_days
    if planned is None or len(results.dates) <= planned or results.units:
        return results
    late = counted(len(results.dates) - planned, "day")
    note = (
        f"The test was planned for {counted(planned, 'day')}: {late} after {results.dates[planned - 1]} do not count."
    )
    return replace(
        results,
        dates=results.dates[:planned],
        columns={name: values[:, :planned] for name, values in results.columns.items()},
        present=results.present[:, :planned],
        notes=(*results.notes, note),
    )


def _others(results: Results, chosen: Metric) -> list[Metric]:
    """What else was counted, that has something to compare in each arm."""
    names = [
        name
        for name, values in results.columns.items()
        if name not in {*PEOPLE, chosen.numerator, results.before}
        and not name.endswith("_squared")
        and (values.sum(axis=1) > 0).all()
    ]
    return [resolve_metric(name, list(results.columns)) for name in names]


def _share_notes(results: Results, terms: Terms, mismatch: Mismatch | None) -> list[str]:
    """Money that was not split as planned, where nothing says who was assigned."""
    notes: list[str] = []
    if mismatch is None:
        notes.append(
            "Nothing here counts who was assigned to each arm (users, visitors), so the sample ratio cannot be checked."
        )
    spent = results.columns.get("cost")
    if spent is not None and (spent.sum(axis=1) > 0).all():
        planned = planned_shares(terms, len(results.arms))
        seen = spent.sum(axis=1) / spent.sum()
        for arm, share, plan in zip(results.arms, seen, planned, strict=True):
            if abs(share / plan - 1.0) > _SHARE_OFF:
                notes.append(
                    f"Arm {arm} spent {share:.0%} of the money, planned were {plan:.0%}: part of the difference is the "
                    "money's. Compare what a result costs as well."
                )
                break
    return notes


def _plain(value: Any) -> Any:
    """Values as JSON knows them: no infinities."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not abs(value) < float("inf") else value

"""What changed between two plans, on a terminal or in a plain pipe."""

from marketmover.campaigns.changes.report import LineChange, PlanDiff
from marketmover.campaigns.changes.words import between, signed, step_words
from marketmover.campaigns.page.words import metric_name, metric_value, shortened
from marketmover.charts import Formats, clean, or_dash
from marketmover.console import Table, noted, print_parts
from marketmover.plans import PLATFORM_NAMES, Range

_SIMULATED = "SIMULATED DATA: these campaigns, accounts and results are not real."
_NAME = 44
_MOST_REASONS = 12
STATUS = {
    "new": "new",
    "joined": "joins",
    "started": "starts",
    "stopped": "stops",
    "left_out": "left out",
    "dropped": "gone",
}


def show_diff(diff: PlanDiff) -> None:
    """Print what changed: the summary first, then causes, results, lines."""
    print_parts(outline(diff))


def outline(diff: PlanDiff) -> list[str | Table]:
    """What `show_diff` prints, in order."""
    formats = Formats(diff.currency)
    parts: list[str | Table] = [_SIMULATED] if diff.simulated else []
    parts += diff.summary
    parts += noted("What the plans were made from", [cause.words for cause in diff.causes])
    if not diff.same:
        parts += [_results(diff, formats)] if diff.results else []
        parts += [_steps(diff, formats)] if diff.steps else []
        parts += [_lines(diff, formats)]
        changed = [line for line in diff.lines if line.reasons and line.status != "same"]
        parts += noted("Why", [f"{line.name}: {' '.join(line.reasons[:3])}" for line in changed[:_MOST_REASONS]])
        settings = [f"{line.name}: {one}." for line in diff.lines for one in line.settings]
        parts += noted("Settings", settings[:_MOST_REASONS])
    parts += noted("Note", diff.notes)
    return [part if isinstance(part, Table) else clean(part) for part in parts]


def _results(diff: PlanDiff, formats: Formats) -> Table:
    columns = ["", "Old", "Range", "New", "Range "]
    table = Table("Expected", columns, right=frozenset(columns[1:]))
    for one in diff.results:
        cells = [cell for span in (one.old, one.new) for cell in _figures(one.metric, span, formats)]
        table.rows.append([metric_name(one.metric, formats), *cells])
    return table


def _figures(metric: str, span: Range | None, formats: Formats) -> list[str]:
    if span is None:
        return ["-", ""]
    return [metric_value(metric, span.mid, formats), between(metric, span, formats)]


def _steps(diff: PlanDiff, formats: Formats) -> Table:
    what = metric_name(diff.metric or "", formats)
    rows = [step_words(step, diff, formats) for step in diff.steps]
    return Table("Where the change comes from", [what, "Change"], [list(row) for row in rows], frozenset({"Change"}))


def _lines(diff: PlanDiff, formats: Formats) -> Table:
    columns = ["Line", "Old", "New", "Change", "by total", "by split"]
    table = Table("Budgets", columns, right=frozenset(columns[1:]))
    for line in diff.lines:
        table.rows.append(
            [
                f"{shortened(line.name, _NAME)} ({PLATFORM_NAMES[line.platform]})",
                or_dash(line.old, formats.money),
                or_dash(line.new, formats.money),
                f"{money_change(line.change, formats)}{_status(line)}",
                money_change(line.by_total, formats),
                money_change(line.by_split, formats),
            ]
        )
    totals = (formats.money(side.total_budget) for side in (diff.old, diff.new))
    grown = diff.new.total_budget - diff.old.total_budget
    table.rows.append(["Total", *totals, money_change(grown, formats), "", ""])
    return table


def money_change(amount: float, formats: Formats) -> str:
    """A change of money with its sign; a dash for none."""
    return signed(amount, "cost", formats) if abs(amount) >= 0.005 else or_dash(None, str)


def _status(line: LineChange) -> str:
    return f" ({STATUS[line.status]})" if line.status in STATUS else ""

"""A plan on a terminal or in a plain pipe: the answer first, then the split, then what to mind."""

from pathlib import Path

from marketmover.campaigns.compose.words import day as spoken_day
from marketmover.campaigns.page.answer import answer, has_history, likelihood, shown_metrics, target_sentences
from marketmover.campaigns.page.changed import becomes, weightiest
from marketmover.campaigns.page.lines import Group, Lines, line_name
from marketmover.campaigns.page.words import NEW_SETTING, metric_name, metric_value
from marketmover.campaigns.returns.show import bill_words, headline
from marketmover.charts import Formats, clean, or_dash
from marketmover.console import Table, noted, print_parts, print_text
from marketmover.plans import Plan, PlanLine, Range, SettingChange, State

_ROWS = 16
_NAME = 44
_CHANGES = 4
_SIMILAR = 3
_BY = {"age": "age", "gender": "gender", "country": "country", "region": "place"}
_SIMULATED = "SIMULATED DATA: these campaigns, accounts and results are not real."


def show_plan(plan: Plan, page: Path | None = None) -> None:
    """Print a plan for people: to a terminal with rules, to a pipe as plain columns.

    Args:
        plan: The plan.
        page: Where its `plan.html` lies, named at the end; `None` where none was written.
    """
    print_parts(outline(plan, page))


def show_waiting(path: Path) -> None:
    """Say, where it is so, that running lines of a published plan wait for its first day."""
    folder = path if path.is_dir() else path.parent
    state = State.read(folder)
    if state is not None and state.waits_until is not None:
        print_text(
            f"Published, and its running lines change on {spoken_day(state.waits_until)}: `marketmover serve` does it, "
            f"or `marketmover plan publish {folder}` on that day."
        )


def outline(plan: Plan, page: Path | None = None) -> list[str | Table]:
    """What `show_plan` prints, in order: lines of text and tables."""
    formats = Formats(plan.currency)
    parts: list[str | Table] = [_SIMULATED] if plan.simulated else []
    said = answer(plan, formats)
    parts += [said.headline, *(sentence for sentence in (said.sureness, said.price) if sentence)]
    parts += [_expected(plan, formats)] if plan.expected else []
    parts += noted("You asked for", target_sentences(plan, formats))
    parts.append(_split(plan, formats))
    parts += noted("What changes beside the budgets", _changes(plan))
    parts += noted("Warnings", [warning for warning in plan.warnings if warning not in plan.set_up])
    parts += noted("Assumed", plan.assumptions)
    parts += noted("What could go wrong", plan.risks) + noted("Stop first", plan.stop_first)
    parts += noted("What would change this advice", plan.would_change_it)
    parts += noted("Who is reached", [f"By {_BY[report.by]}: {report.words}" for report in plan.fairness.groups])
    if plan.returns is not None:
        said = [headline(plan.returns, plan.currency), *bill_words(plan.returns, formats)]
        parts += noted("What each campaign type returns", said)
    parts += noted("Similar campaigns of the past", _similar(plan))
    parts += noted("A test of the whole plan against today's", [plan.ab_test.words] if plan.ab_test else [])
    parts += noted("To set up by hand", plan.set_up)
    if page is not None:
        parts += ["", f"To read, print and sign: {page}"]
    return [part if isinstance(part, Table) else clean(part) for part in parts]


def _similar(plan: Plan) -> list[str]:
    """The most similar ones: what they cost and brought, and the first reason why they are called so."""
    return [" ".join((one.words, *one.why[:1])) for one in plan.similar_campaigns[:_SIMILAR]]


def _changes(plan: Plan) -> list[str]:
    """What all changed settings add, the weightiest of them, and what is tried."""
    if plan.settings is None:
        return []
    found = weightiest(plan)
    rows = [f"“{_short(line)}”, {_before_after(one)}" for line, one in found[:_CHANGES]]
    rows += [f"{len(found) - _CHANGES} more, in plan.html"] if len(found) > _CHANGES else []
    return [plan.settings.words, *rows, *([plan.exploration.words] if plan.exploration else [])]


def _before_after(one: SettingChange) -> str:
    """What becomes of a setting, and what that is expected to do, on a line of a terminal."""
    gain, sure = Formats().change(one.gain.mid), likelihood(one.probability)
    return f"{NEW_SETTING[one.parameter]}: {becomes(one)} ({gain}, {sure} likely for the better)"


def _expected(plan: Plan, formats: Formats) -> Table:
    compared = has_history(plan) and bool(plan.baseline.expected)
    columns = ["", "This plan", "Range", *(["Today's split", "Range "] if compared else [])]
    table = Table("Expected", columns, right=frozenset(columns[1:]))
    for metric in shown_metrics(plan):
        cells = _figures(metric, plan.expected[metric], formats)
        if compared:
            cells += _figures(metric, plan.baseline.expected.get(metric), formats)
        table.rows.append([metric_name(metric, formats), *cells])
    return table


def _figures(metric: str, value: Range | None, formats: Formats) -> list[str]:
    if value is None:
        return ["-", ""]

    def write(figure: float) -> str:
        return metric_value(metric, figure, formats)

    return [write(value.mid), formats.between(value.low, value.high, write)]


def _split(plan: Plan, formats: Formats) -> Table:
    lines = Lines(plan, formats)
    result = metric_name(lines.metric, formats) if lines.metric else "Result"
    columns = ["Line", "Today", "Advised", "Change", result, "Range"]
    table = Table("Split", columns, right=frozenset(columns[1:]))
    names = {line.id: _short(line) for line in plan.lines}
    for group in lines.by_platform(_ROWS):
        table.rows += _rows(group, names)
    today = sum(lines.today.values()) if has_history(plan) else None
    table.rows.append(["Total", or_dash(today, formats.money), formats.money(plan.total_budget), "", "", ""])
    return table


def _rows(group: Group, names: dict[str, str]) -> list[list[str]]:
    rows = [[group.name.striptags(), group.today, group.advised, group.change, "", ""]]
    rows += [
        [f"  {names[row.id]}", row.today, row.advised, row.change, row.expected, row.between] for row in group.rows
    ]
    return rows + ([[f"  {group.rest}", group.rest_today, group.rest_advised, "", "", ""]] if group.rest else [])


def _short(line: PlanLine) -> str:
    """A line's name on one line of a terminal; a long one loses its middle, since names of one campaign end unlike."""
    name = " ".join(clean(line_name(line)).split())
    half = (_NAME - 3) // 2
    return name if len(name) <= _NAME else f"{name[:half].rstrip()}...{name[-half:].lstrip()}"

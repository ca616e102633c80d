"""Returns on a terminal or in a plain pipe."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marketmover.campaigns.compose.words import metric_words, one_of
from marketmover.campaigns.page.words import metric_name
from marketmover.campaigns.returns.words import price, price_range
from marketmover.charts import Formats, clean
from marketmover.console import Table, print_parts
from marketmover.plans import Range, ReturnEstimate, Returns, TypeReturn

METHODS = ("model", "regression")
_MONEY = "revenue"
_NOTHING = ("\N{EN DASH}", "")
_SIMULATED = "SIMULATED DATA: these campaigns, accounts and results are not real."


def show_returns(found: Returns, currency: str, *, simulated: bool) -> None:
    """Print what each campaign type returns."""
    print_parts(outline(found, currency, simulated=simulated))


def outline(found: Returns, currency: str, *, simulated: bool) -> list[str | Table]:
    """What `show_returns` prints, in order."""
    formats = Formats(currency)
    parts: list[str | Table] = [_SIMULATED] if simulated else []
    parts += [headline(found, currency)]
    parts += [_table(sheet) for sheet in sheets(found, formats)]
    parts += ["", *(f"- {kind.name}: {kind.words}" for kind in found.types)]
    parts += ["", *bill_words(found, formats), *(f"- {remark}" for remark in found.remarks)]
    return [part if isinstance(part, Table) else clean(part) for part in parts]


def headline(found: Returns, currency: str) -> str:
    """The answer in a sentence: which type's next money brings most and which least, and whether that is sure."""
    known = [(kind, one) for kind in found.types if (one := estimate(kind, found.metric, "model", when(found)))]
    if not known:
        return "No campaign type has money, so nothing returns anything."
    if len(known) == 1:
        return f"There is one campaign type with money: {known[0][0].name}."
    least, most = (choose(known, key=lambda pair: pair[1].marginal.mid) for choose in (min, max))
    sure = most[1].marginal.low > least[1].marginal.high
    ends = [f"{kind.name} ({_next(one, currency)})" for kind, one in (most, least)]
    doubt = "" if sure else " Their ranges overlap, so that is likely rather than sure."
    return f"The next money brings most on {ends[0]} and least on {ends[1]}.{doubt}"


def _next(one: ReturnEstimate, currency: str) -> str:
    formats = Formats(currency)
    if one.metric == "revenue":
        return f"{formats.per_unit(one.marginal.mid)} back for each {formats.short_money(1)}"
    return f"{price(one.marginal, one.metric, currency)} for one more"


def metrics_of(found: Returns) -> list[str]:
    """What is estimated: the main metric first."""
    known = {one.metric for kind in found.types for one in kind.estimates}
    return sorted(known, key=lambda metric: (metric != found.metric, metric))


def when(found: Returns) -> str:
    """At which budgets the answer is given."""
    return "planned" if any(kind.planned is not None for kind in found.types) else "present"


def estimate(kind: TypeReturn, metric: str, method: str, budgets: str) -> ReturnEstimate | None:
    """One estimate of a type, if there is one."""
    asked = (metric, method, budgets)
    return next((one for one in kind.estimates if (one.metric, one.method, one.budgets) == asked), None)


@dataclass(frozen=True)
class Sheet:
    """Figures of all types in one regard, a row a type and its budgets: a title, heads, and cells with their ranges."""

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]


def sheets(found: Returns, formats: Formats) -> list[Sheet]:
    """The figures, by metric, and the return in money where there is revenue."""
    made: list[Sheet] = []
    for metric in metrics_of(found):
        heads = [f"{what}, {method}" for what in ("Average", "Next") for method in METHODS]
        money = f"{metric_name(metric, formats)} for each {formats.short_money(1)} of media"
        title = money if metric == _MONEY else f"What {_one(metric)} costs"
        made.append(_sheet(found, title, heads, metric, formats, _worth))
        if metric == _MONEY:
            heads = [f"{what}, {method}" for what in ("ROI", "Profit") for method in METHODS]
            net = ", fee and tax paid" if found.agency_fee or found.tax_rate else ""
            kept = "profit" if found.margin is not None else "revenue"
            shown = heads if found.margin is not None else heads[:2]
            made.append(_sheet(found, f"Return on investment, by {kept}{net}", shown, metric, formats, _gain))
    return made


_Cell = tuple[str, str]
_Write = Callable[[ReturnEstimate, Formats], tuple[_Cell, _Cell]]


def _sheet(found: Returns, title: str, heads: Sequence[str], metric: str, formats: Formats, write: _Write) -> Sheet:
    rows: list[tuple[str, str, Sequence[_Cell]]] = []
    for kind in found.types:
        for budgets, spend in (("present", kind.present), ("planned", kind.planned)):
            pairs = [
                write(one, formats) if (one := estimate(kind, metric, method, budgets)) else (_NOTHING, _NOTHING)
                for method in METHODS
            ]
            if spend and any(pair[0] != _NOTHING for pair in pairs):
                cells = [pair[place] for place in (0, 1) for pair in pairs]
                rows.append((kind.name, f"{formats.money(spend)}, {budgets}", cells[: len(heads)]))
    return Sheet(title, heads, rows)


def _worth(one: ReturnEstimate, formats: Formats) -> tuple[_Cell, _Cell]:
    """Average and next: prices of a result, or what a unit of money brings back."""
    if one.metric == _MONEY:
        return _span(one.average, formats.per_unit, formats), _span(one.marginal, formats.per_unit, formats)
    code = formats.currency
    average, marginal = (
        (price(value, one.metric, code), price_range(value, one.metric, code)) for value in (one.average, one.marginal)
    )
    return average, marginal


def _gain(one: ReturnEstimate, formats: Formats) -> tuple[_Cell, _Cell]:
    return _span(one.roi, formats.change, formats), _span(one.profit, formats.money, formats)


def _span(value: Range | None, write: Callable[[float], str], formats: Formats) -> _Cell:
    return _NOTHING if value is None else (write(value.mid), formats.between(value.low, value.high, write))


def _table(sheet: Sheet) -> Table:
    columns = ["Campaign type", "Spend", *sheet.heads]
    rows = [
        [name, spend, *(f"{mid} ({span})" if span else mid for mid, span in cells)] for name, spend, cells in sheet.rows
    ]
    return Table(sheet.title, columns, list(rows), frozenset(columns[1:]))


def _one(metric: str) -> str:
    return f"a thousand {metric_words(metric)}" if metric in ("impressions", "reach") else f"one {one_of(metric)}"


def bill_words(found: Returns, formats: Formats) -> list[str]:
    """What it costs the client in all and what it leaves, where a fee, a tax or a margin is given."""
    said: list[str] = []
    if found.agency_fee or found.tax_rate:
        parts = [("media", "media"), ("agency_fee", "agency fee"), ("tax", "tax")]
        listed = ", ".join(f"{formats.money(found.cost[key])} {name}" for key, name in parts if found.cost[key])
        said.append(f"In all it costs {formats.money(found.cost['total'])} over {found.days} days: {listed}.")
    if found.profit is not None:
        span = formats.between(found.profit.low, found.profit.high, formats.money)
        net = ", fee and tax paid" if found.agency_fee or found.tax_rate else ""
        said.append(f"It is expected to leave a profit of {formats.money(found.profit.mid)} ({span}){net}.")
    return said

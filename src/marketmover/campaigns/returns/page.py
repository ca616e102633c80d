"""Returns as a page of its own, and as figures that the plan's page shows as well."""

from importlib.resources import files

from markupsafe import Markup

from marketmover.campaigns.returns.show import Sheet, bill_words, headline, sheets
from marketmover.charts import Column, Formats, join, page, table, tag
from marketmover.plans import Returns, TypeReturn

_TITLE = "What each campaign type returns"


def render_page(found: Returns, currency: str, *, simulated: bool = False) -> str:
    """The page's text: no script, no network, light and dark; the same returns give the same text."""
    formats = Formats(currency)
    said = headline(found, currency)
    sections = [
        *(tag("section", tag("h2", title), shown) for title, shown in tables(found, formats)),
        tag("section", tag("h2", "In words"), tag("ul", *(_words(kind) for kind in found.types))),
        tag("section", tag("h2", "How to read this"), tag("ul", *(tag("li", remark) for remark in found.remarks))),
    ]
    bill = [tag("p", sentence, class_="lead") for sentence in bill_words(found, formats)]
    header = tag("header", tag("p", tag("span", _TITLE), class_="kicker"), tag("h1", said), *bill)
    styles = files("marketmover.campaigns.returns").joinpath("page.css").read_text(encoding="utf-8")
    body = tag("main", header, *sections, class_="returns")
    return page(_TITLE, body, simulated=simulated, description=said, styles=styles)


def tables(found: Returns, formats: Formats) -> list[tuple[str, Markup]]:
    """A title and a table in each regard, a row a type and its budgets, both ways side by side."""
    return [(sheet.title, _table(sheet)) for sheet in sheets(found, formats) if sheet.rows]


def _table(sheet: Sheet) -> Markup:
    heads = [Column("Campaign type"), *(Column(head, figures=True) for head in sheet.heads)]
    rows = [
        [join(name, " ", tag("span", spend, class_="kind")), *(_cell(*cell) for cell in cells)]
        for name, spend, cells in sheet.rows
    ]
    return table(heads, rows)


def _cell(figure: str, small: str) -> Markup:
    return join(figure, " ", tag("span", small, class_="range"))


def _words(kind: TypeReturn) -> Markup:
    return tag("li", tag("strong", f"{kind.name}: "), kind.words)

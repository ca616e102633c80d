"""A comparison as one self-contained page: the answer, a table for each outcome, how it was done."""

from importlib.resources import files

from markupsafe import Markup

from marketmover.campaigns.modelling.report import Comparison, OutcomeTable
from marketmover.campaigns.modelling.show import HEADS, cells
from marketmover.campaigns.modelling.words import answer, outcome
from marketmover.charts import Column, Formats, page, table, tag

_TITLE = "Models, compared through time"
_MINOR = {"Log score", "Deviance", "Adds", "Weight"}


def render_page(found: Comparison) -> str:
    """The page's text: no script, no network, light and dark; the same comparison gives the same text."""
    headline, *sentences = answer(found)
    formats = Formats()
    span = formats.dates(found.first_date, found.last_date) if found.first_date and found.last_date else "no history"
    header = tag(
        "header",
        tag("p", tag("span", _TITLE), tag("span", span), class_="kicker"),
        tag("h1", headline),
        *(tag("p", sentence, class_="lead") for sentence in sentences),
    )
    sections = [_section(one) for one in found.outcomes]
    if found.outcomes:
        sections.append(_how(found))
    body = tag("main", header, *sections, class_="models")
    styles = files("marketmover.campaigns.modelling").joinpath("page.css").read_text(encoding="utf-8")
    return page(_TITLE, body, simulated=found.simulated, description=headline, styles=styles)


def _section(one: OutcomeTable) -> Markup:
    heads = [Column(head, figures=place > 0, minor=head in _MINOR) for place, head in enumerate(HEADS[:-1])]
    rows = [[cell.replace("-", "\N{MINUS SIGN}") for cell in cells(row)[:-1]] for row in (*one.models, one.together)]
    note = (
        f"{one.folds} stretches from {one.first_date} to {one.last_date}, {one.forecasts} forecasts, "
        f"{one.counted:,.0f} counted; {one.warm_up} earlier stretches taught weights only."
    )
    return tag(
        "section",
        tag("h2", outcome(one.outcome).capitalize()),
        table(heads, rows),
        tag("p", note, class_="note"),
    )


def _how(found: Comparison) -> Markup:
    made = (
        f"Repeat it: marketmover models compare --weeks {found.weeks} --seed {found.seed} --trials {found.trials}. "
        f"Data fingerprint {found.fingerprint}."
    )
    notes = tag("ul", *(tag("li", note) for note in (*found.notes, made)))
    return tag("section", tag("h2", "How to read this"), notes)

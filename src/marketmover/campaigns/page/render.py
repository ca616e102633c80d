"""From a plan to its page."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from marketmover.campaigns.page.view import plan_view
from marketmover.campaigns.page.words import sentence
from marketmover.charts import Formats, clean, page
from marketmover.plans import Plan

if TYPE_CHECKING:
    from jinja2 import Template


def render_page(plan: Plan, *, brief_text: str | None = None, locale: str = "") -> str:
    """A plan as one self-contained HTML page: no script, no network, light and dark, at home on A4 and Letter.

    Args:
        plan: The plan.
        brief_text: The brief as the client wrote it; where given, it is shown with the understood words marked.
        locale: A CLDR locale for figures and days; by default one that fits the plan's currency.

    Returns:
        The page's text; the same plan gives the same text.
    """
    view = plan_view(plan, Formats(plan.currency, locale), brief_text)
    # The template escapes every value by itself (autoescape).
    body = Markup(_template().render(view=view, simulated=plan.simulated))  # noqa: S704 - see above
    return page(
        f"Media plan: {view.title}",
        body,
        simulated=plan.simulated,
        description=view.answer.headline,
        styles=files("marketmover.campaigns.page").joinpath("page.css").read_text(encoding="utf-8"),
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("marketmover.campaigns.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters["sentence"] = sentence
    return environment.get_template("page.html")


def _printable(value: object) -> object:
    return clean(value) if type(value) is str else value

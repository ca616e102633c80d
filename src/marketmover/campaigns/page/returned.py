"""What each campaign type returns, as a section of the plan's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marketmover.campaigns.returns.page import tables
from marketmover.campaigns.returns.show import bill_words, headline
from marketmover.charts import Formats
from marketmover.plans import Plan, TypeReturn


@dataclass(frozen=True)
class Returned:
    """The answer in a sentence, the bill, tables by metric, and the types on which the two methods differ."""

    headline: str
    bill: Sequence[str]
    tables: Sequence[tuple[str, Markup]]
    doubts: Sequence[TypeReturn]
    remarks: Sequence[str]


def returned(plan: Plan, formats: Formats) -> Returned | None:
    """The plan's returns; `None` where it has none."""
    found = plan.returns
    if found is None or not found.types:
        return None
    return Returned(
        headline=headline(found, plan.currency),
        bill=bill_words(found, formats),
        tables=tables(found, formats),
        doubts=[kind for kind in found.types if kind.agree is False],
        remarks=found.remarks,
    )

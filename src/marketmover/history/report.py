"""What a history holds, as a form that tables, JSON and the page are made from."""

from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from marketmover.history.import_report import ImportReport
from marketmover.history.mapping import ActionKind
from marketmover.history.panel import Panel


@dataclass(frozen=True)
class Gap:
    """Days without rows, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Outlier:
    """A day's figure far above its surroundings; it is kept."""

    date: date
    metric: str
    value: float
    usual: float


@dataclass(frozen=True)
class LineCoverage:
    """A budget line: what is known of it, and what is missing. Money in the panel's currency."""

    id: str
    name: str
    platform: str
    ad_type: str
    status: str
    first_date: date
    last_date: date
    days: int
    missing_days: int
    spend: float
    conversions: float
    leads: float
    sales: float
    revenue: float
    gaps: list[Gap] = field(default_factory=list[Gap])
    outliers: list[Outlier] = field(default_factory=list[Outlier])


@dataclass(frozen=True)
class Correlation:
    """How a feature and an outcome go together from week to week within lines; `None` where too little is known."""

    feature: str
    outcome: str
    value: float | None


@dataclass(frozen=True)
class CrmSummary:
    """CRM leads: all, those of campaigns that the platforms' exports do not have, and what became of them."""

    leads: int
    of_unknown_campaigns: int
    decided: int
    qualified: int
    won: int
    revenue: float


@dataclass(frozen=True)
class HistoryReport:
    """What a history holds.

    Attributes:
        simulated: Whether it says of itself that it is simulated.
        currency: Of all money here; other accounts' spend stands in `spend_by_currency` alone.
        first_date, last_date: Of daily figures; `None` where there are none.
        rows: Facts by kind: `daily`, `action`, `breakdown`, `ad`.
        lines: Budget lines, those that spent most first.
        correlations: Features and outcomes.
        actions: What each conversion action was taken for.
        quarantine: Rows that could not be used, by reason.
        flags: Values kept but odd, to how many rows have them.
        unknown: Rows of unknown kinds, by what they seem to be.
        crm: `None` where there are no CRM leads.
        imports: In their order.
        notes: What a reader should know before trusting the figures, in words.
        panel: The arrays that this rests on.
    """

    simulated: bool
    currency: str
    first_date: date | None
    last_date: date | None
    rows: dict[str, int]
    spend_by_currency: dict[str, float]
    lines: list[LineCoverage]
    correlations: list[Correlation]
    actions: list[ActionKind]
    quarantine: dict[str, int]
    flags: dict[str, int]
    unknown: dict[str, int]
    crm: CrmSummary | None
    imports: list[ImportReport]
    notes: list[str]
    panel: Panel

    @property
    def outliers(self) -> int:
        """Days with a figure far above its surroundings."""
        return sum(len({outlier.date for outlier in line.outliers}) for line in self.lines)

    @property
    def missing_days(self) -> int:
        """Days without rows between lines' first and last days, all lines together."""
        return sum(line.missing_days for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values, without the arrays."""
        skipped = ("panel", "imports")
        values: dict[str, Any] = {}
        for name in (form.name for form in fields(self) if form.name not in skipped):
            value: Any = getattr(self, name)
            values[name] = [_plain(item) for item in value] if isinstance(value, list) else _plain(value)
        values["imports"] = [report.to_json() for report in self.imports]
        return values


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value

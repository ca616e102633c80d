"""CRM leads as staged columns, and why one cannot be used."""

from marketmover.history.reading.columns import ReadSpec
from marketmover.history.reading.figures import Figure, date_of, first_reason

_FLAGS = ("qualified", "won")
_MOMENTS = ("qualified_at", "won_at")


def crm_select(spec: ReadSpec, source: str, today: str) -> str:
    """SQL that turns rows read by `spec` from the relation `source` into staged leads; `today` is SQL for a day."""
    del spec
    revenue = Figure("revenue", "revenue", "signed", "revenue")
    known = "lead_id IS NOT NULL OR (created_at IS NOT NULL AND campaign_id IS NOT NULL)"
    return f"""
    WITH told AS (
        SELECT hash(filename) AS file, CASE WHEN {known} THEN 'lead' ELSE 'unknown' END AS kind,
            lead_id, {date_of("created_at")} AS date, created_at, platform, campaign_id,
            coalesce(ad_group_id, '') AS group_id,
            {", ".join(f"{_flag(name)} AS {name}" for name in _FLAGS)},
            {", ".join(f"{date_of(name)} AS {name}" for name in _MOMENTS)},
            {revenue.typed_as()}, said_revenue, upper(currency) AS currency,
            CASE {" ".join(_wrong_flag(name) for name in _FLAGS)}
                {" ".join(_wrong_moment(name) for name in ("created_at", *_MOMENTS))} END AS wrong_text,
            FALSE AS misspelt
        FROM (SELECT *, {revenue.said_as()} FROM {source})
    )
    SELECT * EXCLUDE (wrong, wrong_text, said_revenue, fault),
        CASE WHEN kind = 'lead' THEN fault.reason END AS reason, fault.detail AS detail
    FROM (SELECT *, {_reason(today)} AS fault
        FROM (SELECT *, CASE {revenue.wrong()} ELSE wrong_text END AS wrong FROM told))
    """  # noqa: S608 - built from constants of this package


def _flag(name: str) -> str:
    return f"TRY_CAST({name} AS BOOLEAN)"


def _wrong_flag(name: str) -> str:
    return f"""WHEN {name} IS NOT NULL AND {_flag(name)} IS NULL
        THEN '{name} is "' || {name} || '", not true, false or null'"""


def _wrong_moment(name: str) -> str:
    return f"""WHEN {name} <> '' AND ({date_of(name)}) IS NULL
        THEN '{name} is "' || {name} || '", not a time such as 2025-03-02T10:15:00Z'"""


def _reason(today: str) -> str:
    return first_reason(
        [
            ("wrong IS NOT NULL", "wrong_type", "wrong"),
            ("date IS NULL", "missing_date", "'no created_at'"),
            ("lead_id IS NULL OR lead_id = ''", "missing_id", "'no lead_id'"),
            (f"date > {today}", "future", f"date || ' is after ' || {today}"),
        ]
    )

"""Figures and days as typed columns, and the reasons for which a row cannot be used, as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["whole", "fraction", "signed", "share", "money"]

_MEANT = {
    "whole": "a whole number",
    "fraction": "a number",
    "signed": "a number",
    "money": "an amount of money",
}


@dataclass(frozen=True)
class Figure:
    """A figure of a row.

    Attributes:
        name: The staged column.
        text: SQL for its text; null where the row does not have it, which means 0.
        kind: `whole` and `fraction` are counts, `signed` may be negative, `money` is in major units and becomes
            micros, `share` is a fraction that is dropped (not the row) where it cannot be read.
        label: What a person knows it by.
    """

    name: str
    text: str
    kind: Kind
    label: str

    @property
    def said(self) -> str:
        """The column that the figure's text stands in before it is typed."""
        return f"said_{self.name}"

    def said_as(self) -> str:
        """The figure's text under a name of its own."""
        return f"{self.text} AS {self.said}"

    def typed_as(self) -> str:
        """The figure's value as a staged column; null where it is missing or cannot be read."""
        return f'{self._typed()} AS "{self.name}"'

    def _typed(self) -> str:
        if self.kind == "money":
            # exact below 2**51 micros; decimals are as exact for any sum, and ten times slower
            number = f"TRY_CAST({self.said} AS DOUBLE)"
            # decimals and whole numbers take a lone sign before a blank for nought, doubles do not
            wide = f"TRY_CAST(TRY_CAST({self.said} AS DECIMAL(28, 6)) * 1000000 AS BIGINT)"
            near = f"CASE WHEN abs({number}) < 1e9 THEN CAST(round({number} * 1e6) AS BIGINT)"
            return f"{near} WHEN {number} IS NOT NULL THEN {wide} END"
        if self.kind == "whole":
            whole = f"TRY_CAST({self.said} AS BIGINT)"
            fraction = f"contains({self.said}, '.') AND TRY_CAST({self.said} AS DOUBLE) <> {whole}"
            misread = f"({whole} = 0 AND TRY_CAST({self.said} AS DOUBLE) IS NULL)"
            return f"CASE WHEN {fraction} OR {misread} THEN NULL ELSE {whole} END"
        number = f"TRY_CAST({self.said} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"

    def wrong(self) -> str:
        """SQL `WHEN ... THEN ...` for text that is no such figure."""
        words = f"""'{self.label} is "' || {self.said} || '", not {_MEANT[self.kind]}'"""
        return f"WHEN {self.name} IS NULL AND {self.said} IS NOT NULL THEN {words}"


def date_of(text: str) -> str:
    """SQL for the day that `text` begins with; a time after it is left off."""
    return f"CASE WHEN substr({text}, 5, 1) = '-' THEN TRY_CAST(substr({text}, 1, 10) AS DATE) END"


def wrong_column(figures: Sequence[Figure], date_text: str, more: Sequence[str] = ()) -> str:
    """SQL for what in a row is of a wrong type, in words; null where nothing is."""
    dates = f"""WHEN date IS NULL AND {date_text} <> ''
        THEN 'the date is "' || {date_text} || '", not a day such as 2025-03-31'"""
    checks = [figure.wrong() for figure in figures if figure.kind != "share"]
    return f"CASE {' '.join([*checks, *more, dates])} END AS wrong"


def fact_reason(
    *, counts: Sequence[str], group_missing: str, today: str, spans_days: str = "FALSE", negative_list: str = "FALSE"
) -> str:
    """SQL for `{reason, detail}` of a fact row told with `wrong`, `date`, ids and figures; null where it is usable.

    Args:
        counts: Staged columns that may not be negative.
        group_missing: SQL for whether a group's id is missing that should be there.
        today: SQL for the last day that may be used.
        spans_days: SQL for whether the row covers more than a day.
        negative_list: SQL for whether its list of counts holds one below 0.
    """
    negative = " OR ".join(f"{name} < 0" for name in counts)
    which = " ".join(f"WHEN {name} < 0 THEN '{name} is ' || {name}" for name in counts)
    cases = [
        ("wrong IS NOT NULL", "wrong_type", "wrong"),
        ("date IS NULL", "missing_date", "'no day'"),
        ("campaign_id IS NULL OR campaign_id = ''", "missing_id", "'no campaign id'"),
        (group_missing, "missing_id", "'no id of the ad group or ad set'"),
        ("account_id = '' OR (wants_account AND account_id IS NULL)", "missing_id", "'no account id'"),
        (f"date > {today}", "future", f"date || ' is after ' || {today}"),
        ("cost_micros < 0", "negative_cost", "'cost is ' || cost_micros / 1e6"),
        (negative, "negative_count", f"CASE {which} END"),
        (
            "coalesce(clicks, 0) > coalesce(impressions, 0)",
            "impossible_clicks",
            "clicks || ' clicks on ' || coalesce(impressions, 0) || ' impressions'",
        ),
    ]
    if negative_list != "FALSE":
        cases.append((negative_list, "negative_count", "'an action has a value below 0'"))
    if spans_days != "FALSE":
        several = "'covers several days, ' || date || ' to ' || last_date || '; export it day by day'"
        cases.insert(1, (spans_days, "missing_date", several))
    return first_reason(cases)


def first_reason(cases: Sequence[tuple[str, str, str]]) -> str:
    """SQL for `{reason, detail}`: the first of (condition, reason, SQL of the detail) that holds, else null."""
    whens = " ".join(f"WHEN {when} THEN {{'reason': '{reason}', 'detail': {detail}}}" for when, reason, detail in cases)
    return f"CASE {whens} END"

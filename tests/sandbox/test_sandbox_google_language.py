"""The query language and the adding up of the simulated Google Ads account."""
# ruff: noqa: S608 - queries of a simulated account, not SQL

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.sandbox.serving.google.asking import ask
from marketmover.sandbox.serving.google.figures import added
from marketmover.sandbox.serving.google.gaql import parse
from marketmover.sandbox.serving.google.refusing import GoogleRefusalError

TODAY = date(2026, 1, 12)
_PIECES = st.sampled_from(
    ["SELECT", "FROM", "WHERE", "AND", "ORDER BY", "LIMIT", "PARAMETERS", "campaign", "campaign.id", "campaign.name",
     "metrics.clicks", "segments.date", "=", "!=", ">=", "(", ")", ",", "IN", "NOT IN", "LIKE", "BETWEEN", "DURING",
     "IS", "NOT", "NULL", "CONTAINS ANY", "'x'", '"y"', "'", "\\", "7", "-1", "2.5", "'2026-01-05'", "LAST_7_DAYS", ";"]
)  # fmt: skip


@given(
    st.text()
    | st.lists(_PIECES).map(" ".join)
    | st.lists(_PIECES).map(lambda some: "SELECT campaign.id FROM " + " ".join(some))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(GoogleRefusalError):
        assert ask("v25", text, TODAY).select


@given(st.text(st.characters(codec="utf-8")))
def test_a_quoted_text_is_read_as_it_was(text: str) -> None:
    plain = text.replace("\n", " ")
    quoted = plain.replace("\\", "\\\\").replace("'", "\\'")
    query = parse(f"SELECT campaign.id FROM campaign WHERE campaign.name = '{quoted}' AND campaign.id = 5")
    assert query.where[0].values[0].text == plain


def test_clauses_are_read_in_any_case_and_over_lines() -> None:
    query = parse(
        "select campaign.id,\n  campaign.id, metrics.clicks\nfrom campaign\norder by metrics.clicks desc limit 3;"
    )
    assert query.select == ("campaign.id", "metrics.clicks")
    assert (query.order, query.limit) == ((("metrics.clicks", True),), 3)


@pytest.mark.parametrize(
    ("condition", "first", "last"),
    [
        ("segments.date = '2026-01-05'", date(2026, 1, 5), date(2026, 1, 5)),
        ("segments.date > '2026-01-05' AND segments.date < '2026-01-09'", date(2026, 1, 6), date(2026, 1, 8)),
        ("segments.date BETWEEN '2026-01-05' AND '2026-01-09'", date(2026, 1, 5), date(2026, 1, 9)),
        ("segments.date DURING LAST_7_DAYS", date(2026, 1, 5), date(2026, 1, 11)),
        ("segments.date DURING LAST_MONTH", date(2025, 12, 1), date(2025, 12, 31)),
        ("segments.date >= '2026-01-05'", date(2026, 1, 5), None),
    ],
)
def test_the_days_of_a_query_are_known(condition: str, first: date, last: date | None) -> None:
    asked = ask("v25", f"SELECT metrics.clicks FROM campaign WHERE {condition}", TODAY)
    assert (asked.first, asked.last) == (first, last)


def test_impression_shares_are_weighed_by_what_could_have_been_shown() -> None:
    rows = [
        {"metrics": {"impressions": "100", "searchImpressionShare": 0.5, "searchRankLostImpressionShare": 0.5}},
        {"metrics": {"impressions": "100", "searchImpressionShare": 0.25, "searchRankLostImpressionShare": 0.25}},
    ]
    together = added(rows)
    assert together["searchImpressionShare"] == pytest.approx(200 / 600)
    assert together["searchRankLostImpressionShare"] == pytest.approx((100 + 100) / 600)
    assert together["impressions"] == "200"


def test_nothing_added_up_has_no_rates() -> None:
    assert "ctr" not in added([])

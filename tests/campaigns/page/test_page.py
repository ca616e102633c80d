"""The page that a client signs: what it says, and that no input can break it."""

import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sample_plans
from sample_plans import ALL, BRIEF_TEXT, bare, first_campaign, hostile, huge, line, ordinary, plan

from marketmover.campaigns.page import render_page
from marketmover.plans import Audience, Fairness, GroupReport, LeftOut, Plan, Range, ReachedGroup, TargetOutlook

sys.path.append(str(Path(__file__).parents[2] / "charts"))
from html_page import HtmlPage  # pyright: ignore[reportMissingImports] - it stands beside the charts' tests


def read(of: Plan, brief_text: str | None = None) -> Any:
    return HtmlPage(render_page(of, brief_text=brief_text))


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_every_page_is_well_formed_and_reaches_nothing_outside(make: Callable[[], Plan]) -> None:
    page = HtmlPage(render_page(make(), brief_text=BRIEF_TEXT).encode("utf-8").decode("utf-8"))
    assert page.faults == []
    assert page.reaches_out == []


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_the_same_plan_gives_the_same_page(make: Callable[[], Plan]) -> None:
    assert render_page(make()) == render_page(make())


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_no_page_speaks_of_nan_none_or_jargon(make: Callable[[], Plan]) -> None:
    words = read(make()).words.lower()
    assert re.findall(r"\b(?:nan|inf|none|null|p-value|posterior|credible|quantile|percentile)\b", words) == []


def test_the_answer_comes_first_in_words() -> None:
    words = read(ordinary()).words
    answer = "Moving 20% of the budget is expected to bring 224 qualified leads (198 to 251) instead of 181."
    assert words.index(answer) < words.index("What to expect")
    assert "It is 93% likely to do better than today's split." in words
    assert "Each qualified lead would cost about $134 rather than $166." in words


def test_what_was_understood_stands_beside_the_clients_words() -> None:
    words = " ".join(read(ordinary()).words.split())
    told = words[words.index("You told us") :]
    for value, said in (("30,000 USD in total", "up to $30k in total"), ("from 25; up to 54", "25-54")):
        assert f"{value} {said}" in told
    assert "PlaceAustin" in told  # a value in the client's own words stands once


def test_the_memo_holds_all_that_a_client_signs() -> None:
    of = ordinary()
    words = read(of).words
    for sentence in [*of.warnings, *of.risks, *of.stop_first, *of.would_change_it, *of.assumptions]:
        assert sentence in words
    assert "Jan 5 – Feb 1, 2026" in words.replace("\u2009", " ")
    assert "Up to $30,000.00 (USD) is spent" in words
    assert "People aged 25 to 54 in Austin" in words
    assert "6 had more clicks than views" in words


def test_warnings_of_a_brief_read_as_sentences() -> None:
    warnings = ["the budget's currency is not said", "Spend rises. Is that meant?"]
    words = read(ordinary().model_copy(update={"warnings": warnings})).words
    assert "The budget's currency is not said." in words
    assert "Is that meant?." not in words


def test_the_key_of_bars_is_not_shown_where_the_bars_are_not() -> None:
    """A narrow screen leaves out the bars; what today's split is stands there all the same."""
    of = ordinary()
    text = render_page(of)
    assert ".wide, .wide-only { display: none; }" in text
    key = text[text.index('class="note key"') :].split("</p>")[0]
    before, after = key.split("</span> Today")
    assert "wide-only" in before
    assert f"'s split: {of.baseline.description}." in after.replace("&#39;", "'")


def test_every_line_stands_on_the_page_with_its_exact_budget() -> None:
    of = ordinary()
    words = read(of).words
    for item in of.lines:
        assert item.name in words
        assert f"${item.budget:,.2f}" in words


def test_small_lines_are_summed_up_in_the_memo_so_that_it_adds_up() -> None:
    source = render_page(ordinary())
    memo = HtmlPage(
        source[source.index('class="split"') : source.index("</table>", source.index('class="split"'))]
    ).words
    assert "5 smaller lines $7,600 $4,700" in re.sub(r"(?<=[a-z\d])(?=\$)", " ", memo)


def test_curves_are_drawn_for_the_lines_that_change_most() -> None:
    page = read(ordinary())
    names = [svg["aria-label"] for svg in page.all("svg") if svg.get("role") == "img"]
    assert names[0] == "Search: physiotherapy near me"
    assert len(names) == 12


def test_the_clients_own_words_are_quoted_and_marked_in_their_brief() -> None:
    source = render_page(ordinary(), brief_text=BRIEF_TEXT)
    assert '<mark title="Budget">up to $30k in total</mark>' in source
    assert '<mark title="Age">25-54</mark>' in source
    assert "Last quarter's leads were poor" in HtmlPage(source).words


def test_without_the_briefs_text_its_words_are_quoted_all_the_same() -> None:
    words = read(ordinary()).words
    assert "up to $30k in total" in words
    assert "The brief as received" not in words


def test_markup_from_outside_is_shown_as_text() -> None:
    source = render_page(hostile(), brief_text=sample_plans.NASTY)
    page = HtmlPage(source)
    assert page.all("script") == []
    assert page.all("img") == []
    assert '<script>alert("x")</script>' in page.text
    assert "{{ 7*7 }}" in page.text
    assert "\u202e" not in source
    assert "\x07" not in source


def test_names_in_any_script_are_kept_whole() -> None:
    assert sample_plans.ARABIC in read(hostile()).text


def test_a_first_campaign_claims_no_comparison() -> None:
    words = read(first_campaign()).words
    assert "£2,000 on Meta Ads over 28 days is expected to bring 31 leads (6 to 92)." in words
    assert "There is no history of these lines to compare with" in words
    assert "likely to do better" not in words
    assert "Today's split" not in words.split("Words used here")[0]
    assert "There is no history yet" in words


def test_a_plan_without_any_figure_says_so_in_words() -> None:
    words = read(bare()).words
    assert "What it will bring cannot be said yet" in words
    assert "What to expect" not in words
    assert "What could go wrong" not in words
    assert "New thing" in words


def test_real_data_carry_no_ribbon_and_simulated_data_do() -> None:
    assert "Simulated" not in read(first_campaign()).words
    assert "Simulated data" in read(ordinary()).words
    assert "nothing to sign" in read(ordinary()).words


def test_two_hundred_lines_are_folded_and_stay_a_page_that_opens_at_once() -> None:
    source = render_page(huge())
    page = HtmlPage(source)
    assert len(source) < 600_000
    folds = [item for item in page.all("details") if item.get("class") == "fold"]
    assert 2 < len(folds) < 60
    assert all(item.name in page.text for item in huge().lines)
    assert "The curves of 176 more lines" in page.words


def test_folded_lines_are_unfolded_on_paper() -> None:
    assert "details::details-content { content-visibility: visible" in render_page(bare())


def test_money_is_written_in_the_plans_currency() -> None:
    words = read(ordinary().model_copy(update={"currency": "INR"})).words
    assert "₹30,000" in words
    assert "$" not in words.split("Why")[0].replace("$30k", "")


def test_a_plan_that_keeps_todays_split_says_so() -> None:
    of = plan([line(1, "google_ads", "SEARCH", "Only", 1000.0)], [1000.0])
    assert "Keeping today's split is expected to bring 224 qualified leads" in read(of).words


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.9999, "more than 99% likely"),
        (0.52, "52% likely to do better than today's split: about as likely as not"),
        (
            0.27,
            "only 27% likely to do better than today's split: what the brief or the limits ask for",
        ),
        (0.001, "less than 1% likely"),
    ],
)
def test_how_sure_the_advice_is_never_sounds_surer_than_it_is(probability: float, words: str) -> None:
    assert words in read(ordinary().model_copy(update={"probability_better_than_baseline": probability})).words


def test_lines_that_do_not_add_up_to_the_plan_are_explained() -> None:
    of = ordinary()
    metric = of.objective
    added = sum(line.expected[metric].mid for line in of.lines if metric in line.expected)
    for total, told in ((added, False), (2 * added, True)):
        span = Range(low=0.5 * total, mid=total, high=2 * total)
        shown = read(of.model_copy(update={"expected": of.expected | {metric: span}})).words
        assert ("The lines' figures add up to" in shown) == told


def test_the_page_names_the_plan_that_it_shows() -> None:
    one, other = ordinary(), ordinary().model_copy(update={"total_budget": 30000.01})
    numbers = {re.findall(r"No\. ([0-9A-F]{8})", render_page(of))[0] for of in (one, ordinary(), other)}
    assert len(numbers) == 2


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience(), "Not narrowed by the brief"),
        (Audience(genders=["FEMALE"], age_min=25, countries=["DE"]), "Women aged 25 and over in Germany"),
        (Audience(genders=["MALE", "FEMALE"], interests=["yoga", "running"]), "People interested in yoga and running"),
        (Audience(age_max=30), "People up to 30"),
        (Audience(interests=["customers/9/userInterests/7"]), "People interested in 1 group of Google's own"),
    ],
)
def test_an_audience_is_told_in_a_phrase(audience: Audience, words: str) -> None:
    of = ordinary()
    assert words in read(of.model_copy(update={"brief": of.brief.model_copy(update={"audience": audience})})).words


def test_revenue_and_return_are_told_in_money() -> None:
    of = ordinary().model_copy(
        update={
            "objective": "revenue",
            "expected": {"revenue": Range(low=80e3, mid=95e3, high=120e3), "roas": Range(low=2.7, mid=3.2, high=4)},
        }
    )
    words = read(of).words
    assert "is expected to bring $95,000 in revenue ($80,000 to $120,000)" in words
    assert "Each $1 spent would bring back about $3.20." in words
    assert "Revenue per $1 spent" in words


def test_the_columns_of_each_table_fit_its_rows() -> None:
    source = render_page(ordinary())
    for name in ("split", "exact", "expect"):
        start = source.index(f'class="{name}"')
        body = source[start : source.index("</table>", start)]
        rows = [len(re.findall(r"<t[hd][ >]", row)) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]
        assert len(set(rows)) == 1, name


def test_targets_of_the_brief_are_answered_one_by_one() -> None:
    targets = [
        TargetOutlook(metric="cost_per_lead", value=45, comparison="at_most", expected=of_cost, probability=0.22)
        for of_cost in (Range(low=43.5, mid=49, high=55.6), None)
    ]
    words = read(ordinary().model_copy(update={"targets": targets})).words
    assert "Cost per lead of at most $45.00: $49.00 is expected ($43.50 to $55.60), 22% likely to be kept." in words
    assert "Cost per lead of at most $45.00: what it will be cannot be said from this history." in words


def test_lines_that_take_no_part_are_counted_by_reason() -> None:
    out = [LeftOut(id=f"meta_ads:{index}:1", reason="paused since October") for index in range(3)]
    assert "3 lines: paused since October" in read(ordinary().model_copy(update={"left_out": out})).words


def test_a_plan_for_profit_is_judged_by_revenue_where_profit_has_no_figure() -> None:
    of = ordinary().model_copy(
        update={
            "objective": "profit",
            "expected": {"leads": Range(low=1, mid=2, high=3), "revenue": Range(low=10, mid=20, high=30)},
        }
    )
    assert "is expected to bring $20.00 in revenue" in read(of).words


def test_who_is_reached_is_said_in_words_with_its_figures_folded_away() -> None:
    group = ReachedGroup(
        value="FEMALE",
        name="women",
        impressions_share=0.5,
        spend=100.0,
        spend_share=0.5,
        outcome=10.0,
        outcome_share=0.5,
        cost=Range(low=8, mid=10, high=12),
        today=0.5,
        planned=0.2,
        asked=True,
    )
    report = GroupReport(
        by="gender",
        metric="leads",
        first_date=date(2025, 10, 1),
        last_date=date(2025, 12, 31),
        covered=1.0,
        unknown=0.0,
        groups=[group],
        words=f"Women get less. {sample_plans.NASTY}",
    )
    page = read(ordinary().model_copy(update={"fairness": Fairness(groups=[report], remarks=["No places."])}))
    assert page.faults == []
    assert "Who is reached By gender Women get less." in " ".join(page.words.split())
    assert "Women asked for" in " ".join(page.words.split())
    assert "$10.00 $8.00 to $12.00" in " ".join(page.words.split())
    assert "No places." in page.words


def test_a_plan_without_breakdowns_has_no_empty_section() -> None:
    assert "Who is reached" not in read(ordinary()).words

"""What a plan changes beside the budgets, and what it tests: on the page and in the terminal."""

import sys
from pathlib import Path
from typing import Any

from sample_plans import ordinary, with_settings

from marketmover.campaigns.page import render_page
from marketmover.campaigns.show import outline
from marketmover.plans import Limits, Plan

sys.path.append(str(Path(__file__).parents[2] / "charts"))
from html_page import HtmlPage  # pyright: ignore[reportMissingImports] - it stands beside the charts' tests


def words(of: Plan) -> str:
    page: Any = HtmlPage(render_page(of))
    return " ".join(page.words.split())


def kept() -> Plan:
    """A plan whose settings the limits keep."""
    of = ordinary()
    note = {"metric": "qualified_leads", "words": "Settings stay as they are, as the limits ask."}
    return Plan.model_validate(of.model_dump() | {"settings": note, "limits": Limits(settings="keep").model_dump()})


def test_changes_stand_between_the_split_and_its_reasons() -> None:
    said = words(with_settings())
    places = [said.index(head) for head in ("Where the money goes", "What changes beside the budgets", "Why ")]
    assert places == sorted(places)
    assert "The plan changes 6 settings on 5 lines." in said


def test_a_change_says_what_becomes_what_how_much_and_how_sure() -> None:
    said = words(with_settings())
    assert "“Ready this week” rather than “Fair prices”" in said
    assert "Qualified leads: +12% to +32% (most likely +20%), 95% likely for the better" in said
    assert "People aged 35 to 54 (48% of today's audience) rather than people of all ages" in said
    assert "As many conversions as it can rather than aims at $38 per conversion" in said
    assert "more than 99% likely for the better" in said


def test_texts_that_nobody_knows_are_not_quoted() -> None:
    assert "“Ready this week” rather than today's ads" in words(with_settings())


def test_four_changes_stand_open_and_the_others_are_folded() -> None:
    page = render_page(with_settings())
    section = page[page.index('<section aria-labelledby="changed"') :].split("</section>")[0]
    opened, folded = section.split("<details")
    assert opened.count("likely for the better") == 4
    assert folded.count("likely for the better") == 2
    assert "2 more" in folded


def test_what_a_change_rests_on_is_said_once_for_each_kind() -> None:
    said = words(with_settings())
    for ground in ("Messages are judged by", "Audiences are judged by", "Bidding is judged by"):
        assert said.count(ground) == 1


def test_the_reasons_of_lines_repeat_no_change_that_the_memo_shows() -> None:
    of = with_settings()
    said = words(of)
    repeated = [one.words for line in of.lines for one in line.changes if one.words in said]
    assert len(repeated) == 2


def test_a_line_with_another_setting_carries_a_tag() -> None:
    page = render_page(with_settings())
    split = page[page.index('<table class="split"') : page.index('<section aria-labelledby="changed"')]
    assert '<span class="tag">new message</span>' in split
    assert '<span class="tag">message on trial</span>' in page
    assert '<span class="tag">new' not in render_page(ordinary())


def test_all_tests_stand_under_one_heading_each_said_once() -> None:
    said = words(with_settings())
    heads = ["What this plan will have learned", "Budget moves that tell by themselves", "A test that would tell more"]
    places = [said.index(head) for head in ("D Tests", *heads) if head in said]
    assert len(places) >= 3
    assert places == sorted(places)
    for sentence in (
        "on 30% of the line's money ($945).",
        "The plan itself is the test",
        "Raise the line for 4 weeks.",
    ):
        assert said.count(sentence) == 1


def test_what_cannot_be_chosen_is_folded_in_the_appendix() -> None:
    page = render_page(with_settings())
    place = page.index("Bidding: all lines on a platform bid the same way.")
    assert place > page.index("What lies behind it")
    assert page.rindex("<details", 0, place) > page.rindex("</details>", 0, place)


def test_a_plan_that_keeps_settings_says_so_and_nothing_of_trials() -> None:
    said = words(kept())
    assert "Settings stay as they are, as the limits ask." in said
    assert "No other setting is tried" not in said
    assert "likely for the better" not in said


def test_a_plan_without_trials_says_why() -> None:
    of = with_settings().model_copy(update={"exploration": None})
    assert "No other setting is tried" in words(of)


def test_a_plan_of_an_older_version_has_no_such_section() -> None:
    assert "What changes beside the budgets" not in words(ordinary())


def test_the_headline_counts_the_settings() -> None:
    assert "Moving 20% of the budget and changing 6 settings is expected to bring 224 qualified leads" in words(
        with_settings()
    )


def test_the_terminal_says_it_in_few_lines() -> None:
    said = [part for part in outline(with_settings()) if isinstance(part, str)]
    first = said.index("What changes beside the budgets:")
    block = said[first + 1 : said.index("", first)]
    assert len(block) == 7
    assert block[0] == "- The plan changes 6 settings on 5 lines."
    assert "“Ready this week” rather than “Fair prices” (+20%, 95% likely for the better)" in " ".join(block)
    assert block[-2:] == ["- 2 more, in plan.html", "- $945 tries another setting."]

"""Figures that clients want kept, in the many ways they say them; prices and figures of today are none."""

import pytest

from marketmover.campaigns.brief import read_brief

SAID = [
    ("Leads for our gym. 30€/lead max. Budget 3000 EUR.", [("cost_per_lead", 30)]),
    ("No lead should cost more than 30 euros. We have 4k euros.", [("cost_per_lead", 30)]),
    ("None of the leads may cost more than $25.", [("cost_per_lead", 25)]),
    ("Target CPL of 40-50 euros, budget 10k EUR", [("cost_per_lead", 50)]),
    ("CPL (currently 60) should be 45 or less. We want leads.", [("cost_per_lead", 45)]),
    ("CPA: 30-35 USD", [("cost_per_acquisition", 35)]),
    ("A visit for under £12 would be fab, parents should book a visit.", [("cost_per_lead", 12)]),
    ("We'd want applications, at least 150 of them.", [("leads", 150)]),
    ("I'd be over the moon with twenty more orders a week.", [("sales", 20)]),
    ("Objective remains gross profit from spare parts, min. EUR 90,000.", [("profit", 90000)]),
    ("I'd like tours booked, ideally 80 before the opening.", [("leads", 80)]),
    ("I want discovery calls booked, 20 a month would be plenty.", [("leads", 20)]),
    ("We want to beat last November's revenue of $310k: target is $400k.", [("revenue", 400000)]),
    ("We usually pay $38 per booking, so anything below that is a win.", [("cost_per_acquisition", 38)]),
    ("We can pay up to €15 for a registration.", [("cost_per_lead", 15)]),
    ("max. 20 Euro pro Lead", [("cost_per_lead", 20)]),
    ("The lead must not be more expensive than 22 EUR", [("cost_per_lead", 22)]),
    ("Lead price limit: Rs 350", [("cost_per_lead", 350)]),
    ("For each euro spent 5 should come back", [("roas", 5)]),
    ("We'd like a ROAS between 3 and 4.", [("roas", 4)]),
    ("SQLs under €400. At least 30 SQLs.", [("cost_per_qualified_lead", 400), ("qualified_leads", 30)]),
    ("Around 50 qualified leads a month, each one for less than 120 dollars.", [("cost_per_qualified_lead", 120)]),
    ("CAC needs to come down from 90 to 60 USD", [("cost_per_acquisition", 60)]),
    ("A lead costs us 60 now. It needs to be 45 or lower.", [("cost_per_lead", 45)]),
    ("Each patient enquiry should come in at 15 pounds tops.", [("cost_per_lead", 15)]),
    ("Double our leads from 40 to 80 per month", [("leads", 80)]),
    (
        "| KPI | Target |\n|---|---|\n| Cost per lead | £25 |\n| Leads | 400 |\n",
        [("cost_per_lead", 25), ("leads", 400)],
    ),
]
NO_TARGETS = [
    "Call at 14:30, bakery, 12 shops",
    "12,000 tickets at $89. We already sold 7,000.",
    "The last one was disappointing (only 35 leads, most of them students).",
    "We want 2 euro profit on every euro spent",
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_a_wished_figure_is_read_with_its_metric(text: str, expected: list[tuple[str, float]]) -> None:
    read = {(one.metric, one.value) for one in read_brief(text).targets}
    assert read >= {(metric, float(value)) for metric, value in expected}


@pytest.mark.parametrize("text", NO_TARGETS)
def test_prices_times_and_past_figures_are_no_targets(text: str) -> None:
    assert read_brief(text).targets == []


def test_the_words_of_a_target_begin_where_its_metric_is_named() -> None:
    brief = read_brief("Our budget is 5k. We sell boats and no lead should ever cost us more than 30 euros, please")
    assert brief.evidence["targets"] == "lead should ever cost us more than 30"

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import DAYS, expected, response, sigmoidal, todays, with_late_leads, with_revenue

from marketmover.budget import Response, allocate, budget_that_pays, compare, worth_spending
from marketmover.budget.allocation.aim import Aim
from marketmover.budget.allocation.cents import to_whole_cents
from marketmover.budget.allocation.problem import put_problem
from marketmover.budget.allocation.risk import score
from marketmover.budget.allocation.solver import Tree
from marketmover.errors import InputError
from marketmover.plans import CampaignLimit, CostLimit, Limits, LineLimit, PlatformLimit, ReturnLimit


@pytest.fixture(scope="module")
def made() -> Response:
    return response()


@pytest.fixture(scope="module")
def graded() -> Response:
    return response(quality=0.3, seed=4)


def best_by_brute_force(made: Response, total: float, steps: int, worth: "dict[str, float]") -> float:
    """The most value over all splits of whole steps of the total among the lines."""
    table = np.zeros((len(made.line_ids), steps + 1))
    for step in range(steps + 1):
        spent = np.full(len(made.line_ids), total * step / steps)
        table[:, step] = sum(one * made.expected(spent, name).mean(axis=0) for name, one in worth.items())
    best = np.zeros(steps + 1)
    for row in table:
        best = np.array([max(best[have - mine] + row[mine] for mine in range(have + 1)) for have in range(steps + 1)])
    return float(best[-1])


@pytest.mark.parametrize("worth", [{"leads": 1.0}, {"leads": 1.0, "qualified_leads": 5.0}])
def test_no_split_of_whole_steps_earns_more_than_the_advised_one(graded: Response, worth: dict[str, float]) -> None:
    total = 6_000.0
    budgets = allocate(graded, total, objective=worth).budgets
    reached = sum(one * expected(graded, budgets, name) for name, one in worth.items())
    assert reached >= best_by_brute_force(graded, total, 60, worth) * (1 - 1e-4)


def test_a_mix_lies_between_what_its_parts_alone_would_do(graded: Response) -> None:
    leads, mixed, qualified = (
        allocate(graded, 6_000.0, objective=wish).budgets
        for wish in ("leads", {"leads": 1.0, "qualified_leads": 4.0}, "qualified_leads")
    )
    assert expected(graded, leads) >= expected(graded, mixed) >= expected(graded, qualified)
    of = [expected(graded, budgets, "qualified_leads") for budgets in (leads, mixed, qualified)]
    assert of[0] < of[1] < of[2]


def test_a_mix_of_nothing_is_refused(made: Response) -> None:
    with pytest.raises(InputError, match="weight"):
        allocate(made, 100.0, objective={"leads": 0.0})


def test_tables_say_what_the_response_says(made: Response) -> None:
    problem = put_problem(made, 9_000.0, Aim.of("leads"), Limits(), lines=made.line_ids, current={}, pools={})
    table = problem.tables.of("leads")
    for share in (0.0003, 0.004, 0.05, 0.31, 0.99):
        spent = table.tops * share
        assert table.at(spent) == pytest.approx(made.expected(spent, "leads"), rel=2e-3)
    assert (table.at(np.zeros(len(spent))) == 0).all()


# --- how much to spend ------------------------------------------------------------------------------------------------


def test_a_target_cost_on_average_spends_until_it_is_likely_just_kept(made: Response) -> None:
    most = 60_000.0
    cheap, dear = (most * share / expected(made, allocate(made, most * share, objective="leads").budgets)
                   for share in (0.2, 1.0))  # fmt: skip
    target = (cheap + dear) / 2
    limits = Limits(cost_per=CostLimit(metric="leads", at_most=target))

    paying = budget_that_pays(made, most, objective="leads", limits=limits)
    split = allocate(made, paying.total, objective="leads", limits=limits)

    assert 0 < paying.total < most
    assert paying.total / expected(made, split.budgets) <= target
    spent = np.array([split.budgets[line] for line in made.line_ids])
    kept = paying.total / made.expected(spent, "leads").sum(axis=1) <= target
    assert 0.6 < kept.mean() < 0.75
    assert paying.marginal > paying.average


def test_a_target_cost_of_the_next_one_spends_less_than_one_on_average(made: Response) -> None:
    target = 20_000.0 / expected(made, allocate(made, 20_000.0, objective="leads").budgets)
    average, marginal = (
        budget_that_pays(
            made,
            60_000.0,
            objective="leads",
            limits=Limits(cost_per=CostLimit.model_validate({"metric": "leads", "at_most": target, "judged_by": rule})),
        )
        for rule in ("average", "marginal")
    )
    assert marginal.total < average.total
    assert marginal.marginal == pytest.approx(target, rel=0.05)
    assert average.stricter is not None
    assert average.stricter[0] == pytest.approx(marginal.total, rel=0.02)


def test_profit_spends_until_the_next_unit_of_money_only_brings_itself_back(made: Response) -> None:
    sold, margin = with_revenue(made, 60.0), 0.4
    limits = Limits(margin=margin, spend="as_much_as_pays")

    def profit(total: float) -> float:
        return margin * expected(sold, allocate(sold, total, objective="profit").budgets, "revenue") - total

    paying = budget_that_pays(sold, 50_000.0, objective="profit", limits=limits)

    assert paying.judged_by == "profit"
    assert 0 < paying.total < 50_000.0
    others = [profit(paying.total * times) for times in (0.7, 0.9, 1.1, 1.3)]
    assert profit(paying.total) >= max(others) - 1.0


def test_a_target_return_is_a_target_cost_of_revenue(made: Response) -> None:
    sold = with_revenue(made, 60.0)
    whole = 30_000.0
    reached = expected(sold, allocate(sold, whole, objective="revenue").budgets, "revenue") / whole

    paying = budget_that_pays(sold, whole, objective="revenue", limits=Limits(roas=ReturnLimit(at_least=reached * 1.3)))
    kept = allocate(sold, paying.total, objective="revenue").budgets

    assert paying.total < whole
    assert expected(sold, kept, "revenue") / paying.total >= reached * 1.3


def test_nothing_pays_at_a_target_out_of_reach_and_everything_at_a_loose_one(made: Response) -> None:
    none, all_of_it = (
        budget_that_pays(
            made, 5_000.0, objective="leads", limits=Limits(cost_per=CostLimit(metric="leads", at_most=price))
        )
        for price in (0.001, 1e6)
    )
    assert none.total == 0.0
    assert all_of_it.total == 5_000.0


def test_as_much_as_pays_without_saying_what_pays_is_refused(made: Response) -> None:
    with pytest.raises(InputError, match="what pays"):
        budget_that_pays(made, 5_000.0, objective="leads", limits=Limits(spend="as_much_as_pays"))


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_line_gets_nothing_or_enough_and_no_other_choice_of_lines_earns_more(made: Response) -> None:
    total, smallest = 1_500.0, 20.0
    limits = Limits(smallest_daily={"google_ads": smallest, "meta_ads": smallest})

    budgets = allocate(made, total, objective="leads", limits=limits).budgets

    assert all(spent == 0 or spent >= smallest * DAYS - 0.01 for spent in budgets.values())
    assert any(spent == 0 for spent in budgets.values())
    best = 0.0
    for count in (1, 2):
        for lines in itertools.combinations(made.line_ids, count):
            floors = Limits(lines={line: LineLimit(min=smallest * DAYS) for line in lines})
            best = max(
                best, expected(made, allocate(made, total, objective="leads", limits=floors, candidates=lines).budgets)
            )
    assert expected(made, budgets) >= best * (1 - 1e-6)


def test_lines_that_starve_below_a_threshold_get_nothing_or_at_least_what_carries_them_over_it() -> None:
    for seed in range(4):
        starving = sigmoidal(response(5, draws=20, seed=seed))
        total = 0.4 * sum(todays(starving).values())
        found = allocate(starving, total, objective="leads")
        grid = np.geomspace(total * 1e-3, total, 200)
        for line, spent in found.budgets.items():
            returns = starving.draws_of_line(line, "leads", grid).mean(axis=0) / grid
            knee = float(grid[int(returns.argmax())])
            assert spent == 0 or spent >= 0.85 * knee
        best = best_by_brute_force(starving, total, 80, {"leads": 1.0})
        assert expected(starving, found.budgets) >= 0.97 * best


def test_a_budget_far_below_what_is_spent_stops_lines_and_gives_the_others_enough(made: Response) -> None:
    today = todays(made)
    limits = Limits(smallest_daily={"google_ads": 5.0, "meta_ads": 5.0}, weekly_results=1.0)
    for times in (0.01, 0.05, 0.2):
        found = allocate(made, times * sum(today.values()), objective="leads", limits=limits, current=today)
        running = {line: spent for line, spent in found.budgets.items() if spent > 0}
        assert running
        assert all(spent >= 5.0 * DAYS - 0.01 or found.thin[line] > spent for line, spent in running.items())
        assert len(found.thin) <= 1
        assert not set(found.stopped) & set(running)
    assert len(running) > 1


def test_a_budget_far_beyond_what_is_spent_is_not_staked_on_one_bold_guess() -> None:
    made = response(spread=0.3)
    today = todays(made)
    total = 200 * sum(today.values())

    found = allocate(made, total, objective="leads", current=today)
    typical = compare(made, found.budgets, {line: 200 * spent for line, spent in today.items()}, "leads")

    assert max(found.budgets.values()) < 0.7 * total
    assert typical.probability >= 0.5
    worth = worth_spending(found)
    assert worth is not None
    assert sum(today.values()) < worth.total < 0.5 * total
    assert worth.last > 2 * worth.today
    assert worth.speaks_for < 0.2 * total


def test_what_the_past_still_brings_is_no_budgets_doing() -> None:
    late = with_late_leads(response(seed=2))
    dead = late.line_ids[1]
    leads = late.stages["leads"]
    elasticity = leads.elasticity.copy()
    elasticity[:, 1] = 0.03
    late = replace(late, stages={**late.stages, "leads": replace(leads, elasticity=elasticity)})
    left = late.left_over("leads")
    assert left is not None
    assert (left.mean(axis=0) > 1).all()

    found = allocate(late, 4_000.0, objective="leads")
    without = {**found.budgets, dead: 0.0}
    a_bit = {**found.budgets, dead: 1.0}

    assert found.budgets[dead] < 0.1 * 4_000.0
    assert abs(expected(late, a_bit) - expected(late, without)) < 1.0
    assert compare(late, a_bit, without, "leads").difference.mid < 0.1 * left.mean(axis=0)[1]
    stopped = late.sample(np.zeros(len(late.line_ids)), "leads")["leads"]
    assert stopped.mean(axis=0) == pytest.approx(left.mean(axis=0), rel=0.15)
    assert response().left_over("leads") is None


def test_a_line_that_runs_on_less_than_the_smallest_budget_may_go_on(made: Response) -> None:
    tiny = made.line_ids[2]
    current = {line: (30.0 if line == tiny else 1_000.0) for line in made.line_ids}
    limits = Limits(smallest_daily={"google_ads": 10.0, "meta_ads": 10.0}, lines={tiny: LineLimit(max=30.0, min=0.0)})
    assert 0 < allocate(made, 5_030.0, objective="leads", limits=limits, current=current).budgets[tiny] <= 30.0


def test_lines_of_a_shared_budget_keep_to_the_shares_they_have_today(made: Response) -> None:
    pools = {made.line_ids[0]: "shared", made.line_ids[2]: "shared"}
    current = todays(made)
    ratio = current[made.line_ids[0]] / current[made.line_ids[2]]

    found = allocate(made, 9_000.0, objective="leads", current=current, pools=pools)
    free = allocate(made, 9_000.0, objective="leads")

    assert sum(found.cents.values()) == 900_000
    assert found.budgets[made.line_ids[0]] / found.budgets[made.line_ids[2]] == pytest.approx(ratio, rel=1e-3)
    assert expected(made, found.budgets) <= expected(made, free.budgets) * (1 + 1e-9)


def test_limits_of_lines_of_a_shared_budget_that_its_sum_cannot_keep_are_named(made: Response) -> None:
    first, second = made.line_ids[0], made.line_ids[2]
    limits = Limits(lines={first: LineLimit(locked=100.0), second: LineLimit(locked=5_000.0)})
    with pytest.raises(InputError, match="shared budget"):
        allocate(made, 9_000.0, objective="leads", limits=limits, pools={first: "one", second: "one"})


def test_no_line_changes_by_more_than_the_largest_change(made: Response) -> None:
    current = {line: spent * (2.0 if row % 2 else 0.2) for row, (line, spent) in enumerate(todays(made).items())}
    total = round(sum(current.values()), 2)
    budgets = allocate(made, total, objective="leads", limits=Limits(weekly_change=0.3), current=current).budgets
    assert all(0.7 * current[line] - 0.02 <= budgets[line] <= 1.3 * current[line] + 0.02 for line in current)
    assert any(abs(budgets[line] / current[line] - 1) > 0.25 for line in current)


def test_a_ceiling_is_kept_while_another_outcome_is_maximised(graded: Response) -> None:
    total = 6_000.0
    free = allocate(graded, total, objective="qualified_leads").budgets
    cheapest = total / expected(graded, allocate(graded, total, objective="leads").budgets)
    ceiling = (cheapest + total / expected(graded, free)) / 2
    limits = Limits(cost_per=CostLimit(metric="leads", at_most=ceiling))

    found = allocate(graded, total, objective="qualified_leads", limits=limits, current=todays(graded))

    assert total / expected(graded, found.budgets) <= ceiling * 1.001
    assert "is kept" in found.notes[0]


def test_who_is_averse_to_risk_gets_the_best_worst_tenth(made: Response) -> None:
    total = 6_000.0
    first = allocate(made, total, objective="leads").budgets
    row = made.line_ids.index(max(first, key=lambda line: first[line]))
    leads = made.stages["leads"]
    risky = replace(made, stages={**made.stages, "leads": replace(leads, level=_widened(leads.level, row, 0.9))})

    def worst_tenth(budgets: dict[str, float]) -> float:
        spent = np.array([budgets[line] for line in risky.line_ids])
        return score(risky.expected(spent, "leads").sum(axis=1), 1.0)

    plain = allocate(risky, total, objective="leads").budgets
    careful = allocate(risky, total, objective="leads", limits=Limits(risk_aversion=1.0)).budgets

    assert careful[risky.line_ids[row]] < 0.8 * plain[risky.line_ids[row]]
    assert worst_tenth(careful) > worst_tenth(plain) * 1.005
    rng = np.random.default_rng(1)
    names, base = list(careful), np.array(list(careful.values()))
    tried = base * np.exp(rng.normal(0, 0.25, (300, len(base))))
    tried *= total / tried.sum(axis=1, keepdims=True)
    others = [worst_tenth(dict(zip(names, (float(x) for x in one), strict=True))) for one in tried]
    assert worst_tenth(careful) >= max(others) * (1 - 2e-3)


def _widened(level: np.ndarray, row: int, spread: float) -> np.ndarray:
    """The levels with one line's doubt far wider, at the same mean."""
    wide = level.copy()
    luck = np.random.default_rng(2).normal(0.0, spread, len(level))
    wide[:, row] += luck - np.log(np.exp(luck).mean())
    return wide


# --- evenness ---------------------------------------------------------------------------------------------------------


def cost_apart(made: Response, budgets: dict[str, float]) -> float:
    def cost(platform: str) -> float:
        own = {line: spent for line, spent in budgets.items() if line.startswith(platform)}
        return sum(own.values()) / expected(made, own)

    google, meta = cost("google_ads"), cost("meta_ads")
    return abs(google - meta) / ((google + meta) / 2)


def test_costs_are_evened_out_between_platforms_where_that_costs_little() -> None:
    made = response(spread=0.03)
    plain = allocate(made, 8_000.0, objective="leads")
    even = allocate(made, 8_000.0, objective="leads", limits=Limits(even_platforms=0.02))

    assert cost_apart(made, plain.budgets) > 0.05
    assert even.evenness is not None
    assert even.evenness.evened
    assert cost_apart(made, even.budgets) <= 0.02
    assert sum(even.cents.values()) == 800_000
    lost = 1 - expected(made, even.budgets) / expected(made, plain.budgets)
    assert 0 <= lost <= 0.02
    assert lost == pytest.approx(even.evenness.price, abs=1e-3)


def test_costs_that_are_dear_to_even_out_are_left_and_said(made: Response) -> None:
    leads = made.stages["leads"]
    level = leads.level + np.where(np.arange(6) % 2 == 0, 1.0, 0.0)
    apart = replace(made, stages={**made.stages, "leads": replace(leads, level=level)})

    plain = allocate(apart, 8_000.0, objective="leads")
    asked = allocate(apart, 8_000.0, objective="leads", limits=Limits(even_platforms=0.005))

    assert asked.cents == plain.cents
    assert asked.evenness is not None
    assert not asked.evenness.evened
    assert asked.evenness.price > 0.005


def test_costs_of_which_the_data_do_not_tell_the_dearer_platform_are_left_and_said() -> None:
    vague = response(spread=0.6)
    plain = allocate(vague, 8_000.0, objective="leads")
    asked = allocate(vague, 8_000.0, objective="leads", limits=Limits(even_platforms=0.02))

    assert asked.cents == plain.cents
    assert asked.evenness is not None
    assert not asked.evenness.established


def test_evenness_takes_no_more_than_a_quarter_of_the_gain_over_today(made: Response) -> None:
    best = allocate(made, 8_000.0, objective="leads").budgets
    limits = Limits(even_platforms=0.02)

    kept = allocate(made, 8_000.0, objective="leads", limits=limits, current=best).budgets

    assert kept == pytest.approx(best, rel=0.01)


def test_evenness_never_breaks_a_limit(made: Response) -> None:
    shares = Limits(even_platforms=0.1, platforms={"google_ads": PlatformLimit(min_share=0.7, max_share=0.7)})
    budgets = allocate(made, 8_000.0, objective="leads", limits=shares).budgets
    google = sum(spent for line, spent in budgets.items() if line.startswith("google"))
    assert google == pytest.approx(5_600.0, abs=0.011)


# --- cents ------------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    total=st.integers(1, 5_000_000),
    weights=st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6),
    parents=st.lists(st.integers(0, 3), min_size=6, max_size=6),
)
def test_cents_add_up_whatever_the_split(total: int, weights: list[float], parents: list[int]) -> None:
    weight = np.array(weights) + 1e-9
    budgets = total / 100 * weight / weight.sum()
    free = np.zeros(4), np.full(4, np.inf)
    tree = Tree(
        np.zeros(6),
        np.full(6, np.inf),
        np.array(parents),
        *free,
        np.array([0, 0, 1, 1]),
        np.zeros(2),
        np.full(2, np.inf),
    )

    cents = to_whole_cents(budgets, tree, total)

    assert sum(cents) == total
    assert min(cents) >= 0
    assert np.abs(np.array(cents) - budgets * 100).max() < 4


@settings(max_examples=15, deadline=None)
@given(cents=st.integers(50_000, 3_000_000), lock=st.integers(1, 40_000), cap=st.integers(1, 40_000))
def test_a_locked_line_and_a_capped_campaign_are_kept_to_the_cent(cents: int, lock: int, cap: int) -> None:
    made = response(4, draws=20)
    first, second = made.line_ids[0], made.campaigns[1]
    limits = Limits(lines={first: LineLimit(locked=lock / 100)}, campaigns={second: CampaignLimit(max=cap / 100)})

    found = allocate(made, cents / 100, objective="leads", limits=limits)

    assert sum(found.cents.values()) == cents
    assert found.cents[first] == lock
    assert found.cents[made.line_ids[1]] <= cap


def test_two_splits_are_compared_by_a_mix(graded: Response) -> None:
    mix = {"leads": 1.0, "qualified_leads": 4.0}
    best = allocate(graded, 6_000.0, objective=mix).budgets
    even = dict.fromkeys(graded.line_ids, 1_000.0)
    found = compare(graded, best, even, mix)
    assert found.probability > 0.5
    assert found.difference.mid > 0

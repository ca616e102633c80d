import numpy as np

from marketmover.learning import Added, FoldScore, Forecast, Stack, fit_stack, pooled, still_holds


def case(seed: int, rows: int, *, off: float, other: float) -> tuple[dict[str, Forecast], np.ndarray]:
    """Counts, an incumbent whose means are off by `off` in logs, and another that is off by `other`, independently."""
    generator = np.random.default_rng(seed)
    truth = np.exp(generator.uniform(2.0, 5.0, rows))
    target = generator.poisson(truth).astype(np.float64)
    errors = generator.standard_normal((2, rows))
    return {
        "old": Forecast.of(truth * np.exp(off * errors[0]), max(off, 0.05)),
        "new": Forecast.of(truth * np.exp(other * errors[1]), max(other, 0.05)),
    }, target


def test_without_rows_the_incumbent_has_all_the_weight() -> None:
    forecasts, _ = case(1, 0, off=0.3, other=0.3)
    assert fit_stack(forecasts, np.zeros(0), "old") == Stack({"old": 1.0, "new": 0.0})


def test_a_clearly_better_model_takes_over_and_a_useless_one_gets_nothing() -> None:
    forecasts, target = case(2, 300, off=0.5, other=0.1)
    assert fit_stack(forecasts, target, "old").weights["new"] > 0.8
    assert fit_stack(forecasts, target, "new").weights["new"] > 0.8


def test_two_that_err_apart_are_better_together_on_rows_that_neither_saw() -> None:
    forecasts, target = case(3, 400, off=0.3, other=0.3)
    stack = fit_stack(
        {name: Forecast(one.mean[:200], one.spread[:200]) for name, one in forecasts.items()}, target[:200], "old"
    )
    ahead = {name: Forecast(one.mean[200:], one.spread[200:]) for name, one in forecasts.items()}
    together = stack.combine(ahead)
    assert 0.3 < stack.weights["new"] < 0.7
    assert together.log_score(target[200:]).mean() > ahead["old"].log_score(target[200:]).mean() + 0.1
    assert 0.72 < together.covers(target[200:]).mean() < 0.9


def test_a_handful_of_rows_moves_hardly_any_weight() -> None:
    weights = [fit_stack(*case(seed, 4, off=0.3, other=0.3), "old").weights["new"] for seed in range(20)]
    assert min(weights) > 0.2
    assert max(weights) < 0.4


def test_others_share_their_weight_evenly() -> None:
    forecasts, target = case(5, 200, off=0.3, other=0.3)
    weights = fit_stack({**forecasts, "third": forecasts["new"]}, target, "old").weights
    assert weights["new"] == weights["third"]
    assert np.isclose(sum(weights.values()), 1.0)


def folds(seed: int, error: float, count: int) -> list[FoldScore]:
    found: list[FoldScore] = []
    for place in range(count):
        forecasts, target = case(seed + place, 40, off=error, other=0.1)
        found.append(FoldScore.of(Forecast.of(forecasts["old"].mean, 0.2), target))
    return found


def test_what_a_better_model_adds_is_above_nought_with_its_interval_and_what_the_same_adds_is_nought() -> None:
    old, new = folds(10, 0.4, 8), folds(10, 0.15, 8)
    assert Added.to_log_score(new, old).low > 0
    assert Added.saved_error(new, old).low > 0.3
    assert Added.to_log_score(old, old).mid == 0.0
    assert Added.saved_error(old, old).high == 0.0


def test_folds_pool_to_the_score_of_all_their_rows() -> None:
    parts = folds(20, 0.2, 3)
    whole = pooled(parts)
    assert whole.rows == 120
    assert np.isclose(whole.error, sum(part.missed for part in parts) / sum(part.counted for part in parts))


def test_a_model_that_goes_on_as_it_was_holds() -> None:
    standings = [still_holds(folds(1000 + 50 * seed, 0.2, 2), folds(30, 0.2, 9)).standing for seed in range(20)]
    assert standings.count("has fallen") <= 2


def test_a_model_whose_error_doubles_has_fallen() -> None:
    check = still_holds(folds(600, 0.45, 2), folds(30, 0.2, 9))
    assert check.standing == "has fallen"
    assert check.error > 1.5 * check.usual
    assert check.probability > 0.99


def test_with_next_to_nothing_fresh_it_is_too_early_to_say() -> None:
    few = [FoldScore(4, 30.0, 20.0, -12.0, 9.0, 1)]
    assert still_holds(few, folds(30, 0.2, 9)).standing == "too early"

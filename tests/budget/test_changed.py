"""A response under changed settings."""

import numpy as np
import pytest
from made_up import response, todays

from marketmover.budget import LineChange, compare, with_changes


def test_a_better_rate_brings_so_much_more_and_other_lines_stay_as_they_were() -> None:
    made = response()
    first, *others = made.line_ids
    changed = with_changes(made, {first: LineChange({"leads": np.full(made.draws, np.log(1.2))})})
    budget = np.array([1_000.0])
    assert changed.draws_of_line(first, "leads", budget) == pytest.approx(
        1.2 * made.draws_of_line(first, "leads", budget)
    )
    for line in others:
        assert np.array_equal(changed.draws_of_line(line, "leads", budget), made.draws_of_line(line, "leads", budget))


def test_half_the_audience_brings_half_at_half_the_money() -> None:
    made = response()
    line = made.line_ids[0]
    changed = with_changes(made, {line: LineChange({}, room=0.5)})
    whole, half = (
        made.draws_of_line(line, "leads", np.array([2_000.0])),
        changed.draws_of_line(line, "leads", np.array([1_000.0])),
    )
    assert half == pytest.approx(0.5 * whole)
    assert (changed.draws_of_line(line, "leads", np.array([2_000.0])) < whole).all()


def test_the_given_response_stays_as_it_was_and_no_change_is_no_copy() -> None:
    made = response()
    line = made.line_ids[0]
    before = made.draws_of_line(line, "leads", np.array([500.0])).copy()
    with_changes(made, {line: LineChange({"leads": np.ones(made.draws)}, room=2.0)})
    assert np.array_equal(made.draws_of_line(line, "leads", np.array([500.0])), before)
    assert with_changes(made, {}) is made


def test_settings_that_are_better_make_the_same_split_better() -> None:
    made = response()
    today = todays(made)
    better = with_changes(made, {line: LineChange({"leads": np.full(made.draws, 0.1)}) for line in made.line_ids})
    told = compare(better, today, today, "leads", before=made)
    assert told.probability > 0.95
    assert told.relative.mid == pytest.approx(np.expm1(0.1), rel=0.05)

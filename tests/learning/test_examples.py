from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_cases import examples

from marketmover.errors import InputError
from marketmover.learning import Examples, rolling_origins


@given(st.integers(0, 400))
def test_what_is_known_on_a_day_holds_no_outcome_of_later(day: int) -> None:
    rows = examples(1)
    known = rows.known_on(day)
    assert (known.made_at + 14 <= day).all()
    assert len(known) == int((rows.known_at <= day).sum())


@given(st.integers(0, 900), st.integers(1, 60), st.integers(0, 300), st.integers(1, 20))
def test_origins_are_a_step_apart_and_within_what_can_be_judged(last: int, step: int, soonest: int, most: int) -> None:
    origins = rolling_origins(last, step, soonest, most)
    assert len(origins) <= most
    assert all(later - earlier == step for earlier, later in pairwise(origins))
    assert all(soonest <= origin <= last for origin in origins)
    assert not origins or origins[-1] == last


def test_columns_that_a_model_knows_and_rows_lack_are_nought() -> None:
    rows = examples(1).with_columns(("noise", "ad_type=VIDEO"))
    assert rows.names == ("noise", "ad_type=VIDEO")
    assert (rows.features[:, 0] == examples(1).features[:, 1]).all()
    assert not rows.features[:, 1].any()


@pytest.mark.parametrize(("target", "offset", "feature"), [(-1.0, 1.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, float("nan"))])
def test_values_that_nothing_can_be_learned_from_are_refused(target: float, offset: float, feature: float) -> None:
    day = np.zeros(1, dtype=np.int64)
    with pytest.raises(InputError):
        Examples(np.array([[feature]]), ("one",), np.array([target]), np.array([offset]), day, day)

"""Rate limits by a clock of the test's own."""

import pytest

from marketmover.web.limits import RateLimit


def test_a_caller_has_its_minutes_worth_and_then_waits_while_others_go_on() -> None:
    now = [0.0]
    limit = RateLimit(60, lambda: now[0])
    assert [limit.take("one") for _ in range(60)] == [0.0] * 60
    assert limit.take("one") == pytest.approx(1.0)
    assert limit.take("two") == 0.0
    now[0] = 1.0
    assert limit.take("one") == 0.0
    assert limit.take("one") > 0.0


def test_tokens_do_not_pile_up_beyond_a_minutes_worth() -> None:
    now = [0.0]
    limit = RateLimit(60, lambda: now[0])
    limit.take("one")
    now[0] = 3_600.0
    assert [limit.take("one") for _ in range(61)].count(0.0) == 60

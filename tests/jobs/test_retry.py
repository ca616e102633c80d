"""Trying again: what is worth it, how long is waited, and that the other side's wish is kept."""

import random

import pytest

from marketmover.errors import InputError, PlatformError, StoreError
from marketmover.jobs import Waits, with_retries


class Flaky:
    """A call that fails with each of some errors before it goes well."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "well"


def throttled(wait_s: float | None = None) -> PlatformError:
    return PlatformError("Too many calls.", kind="throttled", wait_s=wait_s)


def test_what_passes_is_tried_again_until_it_goes_well() -> None:
    call, waited = Flaky(throttled(), StoreError("busy"), PlatformError("away", kind="unavailable")), list[float]()
    assert with_retries(call, pause=waited.append) == "well"
    assert call.calls == 4
    assert [0.5 <= waited[0] <= 1, 1 <= waited[1] <= 2, 2 <= waited[2] <= 4] == [True] * 3


@pytest.mark.parametrize(
    "error",
    [
        PlatformError("no", kind="refused"),
        PlatformError("renew", kind="expired"),
        PlatformError("nobody knows", kind="unknown"),
        InputError("wrong"),
        ZeroDivisionError(),
    ],
)
def test_what_does_not_pass_or_may_have_been_done_is_not_tried_again(error: Exception) -> None:
    call = Flaky(error)
    with pytest.raises(type(error)):
        with_retries(call, pause=lambda _: pytest.fail("it waited"))
    assert call.calls == 1


def test_tries_come_to_an_end_with_the_last_error() -> None:
    call = Flaky(*(PlatformError(f"away {number}", kind="unavailable") for number in range(9)))
    with pytest.raises(PlatformError, match="away 2"):
        with_retries(call, waits=Waits(tries=3), pause=lambda _: None)


def test_the_wait_that_the_other_side_asks_for_is_kept_and_one_that_is_too_long_is_told_instead() -> None:
    waited: list[float] = []
    assert with_retries(Flaky(throttled(wait_s=100)), pause=waited.append) == "well"
    assert waited == [100]
    with pytest.raises(PlatformError):
        with_retries(Flaky(throttled(wait_s=3600)), pause=lambda _: pytest.fail("it waited"))


def test_waits_double_up_to_a_limit_and_are_spread() -> None:
    waits, chance = Waits(first_s=1, most_s=60), random.Random(5)  # noqa: S311 - it spreads load
    drawn = [[waits.wait(attempt, None, chance) for _ in range(200)] for attempt in (1, 3, 7, 10_000)]
    for waited, limit in zip(drawn, (1, 4, 60, 60), strict=True):
        assert limit / 2 <= min(waited) < max(waited) <= limit
        assert max(waited) - min(waited) > limit / 4

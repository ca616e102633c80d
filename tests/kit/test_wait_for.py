import asyncio
import threading
from contextvars import ContextVar

import pytest

from marketmover.kit import wait_for

WHO: ContextVar[str] = ContextVar("WHO", default="nobody")


async def answer() -> tuple[str, int]:
    await asyncio.sleep(0)
    return WHO.get(), threading.get_ident()


async def failure() -> None:
    raise LookupError("not here")


def test_a_coroutine_runs_in_the_thread_that_waits_for_it() -> None:
    assert wait_for(answer()) == ("nobody", threading.get_ident())


def test_where_a_loop_runs_already_it_runs_beside_it_in_the_same_context() -> None:
    async def as_in_a_notebook() -> tuple[str, int]:
        WHO.set("an analyst")
        return wait_for(answer())

    who, thread = asyncio.run(as_in_a_notebook())
    assert who == "an analyst"
    assert thread != threading.get_ident()


@pytest.mark.parametrize("beside", [False, True])
def test_what_goes_wrong_is_raised_to_whoever_waits(beside: bool) -> None:
    async def as_in_a_notebook() -> None:
        wait_for(failure())

    with pytest.raises(LookupError, match="not here"):
        wait_for(as_in_a_notebook() if beside else failure())

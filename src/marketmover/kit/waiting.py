"""Waiting for a coroutine from code that is not asynchronous."""

from collections.abc import Coroutine
from contextvars import copy_context
from typing import Any, TypeVar

T = TypeVar("T")


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, also where an event loop runs in this thread already, as it does in a notebook.

    There it is run by a thread of its own, with this one's context, and this one waits for it.
    """
    import asyncio  # here, as every room imports this package, and few wait
    from concurrent.futures import ThreadPoolExecutor

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="wait-for") as beside:
        return beside.submit(copy_context().run, asyncio.run, work).result()

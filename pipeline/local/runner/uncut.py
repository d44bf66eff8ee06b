"""Awaits what must not be cut in two, also when whoever waits for it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def uncut(operation: Coroutine[Any, Any, T], *, at_most_s: float | None = None) -> T:
    """Await an operation to its end before being cancelled, and cancel it once the time is over.

    What it raises after a cancellation is lost: nobody waits for it.
    """
    running = asyncio.ensure_future(operation)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running}, timeout=at_most_s)
        if not running.done():
            running.cancel()
        elif not running.cancelled():
            running.exception()
        raise

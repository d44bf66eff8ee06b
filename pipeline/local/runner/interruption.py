"""What interrupts an execution: a signal to who runs it, or that nobody listens to what it says any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(kw_only=True)
class Told:
    """Says lines until one cannot be said: that interrupts the task, once, and no more is said.

    Whoever pushed and closed the terminal no longer sees what happens, so nothing further is begun; what is
    under way is stopped and rolled back, as it is for a signal.
    """

    write: Callable[[str], None]
    task: asyncio.Task[Any] | None = None
    deaf: bool = False

    def __call__(self, line: str) -> None:
        """Say a line."""
        if self.deaf:
            return
        try:
            self.write(line)
        except (OSError, ValueError) as error:  # ValueError is what a closed file raises
            self.deaf = True
            if self.task:
                self.task.cancel(f"nobody listens: {error}")


def cause(error: asyncio.CancelledError) -> str:
    """Return what the one who interrupted said, if anything."""
    return str(error.args[0]) if error.args and error.args[0] else "interrupted"


def forgive() -> None:
    """Let the task go on that was told to end, so that it can clear up and be told again."""
    if task := asyncio.current_task():
        task.uncancel()


async def steadfast(work: Coroutine[Any, Any, T], *, interruptions: int, warn: Callable[[str], None]) -> T:
    """Do work that outlasts a number of interruptions; the next one cancels it.

    Raises:
        CancelledError: it was cancelled; it has ended by then.
    """
    task = asyncio.ensure_future(work)
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            if interruptions == 0:
                await _cancelled(task)
                raise
            forgive()
            interruptions -= 1
            warn(f"{cause(error)}: once more stops the rollback too")


async def _cancelled(task: asyncio.Future[Any]) -> None:
    """Cancel a task and return when it has ended, which may take its time; to be interrupted hurries it."""
    while not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})

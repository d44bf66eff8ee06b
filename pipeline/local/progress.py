"""Says what is being done: a spinner on a terminal, a line per step everywhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Progress:
    """Writes one line per finished step, with its duration in seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Show that something is being done, and afterwards that it is done or failed."""
        started = time.monotonic()
        mark = "✗"
        try:
            if self._console.is_terminal:
                with self._console.status(f"{doing} …"):
                    yield
            else:
                self._console.print(f"  {doing} …", highlight=False)
                yield
            mark = "✓"
        finally:
            seconds = time.monotonic() - started
            self._console.print(f"{mark} {doing} ({seconds:.1f} s)", highlight=False, soft_wrap=True)

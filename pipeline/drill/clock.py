"""The one clock of a drill, so that no two of its times come from clocks that disagree."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch, UTC, that never go back.

    The wall clock is read once; from then on a monotonic one counts, so that a correction of the wall clock
    in the middle of an outage does not lengthen or shorten it.
    """

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return self._offset + time.monotonic()

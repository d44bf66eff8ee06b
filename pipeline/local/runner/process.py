"""A process that can be told from a later one with its pid."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

# The boot time that start times are counted from moves with the clock.
SAME_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process by its pid and by when it was started, in epoch seconds."""

    pid: int
    created_at: float

    @classmethod
    def this(cls) -> Process:
        """The process that asks."""
        me = psutil.Process()
        return cls(pid=me.pid, created_at=me.create_time())

    @property
    def lives(self) -> bool:
        """Whether it still runs; a zombie does not."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.created_at) < SAME_S
            return same and found.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

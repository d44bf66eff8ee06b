"""Which AWS operations a Region was asked for, and by whom: what CloudTrail would tell."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.local.emulator.operation import Operation

LIMIT = 200_000


class Call(NamedTuple):
    """One request: when it arrived (seconds since the epoch), what it asked for, and its User-Agent."""

    at: float
    service: str
    action: str
    agent: str


class CallLog:
    """The last calls, in memory: at most `limit` of them, and none from before `began`.

    Args:
        began: when the process began to listen, seconds since the epoch.
    """

    def __init__(self, began: float, limit: int = LIMIT) -> None:
        self._calls: deque[Call] = deque(maxlen=limit)
        self.complete_since = began

    def add(self, at: float, operation: Operation, agent: str) -> None:
        """Note a call; the oldest one makes room for it."""
        if len(self._calls) == self._calls.maxlen:
            self.complete_since = self._calls[1].at if len(self._calls) > 1 else at
        service, action = map(sys.intern, operation)
        self._calls.append(Call(at, service, action, sys.intern(agent)))

    def between(self, since: float, until: float) -> Sequence[Call]:
        """Return the calls from `since` to `until`; those from before `complete_since` may be gone."""
        return [call for call in self._calls if since <= call.at <= until]

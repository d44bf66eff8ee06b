"""What happened to health and to answers, as JSON lines: the evidence of a drill."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

logger = logging.getLogger("dns")

# Two Regions that flap at every probe of one second write fewer in a day.
LIMIT = 500_000


class EventLog:
    """Appends one JSON object a line to a file, which each start of the process begins anew.

    Every event has `at` (UTC, RFC 3339 with microseconds) and `event`. The file is bounded: after `limit`
    events it says so in a last one, `full`, and takes no more.
    """

    def __init__(self, file: Path, *, limit: int = LIMIT, now: Callable[[], datetime] | None = None) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("w", buffering=1)
        self._left = limit
        self._now = now or _utc

    def add(self, event: str, **facts: object) -> None:
        """Append an event, now."""
        if self._left < 0:
            return
        if self._left == 0:
            event, facts = "full", {}
            logger.warning("%s is full: what happens from here on is not in it", self._file.name)
        self._left -= 1
        at = self._now().isoformat(timespec="microseconds").replace("+00:00", "Z")
        self._file.write(json.dumps({"at": at, "event": event, **facts}) + "\n")

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def _utc() -> datetime:
    return datetime.now(UTC)

"""Carries a peer Region's journal into this one, as a global table's replication does."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from itertools import takewhile
from statistics import median
from typing import Any
from urllib.parse import urlencode

from pipeline.local.emulator.change import Change, decode, encode
from pipeline.local.emulator.replica import Batch, Replica

logger = logging.getLogger("replication")

BATCH_LIMIT = 500
POLL_S = 1.0  # a stop waits for open requests
ANSWER_S = 5.0
HELD_S = 0.05
RETRY_S = (0.05, 1.0)


class Replication(threading.Thread):
    """Pulls what a peer wrote first, change by change, for as long as the process lives.

    Positions are kept in this Region's journal with what was taken, so a frozen or killed peer, or a kill of
    this process, costs only a repeated request. The lag is added to each change's own write time.

    Args:
        replica: takes the changes, on `loop` only, where the emulator serves requests.
        peer: the other Region's name; `port`, where it listens on loopback.
    """

    def __init__(self, replica: Replica, peer: str, port: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name=f"replication-from-{peer}", daemon=True)
        self.peer = peer
        self._replica = replica
        self._port = port
        self._loop = loop
        self._settings = threading.Condition()
        self._paused = False
        self._lag_ms = 0
        self._connection: http.client.HTTPConnection | None = None
        self._peer_journal = ""
        self._error = "not yet connected"
        self._lags_ms: deque[float] = deque(maxlen=200)
        self._pending_since: int | None = None

    def set(self, *, paused: bool | None = None, lag_ms: int | None = None) -> None:
        """Pause or resume, or set how old a change must be before it arrives (ms); None leaves as it is."""
        with self._settings:
            self._paused = self._paused if paused is None else paused
            self._lag_ms = self._lag_ms if lag_ms is None else lag_ms
            self._settings.notify_all()

    def describe(self) -> dict[str, Any]:
        """Return the state, lags in ms; `behind_ms` is the age of the oldest change under way."""
        behind = 0.0 if self._pending_since is None else (_now() - self._pending_since) / 1_000
        return {
            "peer": self.peer,
            "connected": not self._error,
            "error": self._error,
            "paused": self._paused,
            "lag_setting_ms": self._lag_ms,
            "median_lag_ms": round(median(self._lags_ms), 1) if self._lags_ms else None,
            "behind_ms": round(behind, 1),
            "conflicts": self._replica.conflicts,
            "position": self._replica.seen(self._peer_journal),
        }

    def run(self) -> None:
        """Pull until the process ends."""
        retry = RETRY_S[0]
        while True:
            try:
                self._take(self._fetch())
                self._error, retry = "", RETRY_S[0]
            except (OSError, http.client.HTTPException, ValueError) as error:
                self._error = f"{type(error).__name__}: {error}"
                self._disconnect()
                time.sleep(retry)
                retry = min(retry * 2, RETRY_S[1])

    def _fetch(self) -> Batch:
        after = self._replica.seen(self._peer_journal)
        missed = self._replica.missed(self._peer_journal)
        query = urlencode(
            {
                "journal": self._peer_journal,
                "after": after,
                "reader": self._replica.journal_id,
                "wait": POLL_S,
                **(missed._asdict() if missed else {}),
            }
        )
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=POLL_S + ANSWER_S)
        self._connection.request("GET", f"/_local/changes?{query}")
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ValueError(f"{self.peer} answered {answer.status}")
        self._error = ""
        batch = batch_from_json(json.loads(body))
        self._peer_journal = batch.journal
        return batch

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _take(self, batch: Batch) -> None:
        """Take what is due, and let go of the rest until it is: a peer that dies first takes that with it."""
        due = list(takewhile(lambda numbered: self._early_us(numbered[1]) <= 0, batch.changes))
        held = batch.changes[len(due)][1] if len(due) < len(batch.changes) else None
        if held is None:
            self._take_all(batch)
        elif due:
            self._take_all(Batch(batch.journal, due, due[-1][0]))
        self._pending_since = held.stamp.at if held else None
        if held:
            self._await_due(held)

    def _take_all(self, batch: Batch) -> None:
        steps = self._replica.take(batch)
        for _, change in batch.changes:
            self._pending_since = change.stamp.at
            if not self._on_loop(steps):
                break
            self._lags_ms.append((_now() - change.stamp.at) / 1_000)
        self._on_loop(steps)

    def _early_us(self, change: Change) -> float:
        """Return for how many µs a change is not due yet."""
        return float("inf") if self._paused else change.stamp.at + self._lag_ms * 1_000 - _now()

    def _await_due(self, change: Change) -> None:
        """Wait for a change to be due, for a moment at the least: then it is asked for again."""
        with self._settings:
            while (early := self._early_us(change)) > 0:
                self._settings.wait(None if self._paused else max(early / 1_000_000, HELD_S))

    def _on_loop(self, steps: Iterator[bool]) -> bool:
        """Take one step where requests are served; tell whether there was one."""

        async def step() -> bool:
            return next(steps, None) is not None

        return asyncio.run_coroutine_threadsafe(step(), self._loop).result()


def batch_to_json(batch: Batch) -> dict[str, Any]:
    """Return the batch as JSON values, as it travels between Regions."""
    changes = [[sequence, encode(change)] for sequence, change in batch.changes]
    return {"journal": batch.journal, "read": batch.read, "changes": changes}


def batch_from_json(values: dict[str, Any]) -> Batch:
    """Return the batch of which `batch_to_json` made these values.

    Raises:
        ValueError: the values are not those of a batch.
    """
    try:
        changes = [(int(sequence), decode(change)) for sequence, change in values["changes"]]
        return Batch(str(values["journal"]), changes, int(values["read"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a batch: {error}") from error


def _now() -> int:
    return time.time_ns() // 1_000

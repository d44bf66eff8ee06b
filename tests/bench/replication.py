"""How long after its acknowledgement a write is seen over HTTP in the other Region."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx

from tests.bench.figure import Figure
from tests.e2e.load import load
from tests.e2e.platform import Platform

IDLE_MS = 50.0
WRITES = 1_000


def measure(platform: Platform) -> Iterator[Figure]:
    """Measure the lag of an idle platform, and how soon after 1,000 writes it is as short again."""
    primary, secondary = (region.api_url for region in platform.layout.regions)
    with httpx.Client(timeout=20) as client:
        idle = [_lag(client, primary, secondary) for _ in range(50)]
        yield Figure(
            name="replication lag over HTTP, idle, median",
            value=statistics.median(idle) * 1e3,
            unit=" ms",
            most=IDLE_MS,
            made_of=f"50 users, slowest {max(idle) * 1e3:.0f} ms",
        )
        with load(primary, clients=8, most=WRITES) as clients:
            clients.await_acknowledged(WRITES)
        ended = time.perf_counter()
        lags: list[float] = []
        while not lags[4:] or statistics.median(lags[-5:]) * 1e3 > IDLE_MS:
            lags.append(_lag(client, primary, secondary))
        yield Figure(
            name=f"… back to {IDLE_MS:.0f} ms after {WRITES:,} writes within",
            value=time.perf_counter() - ended,
            unit=" s",
            most=5.0,
            made_of=f"{len(lags)} users, first {lags[0] * 1e3:.0f} ms",
        )


def _lag(client: httpx.Client, primary: str, secondary: str) -> float:
    user_id = uuid4().hex
    user = {"user_id": user_id, "name": "Measured", "email": f"{user_id}@example.com"}
    client.post(f"{primary}/users", json=user).raise_for_status()
    acknowledged = time.perf_counter()
    while client.get(f"{secondary}/users/{user_id}").status_code != 200:
        pass
    return time.perf_counter() - acknowledged

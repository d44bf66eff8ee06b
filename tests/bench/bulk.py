"""What 1,000 users cost by batch_write, beside as many POSTs through the same code, at 5 ms a request."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.figure import Figure

ROUNDS = 3


def measure() -> Iterator[Figure]:
    """Yield the share of the time that a batch takes, and its peak memory beside that of 100 users."""
    rounds = [
        [_run("at-once", 1_000), _run("one-by-one", 1_000), _run("at-once", 100)] for _ in range(ROUNDS)
    ]
    batch, posts, small = (
        {key: statistics.median(run[way][key] for run in rounds) for key in ("seconds", "peak")}
        for way in range(3)
    )
    yield Figure(
        name="1,000 users by batch_write / by POSTs",
        value=batch["seconds"] / posts["seconds"],
        unit=" times",
        most=0.1,
        made_of=f"{batch['seconds'] * 1e3:.0f} ms and {posts['seconds'] * 1e3:.0f} ms",
    )
    yield Figure(
        name="peak memory of 1,000 users / of 100",
        value=batch["peak"] / small["peak"],
        unit=" times",
        most=1.5,
        made_of="of the whole process",
    )


def _run(way: str, count: int) -> dict[str, float]:
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "tests.bench.bulk_run", way, str(count)],
        capture_output=True,
        text=True,
        check=True,
    )
    run: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return run

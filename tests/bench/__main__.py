"""`make bench`: each figure a ratio, or a lag, within this one run, beside its target."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from tests.bench import bulk, front_door, recovery, replication, requests, rollout, start, synthesis
from tests.bench.figure import Figure
from tests.e2e.platform import Platform


def measure() -> Iterator[Figure]:
    """Yield each figure as soon as it is known."""
    yield from requests.measure()
    yield from bulk.measure()
    yield from recovery.measure()
    with TemporaryDirectory() as folder:
        platform = Platform(Path(folder))
        try:
            yield start.measure(platform)
            yield front_door.measure(platform)
            yield from replication.measure(platform)
            yield rollout.measure(platform)
        finally:
            platform.make("down")
    yield synthesis.measure()


def main() -> int:
    """Print the figures, and return 1 if one is not within its target."""
    console = Console(soft_wrap=True, highlight=False)
    missed = 0
    for figure in measure():
        missed += not figure.reached
        verdict = "✓" if figure.reached else "✗"
        value = f"{figure.value:.2f}{figure.unit} ≤ {figure.most:g}{figure.unit}"
        console.print(f"{verdict} {figure.name:46} {value:22} ({figure.made_of})")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

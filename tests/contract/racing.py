"""Doing things to one repository at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

Outcome = type[Exception] | None


def race(attempts: Sequence[Callable[[], object]]) -> list[Outcome]:
    """Make attempts at the same moment, and tell how each ended: with which error, or None."""
    start = Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> Outcome:
        start.wait()
        try:
            attempt()
        except Exception as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))

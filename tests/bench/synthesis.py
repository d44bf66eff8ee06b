"""What cdk-nag and the check of the tables add to a synthesis of BETA and PROD, in CPU."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from tempfile import TemporaryDirectory

from tests.bench.figure import Figure

GUARDED, BARE = "guarded", "bare"

ROUNDS = 3


def measure() -> Figure:
    """Synthesize in turns with the guardrails and without, each time in a new process.

    The validation that the CDK makes of every template is on in both.
    """
    costs: dict[str, list[float]] = {GUARDED: [], BARE: []}
    for _ in range(ROUNDS):
        for how, spent in costs.items():
            spent.append(_cpu_seconds(how))
    guarded, bare = (statistics.median(costs[how]) for how in (GUARDED, BARE))
    made_of = f"CPU {guarded:.1f} s and {bare:.1f} s"
    return Figure(
        name="synth / without cdk-nag", value=guarded / bare, unit=" times", most=1.3, made_of=made_of
    )


def _cpu_seconds(how: str) -> float:
    """Return what one synthesis costs, in its process and in the one of jsii."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "tests.bench.synthesized", how, folder], check=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

"""Whatever is asked of what `make up` serves, the answer is one that its own document names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.local.layout import ROOT
from tests.e2e.platform import Platform

pytestmark = pytest.mark.e2e

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
OPERATIONS = 12
LEAST_EXAMPLES = 2_000

Statuses = Mapping[str, Counter[int | None]]


@dataclass(frozen=True)
class Verdict:
    """What schemathesis said, and the statuses that it saw by operation; None where no answer came."""

    url: str
    text: str
    passed: bool
    statuses: Statuses
    modes: Counter[str]

    @property
    def examples(self) -> int:
        return sum(seen.total() for seen in self.statuses.values())

    def __str__(self) -> str:
        """Return a line for each operation."""
        lines = [f"{self.url}: {self.examples} examples, {dict(self.modes)}"]
        for operation, seen in sorted(self.statuses.items()):
            each = ", ".join(f"{status}: {count}" for status, count in sorted(seen.items(), key=str))
            lines.append(f"{operation:26}{seen.total():6}  {each}")
        return "\n".join(lines)


def examine(url: str, report: Path, *, examples: int) -> Verdict:
    """Ask an API what its document describes and what it excludes, each operation `examples` times."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)]
    command += ["run", f"{url}/openapi.json", "--max-examples", str(examples), "--no-color"]
    command += ["--report", "ndjson", "--report-ndjson-path", str(report)]
    result = subprocess.run(  # noqa: S603
        command,
        cwd=report.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    statuses, modes = _counted(report)
    return Verdict(url, result.stdout + result.stderr, result.returncode == 0, statuses, modes)


def _counted(report: Path) -> tuple[Statuses, Counter[str]]:
    """Count the answers by operation and status, and the requests by whether they were meant to be valid."""
    statuses: dict[str, Counter[int | None]] = {}
    modes: Counter[str] = Counter()
    with report.open(encoding="utf-8") as events:
        for event in events:
            recorded = json.loads(event).get("ScenarioFinished", {}).get("recorder", {})
            for case, interaction in recorded.get("interactions", {}).items():
                seen = statuses.setdefault(recorded["label"], Counter())
                seen[(interaction.get("response") or {}).get("status_code")] += 1
                modes[recorded["cases"][case]["value"]["meta"]["generation"]["mode"]] += 1
    return statuses, modes


def test_every_answer_is_one_that_the_document_names(platform: Platform, tmp_path: Path) -> None:
    primary, secondary = platform.layout.regions
    with ThreadPoolExecutor() as pool:
        first = pool.submit(examine, platform.layout.url, tmp_path / f"{primary.role}.ndjson", examples=100)
        second = pool.submit(examine, secondary.api_url, tmp_path / f"{secondary.role}.ndjson", examples=80)
    verdicts = first.result(), second.result()
    print(*verdicts, sep="\n\n")  # noqa: T201 - pytest shows it with -rP, or where the test fails
    for verdict in verdicts:
        assert verdict.passed, verdict.text
        assert len(verdict.statuses) == OPERATIONS
        assert min(verdict.modes["positive"], verdict.modes["negative"]) > 300
        answered = {status for seen in verdict.statuses.values() for status in seen}
        assert not {status for status in answered if status is None or status >= 500}
    assert sum(verdict.examples for verdict in verdicts) >= LEAST_EXAMPLES

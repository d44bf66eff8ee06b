"""The data plane runs as a process of its own, and ends when it is told to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import dns.exception
import pytest

from pipeline.local.layout import ROOT
from tests.pipeline.local.dns import zones
from tests.pipeline.local.dns.serving import resolved
from tests.ports import free_ports
from tests.waiting import eventually

COMMAND = (sys.executable, "-m", "pipeline.local.dns")


def test_it_serves_until_it_is_terminated(tmp_path: Path) -> None:
    port, events = free_ports(1), tmp_path / "events.jsonl"
    file = zones.written(
        zones.without_alarms(("http://127.0.0.1:1", "http://127.0.0.1:1")), tmp_path / "zone.json"
    )
    options = ("--zone", str(file), "--port", str(port), "--events", str(events), "--time-scale", "10")

    def answered() -> list[tuple[str, int]]:
        with suppress(dns.exception.Timeout, OSError):
            return resolved(port, zones.SHARED, within_s=0.1)
        return []

    with subprocess.Popen(  # noqa: S603 - our own command
        (*COMMAND, *options), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            assert eventually(answered) == [(zones.FIRST, 6)]
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, output) == (0, b"")
    lines = [json.loads(line) for line in events.read_text().splitlines()]
    assert [(line["event"], line["time_scale"]) for line in lines[:1]] == [("start", 10.0)]
    assert lines[1]["event"] == "zone"


@pytest.mark.parametrize("scale", ["0", "nan", "inf", "fast"])
def test_time_cannot_stand_still(scale: str, tmp_path: Path) -> None:
    options = ("--zone", "z", "--port", "1", "--events", str(tmp_path / "e"), "--time-scale", scale)
    found = subprocess.run(  # noqa: S603 - our own command
        (*COMMAND, *options), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert "--time-scale" in found.stderr

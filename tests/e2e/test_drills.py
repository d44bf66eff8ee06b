"""Every drill, twice, on the platform that `make up` started: what losing a Region costs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import SCENARIOS
from pipeline.local.platform import services
from tests.e2e.platform import Platform

pytestmark = pytest.mark.e2e

TIME_SCALE = 10


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, since drills leave users behind."""
    platform = Platform(tmp_path_factory.mktemp("drilled"))
    platform.up()
    yield platform
    assert platform.make("down").returncode == 0


def held(platform: Platform, scenario: str) -> Mapping[str, Any]:
    """Hold a drill by its make target, and return its report."""
    result = platform.make("drill", "--json", SCENARIO=scenario, TIME_SCALE=TIME_SCALE)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr
    report: Mapping[str, Any] = json.loads(result.stdout)
    return report


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: str(scenario.name))
def test_a_drill_is_met_each_time(platform: Platform, scenario: Scenario, time: str) -> None:
    del time
    report = held(platform, scenario.name)
    verdict = report["verdict"]
    assert report["met"]
    assert report["time_scale"] == TIME_SCALE
    assert verdict["violations"] == []
    assert verdict["durability"]["acknowledged"] > 20
    lost = verdict["durability"]["lost"]
    assert bool(lost) is scenario.loses_disk
    assert all(write["within_window"] for write in lost)
    assert {recovery["kind"] for recovery in verdict["recoveries"]} == {
        "obeys-ttl",
        "keeps-connections",
        "caches-dns",
    }
    assert report["restored_by"] == ("watchdog" if scenario.dies else "drill")
    assert all(service.process for service in services(platform.layout))

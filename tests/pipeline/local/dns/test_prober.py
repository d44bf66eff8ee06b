"""The data behind an alarm are looked at in its Region, over its period, and hold while there are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.dns import prober
from pipeline.local.dns.alarm import CloudWatch
from pipeline.local.dns.probe import Patience
from tests.pipeline.local.dns.platforms import Running
from tests.pipeline.local.dns.zones import FIRST, SECOND, zone
from tests.waiting import eventually


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(prober, "PATIENCE", Patience(connect_s=20, answer_s=20))
    platform = Running(tmp_path)
    yield platform
    platform.kill()


class Switch:
    """The data that each Region has of the other's signal: one value in the last two windows, or none."""

    def __init__(self) -> None:
        self.value: dict[str, float] = {}
        self.places: set[tuple[str, str]] = set()
        self.periods: set[int] = set()

    def client(self, region: str, url: str, _wait_s: float) -> CloudWatch:
        self.places.add((region, url))
        return self

    def describe_alarms(self, **_: object) -> Mapping[str, Any]:
        raise AssertionError("a check follows the data, not the state of the alarm")

    def get_metric_statistics(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        self.periods.add(asked["Period"])
        (region,) = (each["Value"] for each in asked["Dimensions"] if each["Name"] == "Region")
        points = [
            {"Timestamp": asked["StartTime"], "Maximum": v} for r, v in self.value.items() if r == region
        ]
        return {"Datapoints": points}


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Switch:
    switch = Switch()
    monkeypatch.setattr(prober, "cloudwatch", switch.client)
    return switch


def test_the_stop_switch_is_read_in_the_other_region_and_holds_without_data(
    platform: Running, switch: Switch
) -> None:
    with platform.serving(zone(platform.urls)):
        switch.value["eu-west-1"] = 1
        platform.await_address(SECOND)
        assert platform.check("eu-west-1-api")["healthy"]
        del switch.value["eu-west-1"]
        eventually(lambda: platform.check("eu-west-1-stop")["last_result"] == "no Stop was sent lately")
        assert platform.address() == SECOND
        switch.value["eu-west-1"] = 0
        platform.await_address(FIRST)
    assert switch.places == {("eu-central-1", platform.second.url), ("eu-west-1", platform.first.url)}


def test_the_time_scale_divides_the_alarms_period(platform: Running, switch: Switch) -> None:
    with platform.serving(zone(platform.urls), time_scale=10):
        eventually(lambda: switch.periods)
    assert switch.periods == {6}


def test_an_alarm_of_a_region_that_is_not_here_is_no_data(platform: Running, switch: Switch) -> None:
    stop = tuple(c for c in zone().alarm_checks if c.region == "eu-west-1")
    (far,) = (c for c in zone().alarm_checks if c not in stop)
    far = replace(far, region="us-east-1", without_data="Unhealthy")
    with platform.serving(zone(platform.urls, alarm_checks=(*stop, far))):
        platform.await_address(SECOND)
        assert platform.check("eu-west-1-stop")["last_result"] == "us-east-1 is not a Region of this machine"
    assert {region for region, _ in switch.places} == {"eu-west-1"}


def test_a_look_that_fails_in_an_odd_way_ends_no_other(
    platform: Running, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> Mapping[str, Any]:
        raise RuntimeError("odd")

    monkeypatch.setattr(switch, "get_metric_statistics", fail)
    with platform.serving(zone(platform.urls)):
        eventually(lambda: "odd" in str(platform.check("eu-west-1-stop")["last_result"]))
        platform.first.status = 503
        platform.await_address(SECOND)

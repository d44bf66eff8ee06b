"""Health checks are read as the API gives them, with its defaults, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.local.dns.check_config import read_check
from pipeline.local.dns.health import AlarmCheck, CalculatedCheck, EndpointCheck, HealthCheck
from pipeline.local.dns.metric import Metric
from pipeline.local.dns.zone import ZoneError
from tests.pipeline.local.dns.zones import stop_metric

SWITCHES = {"Inverted": True, "Disabled": True}
ALARM = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": "stop", "Region": "eu-central-1"}}
SUM = {"Type": "CALCULATED", "HealthThreshold": 2, "ChildHealthChecks": ["a", "b"]}
METRIC = stop_metric("eu-west-1")


def metric_of(alarm: str, region: str) -> Metric:
    assert (alarm, region) == ("stop", "eu-central-1")
    return METRIC


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (
            {
                "Type": "HTTPS",
                "FullyQualifiedDomainName": "Api.local.example",
                "Port": 443,
                "ResourcePath": "/health",
                "RequestInterval": 10,
                "FailureThreshold": 1,
            },
            EndpointCheck(
                id="x", name="api.local.example.", path="/health", interval_s=10, failure_threshold=1
            ),
        ),
        (
            {"Type": "HTTP", "FullyQualifiedDomainName": "a.b", **SWITCHES},
            EndpointCheck(
                id="x",
                name="a.b.",
                path="/",
                interval_s=30,
                failure_threshold=3,
                inverted=True,
                disabled=True,
            ),
        ),
        (
            {"Type": "HTTP", "FullyQualifiedDomainName": "a.b", "ResourcePath": "health"},
            EndpointCheck(id="x", name="a.b.", path="/health", interval_s=30, failure_threshold=3),
        ),
        (
            ALARM,
            AlarmCheck(
                id="x",
                alarm="stop",
                region="eu-central-1",
                metric=METRIC,
                without_data="LastKnownStatus",
            ),
        ),
        (
            {**ALARM, **SWITCHES, "InsufficientDataHealthStatus": "Unhealthy"},
            AlarmCheck(
                id="x",
                alarm="stop",
                region="eu-central-1",
                metric=METRIC,
                without_data="Unhealthy",
                inverted=True,
                disabled=True,
            ),
        ),
        (SUM, CalculatedCheck(id="x", children=("a", "b"), threshold=2)),
        (
            {**SUM, **SWITCHES},
            CalculatedCheck(id="x", children=("a", "b"), threshold=2, inverted=True, disabled=True),
        ),
    ],
)
def test_a_check_is_read(config: dict[str, Any], check: HealthCheck) -> None:
    assert read_check("x", config, metric_of) == check


@pytest.mark.parametrize(
    "config",
    [
        {"Type": "TCP", "FullyQualifiedDomainName": "a.b"},
        {"Type": "HTTPS_STR_MATCH", "FullyQualifiedDomainName": "a.b", "SearchString": "ok"},
        {"Type": "HTTPS", "IPAddress": "192.0.2.1"},
        {"Type": "HTTPS", "IPAddress": "192.0.2.1", "FullyQualifiedDomainName": "a.b"},
        {"Type": "RECOVERY_CONTROL", "RoutingControlArn": "arn:aws:x"},
        {"Type": "CALCULATED", "HealthThreshold": 2},
        {},
    ],
)
def test_a_kind_that_is_not_emulated_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ZoneError, match=r"The health check x \(.*\) is of a kind that is not emulated here"):
        read_check("x", config, metric_of)

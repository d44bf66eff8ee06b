"""A health check as Route 53's API describes it, read into one that can be followed here.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.local.dns.health import (
    LAST_KNOWN_STATUS,
    AlarmCheck,
    CalculatedCheck,
    EndpointCheck,
    HealthCheck,
)
from pipeline.local.dns.metric import Metric
from pipeline.local.dns.records import canonical
from pipeline.local.dns.zone import ZoneError

# Returns the metric of an alarm, by the alarm's name and Region.
MetricOf = Callable[[str, str], Metric]


def read_check(id: str, config: Mapping[str, Any], metric_of: MetricOf) -> HealthCheck:
    """Return the health check with Route 53's defaults for what its HealthCheckConfig does not say.

    The port is not read: the endpoint is the Region behind the name, wherever that listens on this machine.

    Raises:
        ZoneError: it is of a kind that is not emulated here, or `metric_of` raised it.
    """
    match config:
        case {"Type": "HTTP" | "HTTPS", "FullyQualifiedDomainName": name, **rest} if "IPAddress" not in rest:
            return EndpointCheck(
                id=id,
                name=canonical(name),
                path="/" + config.get("ResourcePath", "").removeprefix("/"),
                interval_s=config.get("RequestInterval", 30),
                failure_threshold=config.get("FailureThreshold", 3),
                **_switches(config),
            )
        case {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": alarm, "Region": region}}:
            without_data = config.get("InsufficientDataHealthStatus", LAST_KNOWN_STATUS)
            return AlarmCheck(
                id=id,
                alarm=alarm,
                region=region,
                metric=metric_of(alarm, region),
                without_data=without_data,
                **_switches(config),
            )
        case {"Type": "CALCULATED", "HealthThreshold": threshold, "ChildHealthChecks": children}:
            return CalculatedCheck(id=id, children=tuple(children), threshold=threshold, **_switches(config))
    raise ZoneError(f"The health check {id} ({config.get('Type')}) is of a kind that is not emulated here")


def _switches(config: Mapping[str, Any]) -> dict[str, bool]:
    return {"inverted": bool(config.get("Inverted")), "disabled": bool(config.get("Disabled"))}

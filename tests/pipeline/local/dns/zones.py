"""The zone that a deployment of two Regions has, as its templates write it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.local.dns.health import LAST_KNOWN_STATUS, AlarmCheck, CalculatedCheck, EndpointCheck
from pipeline.local.dns.metric import Metric
from pipeline.local.dns.records import PRIMARY, SECONDARY, Alias, RecordSet
from pipeline.local.dns.zone import Region, Zone, write

ZONE = "local.example."
SHARED = "users.local.example."
FIRST, SECOND = "127.83.0.1", "127.83.0.2"
REGIONS = {"eu-west-1": FIRST, "eu-central-1": SECOND}
OTHER = {"eu-west-1": "eu-central-1", "eu-central-1": "eu-west-1"}


def resource(region: str, domain: str) -> str:
    """Return the DNS name of an API Gateway custom domain."""
    return f"{domain}execute-api.{region}.amazonaws.com."


def alias(name: str, target: str, type: str = "A", **more: Any) -> RecordSet:  # noqa: ANN401 - a record's fields
    """Return an alias record, which evaluates its target's health only where `evaluate=True`."""
    to = Alias(target=target, evaluate_target_health=bool(more.pop("evaluate", False)))
    return RecordSet(name=name, type=type, alias=to, **more)


def records(type: str = "A") -> tuple[RecordSet, ...]:
    """Return the records of one type: each Region's own name and origin, and the shared name."""
    found = []
    for region, failover in (("eu-west-1", PRIMARY), ("eu-central-1", SECONDARY)):
        own, origin = f"{region}.{SHARED}", f"origin-{region}.{SHARED}"
        found += [
            alias(own, resource(region, own), type),
            alias(origin, resource(region, SHARED), type),
            alias(
                SHARED,
                origin,
                type,
                evaluate=True,
                failover=failover,
                set_identifier=region,
                health_check_id=f"{region}-both",
            ),
        ]
    return tuple(found)


def endpoint(region: str, **differently: Any) -> EndpointCheck:  # noqa: ANN401 - a check's fields
    """Return the check of a Region's API."""
    name = f"{region}.{SHARED}"
    check = EndpointCheck(id=f"{region}-api", name=name, path="/health", interval_s=10, failure_threshold=3)
    return replace(check, **differently)


def stop_metric(region: str) -> Metric:
    """Return the metric whose value 1 takes a Region out of DNS."""
    return Metric(
        namespace="UsersRouting",
        name="Stop",
        dimensions=(("Service", "users"), ("Region", region)),
        statistic="Maximum",
        period_s=60,
        comparison="GreaterThanOrEqualToThreshold",
        threshold=1,
    )


def zone(urls: tuple[str, str] = ("http://one", "http://two"), **differently: Any) -> Zone:  # noqa: ANN401
    """Return the whole zone with the APIs at these URLs, and the Regions' AWS endpoints at the same."""
    regions = tuple(
        Region(role=role, name=name, address=REGIONS[name], api_url=url, aws_url=url)
        for role, name, url in zip(("primary", "secondary"), REGIONS, urls, strict=True)
    )
    both = Zone(
        name=ZONE,
        records=records("A") + records("AAAA"),
        endpoint_checks=tuple(endpoint(region) for region in REGIONS),
        alarm_checks=tuple(
            AlarmCheck(
                id=f"{region}-stop",
                alarm=f"stop-{region}",
                region=OTHER[region],
                metric=stop_metric(region),
                without_data=LAST_KNOWN_STATUS,
            )
            for region in REGIONS
        ),
        calculated_checks=tuple(
            CalculatedCheck(id=f"{region}-both", children=(f"{region}-api", f"{region}-stop"), threshold=2)
            for region in REGIONS
        ),
        resources={
            resource(region, domain): region
            for region in REGIONS
            for domain in (f"{region}.{SHARED}", SHARED)
        },
        regions=regions,
    )
    return replace(both, **differently)


def without_alarms(urls: tuple[str, str], **check: Any) -> Zone:  # noqa: ANN401 - a check's fields
    """Return the zone whose failover looks at the two APIs only."""
    return zone(
        urls,
        endpoint_checks=tuple(endpoint(region, **check) for region in REGIONS),
        alarm_checks=(),
        calculated_checks=tuple(
            CalculatedCheck(id=f"{region}-both", children=(f"{region}-api",), threshold=1)
            for region in REGIONS
        ),
    )


def written(zone: Zone, file: Path) -> Path:
    """Put the zone into the file, and return that."""
    write(zone, file)
    return file

"""Two Regions' Route 53, API Gateway and CloudWatch, as boto3 tells of what the templates deployed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.local.dns.deployed import Source
from pipeline.local.layout import Layout
from tests.pipeline.local.dns import zones
from tests.pipeline.local.dns.zones import SHARED, ZONE

ZONE_ID = "Z0LOCAL"
Items = list[dict[str, Any]]


class Listing:
    """A client whose operations answer lists, a page for each item, as a paginator gives them."""

    def __init__(self, **answers: tuple[str, Items]) -> None:
        self._answers = answers
        self._operation = ""

    def get_paginator(self, operation_name: str, /) -> Listing:
        listing = Listing(**self._answers)
        listing._operation = operation_name
        return listing

    def paginate(self, **parameters: str) -> Iterable[Mapping[str, Any]]:
        key, items = self._answers[self._operation]
        wanted = parameters.get("domainName")
        yield from ({key: [item]} for item in items if wanted in (None, item.get("domainName")))
        yield {}


class Alarms:
    """A CloudWatch that has these alarms, and remembers which it was asked for."""

    def __init__(self, *alarms: dict[str, Any]) -> None:
        self.alarms = {alarm["AlarmName"]: alarm for alarm in alarms}
        self.asked: list[str] = []

    def describe_alarms(self, *, AlarmNames: Sequence[str], AlarmTypes: Sequence[str]) -> Mapping[str, Any]:  # noqa: N803
        assert "MetricAlarm" in AlarmTypes
        self.asked += AlarmNames
        return {"MetricAlarms": [self.alarms[name] for name in AlarmNames if name in self.alarms]}

    def get_metric_statistics(self, **_: object) -> Mapping[str, Any]:
        raise AssertionError("the data are not read with the zone")


class Cloud:
    """What two Regions hold: the first the routing, each its own names and API."""

    def __init__(self) -> None:
        self.records: dict[str, Items] = {}
        self.checks: dict[str, Items] = {}
        self.domains: dict[str, Items] = {}
        self.mappings: dict[str, Items] = {}
        self.alarms = {zones.OTHER[region]: Alarms(alarm(region)) for region in zones.REGIONS}
        for place in Layout().regions:
            self._add_region(place.name)
        for region, failover in (("eu-west-1", "PRIMARY"), ("eu-central-1", "SECONDARY")):
            self.checks["eu-west-1"] += checks(region)
            for kind in ("A", "AAAA"):
                record = alias(SHARED, f"origin-{region}.{SHARED}", kind, evaluate=True)
                record |= {
                    "SetIdentifier": region,
                    "Failover": failover,
                    "HealthCheckId": f"{region}-both",
                }
                self.records["eu-west-1"].append(record)

    def _add_region(self, region: str) -> None:
        own = f"{region}.{SHARED}"
        names = ((own, zones.resource(region, own)), (f"origin-{own}", zones.resource(region, SHARED)))
        default = {"Name": ZONE, "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": region}]}
        aliases = [alias(name, target, kind) for name, target in names for kind in ("A", "AAAA")]
        self.records[region] = [default, *aliases]
        self.checks[region] = []
        self.domains[region] = [domain(region, name.rstrip(".")) for name in (own, SHARED)]
        self.mappings[region] = [mapping(each["domainName"]) for each in self.domains[region]]

    def add_domain(self, region: str, name: str, *, api: str) -> None:
        """Have another custom domain lead to an API in a Region."""
        self.domains[region].append(domain(region, name))
        self.mappings[region].append({**mapping(name), "restApiId": api})

    def sources(self) -> list[Source]:
        return [
            Source(
                place=place,
                route53=Listing(
                    list_resource_record_sets=("ResourceRecordSets", self.records[place.name]),
                    list_health_checks=("HealthChecks", self.checks[place.name]),
                ),
                api_gateway=Listing(
                    get_domain_names=("items", self.domains[place.name]),
                    get_base_path_mappings=("items", self.mappings[place.name]),
                ),
                cloudwatch=self.alarms[place.name],
            )
            for place in Layout().regions
        ]


def alias(name: str, target: str, type: str, *, evaluate: bool = False) -> dict[str, Any]:
    to = {"HostedZoneId": "Z", "DNSName": target, "EvaluateTargetHealth": evaluate}
    return {"Name": name, "Type": type, "AliasTarget": to}


def domain(region: str, name: str) -> dict[str, Any]:
    return {
        "domainName": name,
        "regionalDomainName": f"{name}.execute-api.{region}.amazonaws.com",
    }


def mapping(name: str) -> dict[str, Any]:
    return {"domainName": name, "basePath": "(none)", "restApiId": "api", "stage": "local"}


def alarm(region: str, **differently: object) -> dict[str, Any]:
    """Return the alarm that takes a Region out of DNS, without the fields that are to be None."""
    described = {
        "AlarmName": f"stop-{region}",
        "StateValue": "ALARM",
        "Namespace": "UsersRouting",
        "MetricName": "Stop",
        "Dimensions": [{"Name": "Service", "Value": "users"}, {"Name": "Region", "Value": region}],
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "missing",
        **differently,
    }
    return {key: value for key, value in described.items() if value is not None}


def checks(region: str) -> Items:
    return [
        {
            "Id": f"{region}-both",
            "HealthCheckConfig": {
                "Type": "CALCULATED",
                "HealthThreshold": 2,
                "ChildHealthChecks": [f"{region}-api", f"{region}-stop"],
            },
        },
        {
            "Id": f"{region}-api",
            "HealthCheckConfig": {
                "Type": "HTTPS",
                "FullyQualifiedDomainName": f"{region}.{SHARED}".rstrip("."),
                "Port": 443,
                "ResourcePath": "/health",
                "RequestInterval": 10,
                "FailureThreshold": 3,
            },
        },
        {
            "Id": f"{region}-stop",
            "HealthCheckConfig": {
                "Type": "CLOUDWATCH_METRIC",
                "AlarmIdentifier": {"Name": f"stop-{region}", "Region": zones.OTHER[region]},
                "InsufficientDataHealthStatus": "LastKnownStatus",
            },
        },
    ]

"""What would keep a failover from working, found in the templates and in the calls of a runbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.config import Deployment
from pipeline.runbook import Call
from stacks.domain import Domain
from tests.stacks.assembly import Resource, Stack

# What CloudTrail logs as data events, "also known as data plane operations", of the services that are called
# (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html and
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html).
DATA_PLANE = {"cloudwatch:PutMetricData", "dynamodb:PutItem", "dynamodb:UpdateItem"}
TYPES = ("A", "AAAA")


def call_faults(deployment: Deployment, calls: Sequence[Call], stacks: Sequence[Stack]) -> list[str]:
    """A sentence for each call that needs a control plane or a Region that may be lost, or hits nothing."""
    found = []
    for call in calls:
        verb, region = call.purpose.split()
        if call.right not in DATA_PLANE:
            found.append(f"{call.purpose} needs {call.right}, which is not of a data plane.")
        elif verb in {"stop", "start"}:
            found.extend(f"{call.purpose} {what}." for what in _signal_faults(call, verb, region, stacks))
        elif not _is_row_of_replica(call, region, deployment, stacks):
            found.append(f"{call.purpose} writes to no replica in {region}.")
    return found


def routing_faults(deployment: Deployment, stacks: Sequence[Stack]) -> list[str]:
    """A sentence for each record, origin or health check that is missing, or that would not do its work."""
    found: list[str] = []
    assert deployment.api.domain
    for role, region in (("PRIMARY", deployment.primary_region), ("SECONDARY", deployment.secondary_region)):
        for type_ in TYPES:
            records = _records(stacks, deployment.api.domain.name, type_, region)
            if [record.get("Failover") for _, record in records] != [role]:
                found.append(f"{region} has no {role} record of type {type_}.")
                continue
            ((stack, record),) = records
            found.extend(
                f"The {role} {type_} record {what}."
                for what in (
                    *_alias_faults(record, deployment.api.domain, region, stacks),
                    *_health_faults(stack, record, deployment.api.domain, region, stacks),
                )
            )
    return found


def stops(
    stacks: Sequence[Stack], domain: Domain, region: str
) -> Sequence[tuple[str, str, Mapping[str, Any]]]:
    """The calls that take a Region out of DNS, told by the templates: a right, a Region and a datum each.

    From the Region's records to their health checks, to the alarms that these read, to the alarms' metrics.
    """
    found = []
    for stack, record in (each for type_ in TYPES for each in _records(stacks, domain.name, type_, region)):
        for check in _children(stack, record["HealthCheckId"]["Ref"]):
            for alarm in _alarms(stacks, check.get("AlarmIdentifier", {})):
                datum = {
                    "MetricName": alarm["MetricName"],
                    "Dimensions": {each["Name"]: each["Value"] for each in alarm["Dimensions"]},
                    "Value": alarm["Threshold"],
                }
                call = "cloudwatch:PutMetricData", check["AlarmIdentifier"]["Region"], datum
                found += [call] if call not in found else []
    return found


def _signal_faults(call: Call, verb: str, region: str, stacks: Sequence[Stack]) -> Iterator[str]:
    """What is wrong with a signal: where it is sent, that no alarm reads it, or that it says the opposite."""
    if call.region == region:
        yield "calls the Region that it is about"
    (datum,) = call.parameters["MetricData"]
    wanted = call.parameters["Namespace"], datum["MetricName"], _by_name(datum["Dimensions"])
    alarms = [
        alarm["Properties"]
        for stack in stacks
        if stack.region == call.region
        for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()
        if _metric(alarm["Properties"]) == wanted
    ]
    if len(alarms) != 1:
        yield f"is read by {len(alarms)} alarms in {call.region}"
    yield from (
        f"sends {datum['Value']}"
        for alarm in alarms
        if (datum["Value"] >= alarm["Threshold"]) != (verb == "stop")
    )


def _is_row_of_replica(call: Call, region: str, deployment: Deployment, stacks: Sequence[Stack]) -> bool:
    """Tell whether the Region that is called is the one whose state it is, and has that table and key."""
    tables = [
        table["Properties"]
        for stack in stacks
        for table in stack.of_type("AWS::DynamoDB::GlobalTable").values()
        if table["Properties"]["TableName"] == call.parameters["TableName"] == deployment.table_name
    ]
    return call.region == region and any(
        region in {replica["Region"] for replica in table["Replicas"]}
        and {key["AttributeName"] for key in table["KeySchema"]} <= set(call.parameters["Item"])
        for table in tables
    )


def _alias_faults(record: Resource, domain: Domain, region: str, stacks: Sequence[Stack]) -> Iterator[str]:
    """What is wrong with where a record leads."""
    alias = record["AliasTarget"]
    if not alias["EvaluateTargetHealth"]:
        yield "does not evaluate the health of its target"
    if alias["DNSName"] != domain.origin(region) or alias["HostedZoneId"] != record["HostedZoneId"]:
        yield f"leads to {alias['DNSName']}"
    if not any(stack.region == region for stack, _ in _records(stacks, alias["DNSName"], record["Type"])):
        yield f"leads to {alias['DNSName']}, of which {region} has no record"


def _health_faults(
    stack: Stack, record: Resource, domain: Domain, region: str, stacks: Sequence[Stack]
) -> Iterator[str]:
    """What is wrong with what decides whether a record is answered."""
    id_ = record.get("HealthCheckId", {}).get("Ref")
    if id_ not in stack.of_type("AWS::Route53::HealthCheck"):
        yield "has no health check"
        return
    both = _config(stack, id_)
    if both["Type"] != "CALCULATED" or both["HealthThreshold"] != len(both["ChildHealthChecks"]):
        yield "does not need all of its checks"
    checks = [both, *_children(stack, id_)]
    if any(check.get("Disabled") or check.get("Inverted") for check in checks):
        yield "has a check that is disabled or inverted"
    if [check["Type"] for check in checks[1:]] != ["HTTPS", "CLOUDWATCH_METRIC"]:
        yield "is not decided by an endpoint and a switch"
        return
    _, endpoint, switch = checks
    host = endpoint["FullyQualifiedDomainName"]
    if host != domain.of_region(region):
        yield f"is decided by {host}"
    elif not any(each.region == region for each, _ in _records(stacks, host, "A")):  # checkers speak IPv4
        yield f"is decided by {host}, of which {region} has no A record"
    if switch["AlarmIdentifier"]["Region"] == region:
        yield "has its switch in the Region that it stops"
    if len(_alarms(stacks, switch["AlarmIdentifier"])) != 1:
        yield "reads an alarm that is not there"


def _records(
    stacks: Sequence[Stack], name: str, type_: str, region: str = ""
) -> list[tuple[Stack, Resource]]:
    """The records of a name and a type, those of one Region or all, each with its stack."""
    return [
        (stack, record["Properties"])
        for stack in stacks
        for record in stack.of_type("AWS::Route53::RecordSet").values()
        if (record["Properties"]["Name"].rstrip("."), record["Properties"]["Type"]) == (name, type_)
        and (not region or record["Properties"].get("SetIdentifier") == region)
    ]


def _config(stack: Stack, id_: str) -> Resource:
    config: Resource = stack.of_type("AWS::Route53::HealthCheck")[id_]["Properties"]["HealthCheckConfig"]
    return config


def _children(stack: Stack, id_: str) -> list[Resource]:
    return [_config(stack, child["Ref"]) for child in _config(stack, id_).get("ChildHealthChecks", [])]


def _alarms(stacks: Sequence[Stack], identifier: Mapping[str, str]) -> list[Resource]:
    """The alarms of a name in a Region."""
    return [
        alarm["Properties"]
        for stack in stacks
        for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()
        if {"Name": alarm["Properties"].get("AlarmName"), "Region": stack.region} == identifier
    ]


def _metric(alarm: Resource) -> tuple[str, str, Mapping[str, str]]:
    return alarm.get("Namespace", ""), alarm.get("MetricName", ""), _by_name(alarm.get("Dimensions", []))


def _by_name(dimensions: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    return {each["Name"]: each["Value"] for each in dimensions}

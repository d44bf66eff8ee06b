"""Reads what the templates deployed, from Route 53, API Gateway and CloudWatch of both emulated Regions.

Each emulated Region is a process with a Route 53 of its own, where AWS has one: what both hold is joined.
What could not be answered as on AWS is refused, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.local.dns.alarm import CloudWatch, read_metric
from pipeline.local.dns.check_config import read_check
from pipeline.local.dns.health import AlarmCheck, CalculatedCheck, EndpointCheck, HealthCheck
from pipeline.local.dns.listing import Client, listed
from pipeline.local.dns.metric import Metric
from pipeline.local.dns.records import Alias, RecordSet, canonical
from pipeline.local.dns.zone import Region, Zone, ZoneError
from pipeline.local.layout import RegionPlace

ADDRESSES = {"primary": "127.83.0.1", "secondary": "127.83.0.2"}
NOT_EMULATED = {
    "Weight",
    "Region",
    "GeoLocation",
    "GeoProximityLocation",
    "MultiValueAnswer",
    "CidrRoutingConfig",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """A Region, and clients of those of its services that are read."""

    place: RegionPlace
    route53: Client
    api_gateway: Client
    cloudwatch: CloudWatch


def source(place: RegionPlace) -> Source:
    """Return the emulated Region with clients of its own."""
    session = boto3.session.Session(
        aws_access_key_id="000000000000",
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks none
        region_name=place.name,
    )
    config = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 2}, proxies={})
    route53 = session.client("route53", endpoint_url=place.aws_url, config=config)
    api_gateway = session.client("apigateway", endpoint_url=place.aws_url, config=config)
    cloudwatch = session.client("cloudwatch", endpoint_url=place.aws_url, config=config)
    return Source(place=place, route53=route53, api_gateway=api_gateway, cloudwatch=cloudwatch)


def read_zone(name: str, zone_id: str, sources: Sequence[Source]) -> Zone:
    """Return the hosted zone with the health checks that its records use, and where its records lead.

    Of alarms their metrics are copied now: a later change of an alarm counts from the next reading on.

    Raises:
        ZoneError: a Region does not answer, has no API behind a custom domain, contradicts the other, or
            holds what Route 53 would refuse or what is not emulated.
    """
    try:
        regions, resources = [], dict[str, str]()
        for each in sources:
            urls = _api_urls(each, canonical(name))
            regions.append(_region(each.place, urls))
            resources |= dict.fromkeys(urls, each.place.name)
        records = _records(zone_id, sources)
        checks = _used({r.health_check_id for r in records if r.health_check_id}, sources)
    except (BotoCoreError, ClientError) as error:
        raise ZoneError(f"What was deployed to Route 53 cannot be read: {error}") from error
    return Zone(
        name=canonical(name),
        records=tuple(records),
        endpoint_checks=tuple(check for check in checks if isinstance(check, EndpointCheck)),
        alarm_checks=tuple(check for check in checks if isinstance(check, AlarmCheck)),
        calculated_checks=tuple(check for check in checks if isinstance(check, CalculatedCheck)),
        resources=resources,
        regions=tuple(regions),
    )


def domain_urls(source: Source) -> Mapping[str, str]:
    """Return where the API behind each custom domain of a Region answers here, by the domain's name.

    Raises:
        ZoneError: the Region does not answer.
    """
    try:
        return {domain["domainName"]: url for domain, url in _mapped(source)}
    except (BotoCoreError, ClientError) as error:
        raise ZoneError(f"The domains in {source.place.name} cannot be read: {error}") from error


def _region(place: RegionPlace, urls: Mapping[str, str]) -> Region:
    if len(set(urls.values())) != 1:
        raise ZoneError(
            f"{len(urls)} custom domains lead to {len(set(urls.values()))} APIs in {place.name}, not to 1"
        )
    (api_url,) = set(urls.values())
    address = ADDRESSES[place.role]
    return Region(role=place.role, name=place.name, address=address, api_url=api_url, aws_url=place.aws_url)


def _api_urls(source: Source, zone: str) -> Mapping[str, str]:
    """Return where the API behind each custom domain of a zone answers, by the name that aliases lead to."""
    return {
        canonical(domain["regionalDomainName"]): url
        for domain, url in _mapped(source)
        if f".{canonical(domain['domainName'])}".endswith(f".{zone}")
    }


def _mapped(source: Source) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each custom domain with where the API behind it answers."""
    for domain in _items(source.api_gateway, "get_domain_names"):
        for mapping in _items(source.api_gateway, "get_base_path_mappings", domainName=domain["domainName"]):
            if mapping["basePath"] == "(none)":
                stage = f"/restapis/{mapping['restApiId']}/{mapping['stage']}/_user_request_"
                yield domain, f"{source.place.aws_url}{stage}"


def _records(zone_id: str, sources: Sequence[Source]) -> Sequence[RecordSet]:
    found: dict[tuple[str, str, str | None], RecordSet] = {}
    for source in sources:
        for item in listed(
            source.route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id
        ):
            record = _record(item)
            if record.type in ("NS", "SOA"):
                continue
            key = (record.name, record.type, record.set_identifier)
            # Of other types no more is served than that the name exists.
            if found.setdefault(key, record) != record and record.type in ("A", "AAAA"):
                raise ZoneError(f"{record.name} {record.type} is not the same in both Regions")
    return list(found.values())


def _record(item: Mapping[str, Any]) -> RecordSet:
    if policies := NOT_EMULATED & item.keys():
        raise ZoneError(
            f"{item['Name']} {item['Type']} has a routing policy that is not emulated: {', '.join(policies)}"
        )
    if item["Name"].startswith(("*", "\\052")):
        raise ZoneError(f"{item['Name']} is a wildcard, which is not emulated")
    target = item.get("AliasTarget")
    return RecordSet(
        name=canonical(item["Name"]),
        type=item["Type"],
        ttl_s=int(item.get("TTL", 0)),
        values=tuple(value["Value"] for value in item.get("ResourceRecords", ())),
        alias=target
        and Alias(target=canonical(target["DNSName"]), evaluate_target_health=target["EvaluateTargetHealth"]),
        failover=item.get("Failover"),
        set_identifier=item.get("SetIdentifier"),
        health_check_id=item.get("HealthCheckId"),
    )


def _configurations(sources: Sequence[Source]) -> Mapping[str, Mapping[str, Any]]:
    return {
        check["Id"]: check["HealthCheckConfig"]
        for source in sources
        for check in listed(source.route53, "list_health_checks", "HealthChecks")
    }


def _used(wanted: set[str], sources: Sequence[Source]) -> Sequence[HealthCheck]:
    """Return the wanted checks that are there, with their children, theirs and so on."""
    configurations = _configurations(sources)
    clients = {source.place.name: source.cloudwatch for source in sources}

    def metric_of(alarm: str, region: str) -> Metric:
        if region not in clients:
            raise ZoneError(f"The alarm {alarm} is in {region}, which is not a Region of this machine")
        return read_metric(clients[region], alarm)

    used: dict[str, HealthCheck] = {}
    while left := sorted((wanted & configurations.keys()) - used.keys()):
        used |= {check: read_check(check, configurations[check], metric_of) for check in left}
        wanted = wanted.union(
            *(check.children for check in used.values() if isinstance(check, CalculatedCheck))
        )
    return list(used.values())


def _items(client: Client, operation: str, **parameters: str) -> Iterator[Mapping[str, Any]]:
    return listed(client, operation, "items", **parameters)

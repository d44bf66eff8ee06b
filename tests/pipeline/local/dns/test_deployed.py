"""The zone is read from both Regions as boto3 gives it, joined, and refused where it is not as on AWS."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from pipeline.local.dns import deployed
from pipeline.local.dns.deployed import domain_urls, read_zone, source
from pipeline.local.dns.listing import Client
from pipeline.local.dns.zone import ZoneError, read, write
from pipeline.local.layout import RegionPlace
from tests.pipeline.local.dns import zones
from tests.pipeline.local.dns.clouds import ZONE_ID, Alarms, Cloud, Listing, alarm, checks
from tests.pipeline.local.dns.zones import SHARED, ZONE
from tests.ports import free_ports


def test_what_both_regions_hold_is_one_zone(tmp_path: Path) -> None:
    found = read_zone("local.example", ZONE_ID, Cloud().sources())
    stage = "/restapis/api/local/_user_request_"
    expected = zones.zone((f"http://127.0.0.1:8083{stage}", f"http://127.0.0.1:8084{stage}"))
    assert found.name == ZONE
    assert set(found.records) == set(expected.records)
    assert set(found.checks.values()) == set(expected.checks.values())
    assert found.resources == expected.resources
    assert found.api_urls == expected.api_urls
    assert [(r.role, r.name, r.address, r.aws_url) for r in found.regions] == [
        ("primary", "eu-west-1", zones.FIRST, "http://127.0.0.1:8083"),
        ("secondary", "eu-central-1", zones.SECOND, "http://127.0.0.1:8084"),
    ]
    write(found, tmp_path / "zone.json")
    assert read(tmp_path / "zone.json") == found


def test_each_alarm_is_read_once_in_the_region_that_its_check_names() -> None:
    cloud = Cloud()
    read_zone(ZONE, ZONE_ID, cloud.sources())
    assert {region: alarms.asked for region, alarms in cloud.alarms.items()} == {
        "eu-central-1": ["stop-eu-west-1"],
        "eu-west-1": ["stop-eu-central-1"],
    }


def test_checks_that_no_record_uses_are_not_followed() -> None:
    cloud = Cloud()
    cloud.checks["eu-central-1"] += [{"Id": "left", "HealthCheckConfig": {"Type": "TCP"}}]
    assert "left" not in read_zone(ZONE, ZONE_ID, cloud.sources()).checks


def test_a_record_that_both_hold_alike_is_one() -> None:
    cloud = Cloud()
    cloud.records["eu-central-1"] += cloud.records["eu-west-1"][1:]
    assert len(read_zone(ZONE, ZONE_ID, cloud.sources()).records) == 12


def test_a_plain_record_has_its_values_and_ttl() -> None:
    cloud = Cloud()
    values = [{"Value": "10.0.0.1"}, {"Value": "10.0.0.2"}]
    plain = {"Name": f"Plain.{ZONE}", "Type": "A", "TTL": 30, "ResourceRecords": values}
    cloud.records["eu-west-1"].append(plain)
    found = read_zone(ZONE, ZONE_ID, cloud.sources()).addressed.answer(f"plain.{ZONE}", "A", lambda _: True)
    assert (found.values, found.ttl_s) == (("10.0.0.1", "10.0.0.2"), 30)


def test_what_is_deployed_beside_it_with_another_zone_and_api_is_not_in_it() -> None:
    cloud = Cloud()
    for region in zones.REGIONS:
        cloud.add_domain(region, "users.localprod.example", api="another")
    assert read_zone(ZONE, ZONE_ID, cloud.sources()) == read_zone(ZONE, ZONE_ID, Cloud().sources())


def test_a_domain_of_the_zones_own_name_is_in_it() -> None:
    cloud = Cloud()
    cloud.add_domain("eu-west-1", ZONE.rstrip("."), api="api")
    found = read_zone(ZONE, ZONE_ID, cloud.sources())
    assert found.resources[zones.resource("eu-west-1", ZONE)] == "eu-west-1"


def test_the_domains_of_every_zone_lead_somewhere() -> None:
    cloud = Cloud()
    cloud.add_domain("eu-west-1", "users.localprod.example", api="another")
    urls = domain_urls(cloud.sources()[0])
    assert urls["users.localprod.example"] == "http://127.0.0.1:8083/restapis/another/local/_user_request_"
    assert urls["users.local.example"] == "http://127.0.0.1:8083/restapis/api/local/_user_request_"


def conflict(cloud: Cloud) -> None:
    record = {**cloud.records["eu-west-1"][1]}
    record["AliasTarget"] = {**record["AliasTarget"], "EvaluateTargetHealth": True}
    cloud.records["eu-central-1"].append(record)


def weigh(cloud: Cloud) -> None:
    cloud.records["eu-west-1"][1]["Weight"] = 1


def wildcard(cloud: Cloud) -> None:
    cloud.records["eu-west-1"][1]["Name"] = f"\\052.{ZONE}"


def unmapped(cloud: Cloud) -> None:
    cloud.mappings["eu-central-1"].clear()


def below_a_path(cloud: Cloud) -> None:
    cloud.mappings["eu-central-1"][1]["basePath"] = "v1"


def two_apis(cloud: Cloud) -> None:
    cloud.mappings["eu-central-1"][1]["restApiId"] = "another"


def no_check(cloud: Cloud) -> None:
    cloud.checks["eu-west-1"].pop(0)


def other_kind(cloud: Cloud) -> None:
    cloud.checks["eu-west-1"][1]["HealthCheckConfig"]["Type"] = "HTTPS_STR_MATCH"


def no_alarm(cloud: Cloud) -> None:
    cloud.alarms["eu-central-1"].alarms.clear()


def out_of_many(cloud: Cloud) -> None:
    cloud.alarms["eu-west-1"] = Alarms(alarm("eu-central-1", EvaluationPeriods=3, DatapointsToAlarm=2))


def far_alarm(cloud: Cloud) -> None:
    cloud.checks["eu-west-1"][2]["HealthCheckConfig"]["AlarmIdentifier"]["Region"] = "us-east-1"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (conflict, r"eu-west-1\.users\.local\.example\. A is not the same in both Regions"),
        (weigh, r"eu-west-1\.users\.local\.example\. A has a routing policy that is not emulated: Weight"),
        (wildcard, "is a wildcard, which is not emulated"),
        (unmapped, "0 custom domains lead to 0 APIs in eu-central-1, not to 1"),
        (two_apis, "2 custom domains lead to 2 APIs in eu-central-1, not to 1"),
        (below_a_path, r"leads to users\.local\.example\.execute-api\.eu-central-1\..*, which is not there"),
        (no_check, "has a health check that is not there"),
        (other_kind, r"eu-west-1-api \(HTTPS_STR_MATCH\) is of a kind that is not emulated here"),
        (no_alarm, "There is no alarm stop-eu-west-1, which a health check names"),
        (out_of_many, "The alarm stop-eu-central-1 needs 2 out of 3 periods, which Route 53 does not take"),
        (far_alarm, "stop-eu-west-1 is in us-east-1, which is not a Region of this machine"),
    ],
)
def test_what_could_not_be_answered_as_on_aws_is_refused(fault: Any, words: str) -> None:  # noqa: ANN401
    cloud = Cloud()
    fault(cloud)
    with pytest.raises(ZoneError, match=words):
        read_zone(ZONE, ZONE_ID, cloud.sources())


def test_a_region_that_is_gone_is_said() -> None:
    port = free_ports(1)
    gone = RegionPlace(role="primary", name="eu-west-1", aws_port=port, api_port=port)
    with pytest.raises(ZoneError, match="What was deployed to Route 53 cannot be read"):
        read_zone(ZONE, ZONE_ID, [source(gone)])


@mock_aws  # it brings credentials of nobody
def test_records_and_checks_come_through_boto3_as_they_were_made() -> None:
    route53: Any = boto3.client("route53", region_name="eu-west-1")
    zone_id = route53.create_hosted_zone(Name="local.example", CallerReference="zone")["HostedZone"]["Id"]
    api = checks("eu-west-1")[1]["HealthCheckConfig"]
    child = route53.create_health_check(CallerReference="api", HealthCheckConfig=api)["HealthCheck"]["Id"]
    both = {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": [child]}
    parent = route53.create_health_check(CallerReference="b", HealthCheckConfig=both)["HealthCheck"]["Id"]
    cloud = Cloud()
    records = [record for records in cloud.records.values() for record in records if "AliasTarget" in record]
    for record in records:
        if "HealthCheckId" in record:
            record["HealthCheckId"] = parent
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in records]
    route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})

    first, second = cloud.sources()
    listing: Client = route53
    empty = Listing(
        list_resource_record_sets=("ResourceRecordSets", []), list_health_checks=("HealthChecks", [])
    )
    sources = [
        replace(first, route53=listing),
        replace(second, route53=empty),
    ]
    found = read_zone(ZONE, zone_id, sources)
    assert found.checks.keys() == {child, parent}
    assert found.addressed.answer(SHARED, "A", lambda _: True).values == (zones.FIRST,)
    assert found.addressed.answer(f"eu-central-1.{SHARED}", "A", lambda _: True).values == (zones.SECOND,)
    assert {record.failover for record in found.records if record.name == SHARED} == {"PRIMARY", "SECONDARY"}
    assert deployed.ADDRESSES == {"primary": zones.FIRST, "secondary": zones.SECOND}

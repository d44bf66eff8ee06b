"""A zone is kept in a file whole, and refused where it could not be answered from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.dns.health import CalculatedCheck
from pipeline.local.dns.zone import Zone, ZoneError, read, write
from tests.pipeline.local.dns import zones
from tests.pipeline.local.dns.zones import SHARED, ZONE, alias, endpoint, zone


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "zone.json"
    write(Zone(name="former."), file)
    write(zone(), file)
    assert read(file) == zone()
    assert [each.name for each in tmp_path.iterdir()] == ["zone.json"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"name": 1}', '{"name": "a.", "records": [{"name": "b."}]}']
)
def test_a_file_that_is_no_zone_is_said(tmp_path: Path, content: str) -> None:
    file = tmp_path / "zone.json"
    file.write_text(content)
    with pytest.raises(ZoneError, match=r"zone\.json holds no zone"):
        read(file)


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ZoneError, match=r"gone\.json holds no zone"):
        read(tmp_path / "gone.json")


def calculated(id: str, *children: str) -> CalculatedCheck:
    return CalculatedCheck(id=id, children=children, threshold=1)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            lambda: zone(calculated_checks=()),
            r"users\.local\.example\. A has a health check that is not there",
        ),
        (lambda: zone(endpoint_checks=()), "eu-west-1-both has a child that is not there"),
        (
            lambda: zone(
                calculated_checks=(*zone().calculated_checks, calculated("a", "b"), calculated("b", "a"))
            ),
            "hold each other: a, b",
        ),
        (lambda: zone(resources={}), r"leads to eu-west-1\.users.*, which is not there"),
        (
            lambda: zone(records=(alias(f"a.{ZONE}", f"gone.{ZONE}"),)),
            r"a\.local\.example\. A leads to gone\.local\.example\., which is not there",
        ),
        (lambda: zone(regions=zone().regions[:1]), "No such Region: eu-central-1"),
    ],
)
def test_what_refers_to_nothing_is_refused(fault: Callable[[], Zone], words: str) -> None:
    with pytest.raises(ZoneError, match=words):
        fault()


def test_a_fault_that_came_into_the_file_is_refused(tmp_path: Path) -> None:
    file = zones.written(zone(), tmp_path / "zone.json")
    file.write_text(file.read_text().replace('"eu-west-1-stop"', '"gone"', 1))
    with pytest.raises(ZoneError, match="eu-west-1-both has a child that is not there"):
        read(file)


def test_calculated_checks_may_be_nested_in_any_order() -> None:
    nested = (
        calculated("outer", "middle"),
        calculated("middle", "inner"),
        calculated("inner", "eu-west-1-api"),
    )
    assert zone(calculated_checks=(*nested, *zone().calculated_checks)).checks.keys() >= {"outer", "inner"}


def test_addresses_stand_for_regions() -> None:
    found = {address: zone().region_at(address) for address in (*zones.REGIONS.values(), "127.0.0.1")}
    assert [region and region.role for region in found.values()] == ["primary", "secondary", None]
    assert zone().api_urls == {zones.FIRST: "http://one", zones.SECOND: "http://two"}


def test_every_check_speaks_of_the_region_of_its_endpoint_not_of_its_alarm() -> None:
    found = {check: region.name for check, region in zone().checked_regions.items()}
    assert found == {
        f"{region}-{kind}": region for region in zones.REGIONS for kind in ("api", "stop", "both")
    }


def test_a_check_over_two_regions_speaks_of_neither() -> None:
    both = calculated("sum", "eu-west-1-api", "eu-central-1-api")
    own = tuple(replace(record, health_check_id=None) for record in zones.records())
    assert zone(calculated_checks=(both,), records=own).checked_regions.keys() == {
        "eu-west-1-api",
        "eu-central-1-api",
    }


def test_a_check_of_a_name_in_another_case_or_elsewhere() -> None:
    checks = (
        endpoint("eu-west-1", name="EU-west-1.Users.local.example"),
        endpoint("eu-central-1", name="x.org"),
    )
    assert zone(endpoint_checks=checks).checked_regions.keys() == {
        f"eu-west-1-{k}" for k in ("api", "stop", "both")
    }
    assert SHARED in {record.name for record in zone().records}

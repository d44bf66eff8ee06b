"""Six ports in a row, and folders below one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import LOCAL, LOCALPROD
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout


def test_ports_follow_each_other_and_every_url_is_on_loopback() -> None:
    layout = Layout(port=9080)
    primary, secondary = layout.regions
    urls = [
        layout.url,
        primary.api_url,
        secondary.api_url,
        primary.aws_url,
        secondary.aws_url,
        layout.dns_url,
    ]
    assert urls == [f"http://127.0.0.1:{port}" for port in range(9080, 9086)]


def test_the_regions_are_those_of_the_deployment_the_primary_first() -> None:
    roles = [(region.role, region.name) for region in Layout().regions]
    assert roles == [("primary", LOCAL.primary_region), ("secondary", LOCAL.secondary_region)]


def test_all_that_is_kept_is_below_the_state_folder(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    kept = (layout.assembly, layout.routes, layout.zone, layout.dns_events)
    assert {each.parent for each in kept} == {tmp_path}


@pytest.mark.parametrize("port", [1024, 65_530])
def test_ports_that_fit_are_taken(port: int) -> None:
    assert Layout(port=port).dns_port == port + 5


@pytest.mark.parametrize("port", [-1, 0, 80, 1023, 65_531, 70_000])
def test_ports_that_do_not_fit_are_refused(port: int) -> None:
    with pytest.raises(ValueError, match=f"The port must be between 1024 and 65530, not {port}"):
        Layout(port=port)


def test_a_platform_is_served_from_the_table_that_is_recorded_last(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    assert (layout.tables, layout.served) == ("", LOCAL)
    layout.tables_file.write_text('{"local": ["users-local", "users-local-restored"]}')
    assert layout.served.tables == ["users-local", "users-local-restored"]
    assert layout.served.table_name == "users-local-restored"
    assert layout.deployment == LOCAL


def test_another_deployment_of_the_platform_is_served_as_before(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path, deployment=LOCALPROD)
    layout.tables_file.write_text('{"local": ["users-local", "users-local-restored"]}')
    assert layout.served == LOCALPROD


@pytest.mark.parametrize("record", ["{", '{"gamma": ["a-table"]}', '{"local": ["a-table"]}'])
def test_a_damaged_record_of_tables_is_named(tmp_path: Path, record: str) -> None:
    layout = Layout(state=tmp_path)
    layout.tables_file.write_text(record)
    with pytest.raises(LocalError, match=rf"{layout.tables_file} is damaged: "):
        _ = layout.served

"""A Region takes the calls of the runbook that are for it, and marks that tell what has arrived."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from pipeline import runbook
from pipeline.config import LOCAL
from pipeline.drill.region import MARK, Region, now
from pipeline.drill.rows import table
from pipeline.drill.step import Role
from tests.pipeline.drill.staged import Staged

HERE, THERE = "eu-west-1", "eu-central-1"


@pytest.fixture
def staged() -> Staged:
    return Staged()


@pytest.fixture
def here(staged: Staged) -> Region:
    return staged.place.regions[Role.PRIMARY]


@pytest.fixture
def there(staged: Staged) -> Region:
    return staged.place.regions[Role.SECONDARY]


@pytest.mark.parametrize(
    ("call", "method"),
    [
        (runbook.stop(LOCAL, HERE), "put_metric_data"),
        (runbook.fence(LOCAL, THERE, at="2030-01-01T00:00:00.000000Z"), "put_item"),
    ],
)
def test_a_call_goes_to_its_service_under_the_name_that_boto3_has_for_it(
    call: runbook.Call, method: str
) -> None:
    sent: list[dict[str, Any]] = []
    client = SimpleNamespace(**{method: lambda **parameters: sent.append(parameters)})
    region = Region(role=Role.SECONDARY, name=THERE, table="users", clients={call.service: client})
    region.send(call)
    assert sent == [call.parameters]
    make: Any = boto3.client  # its overloads name services one by one
    assert hasattr(make(call.service, region_name=THERE), method)


def test_a_call_for_another_region_is_not_sent(here: Region, staged: Staged) -> None:
    with pytest.raises(ValueError, match="is for eu-central-1, not for eu-west-1"):
        here.send(runbook.fence(LOCAL, THERE, at=now()))
    assert staged.done == []


def test_a_mark_has_arrived_when_it_or_a_later_one_has(here: Region, there: Region) -> None:
    first = here.mark()
    assert there.has_mark(first, of=HERE)
    second = here.mark()
    assert second > first
    assert there.has_mark(first, of=HERE)
    assert there.has_mark(second, of=HERE)


def test_a_mark_has_not_arrived_while_replication_is_cut(here: Region, there: Region, staged: Staged) -> None:
    earlier = here.mark()
    staged.replicas.replicates = False
    mark = here.mark()
    assert not there.has_mark(mark, of=HERE)
    assert there.has_mark(earlier, of=HERE)
    assert not there.has_mark(mark, of=THERE)


def test_the_marks_of_two_regions_are_not_each_others(here: Region, there: Region) -> None:
    mark = there.mark()
    assert here.has_mark(mark, of=THERE)
    assert not here.has_mark(mark, of=HERE)


def test_every_page_of_a_table_is_read_and_marks_are_no_users(here: Region, there: Region) -> None:
    here.mark()
    there.mark()
    rows = here.rows()
    assert [row["timestamp"]["S"] for row in rows] == [MARK, MARK]
    assert table(HERE, rows).history == {}


def test_a_region_that_is_down_is_said_by_botocore(here: Region, staged: Staged) -> None:
    staged.dynamo[Role.PRIMARY].fails = True
    with pytest.raises(EndpointConnectionError):
        here.mark()


def test_the_time_is_as_rows_have_it() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", now())

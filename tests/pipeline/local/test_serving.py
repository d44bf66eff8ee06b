"""The table that serves is asked of the functions, when no stack changes them any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from pipeline.local import serving
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout, RegionPlace
from tests.pipeline.test_replicas import WHOLE


class Region:
    """One Region: functions by name with their variables, statuses of stacks as they are at each look."""

    def __init__(self, role: str) -> None:
        self.functions: dict[str, Mapping[str, str]] = {
            f"Local{role}-Api-Crud": {"TABLE_NAME": "users-local"},
            f"Local{role}-Api-Other": {},
            f"Localprod{role}-Api-Crud": {"TABLE_NAME": "users-localprod"},
        }
        self.stack = f"Local{role}-Api"
        self.looks = ["UPDATE_COMPLETE"]
        self.tables: dict[str, Any] = {"users-local": WHOLE}
        self.silent = False

    def get_paginator(self, operation: str) -> Region:
        self._operation = operation
        return self

    def paginate(self) -> Iterator[Mapping[str, Sequence[Mapping[str, Any]]]]:
        if self.silent:
            raise EndpointConnectionError(endpoint_url="http://here")
        if self._operation == "describe_stacks":
            status = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
            other = {"StackName": "LocalprodPrimary-Api", "StackStatus": "UPDATE_IN_PROGRESS"}
            yield {"Stacks": [other]}
            yield {"Stacks": [{"StackName": self.stack, "StackStatus": status}]}
            return
        for name, variables in self.functions.items():
            yield {"Functions": [{"FunctionName": name, "Environment": {"Variables": variables}}]}
        yield {"Functions": [{"FunctionName": "bare"}]}

    def describe_table(self, *, TableName: str) -> Mapping[str, Any]:  # noqa: N803 - AWS's name
        if self.silent:
            raise EndpointConnectionError(endpoint_url="http://here")
        if TableName not in self.tables:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeTable")
        return {"Table": self.tables[TableName]}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(state=tmp_path)


@pytest.fixture
def regions(monkeypatch: pytest.MonkeyPatch) -> dict[str, Region]:
    found = {"primary": Region("Primary"), "secondary": Region("Secondary")}

    def client(_service: str, region: RegionPlace) -> Region:
        return found[region.role]

    monkeypatch.setattr(serving, "_client", client)
    monkeypatch.setattr(serving, "LOOK_S", 0)
    return found


def test_functions_of_another_deployment_do_not_count(layout: Layout, regions: dict[str, Region]) -> None:
    assert len(regions) == 2
    assert serving.tables_in_use(layout) == {"users-local"}


def test_a_region_that_was_left_behind_is_seen(layout: Layout, regions: dict[str, Region]) -> None:
    regions["secondary"].functions["LocalSecondary-Api-Crud"] = {"TABLE_NAME": "users-local-restored"}
    assert serving.tables_in_use(layout) == {"users-local", "users-local-restored"}


def test_a_stack_that_changes_is_waited_for(layout: Layout, regions: dict[str, Region]) -> None:
    regions["primary"].looks = [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    assert serving.tables_in_use(layout) == {"users-local"}
    assert regions["primary"].looks == ["UPDATE_COMPLETE"]


def test_a_stack_that_never_rests_is_named(layout: Layout, regions: dict[str, Region]) -> None:
    regions["secondary"].looks = ["UPDATE_IN_PROGRESS"]
    with pytest.raises(LocalError, match="In eu-central-1 LocalSecondary-Api still changes after 0 s"):
        serving.tables_in_use(layout, at_most_s=0)


def test_a_region_that_does_not_answer_is_named(layout: Layout, regions: dict[str, Region]) -> None:
    regions["secondary"].silent = True
    with pytest.raises(LocalError, match="The secondary Region does not answer"):
        serving.tables_in_use(layout)
    with pytest.raises(LocalError, match="The secondary Region does not answer"):
        serving.require_whole(layout, "users-local")


def test_a_table_must_be_there_and_whole_in_both_regions(layout: Layout, regions: dict[str, Region]) -> None:
    serving.require_whole(layout, "users-local")
    with pytest.raises(LocalError, match="In eu-west-1 restored cannot be served from"):
        serving.require_whole(layout, "restored")
    regions["secondary"].tables["users-local"] = {**WHOLE, "Replicas": []}
    with pytest.raises(LocalError, match="In eu-central-1 users-local is not whole: the replica is missing"):
        serving.require_whole(layout, "users-local")

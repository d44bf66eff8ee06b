"""A release publishes a version and moves the alias, through which callers and streams reach the function."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.releases import Release
from tests.waiting import eventually


@pytest.fixture
def release(lone_region: LoneRegion) -> Iterator[Release]:
    release = Release(lone_region)
    yield release
    assert release.stack.delete() == "DELETE_COMPLETE"


def test_a_release_is_served_at_once_through_the_alias(release: Release) -> None:
    release.deploy(1)
    assert release.answer() == "release 1"
    before = release.alias()
    release.deploy(2)
    assert release.answer() == "release 2"
    after = release.alias()
    assert (before["FunctionVersion"], after["FunctionVersion"]) == ("1", "2")
    assert (after["AliasArn"], "RoutingConfig" in after) == (before["AliasArn"], False)


def test_a_permission_is_the_aliass(release: Release) -> None:
    release.deploy(1)
    client, name = release.stack.client("lambda"), release.stack.outputs()["Function"]
    policy = json.loads(client.get_policy(FunctionName=name, Qualifier="live")["Policy"])
    assert [statement["Resource"] for statement in policy["Statement"]] == [release.alias()["AliasArn"]]


def test_old_versions_neither_pile_up_nor_keep_a_process(release: Release) -> None:
    release.deploy(1)
    others = len(release.workers())
    for number in range(2, 7):
        assert release.answer() == f"release {number - 1}"
        release.deploy(number)
    assert release.answer() == "release 6"
    assert release.versions() == ["4", "5", "6"]
    assert len(release.workers()) <= others + 1


def test_a_version_that_an_alias_leads_to_is_kept(release: Release) -> None:
    release.deploy(1)
    client, name = release.stack.client("lambda"), release.stack.outputs()["Function"]
    client.create_alias(FunctionName=name, Name="pinned", FunctionVersion="1")
    for number in range(2, 6):
        release.deploy(number)
    assert release.versions() == ["1", "3", "4", "5"]
    answer = client.invoke(FunctionName=name, Qualifier="pinned", Payload=b"{}")["Payload"].read()
    assert json.loads(answer)["body"] == "release 1"


def test_a_stream_follows_the_alias(release: Release) -> None:
    release.deploy(1)
    release.write("ada")
    eventually(lambda: release.seen(1, "ada"))
    release.deploy(2)
    release.write("bob")
    eventually(lambda: release.seen(2, "bob"))
    assert not release.seen(1, "bob")


def test_a_stream_that_led_to_the_function_follows_the_alias_once_it_is_named(release: Release) -> None:
    release.followed = {"Ref": "Function"}
    release.deploy(1)
    release.followed = {"Ref": "Live"}
    release.deploy(2)
    function = release.stack.outputs()["Function"]
    client = release.stack.client("lambda")
    client.create_alias(FunctionName=function, Name="old", FunctionVersion="1")
    client.update_alias(FunctionName=function, Name="live", FunctionVersion="1")
    release.write("ada")
    eventually(lambda: release.seen(1, "ada"))

"""`git push local main`: what becomes of a commit on its way through the pipeline to both Regions.

The tests follow each other as pushes do: each begins with what the one before it left.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import psutil
import pytest

from pipeline.local.layout import RegionPlace
from pipeline.local.runner.record import Record, Status
from tests.e2e.clone import Clone
from tests.e2e.load import load
from tests.e2e.platform import Platform
from tests.e2e.release import ANSWERS, HEALTH_TEST, LAST_FIELD, releases, say_release
from tests.waiting import eventually

pytestmark = pytest.mark.e2e

REMOVAL = "lambdas/users/adapters/dynamodb.py"
HEALTH_CHECK = "stacks/constructs/region_health.py"
DELIVERY = "pipeline/delivery.py"
LONG_S = 600.0


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, since what is pushed stays."""
    platform = Platform(tmp_path_factory.mktemp("pushed"))
    platform.up()
    yield platform
    assert platform.make("down").returncode == 0


@pytest.fixture(scope="module")
def clone(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return Clone(tmp_path_factory.mktemp("work") / "clone", platform)


def stages(record: Record) -> Mapping[str, Status]:
    return {name: stage.status for name, stage in record.stages.items()}


def stacks(region: RegionPlace) -> Mapping[str, Any]:
    """When CloudFormation last changed each stack of a Region."""
    session = boto3.Session("000000000000", "local", region_name=region.name)
    described = session.client("cloudformation", endpoint_url=region.aws_url).describe_stacks()["Stacks"]
    return {stack["StackName"]: stack.get("LastUpdatedTime", stack["CreationTime"]) for stack in described}


def test_a_change_that_fails_its_tests_deploys_nothing(platform: Platform, clone: Clone) -> None:
    before = [stacks(region) for region in platform.layout.regions]
    with_field = LAST_FIELD.replace("str\n", 'str\n    release: str = "untested"\n', 1)
    clone.replace(ANSWERS, LAST_FIELD, with_field)
    commit = clone.commit("Say a release that no test knows")
    said = clone.push()
    record = clone.record(commit)
    assert record.status is Status.FAILED
    assert stages(record) == {"Source": Status.SUCCEEDED, "Build": Status.FAILED}
    assert "test_a_healthy_region_says_which_it_is" in said
    assert releases(platform) == [None, None]
    assert [stacks(region) for region in platform.layout.regions] == before
    clone.back_to(f"{commit}^")


def test_a_good_change_reaches_both_regions_and_no_request_fails(platform: Platform, clone: Clone) -> None:
    say_release(clone, "first", before=None)
    commit = clone.commit("Say the first release")
    with (
        load(platform.layout.url, clients=2, most=20_000, pause_s=0.03) as clients,
        clone.pushing("--push-option=approve") as push,
    ):
        eventually(lambda: releases(platform) == ["first", "first"] or push.poll(), within_s=LONG_S)
        clients.await_acknowledged(max(100, 1_000 - len(clients.acknowledged)))
        clients.stop()
        said, _ = push.communicate()
    record = clone.record(commit)
    assert record.status is Status.SUCCEEDED, said
    assert clients.refused == []
    assert len(clients.acknowledged) >= 1_000
    assert list(stages(record))[-3:] == ["Local", "LocalprodApproval", "Localprod"]
    assert {"LocalPrimary-Api", "LocalprodPrimary-Api"} <= stacks(platform.layout.primary).keys()


def test_a_change_that_slows_failover_is_held_by_the_drill(platform: Platform, clone: Clone) -> None:
    good = clone.head
    clone.replace(HEALTH_CHECK, '"Endpoint",', '"RareEndpoint",')  # the interval of a check cannot be changed
    clone.replace(
        HEALTH_CHECK, "request_interval=cdk.Duration.seconds(10)", "request_interval=cdk.Duration.seconds(30)"
    )
    clone.replace(HEALTH_CHECK, "failure_threshold=3", "failure_threshold=10")
    commit = clone.commit("Look at Regions less often")
    said = clone.push("--push-option=approve")
    record = clone.record(commit)
    assert record.status is Status.FAILED
    assert record.stages["Local"].status is Status.FAILED
    assert "Drill" in record.stages["Local"].cause, said
    rollback = record.stages["Local"].rollback
    assert rollback is not None, said
    assert rollback.status is Status.SUCCEEDED, said
    assert rollback.to == clone.record(good).id
    assert "LocalprodApproval" not in record.stages
    zone = platform.layout.zone.read_text()
    assert '"failure_threshold":3' in zone.replace(" ", "").replace("_", "_")
    clone.back_to(good)


def test_a_change_of_the_pipeline_takes_effect_in_the_same_execution(
    platform: Platform, clone: Clone
) -> None:
    """From here on the pipeline has one wave without a drill, which is quicker to test."""
    waves = (
        "        Wave(deployment=LOCAL, bake_seconds=5, drill=Drill(time_scale=10)),\n"
        "        Wave(deployment=LOCALPROD, bake_seconds=5, approved=True),\n"
    )
    clone.replace(DELIVERY, waves, "        Wave(deployment=LOCAL, bake_seconds=1),\n")
    say_release(clone, "second", before="first")
    commit = clone.commit("Have one wave, and no drill")
    said = clone.push()
    record = clone.record(commit)
    assert record.status is Status.SUCCEEDED, said
    assert record.restarts == 1
    assert list(stages(record)) == ["Source", "Build", "UpdatePipeline", "Assets", "Local"]
    assert "Drill" not in said
    assert releases(platform) == ["second", "second"]


def test_a_change_that_fails_in_the_secondary_region_never_touches_the_primary(
    platform: Platform, clone: Clone
) -> None:
    good = clone.head
    before = stacks(platform.layout.primary)["LocalPrimary-Api"]
    deletion = "        delete = writes.deletion("
    fault = '        if deletion.region == "eu-central-1":\n            raise RuntimeError\n'
    clone.replace(REMOVAL, deletion, fault + deletion)
    say_release(clone, "third", before="second")
    commit = clone.commit("Delete nobody in the secondary Region")
    said = clone.push()
    record = clone.record(commit)
    assert record.status is Status.FAILED
    assert "SecondarySmoke" in record.stages["Local"].cause, said
    rollback = record.stages["Local"].rollback
    assert rollback is not None, said
    assert rollback.status is Status.SUCCEEDED, said
    assert stacks(platform.layout.primary)["LocalPrimary-Api"] == before
    assert releases(platform) == ["second", "second"]
    clone.back_to(good)


def test_two_pushes_at_once_are_carried_one_after_the_other(platform: Platform, clone: Clone) -> None:
    say_release(clone, "fourth", before="second")
    fourth = clone.commit("Say the fourth release")
    say_release(clone, "fifth", before="fourth")
    fifth = clone.commit("Say the fifth release")
    with clone.pushing(commit=fourth) as one:
        eventually(lambda: clone.records(fourth) or one.poll(), within_s=LONG_S)
        with clone.pushing(commit=fifth) as two:
            said = two.communicate()[0]
        one.communicate()
    before, after = clone.record(fourth), clone.record(fifth)
    assert (before.status, after.status) == (Status.SUCCEEDED, Status.SUCCEEDED), said
    assert after.pushed_at < (before.ended_at or 0) <= (after.began_at or 0)
    assert releases(platform) == ["fifth", "fifth"]


def test_a_push_after_one_whose_runner_was_killed_recovers(platform: Platform, clone: Clone) -> None:
    say_release(clone, "sixth", before="fifth")
    sixth = clone.commit("Say the sixth release")
    with clone.pushing() as push:
        eventually(lambda: "sixth" in releases(platform) or push.poll(), within_s=LONG_S)
        runner = clone.record(sixth).process
        assert runner is not None
        children = psutil.Process(runner.pid).children(recursive=True)
        os.kill(runner.pid, signal.SIGKILL)
        push.communicate()
    eventually(lambda: not any(child.is_running() for child in children))
    assert releases(platform) != ["sixth", "sixth"]
    say_release(clone, "broken", before="sixth")
    clone.replace(HEALTH_TEST, '"release": "broken"', '"release": "other"')
    broken = clone.commit("Say a release that no test knows")
    said = clone.push()
    assert clone.record(sixth).status is Status.FAILED, said
    assert clone.record(broken).status is Status.FAILED, said
    assert releases(platform) == ["fifth", "fifth"]


def test_an_interrupted_push_leaves_what_ran_before(platform: Platform, clone: Clone) -> None:
    clone.replace(HEALTH_TEST, '"release": "other"', '"release": "broken"')
    say_release(clone, "seventh", before="broken")
    seventh = clone.commit("Say the seventh release")
    with clone.pushing() as push:
        eventually(lambda: "seventh" in releases(platform) or push.poll(), within_s=LONG_S)
        runner = clone.record(seventh).process
        assert runner is not None
        os.killpg(push.pid, signal.SIGINT)
        push.communicate()
    eventually(lambda: not runner.lives, within_s=LONG_S)
    assert clone.record(seventh).status is Status.STOPPED
    assert releases(platform) == ["fifth", "fifth"]


def test_a_push_to_another_branch_is_refused(clone: Clone) -> None:
    with clone.pushing(branch="elsewhere") as push:
        said, _ = push.communicate()
    assert push.returncode != 0
    assert "main" in said

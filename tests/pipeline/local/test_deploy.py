"""A deployment goes stage by stage, is not repeated when nothing changed, and is repeated when it failed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.local import control, deploy
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout, RegionPlace
from tests.pipeline.local.cloud import Assembly, assembly_of_two_regions
from tests.pipeline.local.processes import runs

FAKE_CDK = """
import itertools, json, os, pathlib, sys, threading
calls, failing, *arguments = sys.argv[1:]
region = os.environ["AWS_REGION"]
with open(calls, "a") as file:
    words = [*itertools.takewhile(lambda word: not word.startswith("--"), arguments)]
    file.write(json.dumps([words, dict(os.environ), os.getcwd(), os.getpid()]) + "\\n")
if failing and failing in " ".join([*arguments, region]):
    sys.exit(f"the CDK says no to {arguments[1]}")
if failing == "primary refuses":
    if region == "eu-central-1":
        threading.Event().wait()
    while pathlib.Path(calls).read_text().count("\\n") < 2:
        pass
    sys.exit("the primary Region refused")
"""


class Cloud:
    """The CDK CLI and CloudFormation of both Regions."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.assembly: Assembly
        self.failing = ""
        self.stacks: dict[tuple[str, str], dict[str, Any]] = {}
        self.saved: list[str] = []
        self.steps: list[str] = []
        self._calls = layout.state / "calls"

    def cdk(self, arguments: Sequence[str], home: Path) -> Sequence[str]:
        assert home == self.layout.home
        return [sys.executable, "-c", FAKE_CDK, str(self._calls), self.failing, *arguments]

    def describe(self, region: RegionPlace, stack: str) -> dict[str, Any] | None:
        return self.stacks.get((region.role, stack))

    def checkpoint(self, region: RegionPlace) -> None:
        self.saved.append(region.role)

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        self.steps.append(doing)
        yield

    def calls(self) -> list[Any]:
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    def deploy(self) -> bool:
        return deploy.deploy(self.layout, {"PATH": "p"}, self.step)

    def has(self, role: str, stack: str, status: str = "CREATE_COMPLETE", **outputs: str) -> None:
        listed = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        self.stacks[role, stack] = {"StackStatus": status, "Outputs": listed}

    def has_everything(self) -> None:
        for role in ("primary", "secondary"):
            self.has(role, "CDKToolkit")
        self.has("primary", "LocalData-Stack")
        self.has("secondary", "LocalSecond-Stack", ApiEndpoint="http://abc.execute-api.localhost:8084/live/")
        self.has("primary", "LocalFirst-Stack", ApiEndpoint="https://xyz.execute-api.localhost/live")


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud(Layout(state=tmp_path))
    cloud.assembly = assembly_of_two_regions(cloud.layout)
    monkeypatch.setattr(deploy, "cdk", cloud.cdk)
    monkeypatch.setattr(deploy, "_describe", cloud.describe)
    monkeypatch.setattr(control, "checkpoint", cloud.checkpoint)
    return cloud


@pytest.fixture
def deployed(cloud: Cloud) -> Cloud:
    cloud.has_everything()
    assert cloud.deploy()
    cloud.calls()
    cloud.steps.clear()
    cloud.saved.clear()
    return cloud


def test_both_regions_are_bootstrapped_then_the_stages_deployed_in_order(cloud: Cloud) -> None:
    assert cloud.deploy()
    calls = [arguments for arguments, *_ in cloud.calls()]
    account = cloud.layout.deployment.account
    targets = [f"aws://{account}/{region.name}" for region in cloud.layout.regions]
    assert sorted(calls[:2]) == sorted(["bootstrap", target] for target in targets)
    assert calls[2:] == [["deploy", "LocalData/*"], ["deploy", "LocalSecond/*"], ["deploy", "LocalFirst/*"]]
    assert cloud.saved == ["primary", "secondary"]
    assert cloud.steps == [
        "bootstrapping eu-west-1 and eu-central-1",
        "deploying LocalData to eu-west-1",
        "deploying LocalSecond to eu-central-1",
        "deploying LocalFirst to eu-west-1",
        "saving what was deployed",
    ]


def test_each_command_goes_to_its_region_on_loopback_and_leaves_its_notes_below_the_state(
    cloud: Cloud,
) -> None:
    cloud.deploy()
    places = {region.name: region for region in cloud.layout.regions}
    for _, environment, folder, _ in cloud.calls():
        assert environment["AWS_ENDPOINT_URL"] == places[environment["AWS_REGION"]].aws_url
        assert environment["CDK_HOME"].startswith(str(cloud.layout.state))
        assert (environment["PATH"], folder) == ("p", str(cloud.layout.state))


def test_the_stacks_of_a_stage_are_deployed_side_by_side(cloud: Cloud) -> None:
    arguments = list(deploy.stage_arguments("LocalFirst", cloud.layout))
    assert arguments[:2] == ["deploy", "LocalFirst/*"]
    assert int(arguments[arguments.index("--concurrency") + 1]) > 1


def test_the_pipeline_is_deployed_beside_the_busiest_stage_of_each_region(cloud: Cloud) -> None:
    cloud.assembly.double("LocalFirst")
    cloud.assembly.add("LocalprodData", "eu-west-1")
    cloud.assembly.carry("LocalPipeline", "eu-west-1")
    cloud.assembly.carry("LocalPipeline-support", "eu-central-1")
    cloud.deploy()
    assert [command for command, *_ in cloud.calls() if command[0] == "deploy"] == [
        ["deploy", "LocalData/*"],
        ["deploy", "LocalSecond/*", "id-of-LocalPipeline-support"],
        ["deploy", "LocalFirst/*", "id-of-LocalPipeline"],
    ]
    assert "deploying LocalFirst and the pipeline to eu-west-1" in cloud.steps


def test_what_a_pipeline_has_beside_it_is_deployed_without_what_it_depends_on(cloud: Cloud) -> None:
    assert "--exclusively" in deploy.stage_arguments("LocalFirst", cloud.layout, ["LocalPipeline"])


def test_a_pipeline_that_is_not_there_is_deployed(deployed: Cloud) -> None:
    deployed.assembly.carry("LocalPipeline", "eu-west-1")
    assert deployed.deploy()
    assert deployed.deploy()
    deployed.has("primary", "LocalPipeline")
    assert not deployed.deploy()


def test_only_a_region_without_the_toolkit_is_bootstrapped(cloud: Cloud) -> None:
    cloud.has("primary", "CDKToolkit")
    cloud.deploy()
    bootstrapped = [arguments[1] for arguments, *_ in cloud.calls() if arguments[0] == "bootstrap"]
    assert bootstrapped == [f"aws://{cloud.layout.deployment.account}/eu-central-1"]


def test_nothing_is_done_when_all_of_it_is_there(deployed: Cloud) -> None:
    assert not deployed.deploy()
    assert (deployed.calls(), deployed.steps, deployed.saved) == ([], [], [])


def test_a_change_is_deployed(deployed: Cloud) -> None:
    (deployed.layout.assembly / "assembly-LocalData" / "LocalDataStack.template.json").write_text(
        '{"Resources": {}} '
    )
    assert deployed.deploy()
    assert len(deployed.calls()) == 3


@pytest.mark.parametrize("status", [None, "ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED"])
def test_a_stack_that_is_gone_or_broken_is_deployed_again(deployed: Cloud, status: str | None) -> None:
    if status is None:
        del deployed.stacks["secondary", "LocalSecond-Stack"]
    else:
        deployed.has("secondary", "LocalSecond-Stack", status)
    assert deployed.deploy()


def test_an_updated_stack_is_not_deployed_again(deployed: Cloud) -> None:
    deployed.has("secondary", "LocalSecond-Stack", "UPDATE_COMPLETE")
    assert not deployed.deploy()


@pytest.mark.parametrize("record", ["", "{", "an older one"])
def test_a_record_that_says_something_else_is_no_obstacle(deployed: Cloud, record: str) -> None:
    (deployed.layout.state / "deployed").write_text(record)
    assert deployed.deploy()


def test_a_failed_stage_stops_the_rollout_and_the_next_deployment_repeats_it(deployed: Cloud) -> None:
    template = deployed.layout.assembly / "assembly-LocalData" / "LocalDataStack.template.json"
    before = template.read_text()
    template.write_text('{"Resources": {}} ')
    deployed.failing = "LocalSecond/*"
    with pytest.raises(LocalError, match=r"the CDK says no to LocalSecond/\*"):
        deployed.deploy()
    assert [arguments[1] for arguments, *_ in deployed.calls()] == ["LocalData/*", "LocalSecond/*"]
    assert deployed.saved == []

    deployed.failing = ""
    template.write_text(before)
    assert deployed.deploy()
    assert not deployed.deploy()


def test_a_failed_bootstrap_ends_the_other_one(cloud: Cloud) -> None:
    cloud.failing = "primary refuses"
    with pytest.raises(LocalError, match="the primary Region refused"):
        cloud.deploy()
    pids = [pid for *_, pid in cloud.calls()]
    assert (len(pids), [pid for pid in pids if runs(pid)]) == (2, [])


def test_an_api_answers_at_the_stage_that_the_output_names(deployed: Cloud) -> None:
    primary, secondary = deployed.layout.regions
    assert [deploy.api_url(deployed.layout, region) for region in (primary, secondary)] == [
        f"{primary.aws_url}/restapis/xyz/live/_user_request_",
        f"{secondary.aws_url}/restapis/abc/live/_user_request_",
    ]


@pytest.mark.parametrize("endpoint", [None, "", "ftp://abc/live", "http://abc.localhost"])
def test_a_region_without_an_api_is_named(deployed: Cloud, endpoint: str | None) -> None:
    deployed.has(
        "secondary", "LocalSecond-Stack", **({"ApiEndpoint": endpoint} if endpoint is not None else {})
    )
    with pytest.raises(LocalError, match="No API is deployed to the secondary Region, eu-central-1"):
        deploy.api_url(deployed.layout, deployed.layout.secondary)


def test_the_cdk_is_the_locked_one() -> None:
    node, cli, *arguments = deploy.cdk(["deploy"])
    assert (Path(node).name, cli.endswith("node_modules/aws-cdk/bin/cdk")) == ("node", True)
    assert arguments[0] == "deploy"
    assert {word.startswith("/clone/") for word in deploy.cdk([], Path("/clone"))[:2]} == {True}

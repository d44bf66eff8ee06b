"""Deploys the synthesized templates to the emulated Regions with the CDK CLI, as to AWS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.local import commands, control
from pipeline.local.assembly import StackPlace, fingerprint, stacks_of, stacks_of_no_stage
from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT, Layout, RegionPlace

Step = Callable[[str], AbstractContextManager[None]]

TOOLKIT = "CDKToolkit"
CONCURRENCY = "8"
DEPLOYED = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
ENDPOINT = re.compile(r"https?://(?P<api>[^.]+)\.[^/]+/(?P<stage>[^/]+)/?")


def deploy(layout: Layout, environment: Mapping[str, str], step: Step) -> bool:
    """Bring both Regions to the assembly, stage by stage, and return whether there was anything to do.

    That is the layout's own deployment, and the pipeline that goes on with it from then on; its other
    deployments are for the pipeline to deploy.

    Raises:
        LocalError: a command of the CDK CLI failed.
    """
    staged, carrying = stacks_of(layout), stacks_of_no_stage(layout.assembly)
    wanted = [*staged, *carrying]
    record = layout.state / "deployed"
    current = fingerprint(wanted)
    if record.exists() and record.read_text() == current and _all_deployed(layout, wanted):
        return False
    record.unlink(missing_ok=True)
    _bootstrap(layout, environment, step)
    for stage in dict.fromkeys(stack.stage for stack in staged):
        region = _region(layout, next(stack.region for stack in staged if stack.stage == stage))
        beside = [stack.path for stack in carrying if _busiest(staged, stack.region) == stage]
        with step(f"deploying {stage}{' and the pipeline' if beside else ''} to {region.name}"):
            commands.run(
                cdk(stage_arguments(stage, layout, beside), layout.home),
                cwd=layout.state,
                environment=towards(region, layout, environment),
                log=layout.state / f"deploy-{stage}.log",
            )
    with step("saving what was deployed"):
        for region in layout.regions:
            control.checkpoint(region)
        record.write_text(current)
    return True


def api_url(layout: Layout, region: RegionPlace) -> str:
    """Return where the stage of a Region's API answers, asked from the outputs of its stack.

    Raises:
        LocalError: the Region has no API, or does not answer.
    """
    for stack in stacks_of(layout):
        if stack.region == region.name and "ApiEndpoint" in stack.template.get("Outputs", {}):
            outputs = (_describe(region, stack.name) or {}).get("Outputs", [])
            value = next((o["OutputValue"] for o in outputs if o["OutputKey"] == "ApiEndpoint"), "")
            if found := ENDPOINT.fullmatch(value):
                return f"{region.aws_url}/restapis/{found['api']}/{found['stage']}/_user_request_"
    raise LocalError(f"No API is deployed to the {region.role} Region, {region.name}")


def _busiest(staged: Sequence[StackPlace], region: str) -> str:
    """The stage of a Region with the most stacks, during which one more takes the least time."""
    return max(
        (stack.stage for stack in staged if stack.region == region), key=[s.stage for s in staged].count
    )


def _all_deployed(layout: Layout, wanted: Sequence[StackPlace]) -> bool:
    described = [_describe(_region(layout, stack.region), stack.name) for stack in wanted]
    return all(stack and stack["StackStatus"] in DEPLOYED for stack in described)


def _bootstrap(layout: Layout, environment: Mapping[str, str], step: Step) -> None:
    missing = [region for region in layout.regions if _describe(region, TOOLKIT) is None]
    if not missing:
        return
    with step(f"bootstrapping {' and '.join(region.name for region in missing)}"), ExitStack() as running:
        begun = []
        for region in missing:
            log = layout.state / f"bootstrap-{region.role}.log"
            command = commands.started(
                cdk(["bootstrap", f"aws://{layout.deployment.account}/{region.name}"], layout.home),
                cwd=layout.state,
                environment=towards(region, layout, environment),
                log=log,
            )
            begun.append((running.enter_context(command), log))
        for process, log in begun:
            commands.finish(process, log)


def cdk(arguments: Sequence[str], home: Path = ROOT) -> Sequence[str]:
    """Return the command that runs the locked CDK CLI of a clone with these arguments."""
    node = home / ".venv" / "bin" / "node"
    cli = home / "node_modules" / "aws-cdk" / "bin" / "cdk"
    return [str(node), str(cli), *arguments, "--no-notices", "--no-color", "--ci"]


def stage_arguments(stage: str, layout: Layout, beside: Sequence[str] = ()) -> Sequence[str]:
    """Return the CDK CLI's arguments that deploy a stage: its stacks side by side, as a pipeline does.

    Stacks `beside` it are deployed with it, without those of another Region that they depend on.
    """
    app = ["--app", str(layout.assembly), "--require-approval", "never", "--exclusively"]
    return ["deploy", f"{stage}/*", *beside, *app, "--concurrency", CONCURRENCY]


def towards(region: RegionPlace, layout: Layout, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment in which AWS tools reach the emulated Region, and keep their notes with ours."""
    return {
        **environment,
        "AWS_REGION": region.name,
        "AWS_ENDPOINT_URL": region.aws_url,
        "CDK_HOME": str(layout.state / "cdk"),
        "CDK_DISABLE_CLI_TELEMETRY": "1",
    }


def _describe(region: RegionPlace, stack: str) -> Mapping[str, Any] | None:
    client = boto3.client(
        "cloudformation",
        region_name=region.name,
        endpoint_url=region.aws_url,
        aws_access_key_id="000000000000",
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks none
        config=Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 2}, proxies={}),
    )
    try:
        return dict(client.describe_stacks(StackName=stack)["Stacks"][0])
    except ClientError:
        return None
    except BotoCoreError as error:
        raise LocalError(f"The {region.role} Region does not answer: {error}") from error


def _region(layout: Layout, name: str) -> RegionPlace:
    return next(region for region in layout.regions if region.name == name)

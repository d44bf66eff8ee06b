"""Has the pipeline publish assets with the CDK CLI that also deploys it."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import pipelines
from constructs import Construct

# CDK Pipelines calls the program cdk-assets, whose release 4.7.3 reads assemblies up to schema 54; those of
# aws-cdk-lib 2.275 have 55. The CLI reads them, and publishes alike what is not there yet.
PUBLISH = "cdk --app . publish-assets '*/**' --unstable=publish-assets --no-notices --ci"


def publish_by_cli(scope: Construct, built: pipelines.CodePipeline, *, cli: str) -> None:
    """Write the build that publishes assets anew, for a pipeline that is built and has one for all assets.

    It stays where CDK Pipelines wrote it: in the assembly. Raises ValueError where it wrote something else.
    """
    folder = Path(cdk.Stage.of(scope).outdir)  # type: ignore[union-attr]
    (file,) = folder.glob(f"buildspec-{built.node.find_child('Assets').node.addr}*FileAsset*")
    spec = json.loads(file.read_text())
    if not all(command.startswith("cdk-assets ") for command in spec["phases"]["build"]["commands"]):
        raise ValueError(f"{file.name} is no build that publishes assets.")
    spec["phases"]["install"]["commands"] = [f"npm install -g aws-cdk@{cli}"]
    spec["phases"]["build"]["commands"] = [PUBLISH]
    file.write_text(json.dumps(spec, indent=2))

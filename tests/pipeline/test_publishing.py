"""Assets are published by the CDK CLI that the pipeline deploys with, by a build that is in the assembly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3_assets as assets
from aws_cdk import pipelines

from pipeline.delivery import LOCAL_PIPELINE
from pipeline.publishing import publish_by_cli

ENVIRONMENT = cdk.Environment(account="000000000000", region="eu-west-1")
Built = tuple[cdk.Stack, pipelines.CodePipeline]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A pipeline that carries one stack with two assets, as CDK Pipelines builds it."""
    folder = tmp_path_factory.mktemp("published")
    app = cdk.App(outdir=str(folder / "cdk.out"), analytics_reporting=False)
    stack = cdk.Stack(app, "Pipeline", env=ENVIRONMENT)
    source = pipelines.CodePipelineSource.connection(
        "example/app", "main", connection_arn=LOCAL_PIPELINE.connection_arn
    )
    synth = pipelines.ShellStep("Synth", input=source, commands=["synthesize"])
    pipeline = pipelines.CodePipeline(stack, "Carries", synth=synth, publish_assets_in_parallel=False)
    stage = cdk.Stage(app, "Carried", env=ENVIRONMENT)
    carried = cdk.Stack(stage, "Stack")
    for name in ("one", "other"):
        (folder / name).write_text(name)
        assets.Asset(carried, name, path=str(folder / name))
    pipeline.add_stage(stage)
    pipeline.build_pipeline()
    shutil.copytree(app.outdir, folder / "as-built")
    return stack, pipeline


@pytest.fixture
def out(built: Built) -> Path:
    """The folder of the assembly, with the build as CDK Pipelines wrote it."""
    app = cdk.Stage.of(built[0])
    assert app is not None
    folder = Path(app.outdir)
    for file in (folder.parent / "as-built").glob("buildspec-*"):
        shutil.copy(file, folder)
    return folder


def spec(out: Path) -> Any:  # noqa: ANN401 - JSON
    (file,) = out.glob("buildspec-*")
    return json.loads(file.read_text())


def commands(out: Path, phase: str) -> Sequence[str]:
    found: Sequence[str] = spec(out)["phases"][phase]["commands"]
    return found


def test_all_assets_are_published_at_once_by_the_cli_of_that_version(built: Built, out: Path) -> None:
    assert len(commands(out, "build")) == 2
    publish_by_cli(*built, cli="2.1119.0")
    assert commands(out, "install") == ["npm install -g aws-cdk@2.1119.0"]
    (publish,) = commands(out, "build")
    assert publish.startswith("cdk --app . publish-assets '*/**' --unstable=publish-assets ")


def test_the_rest_of_the_build_is_as_it_was(built: Built, out: Path) -> None:
    before = spec(out)
    publish_by_cli(*built, cli="2")
    after = spec(out)
    for each in (before, after):
        for phase in ("install", "build"):
            del each["phases"][phase]["commands"]
    assert before == after


def test_a_build_that_publishes_by_other_means_is_refused(built: Built, out: Path) -> None:
    (file,) = out.glob("buildspec-*")
    changed = spec(out)
    changed["phases"]["build"]["commands"].append("cdk-docker publish")
    file.write_text(json.dumps(changed))
    with pytest.raises(ValueError, match=r"buildspec-\S+ is no build that publishes assets"):
        publish_by_cli(*built, cli="2")
    assert spec(out) == changed


def test_an_assembly_without_such_a_build_is_refused(built: Built, out: Path) -> None:
    (file,) = out.glob("buildspec-*")
    file.unlink()
    with pytest.raises(ValueError, match="not enough values"):
        publish_by_cli(*built, cli="2")

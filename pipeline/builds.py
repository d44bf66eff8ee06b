"""What the pipeline builds from a commit, before it deploys any of it."""

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import pipelines

from pipeline.delivery import Check, Pipeline

INSTALL = "python pipeline/local/install.py"
PYTHON = ".venv/bin/python"
CDK_OUT = "cdk.out"


def check(source: pipelines.IFileSetProducer, wanted: Check) -> pipelines.CodeBuildStep:
    """Run what a commit must pass; needs the package indexes, and nothing of AWS."""
    return pipelines.CodeBuildStep(
        wanted.name,
        input=source,
        commands=list(wanted.commands),
        primary_output_directory=wanted.output,
        timeout=cdk.Duration.minutes(wanted.minutes),
    )


def synth(source: pipelines.IFileSetProducer, pipeline: Pipeline) -> pipelines.CodeBuildStep:
    """Make the cloud assembly of what the pipeline deploys, from the locks that a laptop uses too."""
    context = f'{{"deployments": "{",".join(pipeline.names)}"}}'
    return pipelines.CodeBuildStep(
        "Synth",
        input=source,
        install_commands=[f"{INSTALL} infra"],
        env={"CDK_CONTEXT_JSON": context, "CDK_OUTDIR": CDK_OUT, "JSII_NODE": ".venv/bin/node"},
        commands=[f"{PYTHON} app.py"],
        primary_output_directory=CDK_OUT,
        timeout=cdk.Duration.minutes(15),
    )


def defaults(*, python: str, nodejs: str) -> pipelines.CodeBuildOptions:
    """What every build has: an image by its name and version, without a right to run containers in it."""
    runtimes = {"runtime-versions": {"python": python, "nodejs": nodejs}}
    return pipelines.CodeBuildOptions(
        build_environment=codebuild.BuildEnvironment(
            build_image=codebuild.LinuxBuildImage.STANDARD_7_0,
            compute_type=codebuild.ComputeType.MEDIUM,
            privileged=False,
        ),
        partial_build_spec=codebuild.BuildSpec.from_object({"phases": {"install": runtimes}}),
    )

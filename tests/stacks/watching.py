"""The observability stack by itself, with objectives and thresholds of a test's choice."""

from dataclasses import fields
from pathlib import Path

import aws_cdk as cdk

from pipeline.config import BETA
from stacks.domain import Domain
from stacks.objectives import Objectives, Thresholds
from stacks.observability import ObservabilityStack
from tests.stacks import assembly as assemblies
from tests.stacks.assembly import Stack

# Two of each that have no value in common.
STRICT = Objectives(
    availability_percent=99.99,
    latency_percent=99.9,
    latency_ms=250,
    recovery_time_seconds=60,
    recovery_point_seconds=5,
)
LAX = Objectives(
    availability_percent=99.0,
    latency_percent=95.0,
    latency_ms=2000,
    recovery_time_seconds=600,
    recovery_point_seconds=60,
)
LOW = Thresholds(**{field.name: 2 + place for place, field in enumerate(fields(Thresholds))})
HIGH = Thresholds(**{field.name: 200 + place for place, field in enumerate(fields(Thresholds))})


def observability(
    directory: Path,
    *,
    objectives: Objectives,
    thresholds: Thresholds,
    domain: Domain | None = BETA.api.domain,
) -> Stack:
    """Synthesize the stack of one Region into a directory."""
    app = cdk.App(outdir=str(directory), analytics_reporting=False)
    stage = cdk.Stage(app, "Watched", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    ObservabilityStack(
        stage,
        "Observability",
        service="users-watched",
        table_name="watched",
        peer_region="eu-central-1",
        domain=domain,
        objectives=objectives,
        thresholds=thresholds,
    )
    app.synth()
    return assemblies.read(directory).stacks["Watched-Observability"]

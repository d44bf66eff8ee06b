"""How long `make up` takes from nothing, beside the bare `cdk deploy` of the same stacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.local import commands, deploy
from pipeline.local.assembly import stacks_of, synthesize
from pipeline.local.layout import Layout
from pipeline.local.platform import environment, region_service, stop
from tests.bench.figure import Figure, seconds
from tests.e2e.platform import Platform
from tests.ports import free_ports


def measure(platform: Platform) -> Figure:
    """Start the platform, and deploy the same stacks to two more Regions that are bootstrapped already."""
    up = seconds(platform.up)
    with TemporaryDirectory() as folder:
        bare = _bare_deploy(Layout(port=free_ports(6), state=Path(folder)))
    made_of = f"up {up:.1f} s, synth and `cdk deploy` per stage {bare:.1f} s"
    return Figure(name="make up / cdk deploy", value=up / bare, unit=" times", most=3.0, made_of=made_of)


def _bare_deploy(layout: Layout) -> float:
    variables = environment()
    regions = {place.name: place for place in layout.regions}
    services = [region_service(layout, place) for place in layout.regions]
    for service in services:
        service.start(variables)
    try:
        for service in services:
            service.await_ready()
        for place in layout.regions:
            target = f"aws://{layout.deployment.account}/{place.name}"
            _run(layout, place.name, ["bootstrap", target])

        def everything() -> None:
            synthesize(layout, variables)
            stages = {stack.stage: stack.region for stack in stacks_of(layout)}
            for stage, region in stages.items():
                _run(layout, regions[region].name, deploy.stage_arguments(stage, layout))

        return seconds(everything)
    finally:
        stop(services)


def _run(layout: Layout, region: str, arguments: Sequence[str]) -> None:
    place = next(place for place in layout.regions if place.name == region)
    commands.run(
        deploy.cdk(arguments),
        cwd=layout.state,
        environment=deploy.towards(place, layout, environment()),
        log=layout.state / "bare.log",
    )

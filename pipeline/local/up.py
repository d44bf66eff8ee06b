"""`up`: from nothing, or from what is left, to a running platform with the current code deployed."""

from __future__ import annotations

from pipeline.local import deploy
from pipeline.local.assembly import synthesize
from pipeline.local.layout import Layout
from pipeline.local.platform import environment, front_door_service, region_service, stop
from pipeline.local.progress import Progress
from pipeline.local.service import Service


def up(layout: Layout, progress: Progress) -> bool:
    """Start what does not run, deploy what is not deployed, and return whether anything was deployed.

    What this call started is ended again if it fails or is interrupted; what ran before goes on.

    Raises:
        LocalError: a port is taken, a tool failed, a process did not come up.
    """
    started: list[Service] = []
    variables = environment()
    regions = [region_service(layout, region) for region in layout.regions]
    front_door = front_door_service(layout)

    def start(service: Service) -> None:
        if service.process is None:
            started.append(service)
            service.start(variables)

    try:
        for service in regions:
            start(service)
        with progress.step("synthesizing the app"):
            synthesize(layout, variables)
        with progress.step(f"starting {layout.primary.name} and {layout.secondary.name}"):
            for service in regions:
                service.await_ready()
        deployed = deploy.deploy(layout, variables, progress.step)
        deploy.write_routes(layout)
        with progress.step("opening the front door"):
            start(front_door)
            front_door.await_ready()
    except BaseException:
        stop(started)
        raise
    return deployed

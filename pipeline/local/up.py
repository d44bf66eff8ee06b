"""`up`: from nothing, or from what is left, to a running platform with the current code deployed."""

from __future__ import annotations

import shutil

from pipeline.local import deploy, routing
from pipeline.local.assembly import synthesize
from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT, Layout
from pipeline.local.platform import environment, services, stop
from pipeline.local.progress import Progress

NEEDED_MB = 250  # a first deployment takes 125; the rest is for journals to grow into


def up(layout: Layout, progress: Progress, *, anew: bool = True) -> bool:
    """Start what does not run, deploy what is not deployed, and return whether anything was deployed.

    What is deployed is the app of this clone, which is the platform's home from then on, or, unless `anew`,
    what was synthesized last. What this call
    started is ended again if it fails or is interrupted; what ran before goes on.

    Raises:
        LocalError: a port is taken, the disk is full, a tool failed, a process did not come up.
    """
    variables = environment()
    if anew:
        _settle(layout)
    *regions, dns, front_door = services(layout)
    missing = [service for service in (*regions, dns, front_door) if service.process is None]
    _require_space(layout)
    for service in missing:
        service.require_ports()
    try:
        for service in regions:
            if service in missing:
                service.start(variables)
        if anew:
            with progress.step("synthesizing the app"):
                synthesize(layout, variables)
        with progress.step(f"starting {layout.primary.name} and {layout.secondary.name}"):
            for service in regions:
                service.await_ready()
        deployed = deploy.deploy(layout, variables, progress.step)
        routing.write(layout)
        with progress.step("opening the front door"):
            for service in (dns, front_door):
                if service in missing:
                    service.start(variables)
                service.await_ready()
    except BaseException:
        stop(missing)
        raise
    return deployed


def _settle(layout: Layout) -> None:
    """Have the platform's processes run from this clone, also those that somebody starts from another one."""
    layout.state.mkdir(parents=True, exist_ok=True)
    layout.home_file.write_text(str(ROOT))


def _require_space(layout: Layout) -> None:
    free = shutil.disk_usage(layout.state).free // 1024**2
    if free < NEEDED_MB:
        raise LocalError(f"{layout.state} has {free} MB free and needs {NEEDED_MB} MB: free some space.")

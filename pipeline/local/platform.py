"""The platform as a whole: which services it has, and how they come up and go down."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path

import httpx

from pipeline.local import control
from pipeline.local.errors import LocalError
from pipeline.local.layout import HOST, Layout, RegionPlace
from pipeline.local.service import Service

EMULATOR_PYTHON = Path(".venv-emulator", "bin", "python")
PYTHON = Path(".venv", "bin", "python")


def region_service(layout: Layout, region: RegionPlace) -> Service:
    """Return the process that is one Region."""
    command = [str(layout.home / EMULATOR_PYTHON), "-m", "pipeline.local.emulator"]
    command += ["--region", region.name, "--port", str(region.aws_port)]
    command += ["--state", str(layout.state / region.role)]
    command += ["--account", layout.deployment.account]
    for deployment in layout.deployments:
        if domain := deployment.api.domain:
            command += ["--zone", f"{domain.hosted_zone_id}={domain.hosted_zone_name}"]
    for peer in layout.regions:
        if peer != region:
            command += ["--peer", f"{peer.name}={peer.aws_port}"]
    return Service(
        name=region.role,
        command=command,
        ports=[region.aws_port],
        folder=layout.state,
        cwd=layout.home,
        ready=lambda: control.status(region) is not None,
    )


def front_door_service(layout: Layout) -> Service:
    """Return the process through which clients come in."""
    return Service(
        name="front-door",
        command=[str(layout.home / PYTHON), "-m", "pipeline.local.front_door", str(layout.routes)],
        ports=[layout.port, *(region.api_port for region in layout.regions)],
        folder=layout.state,
        cwd=layout.home,
        ready=lambda: _answers(f"{layout.url}/health"),
    )


def dns_service(layout: Layout, time_scale: float = 1) -> Service:
    """Return the process that is Route 53's data plane; time runs `time_scale` times faster for it."""
    command = [str(layout.home / PYTHON), "-m", "pipeline.local.dns", "--zone", str(layout.zone)]
    command += ["--port", str(layout.dns_port), "--events", str(layout.dns_events)]
    command += ["--time-scale", f"{time_scale:g}"]
    return Service(
        name="dns",
        command=command,
        ports=[layout.dns_port],
        folder=layout.state,
        cwd=layout.home,
        ready=lambda: _answers(f"{layout.dns_url}/_local/health"),
    )


def services(layout: Layout) -> Sequence[Service]:
    """Return every service in the order in which they start."""
    regions = (region_service(layout, region) for region in layout.regions)
    return *regions, dns_service(layout), front_door_service(layout)


def environment() -> dict[str, str]:
    """Return the environment for what runs on the platform: AWS credentials of nobody, no proxy to itself."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    direct = ",".join(filter(None, (kept.get("no_proxy") or kept.get("NO_PROXY"), HOST, "localhost")))
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": "000000000000",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": direct,
        "no_proxy": direct,
    }


def stop(running: Sequence[Service]) -> list[str]:
    """End these processes, each Region saving what it has, and return the names of those that ran."""
    asked = {service.name: service.ask_to_stop() for service in reversed(running)}
    for service in running:
        service.await_stopped(asked[service.name])
    return [name for name, family in asked.items() if family]


@contextmanager
def exclusive(layout: Layout) -> Iterator[None]:
    """Hold the platform, so that two commands do not change it at once.

    Raises:
        LocalError: another command holds it.
    """
    layout.state.mkdir(parents=True, exist_ok=True)
    with (layout.state / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise LocalError("Another command is changing the platform: wait for it to end.") from error
        yield


@contextmanager
def apart(layout: Layout) -> Iterator[None]:
    """Keep executions of the pipeline from beginning while somebody changes the platform by hand.

    What an execution itself runs is let pass.

    Raises:
        LocalError: one is under way.
    """
    if "CODEBUILD_BUILD_ID" in os.environ:
        yield
        return
    layout.execution_lock.parent.mkdir(parents=True, exist_ok=True)
    with layout.execution_lock.open("a") as lock:
        try:
            flock(lock, LOCK_SH | LOCK_NB)
        except BlockingIOError as error:
            raise LocalError(
                "The pipeline deploys to this platform: wait for its execution to end."
            ) from error
        yield


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False

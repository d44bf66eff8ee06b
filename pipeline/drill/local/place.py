"""This machine as the place of a drill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from pipeline.drill.faults import FaultError
from pipeline.drill.local import aws, dns_log
from pipeline.drill.local.faults import LocalFaults
from pipeline.drill.local.learnt import Learnt
from pipeline.drill.local.probes import LocalProbes
from pipeline.drill.place import Place
from pipeline.drill.region import Region
from pipeline.drill.step import Role
from pipeline.local import platform
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout, RegionPlace
from pipeline.local.service import Service

# For what a time scale does not divide: a slow start of a function, a checker that waits, a busy machine.
ALLOWANCE_S = 15.0
LIMITS = (
    "Both Regions are processes of one machine: what they share, its processor, disk and clock, never fails.",
    "One checker probes each Region, over plain HTTP; Route 53 has many, all over the world, and a vote.",
    "A Region that is frozen or killed is gone at once and whole; a real one fails in parts, and slowly.",
    "What functions were at work on when their Region was frozen is over if that takes longer than they may.",
    "Replication takes milliseconds here, and about a second between Regions of AWS.",
    "A Region that is rebuilt has its API answer 404 until that is deployed again.",
)


def local_place(layout: Layout, folder: Path, time_scale: float) -> Place:
    """Return the platform of a layout as a place; `folder` is the drill's own."""
    faults = LocalFaults(layout, folder, time_scale=time_scale)
    return Place(
        name="this machine",
        deployment=layout.served,
        regions={
            role: _region(layout, role, place) for role, place in zip(Role, layout.regions, strict=True)
        },
        probes=LocalProbes(
            layout, platform.dns_service(layout, time_scale), faults.learnt, time_scale=time_scale
        ),
        faults=faults,
        time_scale=time_scale,
        allowance_s=ALLOWANCE_S if time_scale > 1 else 0.0,
        limits=LIMITS,
    )


@contextmanager
def open_place(layout: Layout, folder: Path, time_scale: float) -> Iterator[Place]:
    """Give a place whose DNS runs so many times faster, until the block is left; raises FaultError.

    The DNS begins its log and its view of health anew, so that a drill has all of it.
    """
    restart_dns(layout, time_scale)
    try:
        yield local_place(layout, folder, time_scale)
    finally:
        close_place(layout, folder)


def close_place(layout: Layout, folder: Path) -> None:
    """Have the DNS run at real time again; one that does is left alone. Raises FaultError.

    What it wrote down for the drill is kept in the drill's folder, since it begins anew.
    """
    if _time_scale(platform.dns_service(layout, 1)) != 1:
        restart_dns(layout, 1, keep=Learnt(folder))


def restart_dns(layout: Layout, time_scale: float, *, keep: Learnt | None = None) -> None:
    """End the DNS, keep its log where that is asked for, and start it at a time scale; raises FaultError."""
    service = platform.dns_service(layout, time_scale)
    try:
        with platform.exclusive(layout):
            platform.stop([service])
            if keep:
                keep.keep_dns_log(dns_log.file_of(service))
            service.require_ports()
            service.start(platform.environment())
            service.await_ready()
    except (LocalError, OSError) as error:
        raise FaultError(f"The DNS does not come up: {error} By hand: make down, then make up.") from error


def _time_scale(service: Service) -> float | None:
    """Return the time scale with which a DNS was started, None where it does not run."""
    try:
        command = service.process.cmdline() if service.process else []
        return float(command[command.index("--time-scale") + 1])
    except (ValueError, psutil.Error):
        return None


def _region(layout: Layout, role: Role, place: RegionPlace) -> Region:
    clients = {service: aws.client(place, service) for service in ("dynamodb", "cloudwatch")}
    return Region(role=role, name=place.name, table=layout.served.table_name, clients=clients)

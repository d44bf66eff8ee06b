"""What runs where, what DNS says, how replication is, and what of the templates is not run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psutil
from rich.console import Console

from pipeline.local import control, dns_status, emulation
from pipeline.local.assembly import stacks_of, stacks_of_no_stage
from pipeline.local.dns_status import DnsStatus
from pipeline.local.layout import Layout
from pipeline.local.platform import dns_service, front_door_service, region_service
from pipeline.local.runner import deliveries
from pipeline.local.runner.deliveries import Deliveries
from pipeline.local.service import Service


@dataclass(frozen=True, kw_only=True)
class ServiceStatus:
    """One process: what it is, where it answers, and how it is: running, frozen, not answering or stopped."""

    name: str
    region: str
    url: str
    state: str
    pid: int | None
    version: str


@dataclass(frozen=True, kw_only=True)
class PlatformStatus:
    """The whole platform; `replication` has one entry per Region that receives, with lags in ms.

    `dns` is None where DNS does not answer. Of the `tables` that hold users the last one serves.
    """

    services: Sequence[ServiceStatus]
    dns: DnsStatus | None
    replication: Sequence[Mapping[str, Any]]
    aws_endpoints: Mapping[str, str]
    gaps: Sequence[emulation.Gap]
    deliveries: Deliveries
    tables: Sequence[str]
    switched: bool

    @property
    def running(self) -> bool:
        """Tell whether every process runs and answers."""
        return all(service.state == "running" for service in self.services)

    def as_json(self) -> Mapping[str, Any]:
        """Return the status as JSON values."""
        return {**asdict(self), "running": self.running}


def read(layout: Layout) -> PlatformStatus:
    """Ask every process how it is."""
    services, replication = [], []
    for region in layout.regions:
        answer = control.status(region)
        service = region_service(layout, region)
        services.append(
            _service_status(
                service, region.name, region.api_url, (answer or {}).get("version", ""), answer is not None
            )
        )
        replication += [{"region": region.name, **entry} for entry in (answer or {}).get("replication", [])]
    for service, url in ((dns_service(layout), layout.dns_url), (front_door_service(layout), layout.url)):
        services.append(_service_status(service, "", url, "", service.ready()))
    deployed = [*stacks_of(layout), *stacks_of_no_stage(layout.assembly)]
    return PlatformStatus(
        services=services,
        dns=dns_status.read(layout),
        replication=replication,
        aws_endpoints={region.name: region.aws_url for region in layout.regions},
        gaps=emulation.gaps(stack.template for stack in deployed),
        deliveries=deliveries.read(layout),
        tables=layout.served.tables,
        switched=layout.served.table_name != layout.deployment.table_name,
    )


def show(status: PlatformStatus, console: Console) -> None:
    """Print the status for a person."""
    for service in status.services:
        where = f"{service.name:11} {service.region:14} {service.url:22}"
        line = f"{where} {service.state:14} {service.pid or '':>8}  {service.version}"
        console.print(line.rstrip(), highlight=False, soft_wrap=True)
    console.print()
    if status.dns:
        for line in dns_status.lines(status.dns):
            console.print(line, highlight=False, soft_wrap=True)
    for entry in status.replication:
        console.print(
            f"replication {entry['peer']} → {entry['region']}: {_replication(entry)}", soft_wrap=True
        )
    for region, url in status.aws_endpoints.items():
        console.print(f"AWS endpoint of {region}: {url}", soft_wrap=True)
    if status.switched:
        *former, serving = status.tables
        console.print(f"served from {serving}, restored beside {', '.join(former)}", soft_wrap=True)
    for line in deliveries.lines(status.deliveries):
        console.print(line, highlight=False, soft_wrap=True)
    if status.gaps:
        console.print("\nIn the templates, but not as on AWS here:")
    for gap in status.gaps:
        console.print(f"  {gap.what}: {gap.how}", soft_wrap=True)


def _replication(entry: Mapping[str, Any]) -> str:
    if not entry["connected"]:
        return f"not connected ({entry['error']})"
    lag = "no change yet" if entry["median_lag_ms"] is None else f"median lag {entry['median_lag_ms']} ms"
    paused = ", paused" if entry["paused"] else ""
    extra = f", {entry['lag_setting_ms']} ms added" if entry["lag_setting_ms"] else ""
    return f"{lag}, {entry['behind_ms']:.0f} ms behind, {entry['conflicts']} conflicts{extra}{paused}"


def _service_status(service: Service, region: str, url: str, version: str, answers: bool) -> ServiceStatus:
    process = service.process
    state = "stopped"
    if process is not None:
        frozen = process.status() == psutil.STATUS_STOPPED
        state = "running" if answers else "frozen" if frozen else "not answering"
    return ServiceStatus(
        name=service.name,
        region=region,
        url=url,
        state=state,
        pid=None if process is None else process.pid,
        version=version,
    )

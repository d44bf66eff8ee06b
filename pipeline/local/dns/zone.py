"""All that the data plane needs to know of a deployment, in one file: it never asks a Region for it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec

from pipeline.local.dns.health import AlarmCheck, CalculatedCheck, EndpointCheck, HealthCheck
from pipeline.local.dns.records import Records, RecordSet, canonical
from pipeline.local.errors import LocalError


class ZoneError(LocalError):
    """The zone is not one that can be served here."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """One Region as the data plane sees it.

    Both share 127.0.0.1 and differ by port, which no A record can say. So `address` only stands for the
    Region, and whoever resolves it goes to `api_url`. Nothing connects to it: it need not exist here.
    """

    role: str
    name: str
    address: str
    api_url: str
    aws_url: str


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A hosted zone with its health checks and the Regions to which its records lead.

    `resources` has the Region of each API Gateway custom domain, by the DNS name that aliases lead to.

    Raises:
        ZoneError: a record or check refers to what is not there, or calculated checks hold each other.
    """

    name: str
    records: tuple[RecordSet, ...] = ()
    endpoint_checks: tuple[EndpointCheck, ...] = ()
    alarm_checks: tuple[AlarmCheck, ...] = ()
    calculated_checks: tuple[CalculatedCheck, ...] = ()
    resources: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be answered from."""
        known = set(self.checks)
        places = {(record.name, record.type) for record in self.records}
        for record in self.records:
            if record.health_check_id and record.health_check_id not in known:
                raise ZoneError(f"{record.name} {record.type} has a health check that is not there")
            target = record.alias and record.alias.target
            if target and (target, record.type) not in places and target not in self.resources:
                raise ZoneError(f"{record.name} {record.type} leads to {target}, which is not there")
        for check in self.calculated_checks:
            if not known.issuperset(check.children):
                raise ZoneError(f"The health check {check.id} has a child that is not there")
        settled = {check.id for check in (*self.endpoint_checks, *self.alarm_checks)}
        while ready := [
            c for c in self.calculated_checks if c.id not in settled and settled >= {*c.children}
        ]:
            settled.update(check.id for check in ready)
        if left := known - settled:
            raise ZoneError(f"These health checks hold each other: {', '.join(sorted(left))}")
        if strangers := set(self.resources.values()) - {region.name for region in self.regions}:
            raise ZoneError(f"No such Region: {', '.join(sorted(strangers))}")

    @property
    def checks(self) -> Mapping[str, HealthCheck]:
        """Every health check by its id."""
        return {c.id: c for c in (*self.endpoint_checks, *self.alarm_checks, *self.calculated_checks)}

    @cached_property
    def addressed(self) -> Records:
        """The records, with the address of the Region behind each resource."""
        addresses = {region.name: region.address for region in self.regions}
        resources = {name: addresses[region] for name, region in self.resources.items()}
        return Records(zone=self.name, sets=self.records, resources=resources)

    @property
    def api_urls(self) -> Mapping[str, str]:
        """Where the API answers behind each Region's address."""
        return {region.address: region.api_url for region in self.regions}

    def region_at(self, address: str) -> Region | None:
        """Return the Region that the address stands for."""
        return next((region for region in self.regions if region.address == address), None)

    @cached_property
    def checked_regions(self) -> Mapping[str, Region]:
        """The Region that each check speaks of, by the check's id, where it speaks of one.

        That is where an endpoint's name leads; and a calculated check and an alarm speak of the Region of the
        endpoint that is checked beside them, wherever the alarm itself is.
        """
        found = {check.id: region for check in self.endpoint_checks if (region := self._leads_to(check.name))}
        for check in self.calculated_checks:
            regions = {found[child].name: found[child] for child in check.children if child in found}
            if len(regions) == 1:
                found |= dict.fromkeys((check.id, *check.children), *regions.values())
        return found

    def _leads_to(self, name: str) -> Region | None:
        values = self.addressed.answer(canonical(name), "A", lambda _: True).values
        return self.region_at(values[0]) if values else None


def write(zone: Zone, file: Path) -> None:
    """Put the zone into the file, whole at once."""
    new = file.with_suffix(".new")
    new.write_bytes(msgspec.json.format(msgspec.json.encode(zone), indent=1))
    new.replace(file)


def read(file: Path) -> Zone:
    """Return the zone that `write` put into the file.

    Raises:
        ZoneError: there is none, or it is not a zone.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Zone)
    except (OSError, msgspec.DecodeError) as error:
        raise ZoneError(f"{file} holds no zone: {error}") from error

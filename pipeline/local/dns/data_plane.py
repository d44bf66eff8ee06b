"""What is answered now: from the zone that was deployed, and the health that was seen since."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.local.dns import zone as zones
from pipeline.local.dns.events import EventLog
from pipeline.local.dns.health import AlarmCheck, CalculatedCheck, EndpointCheck, Health, HealthCheck
from pipeline.local.dns.records import Answer, canonical
from pipeline.local.dns.zone import Zone, ZoneError

logger = logging.getLogger("dns")


class DataPlane:
    """Answers from the zone in a file, and goes on with what it has when that file, or a Region, is gone.

    Every change of a check's state and of an answer is put into the event log, with its reason.
    """

    def __init__(self, file: Path, events: EventLog) -> None:
        self.zone: Zone | None = None
        self._file = file
        self._events = events
        self._read_at = 0
        self._health = Health()
        self._shown: dict[str, bool] = {}
        self._answered: dict[str, str | None] = {}

    def reload(self) -> bool:
        """Take the zone from its file if that has changed, and tell whether it has.

        A check that is the same as before keeps its state. A file that holds no zone changes nothing, and
        that is said.
        """
        try:
            changed_at = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        if changed_at == self._read_at:
            return False
        self._read_at = changed_at
        try:
            self.zone = zones.read(self._file)
        except ZoneError as error:
            logger.error("%s; the former zone stays", error)
            return False
        self._health = Health(self.zone.checks.values(), before=self._health)
        self._events.add("zone", zone=self.zone.name, checks=len(self._health.checks))
        self._note_changes("the zone was read")
        return True

    def observe(self, check: str, good: bool | None, reason: str) -> None:
        """Take one result of a health check; None is an alarm without data."""
        self._health.observe(check, good, reason)
        self._note_changes(reason)

    def lookup(self, name: str) -> Answer | None:
        """Return what is answered for A and a name in any case, None where it is not a name of the zone."""
        name = canonical(name)
        if self.zone is None or not self.zone.addressed.holds(name):
            return None
        return self.zone.addressed.answer(name, "A", self._health.is_healthy)

    def describe(self) -> dict[str, Any]:
        """Return the zone's name (None before there is one), every check's state and every A answer."""
        return {
            "zone": self.zone.name if self.zone else None,
            "checks": [self._described(check) for check in self._health.checks.values()],
            "answers": {name: self._place(self._address(name)) for name in self._names()},
        }

    def _described(self, check: HealthCheck) -> dict[str, Any]:
        described = {
            **self._about(check),
            "healthy": self._health.is_healthy(check.id),
            "inverted": check.inverted,
            "disabled": check.disabled,
        }
        if not isinstance(check, CalculatedCheck):
            status = self._health.status(check.id)
            described |= {"last_result": status.reason, "results_against": status.against}
        return described

    def _about(self, check: HealthCheck) -> dict[str, Any]:
        """Return which check it is: its kind, what it looks at and the Region it speaks of."""
        region = self.zone.checked_regions.get(check.id) if self.zone else None
        about = {"check": check.id, "role": region and region.role, "region": region and region.name}
        match check:
            case EndpointCheck():
                return {**about, "kind": "endpoint", "subject": f"{check.name}{check.path}"}
            case AlarmCheck():
                return {**about, "kind": "alarm", "subject": f"{check.alarm} in {check.region}"}
            case CalculatedCheck():
                subject = f"{check.threshold} of {len(check.children)} checks"
                return {**about, "kind": "calculated", "subject": subject}
        raise TypeError(f"{check.id} is of no kind that is known")

    def _note_changes(self, reason: str) -> None:
        shown = {check: self._health.is_healthy(check) for check in self._health.checks}
        for check, healthy in shown.items():
            if self._shown.get(check) != healthy:
                about = self._about(self._health.checks[check])
                self._events.add("health", **about, healthy=healthy, reason=reason)
        answered = {name: self._address(name) for name in self._names()}
        for name in sorted(answered.keys() | self._answered.keys()):
            if answered.get(name) != self._answered.get(name):
                self._events.add("answer", name=name, **self._place(answered.get(name)), reason=reason)
        self._shown, self._answered = shown, answered

    def _names(self) -> set[str]:
        return {record.name for record in self.zone.records if record.type == "A"} if self.zone else set()

    def _address(self, name: str) -> str | None:
        answer = self.lookup(name)
        return answer.values[0] if answer and answer.values else None

    def _place(self, address: str | None) -> Mapping[str, Any]:
        region = self.zone.region_at(address) if self.zone and address else None
        return {"address": address, "role": region and region.role, "region": region and region.name}

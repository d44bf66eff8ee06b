"""The records of a hosted zone, and what Route 53 answers from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"
# An alias has the TTL of what it leads to, and an API Gateway's names have this one:
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
RESOURCE_TTL_S = 60

IsHealthy = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Alias:
    """What an alias record leads to: another record of the zone, or the DNS name of an AWS resource."""

    target: str
    evaluate_target_health: bool


@dataclass(frozen=True, kw_only=True)
class RecordSet:
    """One record set: an alias, or values with a TTL in seconds; its names are canonical."""

    name: str
    type: str
    ttl_s: int = 0
    values: tuple[str, ...] = ()
    alias: Alias | None = None
    failover: str | None = None
    set_identifier: str | None = None
    health_check_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered to a question: values, whose absence does not mean that there is no such name."""

    exists: bool
    values: tuple[str, ...] = ()
    ttl_s: int = 0


NOTHING = Answer(exists=True)


@dataclass(frozen=True, kw_only=True)
class Records:
    """The records of one zone, and the IPv4 address of each AWS resource to which they lead, by DNS name.

    Simple and failover records are known here; aliases are followed, within the zone and to a resource.
    """

    zone: str
    sets: Sequence[RecordSet]
    resources: Mapping[str, str]

    def holds(self, name: str) -> bool:
        """Tell whether the name is the zone's own or below it."""
        return name == self.zone or name.endswith(f".{self.zone}")

    def answer(self, name: str, type: str, is_healthy: IsHealthy) -> Answer:
        """Return what Route 53 answers for a canonical name of the zone, by the state of its health checks.

        Of failover records the primary one is answered, unless it is unhealthy and the secondary one is not.
        https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (Failover)
        """
        if name not in self._names:
            return Answer(exists=False)
        return self._follow(name, type, is_healthy, frozenset())

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], Sequence[RecordSet]]:
        groups: dict[tuple[str, str], list[RecordSet]] = {}
        for record in sorted(self.sets, key=lambda record: record.failover == SECONDARY):
            groups.setdefault((record.name, record.type), []).append(record)
        return groups

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names that exist: those of records, and those between them and the zone (RFC 8020)."""
        names = {self.zone}
        for record in self.sets:
            name = record.name
            while name != self.zone and self.holds(name):
                names.add(name)
                name = name.partition(".")[2]
        return frozenset(names)

    def _follow(self, name: str, type: str, is_healthy: IsHealthy, passed: frozenset[str]) -> Answer:
        group = self._groups.get((name, type))
        if not group or name in passed:
            return NOTHING
        passed |= {name}
        healthy = (record for record in group if self._is_healthy(record, is_healthy, passed))
        record = next(healthy, group[0])
        if record.alias is None:
            return Answer(exists=True, values=record.values, ttl_s=record.ttl_s)
        if self.holds(record.alias.target):
            return self._follow(record.alias.target, type, is_healthy, passed)
        address = self.resources.get(record.alias.target) if type == "A" else None
        return Answer(exists=True, values=(address,), ttl_s=RESOURCE_TTL_S) if address else NOTHING

    def _is_healthy(self, record: RecordSet, is_healthy: IsHealthy, passed: frozenset[str]) -> bool:
        """Tell a record's health: that of its check, and that of an alias's target where it is to count.

        A target in the zone is healthy if one of its records is; an API Gateway is never called unhealthy.
        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
        """
        if record.health_check_id and not is_healthy(record.health_check_id):
            return False
        alias = record.alias
        if alias is None or not alias.evaluate_target_health or not self.holds(alias.target):
            return True
        if alias.target in passed:
            return False
        target = self._groups.get((alias.target, record.type), ())
        return any(self._is_healthy(each, is_healthy, passed | {alias.target}) for each in target)


def canonical(name: str) -> str:
    """Return a DNS name in the one form in which names are compared: lower case, with its last dot."""
    return f"{name.rstrip('.').lower()}."

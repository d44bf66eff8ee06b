"""Health checks, and the state that each is in by Route 53's rules.

One checker looks, from this machine. On AWS there are many, in several Regions, and an endpoint is healthy
when more than 18 % of them say so; here it is as the one sees it.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.local.dns.metric import Metric

HEALTHY, UNHEALTHY, LAST_KNOWN_STATUS = "Healthy", "Unhealthy", "LastKnownStatus"


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """What all kinds of health check have."""

    id: str
    inverted: bool = False
    disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class EndpointCheck(HealthCheck):
    """Asks an HTTP endpoint every `interval_s`; so many results in a row against its state turn that."""

    name: str
    path: str
    interval_s: int
    failure_threshold: int


@dataclass(frozen=True, kw_only=True)
class AlarmCheck(HealthCheck):
    """Follows the data of a metric, which it has copied from the alarm in `region` when that was deployed.

    `without_data` is its InsufficientDataHealthStatus.
    """

    alarm: str
    region: str
    metric: Metric
    without_data: str


@dataclass(frozen=True, kw_only=True)
class CalculatedCheck(HealthCheck):
    """Is healthy when at least `threshold` of its children are."""

    children: tuple[str, ...]
    threshold: int


@dataclass(frozen=True, kw_only=True)
class Status:
    """What a probed check has seen, before it is inverted: a fresh one is healthy.

    `against` is how many results in a row spoke against `healthy`; `reason` is what the last result was.
    """

    healthy: bool = True
    against: int = 0
    reason: str = "no result yet"

    def after_probe(self, passed: bool, threshold: int, reason: str) -> Status:
        """Return the status after one more result of an endpoint: `threshold` in a row turn it."""
        if passed == self.healthy:
            return Status(healthy=self.healthy, reason=reason)
        if self.against + 1 >= threshold:
            return Status(healthy=passed, reason=reason)
        return replace(self, against=self.against + 1, reason=reason)

    def after_alarm(self, ok: bool | None, without_data: str, reason: str) -> Status:
        """Return the status after one more look at an alarm's data; `ok` is None where there are none.

        https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
        (InsufficientDataHealthStatus)
        """
        without = {HEALTHY: True, UNHEALTHY: False}.get(without_data, self.healthy)
        return Status(healthy=without if ok is None else ok, reason=reason)


FRESH = Status()


class Health:
    """The state of all health checks of a zone.

    Args:
        checks: all of them; a calculated check's children are among them.
        before: the health of the zone's former checks, kept for each check that looks at the same thing in
            the same way. Its id does not count: Route 53 is global and outlives any Region, while here the
            Region that held its checks may be lost, and makes them anew.
    """

    def __init__(self, checks: Iterable[HealthCheck] = (), before: Health | None = None) -> None:
        self.checks: Mapping[str, HealthCheck] = {check.id: check for check in checks}
        self._seen: dict[str, Status] = {}
        if before is not None:
            former = {_nameless(check): before.status(check.id) for check in before.checks.values()}
            kept = {check.id: former.get(_nameless(check)) for check in self.checks.values()}
            self._seen = {check: status for check, status in kept.items() if status is not None}

    def status(self, id: str) -> Status:
        """Return what a probed check has seen so far."""
        return self._seen.get(id, FRESH)

    def observe(self, id: str, good: bool | None, reason: str) -> None:
        """Take one result of an endpoint or an alarm; None is an alarm without data.

        A result for a check that is gone, or disabled, is dropped.
        """
        check = self.checks.get(id)
        if check is None or check.disabled:
            return
        if isinstance(check, EndpointCheck):
            status = self.status(id).after_probe(bool(good), check.failure_threshold, reason)
        elif isinstance(check, AlarmCheck):
            status = self.status(id).after_alarm(good, check.without_data, reason)
        else:
            raise TypeError(f"{id} is calculated, not observed")
        self._seen[id] = status

    def is_healthy(self, id: str) -> bool:
        """Tell whether the check counts as healthy; a disabled one does, before it is inverted.

        https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
        (Disabled, Inverted, HealthThreshold: 0 is always healthy, more than there are children never)
        """
        check = self.checks[id]
        if check.disabled:
            healthy = True
        elif isinstance(check, CalculatedCheck):
            healthy = sum(self.is_healthy(child) for child in check.children) >= check.threshold
        else:
            healthy = self.status(id).healthy
        return healthy != check.inverted


def _nameless(check: HealthCheck) -> HealthCheck:
    """Return what a check looks at, and how."""
    return replace(check, id="")

"""What a deployment promises, and when somebody is told that it does not hold."""

from dataclasses import dataclass, fields

OBJECTIVE_MINUTES = 30 * 24 * 60


@dataclass(frozen=True, kw_only=True)
class BurnRate:
    """A speed at which failures use up the budget of 30 days, seen in two windows at once.

    `budget_percent` of it is gone when the speed lasts for `long_minutes`. The short window is a twelfth of
    the long one, and ends an alarm soon after the failures end
    (https://sre.google/workbook/alerting-on-slos/, "Multiwindow, Multi-Burn-Rate Alerts").
    """

    budget_percent: int
    long_minutes: int
    short_minutes: int

    @property
    def rate(self) -> float:
        """How many times faster than a budget that lasts for exactly 30 days."""
        return self.budget_percent * OBJECTIVE_MINUTES / (100 * self.long_minutes)

    def failed_percent(self, objective_percent: float) -> float:
        """The share of requests, in percent, that fails an objective while its budget burns so fast."""
        return round(self.rate * (100 - objective_percent), 6)


# The two that the workbook pages for; its third, a tenth of the budget in three days, is a ticket.
FAST_BURN = BurnRate(budget_percent=2, long_minutes=60, short_minutes=5)
SLOW_BURN = BurnRate(budget_percent=5, long_minutes=6 * 60, short_minutes=30)


@dataclass(frozen=True, kw_only=True)
class Objectives:
    """Service levels over 30 days in each Region, and what losing a Region may cost.

    `availability_percent` is the share of requests that are not answered 5xx, and `latency_percent` the share
    that is answered within `latency_ms`. `recovery_time_seconds` is how long clients may suffer when a Region
    is lost (RTO), and `recovery_point_seconds` how much of what was acknowledged before may be gone (RPO).
    Raises ValueError, with a sentence that names the field, for an objective that nothing could meet or miss.
    """

    availability_percent: float
    latency_percent: float
    latency_ms: int
    recovery_time_seconds: int
    recovery_point_seconds: int

    def __post_init__(self) -> None:
        """Refuse a share without a budget or with one that cannot burn fast, and a time that is none."""
        for field in ("availability_percent", "latency_percent"):
            share = getattr(self, field)
            if not share < 100:
                raise ValueError(f"{field} must be below 100, which leaves no budget, not {share}.")
            if FAST_BURN.failed_percent(share) >= 100:
                raise ValueError(
                    f"{field} must be above {100 - 100 / FAST_BURN.rate:.2f}, not {share}: its budget would "
                    f"not burn {FAST_BURN.rate} times too fast if every request failed."
                )
        for field in ("latency_ms", "recovery_time_seconds", "recovery_point_seconds"):
            if getattr(self, field) < 1:
                raise ValueError(f"{field} must be at least 1, not {getattr(self, field)}.")


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which value on an alarm is raised.

    `replication_lag_ms` is how far the other Region may be behind, `stream_age_seconds` how old a change may
    be before its event is told, `throttled_requests` and `system_errors` how many a minute are a fault of
    ours or of AWS, `dead_letters` how many records were given up, and `unreplicated_writes` how many
    transactions may be written in five minutes in which the other Region gets nothing. A window with fewer
    than `judged_requests` says nothing about a service level. Raises ValueError for a threshold below 1.
    """

    replication_lag_ms: int
    stream_age_seconds: int
    throttled_requests: int
    system_errors: int
    dead_letters: int
    unreplicated_writes: int
    judged_requests: int

    def __post_init__(self) -> None:
        """Refuse an alarm that is always raised."""
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ValueError(f"{field.name} must be at least 1, not {getattr(self, field.name)}.")

"""Whether the alarms of a Region stay quiet after it was changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LOOK_SECONDS = 30.0
# How often to look at least while it bakes, however short that is.
LOOKS = 20
# For how long an alarm may stay that was raised before: a release that mends what raised it must get through.
SETTLE_MINUTES = 15


class Loud(Exception):
    """An alarm is raised, or there is none that could be."""


@dataclass(frozen=True, kw_only=True)
class Raised:
    """An alarm that is raised, and since when, in seconds since the epoch."""

    name: str
    since: float


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """The alarms of one Region whose names begin in one of some ways, as a client of CloudWatch sees them.

    Those whose names begin in a way of `apart` are left out: they are of what no release changes.
    """

    cloudwatch: Any
    prefixes: Sequence[str]
    apart: Sequence[str] = ()
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def stay_quiet(self, *, seconds: int) -> None:
        """Wait until all have been quiet for so long on end.

        Raises Loud as soon as one is raised that was not before, where an older one stays raised for more
        than SETTLE_MINUTES, and where there are none at all; raises botocore's errors.
        """
        began = quiet_since = self.now()
        while True:
            raised = self.raised()
            if new := [alarm.name for alarm in raised if alarm.since >= began]:
                raise Loud(f"Raised since the bake began: {', '.join(new)}.")
            if raised:
                quiet_since = self.now()
                if quiet_since - began > 60 * SETTLE_MINUTES:
                    raise Loud(
                        f"Raised before the bake began and still: {', '.join(a.name for a in raised)}."
                    )
            elif self.now() - quiet_since >= seconds:
                return
            self.sleep(min(LOOK_SECONDS, seconds / LOOKS))

    def raised(self) -> Sequence[Raised]:
        """Return those that are raised; raises Loud where there are none that could be."""
        named = [alarm for prefix in self.prefixes for alarm in self._pages(prefix)]
        found = [alarm for alarm in named if not alarm["AlarmName"].startswith(tuple(self.apart))]
        if not found:
            raise Loud(f"There is no alarm whose name begins with {' or '.join(self.prefixes)}.")
        return [
            Raised(name=alarm["AlarmName"], since=_since(alarm).timestamp())
            for alarm in found
            if alarm["StateValue"] == "ALARM"
        ]

    def _pages(self, prefix: str) -> Sequence[dict[str, Any]]:
        pages = self.cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        return [each for page in pages for kind in ("MetricAlarms", "CompositeAlarms") for each in page[kind]]


def _since(alarm: dict[str, Any]) -> datetime:
    """When an alarm last changed its state; whatever has no such time counts as raised just now."""
    found = alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp")
    return found if isinstance(found, datetime) else datetime.max.replace(tzinfo=UTC)

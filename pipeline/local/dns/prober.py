"""Looks at every endpoint and every alarm's data of the zone at its interval."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from pipeline.local.dns.alarm import WAIT_S, CloudWatch, Verdict, cloudwatch, read_data
from pipeline.local.dns.data_plane import DataPlane
from pipeline.local.dns.health import AlarmCheck, EndpointCheck, HealthCheck
from pipeline.local.dns.probe import Patience, look

logger = logging.getLogger("dns")

# AWS names no interval for alarms; this is the shorter of the two that endpoints can have.
ALARM_INTERVAL_S = 10.0
PATIENCE = Patience()

Look = Callable[[], Coroutine[Any, Any, tuple[bool | None, str]]]


class Prober:
    """Keeps one task per check that looks at something, and no more than one look of each under way.

    A look begins every `interval / time_scale` seconds, or when the one before it ends if that is later. An
    alarm's period is divided alike, and rounded up to whole seconds. Data from before the prober was made are
    left out, as health begins anew then too: a signal that was sent while time ran faster would otherwise
    fall into one period with the one that took it back.
    """

    def __init__(self, plane: DataPlane, group: asyncio.TaskGroup, time_scale: float) -> None:
        self._plane = plane
        self._group = group
        self._time_scale = time_scale
        self._since = float(int(time.time()))  # a point may be noted by its whole second
        self._tasks: dict[HealthCheck, asyncio.Task[None]] = {}
        self._cloudwatch: dict[tuple[str, str], CloudWatch] = {}

    def follow(self) -> None:
        """Look at what the zone has now: begin with new checks, leave those that are gone or disabled."""
        zone = self._plane.zone
        wanted = {check for check in zone.checks.values() if not check.disabled} if zone else set()
        for check in self._tasks.keys() - wanted:
            self._tasks.pop(check).cancel()
        for check in wanted - self._tasks.keys():
            if isinstance(check, EndpointCheck):
                work = self._repeat(check, check.interval_s, partial(self._endpoint, check))
            elif isinstance(check, AlarmCheck):
                work = self._repeat(check, ALARM_INTERVAL_S, partial(asyncio.to_thread, self._alarm, check))
            else:
                continue
            self._tasks[check] = self._group.create_task(work)

    async def _repeat(self, check: HealthCheck, interval_s: float, look: Look) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + interval_s / self._time_scale
            try:
                good, reason = await look()
            except Exception as error:  # what looks wrong at one thing must not end the looks at all others
                logger.exception("A look at %s failed", check.id)
                good, reason = None, f"the look failed: {error!r}"
            self._plane.observe(check.id, good, reason)
            await asyncio.sleep(due - loop.time())

    async def _endpoint(self, check: EndpointCheck) -> tuple[bool | None, str]:
        answer, zone = self._plane.lookup(check.name), self._plane.zone
        region = zone.region_at(answer.values[0]) if zone and answer and answer.values else None
        if region is None:
            return False, f"{check.name} leads to no Region"
        return await look(f"{region.api_url}{check.path}", PATIENCE)

    def _alarm(self, check: AlarmCheck) -> Verdict:
        regions = self._plane.zone.regions if self._plane.zone else ()
        place = next(((r.name, r.aws_url) for r in regions if r.name == check.region), None)
        if place is None:
            return Verdict(None, f"{check.region} is not a Region of this machine")
        if place not in self._cloudwatch:
            wait_s = min(WAIT_S, ALARM_INTERVAL_S / self._time_scale)
            self._cloudwatch[place] = cloudwatch(*place, wait_s)
        window_s = check.metric.window_s(self._time_scale)
        return read_data(self._cloudwatch[place], check.metric, window_s, time.time(), self._since)

"""Where a drill takes place, with all that it needs there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.config import Deployment
from pipeline.drill.acts import Acts
from pipeline.drill.disturbance import Disturbances
from pipeline.drill.faults import Faults
from pipeline.drill.probes import Probes
from pipeline.drill.region import Region
from pipeline.drill.step import Role

FENCE_SETTLES_S = 5.0  # as lambdas/users/domain/fence.py has it; nothing divides it


@dataclass(frozen=True, kw_only=True)
class Place:
    """A deployment that runs somewhere, and the hands and eyes to drill it with.

    `time_scale` divides every interval and TTL there. `allowance_s` is what is added to each limit for what
    that does not divide, such as this machine's own slowness. `limits` are sentences for the report: how this
    place differs from AWS.
    """

    name: str
    deployment: Deployment
    regions: Mapping[Role, Region]
    probes: Probes
    faults: Faults
    time_scale: float
    allowance_s: float
    limits: tuple[str, ...]

    def acts(self, disturbances: Disturbances) -> Acts:
        """Return what disturbs this place, and keeps a record of it."""
        return Acts(self.deployment, self.regions, self.faults, disturbances, time_scale=self.time_scale)

    @property
    def drain_s(self) -> float:
        """How long a write that was let in before a fence may still run: no scale divides that."""
        return float(self.deployment.functions.size.timeout_seconds)

    @property
    def unscaled_fence_s(self) -> float:
        """How long a planned move waits at the least for fences and for functions that run, at any scale."""
        return 2 * FENCE_SETTLES_S + self.drain_s

    def at_scale(self, seconds: float) -> float:
        """Return how long something that takes so long at real time takes here."""
        return seconds / self.time_scale

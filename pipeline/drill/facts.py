"""What a verdict must know of a drill beside what was observed: what was broken where and when, and its aims.

All durations are seconds of the drill's own clock: whoever divides the platform's intervals by a time scale
divides these too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from pipeline.drill.attempt import ClientKind

BITES_WITHIN_S = 1.0  # from when a Region begins to be killed until it serves nobody


@dataclass(frozen=True, kw_only=True)
class Sustained:
    """When a client counts as served again: this many successes or more, over this long, and no failure."""

    successes: int = 5
    seconds: float = 10.0

    def at_scale(self, time_scale: float) -> Self:
        """Return the rule for a drill whose time runs that many times faster; the count stays."""
        return replace(self, seconds=self.seconds / time_scale)


@dataclass(frozen=True, kw_only=True)
class Objectives:
    """The most that a drill may measure; None is not an objective, but still measured.

    `rto_s` is by client kind; `rpo_s` the age of the oldest lost write at the fault; `forks` a number of
    users' versions; `held_s` how long one write may be refused or unanswered.
    """

    rto_s: Mapping[ClientKind, float] = field(default_factory=dict)
    rpo_s: float = 0.0
    forks: int | None = None
    held_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One drill. `fault_at` is when the first fault began to be injected, in seconds since the epoch, and
    `healed_at` when the last was undone, None if that never was.

    `loss_window_s` is how far replication was behind at the fault, where the scenario destroys the primary's
    disk: only writes acknowledged since then may be lost. It is 0 where the disk survives: then none may.
    `one_writer_from` is from when on never two Regions may take writes, None where they may all the time.
    """

    scenario: str
    primary: str
    secondary: str
    fault_at: float
    healed_at: float | None
    loss_window_s: float = 0.0
    one_writer_from: float | None = None
    sustained: Sustained = field(default_factory=Sustained)
    objectives: Objectives = field(default_factory=Objectives)

    def may_be_lost(self, *, region: str | None, since: float, until: float) -> bool:
        """Tell whether a write that a Region took between two times may be gone with the primary's disk.

        `region` is None where it is not known: then only what began before the fault had bitten can be of the
        primary.
        """
        if self.loss_window_s <= 0 or until < self.fault_at - self.loss_window_s:
            return False
        if region is None:
            return since <= self.fault_at + BITES_WITHIN_S
        return region == self.primary and (self.healed_at is None or since <= self.healed_at)

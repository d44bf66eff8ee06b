"""What a scenario is made of: faults, and the steps that a drill takes in their order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A Region by its part in the deployment."""

    PRIMARY = "primary"
    SECONDARY = "secondary"

    @property
    def peer(self) -> Role:
        """The other one."""
        return Role.SECONDARY if self is Role.PRIMARY else Role.PRIMARY


class FaultKind(StrEnum):
    """What a drill can break."""

    REGION_FROZEN = "region-frozen"
    REGION_LOST = "region-lost"
    FUNCTIONS_STOPPED = "functions-stopped"
    TABLE_UNREACHABLE = "table-unreachable"
    REPLICATION_DELAYED = "replication-delayed"
    REPLICATION_PAUSED = "replication-paused"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is broken in one Region; of replication, what leaves that Region.

    `delay_ms` is for REPLICATION_DELAYED.
    """

    kind: FaultKind
    role: Role
    delay_ms: int = 0

    def __str__(self) -> str:
        """Name it as reports do."""
        return f"{self.kind} ({self.role})"


class Do(StrEnum):
    """What a step does, or what it waits for, under load all the time."""

    CARRY_ON = "carry-on"  # let the clients work for `seconds`
    BREAK = "break"
    HEAL = "heal"
    STOP = "stop"  # throw the STOP switch of a Region, in the other one
    START = "start"  # put the switch back
    FENCE = "fence"  # refuse writes in a Region, and wait until each function has noticed
    UNFENCE = "unfence"
    AWAIT_DRAINED = "await-drained"  # all that a Region acknowledged has arrived in the other
    AWAIT_ANSWERED = "await-answered"  # DNS leads to a Region
    AWAIT_SERVED = "await-served"  # every kind of client is served by a Region
    AWAIT_CONVERGED = "await-converged"  # nothing is under way in either direction
    DIE = "die"  # the drill is killed


WITHOUT_ROLE = frozenset({Do.CARRY_ON, Do.BREAK, Do.HEAL, Do.AWAIT_CONVERGED, Do.DIE})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; `why` is a sentence for the report.

    `seconds` is how long CARRY_ON lasts, and for whatever waits how long it may take at the most, both at
    real time. `least_seconds` of it no time scale divides, such as the patience of a checker or a client.
    `begins_outage` marks the step from which recovery is measured, `ends_outage` that which undoes it.
    """

    do: Do
    why: str
    role: Role | None = None
    fault: Fault | None = None
    seconds: float = 0
    least_seconds: float = 0
    begins_outage: bool = False
    ends_outage: bool = False

    def __post_init__(self) -> None:
        """Refuse a step that lacks what it acts on."""
        if (self.do in (Do.BREAK, Do.HEAL)) is not (self.fault is not None):
            raise ValueError(f"A step that does {self.do} must name a fault, and no other may.")
        if (self.do in WITHOUT_ROLE) is not (self.role is None):
            has = "has no role" if self.do in WITHOUT_ROLE else "must have a role"
            raise ValueError(f"A step that does {self.do} {has}.")
        if self.do is Do.CARRY_ON and self.seconds <= 0:
            raise ValueError("A step that carries on must say for how many seconds.")

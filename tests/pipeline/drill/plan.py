"""What is to happen in a simulated drill, and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.drill.attempt import ClientKind
from pipeline.drill.facts import Objectives

PRIMARY, SECONDARY = "eu-west-1", "eu-central-1"
START = 1_900_000_000.0
FAULT_AT, DETECTED_AT, TURNED_AT, HEALED_AT, BACK_AT, END_AT = (START + s for s in (4, 6, 7, 14, 15, 18))
TIMEOUT_S, PAUSE_S = 0.6, 0.1
# When each kind of client follows DNS.
MOVED_AT = {
    ClientKind.OBEYS_TTL: TURNED_AT + 0.5,
    ClientKind.KEEPS_CONNECTIONS: TURNED_AT + 1.0,
    ClientKind.CACHES_DNS: TURNED_AT + 3.0,
}
AIMS = Objectives(rto_s=dict.fromkeys(ClientKind, 8.0), held_s=8.0)


class Kind(StrEnum):
    """What happens to the primary."""

    OUTAGE = "region-outage"
    LOSS = "region-loss"
    SWITCHOVER = "planned-switchover"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One drill; `lag_s` is how far replication is behind, and None that it is paused until the heal."""

    seed: int = 7
    kind: Kind = Kind.OUTAGE
    lag_s: float | None = 0.1
    objectives: Objectives = AIMS

"""The fence around a region: while it is up, for a planned switchover, no write begins there."""

import time
from collections.abc import Callable, Sequence

from lambdas.users.domain.errors import RegionFenced
from lambdas.users.domain.region_state import RegionRegister, RegionState

FENCE_SETTLES_S = 5.0
"""How many seconds after a change of its state was acknowledged a region's every process acts on it.

Until then a process may let a write in by the state that it read before. A write that was let in is not
stopped: it may land as much later as a function may run. Whoever drains a region waits for both together
before they trust that its last write was made.
"""

Clock = Callable[[], float]


class Fence:
    """What stands before every write of a process; `clocks` count seconds.

    A state counts for FENCE_SETTLES_S from the moment when it was asked for, so that writes cost no more than
    one read in that time. A state that is older lets nobody in: where a new one cannot be had, to go by the
    last one would break the promise of FENCE_SETTLES_S, and a write that is refused can be sent again, while
    one that is lost cannot. Such a failure is not remembered.

    A state is young only by every clock. AWS does not say that the monotonic one goes on while Lambda freezes
    a process between requests, and the other one may be set back.
    """

    def __init__(
        self, register: RegionRegister, *, clocks: Sequence[Clock] = (time.monotonic, time.time)
    ) -> None:
        self._register = register
        self._clocks = clocks
        self._known: tuple[Sequence[float], RegionState] | None = None

    def require_open(self) -> None:
        """Return where a write may begin; raises RegionFenced or RepositoryUnavailable."""
        if self._state() is RegionState.FENCED:
            raise RegionFenced

    def _state(self) -> RegionState:
        """Return the state that is known, or ask where that is too old."""
        now = [clock() for clock in self._clocks]
        if self._known is not None and _is_young(self._known[0], now):
            return self._known[1]
        state = self._register.state()
        self._known = now, state
        return state


def _is_young(asked: Sequence[float], now: Sequence[float]) -> bool:
    """Tell whether no clock says that it is too long ago, or not yet."""
    return all(0 <= late - early < FENCE_SETTLES_S for early, late in zip(asked, now, strict=True))

"""What a drill does to a place, each act on record before it begins, so that it can be undone by anybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from math import ceil

from botocore.exceptions import BotoCoreError, ClientError

from pipeline import runbook
from pipeline.config import Deployment
from pipeline.drill.disturbance import Disturbance, Disturbances, Kind
from pipeline.drill.faults import FaultError, Faults
from pipeline.drill.region import Region, now
from pipeline.drill.step import Fault, Role

SIGNAL_PERIOD_S = 60.0  # of the metric behind the STOP switch: its highest value in a period counts

Tell = Callable[[str], None]


class Acts:
    """Breaks, stops and fences, and undoes it; every call blocks.

    All but faults are calls of the runbook, sent as an operator would send them. `time_scale` divides the
    period of the STOP switch.
    """

    def __init__(
        self,
        deployment: Deployment,
        regions: Mapping[Role, Region],
        faults: Faults,
        disturbances: Disturbances,
        *,
        time_scale: float,
    ) -> None:
        self._deployment = deployment
        self._regions = regions
        self._faults = faults
        self._disturbances = disturbances
        self._period_s = ceil(SIGNAL_PERIOD_S / time_scale)

    def inject(self, fault: Fault) -> float | None:
        """Break something, and return when it took effect, None for at once; raises FaultError."""
        self._disturbances.add(Disturbance(kind=Kind.BROKEN, role=fault.role, fault=fault))
        return self._faults.inject(fault)

    def undo(self, fault: Fault) -> None:
        """Mend it; raises FaultError."""
        self._faults.undo(fault)
        self._disturbances.remove(Disturbance(kind=Kind.BROKEN, role=fault.role, fault=fault))

    def stop(self, role: Role) -> None:
        """Take a Region out of DNS, by a signal to the other; raises FaultError."""
        self._disturbances.add(Disturbance(kind=Kind.STOPPED, role=role))
        self._send(role.peer, runbook.stop(self._deployment, self._regions[role].name))

    def start(self, role: Role) -> None:
        """Put a Region back into DNS, in a period of its own; raises FaultError."""
        time.sleep(self._period_s - time.time() % self._period_s)
        self._send(role.peer, runbook.start(self._deployment, self._regions[role].name))
        self._disturbances.remove(Disturbance(kind=Kind.STOPPED, role=role))

    def fence(self, role: Role) -> None:
        """Have a Region refuse writes; raises FaultError."""
        self._disturbances.add(Disturbance(kind=Kind.FENCED, role=role))
        self._send(role, runbook.fence(self._deployment, self._regions[role].name, at=now()))

    def unfence(self, role: Role) -> None:
        """Have a Region take writes; raises FaultError."""
        self._send(role, runbook.unfence(self._deployment, self._regions[role].name, at=now()))
        self._disturbances.remove(Disturbance(kind=Kind.FENCED, role=role))

    def restore(self, tell: Tell) -> None:
        """Undo all that is on record, the last act first; raises the error of the first that resisted.

        Each is tried, whatever became of the others.
        """
        resisted: list[Exception] = []
        for disturbance in reversed(self._disturbances.all):
            try:
                tell(f"putting right: {disturbance}")
                self._put_right(disturbance)
            except Exception as error:  # a full disk, too, must not keep the others from being undone
                resisted.append(error)
        if resisted:
            raise resisted[0]

    def _put_right(self, disturbance: Disturbance) -> None:
        match disturbance:
            case Disturbance(kind=Kind.BROKEN, fault=Fault() as fault):
                self.undo(fault)
            case Disturbance(kind=Kind.STOPPED, role=Role() as role):
                self.start(role)
            case Disturbance(kind=Kind.FENCED, role=Role() as role):
                self.unfence(role)

    def _send(self, role: Role, call: runbook.Call) -> None:
        try:
            self._regions[role].send(call)
        except (BotoCoreError, ClientError) as error:
            raise FaultError(f"{call.purpose} failed ({error}). By hand: {call.command}") from error

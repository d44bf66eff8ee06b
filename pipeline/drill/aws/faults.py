"""Breaks and mends a deployment on AWS by FIS experiments that end by themselves; not yet run on AWS."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from pipeline.config import Deployment
from pipeline.drill.aws import fis_calls
from pipeline.drill.aws.experiments import Experiments, Sleep
from pipeline.drill.aws.functions import Functions
from pipeline.drill.aws.scenarios import require
from pipeline.drill.faults import FaultError
from pipeline.drill.region import Region
from pipeline.drill.step import Fault, FaultKind, Role

LOOK_S = 2.0
LONGEST_EFFECT_S = 120.0
# For up to five minutes FIS leaves a table replicating after it began to pause
# (https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html); a write that takes so long
# to arrive has not been replicated, which takes a second.
LONGEST_PAUSE_S = 360.0
NOT_REPLICATED_S = 15.0

# Tells which part of what is to break is broken, from 0 for none to 1 for all of it.
Broken = Callable[[], float]


class AwsFaults:
    """The faults that AWS can have: replication paused, and functions stopped.

    Nothing is kept in this process but ids of templates, so whoever heals after it finds what runs by itself.
    Should nobody heal, an experiment ends when its time is up, and puts right what it broke.
    """

    def __init__(
        self,
        deployment: Deployment,
        regions: Mapping[Role, Region],
        *,
        sleep: Sleep = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._deployment = deployment
        self._regions = regions
        self._sleep = sleep
        self._templates: dict[Fault, str] = {}

    def prepare(self, fault: Fault) -> None:
        """Find the template of a fault, and see that nothing of it is under way; raises FaultError."""
        require(fault.kind, fault.role)
        experiments = self._experiments(fault)
        try:
            template = experiments.template(fault.kind)
            running = experiments.under_way(template)
            stopped = self._stopped(fault)
        except (BotoCoreError, ClientError) as error:
            raise FaultError(f"{fault} cannot be prepared ({error}).") from error
        if running:
            raise FaultError(f"{fault}: {', '.join(running)} is under way already; wait, or stop it.")
        if stopped:
            raise FaultError(f"{fault}: {self._by_hand(fault, stopped)}")
        self._templates[fault] = template

    def inject(self, fault: Fault) -> float | None:
        """Start the experiment, and wait until what it breaks is broken; raises FaultError.

        Returns the last time at which all was seen to be well, in seconds since the epoch: an experiment
        takes a minute or more to break anything, and the outage did not begin before that.
        """
        require(fault.kind, fault.role)
        experiments = self._experiments(fault)
        try:
            template = self._templates.get(fault) or experiments.template(fault.kind)
            well_at = self._clock()
            experiments.start(fault.kind, template)
            return self._await_effect(fault, well_at)
        except (BotoCoreError, ClientError) as error:
            raise FaultError(f"{fault} cannot be injected ({error}).") from error

    def undo(self, fault: Fault) -> None:
        """Stop whatever runs of a fault, and return when it is mended; raises FaultError.

        Where FIS does not answer, the signal to its stop alarm is sent as well, which is of a data plane.
        """
        require(fault.kind, fault.role)
        experiments = self._experiments(fault)
        try:
            template = self._templates.get(fault) or experiments.template(fault.kind)
            for experiment in experiments.under_way(template):
                experiments.stop(experiment)
            self._await_mended(fault)
        except (BotoCoreError, ClientError) as error:
            raise FaultError(f"{fault} could not be stopped ({error}). {self._call_off(fault)}") from error

    def _await_effect(self, fault: Fault, well_at: float) -> float:
        """Wait until it is broken, and return when it was last seen to be whole."""
        if fault.kind is FaultKind.FUNCTIONS_STOPPED:
            functions, times = self._functions(fault), int(LONGEST_EFFECT_S / LOOK_S)
            return self._until(functions.share_stopped, times, fault, well_at)
        times = int(LONGEST_PAUSE_S / (NOT_REPLICATED_S + LOOK_S))
        return self._until(lambda: float(not self._replicates(fault.role)), times, fault, well_at)

    def _replicates(self, source: Role) -> bool:
        """Tell whether what is written in a Region now arrives in the other in time."""
        here, there = self._regions[source], self._regions[source.peer]
        mark = here.mark()
        self._sleep(NOT_REPLICATED_S)
        return there.has_mark(mark, of=here.name)

    def _until(self, broken: Broken, times: int, fault: Fault, well_at: float) -> float:
        """Look until all is broken, and return when nothing was; raises FaultError after so many looks."""
        for _ in range(times):
            at, share = self._clock(), broken()
            if share == 1:
                return well_at
            if share == 0:
                well_at = at
            self._sleep(LOOK_S)
        raise FaultError(f"{fault}: the experiment runs, and nothing broke in all the time that it may take.")

    def _await_mended(self, fault: Fault) -> None:
        """Wait until no function is out of service, a little after the experiment has ended."""
        for _ in range(int(LONGEST_EFFECT_S / LOOK_S)):
            stopped = self._stopped(fault)
            if not stopped:
                return
            self._sleep(LOOK_S)
        raise FaultError(f"{fault}: {self._by_hand(fault, stopped)}")

    def _stopped(self, fault: Fault) -> list[str]:
        """Return the functions that may not run, where the fault is about functions."""
        if fault.kind is not FaultKind.FUNCTIONS_STOPPED:
            return []
        return list(self._functions(fault).stopped())

    def _by_hand(self, fault: Fault, stopped: list[str]) -> str:
        """Say which functions are out of service, and the calls that put them back."""
        region, reserved = self._regions[fault.role], self._deployment.functions.size.reserved_concurrency
        calls = [fis_calls.restored(name, region.name, reserved=reserved).command for name in stopped]
        return f"out of service in {region.name}: {', '.join(stopped)}. By hand: {'; '.join(calls)}"

    def _call_off(self, fault: Fault) -> str:
        """Send the signal to the stop alarm, and say what became of that."""
        region = self._regions[fault.role]
        call = fis_calls.abort(self._deployment, region.name)
        minutes = self._deployment.drills.longest_minutes if self._deployment.drills else 0
        ends = f"At the latest it ends by itself, {minutes} minutes after it began."
        try:
            region.send(call)
        except (BotoCoreError, ClientError) as error:
            return f"Nor could it be called off ({error}). By hand: {call.command} {ends}"
        return f"It was called off by its stop alarm, which takes a minute or two. {ends}"

    def _experiments(self, fault: Fault) -> Experiments:
        return Experiments(self._deployment, self._regions[fault.role], sleep=self._sleep)

    def _functions(self, fault: Fault) -> Functions:
        return Functions(self._deployment, self._regions[fault.role])

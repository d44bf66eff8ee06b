"""Breaks and mends the two emulated Regions of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console

from pipeline.drill.faults import FaultError
from pipeline.drill.local import aws, process
from pipeline.drill.local.functions import Functions
from pipeline.drill.local.learnt import Learnt
from pipeline.drill.step import Fault, FaultKind, Role
from pipeline.local import control, platform
from pipeline.local.assembly import stacks_of
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout, RegionPlace
from pipeline.local.progress import Progress
from pipeline.local.service import Service
from pipeline.local.up import up

LEAST_LIMIT_S = 5.0

Up = Callable[[Layout, Progress], bool]


def up_as_it_was(layout: Layout, progress: Progress) -> bool:
    """Do what `make up` does, with the app that was deployed, whatever it is by now."""
    return up(layout, progress, anew=False)


class LocalFaults:
    """The Faults of a platform that `make up` started; `folder` is the drill's, and keeps what undoing needs.

    `time_scale` divides how long a function may run, as it divides everything that a freeze is measured by,
    but not below LEAST_LIMIT_S: by then no checker has found a Region dead. A lost Region comes back by what
    `make up` does, whose words go to `rebuild.log` in that folder.
    """

    def __init__(
        self, layout: Layout, folder: Path, *, time_scale: float = 1, rebuild: Up = up_as_it_was
    ) -> None:
        self._layout = layout
        self._folder = folder
        self._rebuild = rebuild
        limit_s = layout.deployment.functions.size.timeout_seconds / time_scale
        self._function_limit_s = max(limit_s, LEAST_LIMIT_S)
        self.learnt = Learnt(folder)

    def prepare(self, fault: Fault) -> None:
        """Learn what must be known beforehand; raises FaultError for a Region that does not run."""
        if self._service(fault.role).process is None:
            raise FaultError(f"The {fault.role} Region does not run: start it, with `make up`.")
        if fault.kind is FaultKind.FUNCTIONS_STOPPED and self.learnt.concurrency(fault.role) is None:
            self.learnt.keep_concurrency(fault.role, self._functions(fault.role).learn())

    def inject(self, fault: Fault) -> None:
        """Break it; raises FaultError."""
        place, receiver = self._place(fault.role), self._place(fault.role.peer)
        with _told(f"{fault} could not be injected", "make status"):
            match fault.kind:
                case FaultKind.REGION_FROZEN:
                    self.learnt.note_frozen(fault.role, time.time())
                    process.freeze(self._service(fault.role))
                case FaultKind.REGION_LOST:
                    self.learnt.note_lost(fault.role)
                    process.lose(self._service(fault.role), self._layout.state / place.role)
                case FaultKind.FUNCTIONS_STOPPED:
                    self._stop_functions(fault.role)
                case FaultKind.TABLE_UNREACHABLE:
                    control.set_table(place, reachable=False)
                case FaultKind.REPLICATION_DELAYED:
                    control.set_replication(receiver, lag_ms=fault.delay_ms)
                case FaultKind.REPLICATION_PAUSED:
                    control.set_replication(receiver, paused=True)

    def undo(self, fault: Fault) -> None:
        """Mend it, and return when it is whole; raises FaultError."""
        place, receiver = self._place(fault.role), self._place(fault.role.peer)
        with _told(f"{fault} could not be undone", "make down, then make up"):
            match fault.kind:
                case FaultKind.REGION_FROZEN:
                    self._thaw(fault.role)
                case FaultKind.REGION_LOST:
                    self._bring_back(place)
                case FaultKind.FUNCTIONS_STOPPED:
                    if (concurrency := self.learnt.concurrency(fault.role)) is not None:
                        self._functions(fault.role).restore(concurrency)
                case FaultKind.TABLE_UNREACHABLE:
                    control.set_table(place, reachable=True)
                case FaultKind.REPLICATION_DELAYED:
                    control.set_replication(receiver, lag_ms=0)
                case FaultKind.REPLICATION_PAUSED:
                    control.set_replication(receiver, paused=False)

    def _thaw(self, role: Role) -> None:
        """Let a Region go on, without the functions that were at work if it stood still for their time."""
        frozen_at = self.learnt.frozen_at(role)
        outlived = frozen_at is not None and time.time() - frozen_at > self._function_limit_s
        process.thaw(self._service(role), functions=not outlived)
        self.learnt.note_frozen(role, None)

    def _stop_functions(self, role: Role) -> None:
        concurrency = self.learnt.concurrency(role)
        if concurrency is None:
            raise FaultError(f"Nothing is known of the functions of the {role} Region: prepare comes first.")
        self._functions(role).stop(concurrency)

    def _bring_back(self, place: RegionPlace) -> None:
        """Let a Region begin again with nothing; its peer's journal fills its table once that is there."""
        process.discard(self._layout.state / place.role)
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "rebuild.log").open("a") as log, platform.exclusive(self._layout):
            self._rebuild(self._layout, Progress(Console(file=log)))

    def _functions(self, role: Role) -> Functions:
        place = self._place(role)
        for stack in stacks_of(self._layout):
            if stack.region == place.name and "ApiEndpoint" in stack.template.get("Outputs", {}):
                return Functions(partial(aws.client, place), stack.name)
        raise FaultError(f"No API is deployed to the {role} Region: deploy it, with `make up`.")

    def _place(self, role: Role) -> RegionPlace:
        return self._layout.primary if role is Role.PRIMARY else self._layout.secondary

    def _service(self, role: Role) -> Service:
        return platform.region_service(self._layout, self._place(role))


@contextmanager
def _told(what: str, by_hand: str) -> Iterator[None]:
    """Say of whatever went wrong what it was, and what is to be done."""
    try:
        yield
    except (LocalError, OSError, ValueError) as error:
        raise FaultError(f"{what}: {error} By hand: {by_hand}.") from error

"""One drill from the first client to the last thing put right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.drill.acts import Acts
from pipeline.drill.client import Pace
from pipeline.drill.clock import Clock
from pipeline.drill.diary import Diary, Line, Restored
from pipeline.drill.disturbance import Disturbances
from pipeline.drill.ledger import Ledger
from pipeline.drill.load import load
from pipeline.drill.place import Place
from pipeline.drill.run import Run
from pipeline.drill.scenario import Scenario

# A request that takes longer than this at real time has failed its client.
PATIENCE_S = 5.0
LEAST_PATIENCE_S = 2.5

Tell = Callable[[str], None]
Guard = Callable[["Folder"], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Where a drill keeps all that it must not lose."""

    path: Path

    @property
    def ledger(self) -> Path:
        """Every attempt of every client."""
        return self.path / "ledger.jsonl"

    @property
    def diary(self) -> Path:
        """What the drill did."""
        return self.path / "diary.jsonl"

    @property
    def disturbances(self) -> Disturbances:
        """What is to be put right."""
        return Disturbances(self.path / "disturbances.json")


@dataclass(frozen=True, kw_only=True)
class Performance:
    """A scenario, to be performed at a place.

    `guard` has somebody else watch: for as long as its block lasts, what is on record is put right even if
    this process is killed.
    """

    scenario: Scenario
    place: Place
    folder: Folder
    guard: Guard
    tell: Tell
    clock: Clock = field(default_factory=Clock)

    async def perform(self) -> None:
        """Take every step under load, and leave the place as it was found, however that ends.

        Raises FaultError, ProbeError, OSError and botocore's errors, after all on record was put right.
        """
        diary = Diary(self.folder.diary)
        acts = self.place.acts(self.folder.disturbances)
        for fault in self.scenario.faults:
            await asyncio.to_thread(self.place.faults.prepare, fault)
        with self.guard(self.folder), closing(Ledger(self.folder.ledger)) as ledger:
            try:
                await self._under_load(acts, diary, ledger)
            finally:
                acts.restore(self._mention)  # in this thread: nothing that cancels it may come between
                diary.add(Line(restored=Restored(at=self.clock.now(), by="drill")))

    async def _under_load(self, acts: Acts, diary: Diary, ledger: Ledger) -> None:
        drill, probes, clock = self.folder.path.name, self.place.probes, self.clock
        async with load(drill, probes, ledger, clock, self._pace()) as clients:
            run = Run(self.scenario, self.place, acts, clients, diary=diary, clock=clock, tell=self.tell)
            await run.take_all()

    def _mention(self, line: str) -> None:
        """Tell, unless nobody listens any more: that must not keep anything from being put right."""
        with suppress(OSError):
            self.tell(line)

    def _pace(self) -> Pace:
        """Wait for answers as long as the time scale has it, but not shorter than a busy machine needs."""
        return Pace(timeout_s=max(self.place.at_scale(PATIENCE_S), LEAST_PATIENCE_S))

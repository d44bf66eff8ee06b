"""A stage as a venue of drills."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.drill.diary import Diary, Line, Restored, StepBegan
from pipeline.drill.faults import FaultError
from pipeline.drill.ledger import Ledger
from pipeline.drill.performance import Folder, Guard
from pipeline.drill.place import Place
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import UnknownScenario
from pipeline.drill.whole import Tell
from tests.pipeline.drill.short import guard, short
from tests.pipeline.drill.staged import Staged


@dataclass
class StagedVenue:
    """Notes when it is opened and closed; `survives` has the drill that should die live on."""

    staged: Staged
    scenarios: Mapping[str, Scenario] = field(default_factory=lambda: {"short": short()})
    survives: bool = False
    usual: str = "short"
    command: str = "make drill"

    def scenario(self, name: str) -> Scenario:
        if name not in self.scenarios:
            raise UnknownScenario(f"There is no scenario {name!r}.")
        return self.scenarios[name]

    def plan(self, scenario: Scenario) -> Sequence[str]:
        return [f"# {scenario.name}", "aws nothing"]

    @contextmanager
    def opened(self, folder: Folder) -> Iterator[Place]:  # noqa: ARG002
        self.staged.done.append("opened")
        try:
            yield self.staged.place
        finally:
            self.staged.done.append("closed")

    def guard(self, scenario: Scenario) -> Guard:  # noqa: ARG002
        return guard(self.staged)

    async def perform_and_die(self, scenario: Scenario, folder: Folder, tell: Tell) -> None:
        if self.survives:
            raise FaultError("The drill was to be killed, and ended with 0.")
        Ledger(folder.ledger).close()
        diary = Diary(folder.diary)
        for step in range(len(scenario.steps)):
            diary.add(Line(began=StepBegan(at=time.time(), step=step)))
        diary.add(Line(restored=Restored(at=time.time(), by="watchdog")))
        tell("it is dead")

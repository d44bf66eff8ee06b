"""A drill on a stage, and what is there when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pipeline.drill import diary
from pipeline.drill.performance import Folder, Performance
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import FROZEN
from tests.pipeline.drill.short import FENCE, FOR_EVER, STOP, guard, short
from tests.pipeline.drill.staged import Staged

UNDONE = [
    "active REGION#eu-central-1 in eu-central-1",
    "signal 0 for eu-west-1 in eu-central-1",
    f"undo {FROZEN}",
]
LEAVES_ALL = short(STOP, FENCE, FOR_EVER)


def drill(
    staged: Staged, folder: Folder, scenario: Scenario, tell: Callable[[str], None] = lambda _: None
) -> Performance:
    return Performance(scenario=scenario, place=staged.place, folder=folder, guard=guard(staged), tell=tell)


def perform(staged: Staged, folder: Folder, scenario: Scenario) -> None:
    asyncio.run(drill(staged, folder, scenario).perform())


def restored_by(folder: Folder) -> Sequence[str]:
    return [line.restored.by for line in diary.read(folder.diary) if line.restored]


def is_as_it_was(staged: Staged, folder: Folder) -> bool:
    return (
        staged.done[-4:] == [*UNDONE, "guard is left"]
        and folder.disturbances.all == []
        and restored_by(folder) == ["drill"]
    )

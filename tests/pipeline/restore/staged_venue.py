"""A stage as the venue of restores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.drill.performance import Guard
from pipeline.restore.folder import Folder
from pipeline.restore.place import RestorePlace
from pipeline.restore.scenario import Scenario
from tests.pipeline.restore.short import guard
from tests.pipeline.restore.staged import Stage


@dataclass
class StagedVenue:
    """Notes when it is opened and closed."""

    stage: Stage
    command: str = "make restore-drill"

    @contextmanager
    def opened(self, folder: Folder) -> Iterator[RestorePlace]:  # noqa: ARG002
        self.stage.done.append("opened")
        try:
            yield self.stage.place
        finally:
            self.stage.done.append("closed")

    def guard(self, scenario: Scenario) -> Guard:  # noqa: ARG002
        return guard(self.stage)

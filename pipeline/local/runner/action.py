"""What one action of the pipeline is given to work with, and how it says that it failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.local.layout import Layout
from pipeline.local.runner.definition import Action, Definition


class ActionFailed(Exception):
    """An action did not do what it is there for; the message says why, in words for whoever pushed."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One execution as an action sees it.

    `artifacts` has a folder for each artifact that was made so far, and `log` is the file for the output of
    this action alone.
    """

    execution_id: str
    commit: str
    definition: Definition
    artifacts: Path
    log: Path
    layout: Layout

    def artifact(self, name: str) -> Path:
        """Where an artifact is, or is to be."""
        return self.artifacts / name


# Performs an action, and returns its output variables; raises ActionFailed.
Performer = Callable[[Action, Work], Awaitable[Mapping[str, str]]]

"""A drill as data: what is believed, what is broken, what must hold, and what is not tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.drill.step import Do, Fault, Step


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One drill.

    `gate` says that the time to recover is held to the deployment's objective. `loses_disk` says that writes
    which had not been replicated are gone, and are to be listed; anywhere else not one may be missing.
    `longest_refusal_seconds` bounds how long any client may be refused to write, at real time.

    Raises ValueError for a drill that nobody could judge.
    """

    name: str
    hypothesis: str
    steps: Sequence[Step]
    not_tested: Sequence[str]
    gate: bool = True
    loses_disk: bool = False
    longest_refusal_seconds: float | None = None

    def __post_init__(self) -> None:
        """Refuse an outage without a beginning, or without an end."""
        if sum(step.begins_outage for step in self.steps) != 1:
            raise ValueError(f"{self.name} must have exactly one step that begins the outage.")
        if sum(step.ends_outage for step in self.steps) != 1 - self.dies:
            raise ValueError(f"{self.name} must have exactly one step that ends the outage, or die.")

    @property
    def dies(self) -> bool:
        """Tell whether the drill itself is killed, and somebody else has to heal."""
        return any(step.do is Do.DIE for step in self.steps)

    @property
    def faults(self) -> Sequence[Fault]:
        """What it breaks, each once, in the order in which it does."""
        return list(dict.fromkeys(step.fault for step in self.steps if step.fault))

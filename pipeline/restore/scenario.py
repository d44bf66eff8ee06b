"""A restore as data: what is believed, what is damaged, the steps that repair it, and what is not covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.restore.step import DRILL_ONLY, Step


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One restore, of which the drill takes every step, and an operator those of the runbook.

    `hypothesis` is what the drill believes. `when` says when an operator takes it, `before` and `after` what
    else they have to do, and `not_covered` what it does not help against. `longest_refusal_seconds` bounds
    how long clients may be refused to write, at real time; None where they are never to be. `rto_seconds` is
    how long it may take from when the damage is noticed until the service is whole, on one machine that is
    busy with other things too; None where that is no aim.

    Raises ValueError for a restore that nobody could judge.
    """

    name: str
    title: str
    hypothesis: str
    when: str
    steps: Sequence[Step]
    not_covered: Sequence[str]
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    longest_refusal_seconds: float | None = None
    rto_seconds: float | None = None

    def __post_init__(self) -> None:
        """Refuse a restore without damage, without the moment when all is whole again, or without time."""
        if sum(step.begins_outage for step in self.steps) != 1:
            raise ValueError(f"{self.name} must have exactly one step that does the damage.")
        if sum(step.ends_outage for step in self.steps) != 1:
            raise ValueError(f"{self.name} must have exactly one step after which the service is whole.")
        if self.rto_seconds is not None and self.rto_seconds <= 0:
            raise ValueError(f"{self.name} must be given some time.")

    @property
    def operators_steps(self) -> Sequence[Step]:
        """Return the steps of the runbook, in their order: all but those that only a drill takes."""
        return [step for step in self.steps if step.do not in DRILL_ONLY]

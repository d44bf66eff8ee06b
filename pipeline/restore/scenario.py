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
    how long clients may be refused to write, at real time; None where they are never to be.

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

    def __post_init__(self) -> None:
        """Refuse a restore without damage, or without the moment at which all is whole again."""
        if sum(step.begins_outage for step in self.steps) != 1:
            raise ValueError(f"{self.name} must have exactly one step that does the damage.")
        if sum(step.ends_outage for step in self.steps) != 1:
            raise ValueError(f"{self.name} must have exactly one step after which the service is whole.")

    @property
    def operators_steps(self) -> Sequence[Step]:
        """Return the steps of the runbook, in their order: all but those that only a drill takes."""
        return [step for step in self.steps if step.do not in DRILL_ONLY]

"""All that a verdict is made from, which anybody can look at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.drill.attempt import Attempt
from pipeline.drill.facts import Facts
from pipeline.drill.promise import Promises, promises
from pipeline.drill.provenance import Histories
from pipeline.drill.rows import Table, union
from pipeline.drill.timeline import Timeline


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One drill: what clients saw, what both Regions hold at the end, and what happened meanwhile.

    `before` is what the table held, in both Regions alike, when the drill began; what was wrong then is not
    held against it.
    """

    facts: Facts
    attempts: Sequence[Attempt]
    primary: Table
    secondary: Table
    timeline: Timeline
    before: Table = field(default_factory=lambda: Table(region="before"))

    @property
    def tables(self) -> Sequence[Table]:
        """Both replicas."""
        return self.primary, self.secondary

    @cached_property
    def promised(self) -> Promises:
        """What the answers promised."""
        return promises(self.attempts)

    @cached_property
    def histories(self) -> Histories:
        """Every version that either Region has, by user."""
        return union(*self.tables)

    @cached_property
    def histories_before(self) -> Histories:
        """Every version that was there when the drill began, by user."""
        return union(self.before)

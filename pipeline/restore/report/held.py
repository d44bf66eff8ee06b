"""One drill of a restore as its report tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.drill.evidence import Evidence
from pipeline.drill.report.drilled import Taken
from pipeline.restore.judgement import Judged
from pipeline.restore.scenario import Scenario
from pipeline.restore.step import Step
from pipeline.restore.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Held:
    """One drill that was judged; times are seconds since the epoch.

    `place` names where it took place, and `limits` are sentences on how that differs from AWS. `versions` are
    what was deployed, by Region, `files` the names of the evidence beside the report, and `command` what runs
    it again.
    """

    scenario: Scenario
    place: str
    deployment: str
    started_at: float
    ended_at: float
    judged: Judged
    command: str
    limits: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[str] = ()

    @property
    def steps(self) -> Sequence[Taken[Step]]:
        """Every planned step; one that never began has neither beginning nor end."""
        began, ended = self.judged.began, self.judged.ended
        return [
            Taken(number=number, step=step, began=began.get(number), ended=ended.get(number))
            for number, step in enumerate(self.scenario.steps)
        ]

    @property
    def late(self) -> Sequence[Taken[Step]]:
        """The steps that were not done."""
        return [taken for taken in self.steps if taken.late]

    @property
    def untaken(self) -> Sequence[Taken[Step]]:
        """The steps that the drill never came to."""
        return [taken for taken in self.steps if taken.ended is None]

    @property
    def verdict(self) -> Verdict:
        """How it was judged."""
        return self.judged.verdict

    @property
    def evidence(self) -> Evidence:
        """What clients saw, and what both Regions hold at the end."""
        return self.judged.evidence.drill

    @property
    def met(self) -> bool:
        """Tell whether the verdict is good, and every step was done."""
        return self.verdict.met and not self.late and not self.untaken

    @property
    def sentence(self) -> str:
        """The verdict in one line."""
        parts = [str(self.verdict)]
        for what, steps in (("not done", self.late), ("never begun", self.untaken)):
            if steps:
                parts.append(f"{what}: step {', '.join(str(taken.number + 1) for taken in steps)}")
        return ", ".join(parts)

    @property
    def fault_at(self) -> float:
        """Zero of the report's time axis: the first bad write."""
        return self.evidence.facts.fault_at

    @property
    def regions(self) -> tuple[str, str]:
        """The names of the primary and of the secondary Region."""
        return self.evidence.facts.primary, self.evidence.facts.secondary

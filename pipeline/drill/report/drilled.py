"""One drill as a report tells it: what was planned, what happened, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from pipeline.drill.diary import StepBegan, StepEnded
from pipeline.drill.evidence import Evidence
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Step
from pipeline.drill.verdict import Verdict

S = TypeVar("S")


@dataclass(frozen=True, kw_only=True)
class Taken(Generic[S]):
    """A step of the scenario by its place in it, from 0, and what the diary has of it."""

    number: int
    step: S
    began: StepBegan | None = None
    ended: StepEnded | None = None

    @property
    def late(self) -> bool:
        """Tell whether what it waited for did not come in time."""
        return self.ended is not None and not self.ended.done


class Drawn(Protocol):
    """What the timeline draws, of whatever drill: times are seconds since the epoch."""

    @property
    def started_at(self) -> float:
        """When it began."""

    @property
    def ended_at(self) -> float:
        """When it ended."""

    @property
    def fault_at(self) -> float:
        """Zero of the time axis."""

    @property
    def regions(self) -> tuple[str, str]:
        """The names of the primary and of the secondary Region."""

    @property
    def evidence(self) -> Evidence:
        """What was seen."""

    @property
    def steps(self) -> Sequence[Taken[Any]]:
        """Every planned step, which says what it does and why."""

    @property
    def late(self) -> Sequence[Taken[Any]]:
        """The steps that waited in vain."""


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """One drill that was judged; times are seconds since the epoch.

    `place` names where it took place, and `limits` are sentences on how that differs from AWS. `allowance_s`
    was added to each limit for what the time scale does not divide. `versions` are what was deployed, by
    Region. `restored_by` says who put right what was disturbed, `torn_line` which line of the ledger was cut
    off, `files` the names of the evidence beside the report, and `command` what runs it again.
    """

    scenario: Scenario
    place: str
    deployment: str
    time_scale: float
    allowance_s: float
    started_at: float
    ended_at: float
    began: Mapping[int, StepBegan]
    ended: Mapping[int, StepEnded]
    evidence: Evidence
    verdict: Verdict
    command: str
    limits: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    restored_by: str = ""
    torn_line: int | None = None
    files: Sequence[str] = ()

    @property
    def steps(self) -> Sequence[Taken[Step]]:
        """Every planned step; one that never began has neither beginning nor end."""
        return [
            Taken(number=number, step=step, began=self.began.get(number), ended=self.ended.get(number))
            for number, step in enumerate(self.scenario.steps)
        ]

    @property
    def late(self) -> Sequence[Taken[Step]]:
        """The steps that waited in vain."""
        return [taken for taken in self.steps if taken.late]

    @property
    def met(self) -> bool:
        """Tell whether the verdict is good, and nothing was waited for in vain."""
        return self.verdict.met and not self.late

    @property
    def sentence(self) -> str:
        """The verdict in one line."""
        numbers = ", ".join(str(taken.number + 1) for taken in self.late)
        return f"{self.verdict}, not in time: step {numbers}" if numbers else str(self.verdict)

    @property
    def fault_at(self) -> float:
        """From when recovery is measured: zero of the report's time axis."""
        return self.evidence.facts.fault_at

    @property
    def regions(self) -> tuple[str, str]:
        """The names of the primary and of the secondary Region."""
        return self.evidence.facts.primary, self.evidence.facts.secondary

    @property
    def undivided(self) -> Sequence[str]:
        """What took as long as at real time, where time ran faster; sentences."""
        if self.time_scale == 1:
            return ()
        return (
            *UNDIVIDED,
            f"For these, {self.allowance_s:g} s were added to each limit in seconds.",
        )


UNDIVIDED = (
    "How long a request, a new connection, a function and a call to AWS take.",
    "How long replication takes, and a delay that a scenario adds to it.",
    "The 5 s for which a function may go by what it last knew of a fence, and its timeout.",
    "A TTL is a whole number of seconds in a DNS answer: a divided one is rounded up.",
)

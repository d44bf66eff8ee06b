"""Everything that happened in a drill, in one order of time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pipeline.drill.attempt import Attempt


class Act(StrEnum):
    """What a step does to the platform."""

    START = "start"
    HEAL = "heal"


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultStep:
    """A fault was injected or undone."""

    at: float
    act: Act
    fault: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthChanged:
    """The health check of a Region's endpoint changed."""

    at: float
    region: str
    healthy: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerChanged:
    """DNS began to answer the API's name with another Region."""

    at: float
    region: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LagSampled:
    """How far behind the replication from one Region to another was."""

    at: float
    source: str
    target: str
    lag_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class CallMade:
    """Somebody called an AWS API: the action, and the service as it signs (`dynamodb`) or as an event source.

    `by_drill` marks the calls by which the drill itself breaks, heals and observes.
    """

    at: float
    service: str
    action: str
    by_drill: bool = False


Event = FaultStep | HealthChanged | AnswerChanged | LagSampled | CallMade | Attempt
E = TypeVar("E", FaultStep, HealthChanged, AnswerChanged, LagSampled, CallMade, Attempt)


class Timeline:
    """Events in order of time; those of one moment stay in the order in which they were given.

    An attempt stands where it was sent. Times are seconds since the epoch.
    """

    def __init__(self, *sources: Iterable[Event]) -> None:
        self.events: Sequence[Event] = sorted(
            (event for source in sources for event in source), key=lambda event: event.at
        )
        self._times = [event.at for event in self.events]

    def between(self, start: float, end: float) -> Timeline:
        """Return the events from `start` up to, and not with, `end`."""
        return Timeline(self.events[bisect_left(self._times, start) : bisect_left(self._times, end)])

    def of(self, kind: type[E]) -> Sequence[E]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def span(self) -> tuple[float, float] | None:
        """The times of the first and the last event; None where there is none."""
        return (self._times[0], self._times[-1]) if self._times else None

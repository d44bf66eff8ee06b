"""What is known of one execution of the pipeline, while it lasts and ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from pipeline.local.runner.process import Process

Variables = Mapping[str, Mapping[str, str]]  # by namespace and name


class Status(StrEnum):
    """How an execution, a stage or a rollback stands, in the words of CodePipeline; `Queued` waits its turn.

    https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecution.html
    """

    QUEUED = "Queued"
    IN_PROGRESS = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    STOPPED = "Stopped"
    SUPERSEDED = "Superseded"


@dataclass(frozen=True, kw_only=True)
class Rollback:
    """That a stage was performed again as execution `to` had performed it; `cause` says why that failed."""

    status: Status
    to: str | None = None
    cause: str = ""


@dataclass(frozen=True, kw_only=True)
class StageRecord:
    """How a stage went; `waiting` is the approval that it stopped at, with what was `done` before it."""

    status: Status
    began_at: float
    ended_at: float | None = None
    cause: str = ""
    rollback: Rollback | None = None
    waiting: str | None = None
    done: tuple[str, ...] = ()

    @property
    def under_way(self) -> bool:
        """Whether something is being performed in it, forwards or back."""
        back = self.rollback is not None and self.rollback.status is Status.IN_PROGRESS
        return back or (self.status is Status.IN_PROGRESS and self.waiting is None)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One execution; times are epoch seconds, `stages` has those that began, in their order.

    `process` is what runs it or waits for its turn; an execution that waits for an approval has none.
    """

    id: str
    commit: str
    subject: str
    committed_at: float
    pushed_at: float
    began_at: float | None = None
    ended_at: float | None = None
    status: Status = Status.QUEUED
    cause: str = ""
    process: Process | None = None
    restarts: int = 0
    stages: Mapping[str, StageRecord] = field(default_factory=dict)
    variables: Variables = field(default_factory=dict)

    @classmethod
    def queued(cls, *, commit: str, subject: str, committed_at: float, pushed_at: float) -> Record:
        """A commit that this process is to carry when its turn comes."""
        return cls(
            id=identify(commit, pushed_at),
            commit=commit,
            subject=subject,
            committed_at=committed_at,
            pushed_at=pushed_at,
            process=Process.this(),
        )

    @property
    def order(self) -> tuple[float, str]:
        """What executions are sorted by: who was pushed first."""
        return self.pushed_at, self.id

    @property
    def waiting(self) -> tuple[str, str] | None:
        """The stage and the approval that it waits at, None if it does not."""
        found = [(name, stage.waiting) for name, stage in self.stages.items() if stage.waiting]
        return found[0] if found and self.status is Status.IN_PROGRESS else None

    @property
    def abandoned(self) -> bool:
        """Whether it is said to run or to wait for its turn, by a process that is no more."""
        if self.status not in {Status.QUEUED, Status.IN_PROGRESS} or self.waiting:
            return False
        return self.process is None or not self.process.lives


def identify(commit: str, at: float) -> str:
    """Return the id of an execution: when it was asked for, in UTC, and the short commit."""
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%dT%H%M%S.%f}Z-{commit[:7]}"

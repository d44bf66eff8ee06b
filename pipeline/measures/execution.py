"""What a pipeline did with one commit, whether CodePipeline ran it or this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# As CodePipeline spells them. Whatever else a stage can be is no verdict: it runs, or it was stopped.
SUCCEEDED, FAILED = "Succeeded", "Failed"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One passage of a stage, from its first action to its end, in epoch seconds; None while it runs."""

    status: str
    began_at: float
    ended_at: float | None


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One execution of a pipeline, with the runs of each stage that it reached: several if it was retried.

    Times are epoch seconds. `committed_at` is None where the history does not know it, `ended_at` while it
    runs. A `rollback` brings no change: it puts one stage back to what an earlier execution had brought
    there (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html).
    """

    id: str
    commit: str
    committed_at: float | None
    began_at: float
    ended_at: float | None
    status: str
    stages: Mapping[str, Sequence[Run]]
    rollback: bool = False

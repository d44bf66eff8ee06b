"""What each run of a stage says of the delivery to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.measures.execution import FAILED, SUCCEEDED, Execution, Run


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one ended run of a stage adds to the measures; times and durations are in seconds.

    `deployed` tells whether it brought a change. `judged` is the execution whose change has its first verdict
    by this run, and `failed` the one whose change failed by it: both its own, or that of the change which a
    rollback took back. `lead` and `restored` are None where they do not apply.
    """

    execution_id: str
    ended_at: float
    deployed: bool = False
    judged: str | None = None
    failed: str | None = None
    lead: float | None = None
    restored: float | None = None


def outcomes(executions: Iterable[Execution], *, stage: str) -> Sequence[Outcome]:
    """Return the outcomes of the runs of a stage that ended with a verdict, in their order.

    What counts, for all measures that are made from these:

    - A change is one execution that reached the stage. One that was superseded, whose approval was rejected,
      or that failed before never reached it, and what is deployed by hand is no execution: none counts.
    - A run that somebody stopped, that an update of the pipeline cancelled, or that is not over has no
      verdict; but a change that was stopped and then rolled back has failed.
    - An execution that found nothing to change is a change like another: the history does not tell them
      apart. So is one that failed before its first deploy, as at a lock that was not free.
    - A failure ends with the next success of the stage, be it of a rollback, of another try or of another
      change; failures until then are the same one. What a rollback takes back although it had not failed
      fails at the moment at which the rollback began: nobody wrote down since when it was seen.
    - A commit that is released again has no lead time again.
    """
    ended = [
        (run.ended_at, execution, run)
        for execution in executions
        for run in execution.stages.get(stage, ())
        if run.ended_at is not None
    ]
    seen = _Seen()
    found = [seen.after(execution, run, at) for at, execution, run in sorted(ended, key=lambda each: each[0])]
    return [outcome for outcome in found if outcome]


@dataclass(kw_only=True)
class _Seen:
    """What is known of a stage after each run of it; `current` is a change there that has not failed."""

    current: str | None = None
    failing_since: float | None = None
    judged: set[str] = field(default_factory=set)
    delivered: set[str] = field(default_factory=set)

    def after(self, execution: Execution, run: Run, at: float) -> Outcome | None:
        """Take note of a run, and tell what it adds, if it has a verdict."""
        if run.status not in {SUCCEEDED, FAILED}:
            if not execution.rollback and execution.id not in self.judged:
                self.current = execution.id
            return None
        if execution.rollback:
            return self._rollback(execution, run, at)
        return self._change(execution, at, failed=run.status == FAILED)

    def _change(self, execution: Execution, at: float, *, failed: bool) -> Outcome:
        judged = self._judge(execution.id)
        if failed:
            self.current = None
            self.failing_since = at if self.failing_since is None else self.failing_since
            return Outcome(execution_id=execution.id, ended_at=at, judged=judged, failed=judged)
        self.current = execution.id
        return Outcome(
            execution_id=execution.id,
            ended_at=at,
            deployed=True,
            judged=judged,
            lead=self._lead(execution, at),
            restored=self._restored(at),
        )

    def _rollback(self, execution: Execution, run: Run, at: float) -> Outcome:
        undone, self.current = self.current, None
        if self.failing_since is None:
            self.failing_since = run.began_at
        return Outcome(
            execution_id=execution.id,
            ended_at=at,
            judged=None if undone is None else self._judge(undone),
            failed=undone,
            restored=self._restored(at) if run.status == SUCCEEDED else None,
        )

    def _judge(self, change: str) -> str | None:
        """The change, if this is its first verdict."""
        if change in self.judged:
            return None
        self.judged.add(change)
        return change

    def _lead(self, execution: Execution, at: float) -> float | None:
        """Count from the commit; the clock of whoever made it may be ahead."""
        if execution.committed_at is None or execution.commit in self.delivered:
            return None
        self.delivered.add(execution.commit)
        return max(0.0, at - execution.committed_at)

    def _restored(self, at: float) -> float | None:
        since, self.failing_since = self.failing_since, None
        return None if since is None else at - since

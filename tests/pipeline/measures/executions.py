"""Executions as a test needs them, in minutes."""

from collections.abc import Mapping, Sequence

from pipeline.measures.execution import FAILED, SUCCEEDED, Execution, Run

MINUTE = 60.0
Runs = Sequence[tuple[str, float, float | None]]  # status, and the minutes of the beginning and of the end


def execution(
    id_: str,
    *,
    committed: float | None = None,
    commit: str = "",
    rollback: bool = False,
    **stages: Runs,
) -> Execution:
    """An execution that was committed at a minute, or nobody knows when, and ran through stages."""
    runs: Mapping[str, Sequence[Run]] = {
        name: [
            Run(
                status=status,
                began_at=began * MINUTE,
                ended_at=None if ended is None else ended * MINUTE,
            )
            for status, began, ended in each
        ]
        for name, each in stages.items()
    }
    began = min((run.began_at for each in runs.values() for run in each), default=0.0)
    return Execution(
        id=id_,
        commit=commit or id_,
        committed_at=None if committed is None else committed * MINUTE,
        began_at=began,
        ended_at=None,
        status=SUCCEEDED,
        stages=runs,
        rollback=rollback,
    )


def passed(began: float, ended: float) -> Runs:
    return [(SUCCEEDED, began, ended)]


def broke(began: float, ended: float) -> Runs:
    return [(FAILED, began, ended)]

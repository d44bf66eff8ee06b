"""What the runner of this machine wrote down of its executions, as executions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.measures.execution import Execution, Run

Record = Mapping[str, Any]
# What the runner says of a deployment that it only took note of.
BY_HAND = "deployed by hand"


def executions(records: Iterable[Record]) -> Sequence[Execution]:
    """Return the executions of records, each followed by the rollbacks that it brought about.

    A record is as the runner wrote it, as JSON values: `id`, `commit`, `committed_at`, `pushed_at`,
    `began_at`, `ended_at`, `status`, `cause`, and in `stages`, by name, the `status`, `began_at`, `ended_at`
    and `rollback` of each: None, or its `status` and the execution that it went back `to`. Times are epoch
    seconds. A rollback is an execution of its own, as it is on AWS; one that went back to nothing is none.
    What was deployed by hand is left out, since no history on AWS has it either.
    """
    return [
        each
        for record in records
        if record["cause"] != BY_HAND
        for each in (_execution(record), *_rollbacks(record))
    ]


def _execution(record: Record) -> Execution:
    return Execution(
        id=record["id"],
        commit=record["commit"],
        committed_at=record["committed_at"],
        began_at=record["pushed_at"] if record["began_at"] is None else record["began_at"],
        ended_at=record["ended_at"],
        status=record["status"],
        stages={name: [_run(stage)] for name, stage in record["stages"].items()},
    )


def _run(stage: Record) -> Run:
    return Run(status=stage["status"], began_at=stage["began_at"], ended_at=stage["ended_at"])


def _rollbacks(record: Record) -> Sequence[Execution]:
    """The rollbacks within an execution: each begins where its stage ended, and is the last of all."""
    found = []
    for name, stage in record["stages"].items():
        rollback = stage["rollback"]
        if rollback and rollback["to"]:
            began_at, ended_at = stage["ended_at"], record["ended_at"]
            run = Run(status=rollback["status"], began_at=began_at, ended_at=ended_at)
            found.append(
                Execution(
                    id=f"{record['id']}/rollback",
                    commit=record["commit"],
                    committed_at=None,
                    began_at=began_at,
                    ended_at=ended_at,
                    status=run.status,
                    stages={name: [run]},
                    rollback=True,
                )
            )
    return found

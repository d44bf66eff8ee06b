"""What CodePipeline remembers of its executions, as executions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline.measures.execution import FAILED, SUCCEEDED, Execution, Run

Details = Mapping[str, Any]
UNDER_WAY = frozenset({"InProgress", "Stopping"})
# An outage that began earlier is not seen, and a commit that came earlier has a lead time again.
HORIZON = timedelta(days=30)


def leading_to(client: Any, *, pipeline: str, stage: str, execution_id: str) -> Sequence[Execution]:  # noqa: ANN401 - boto3
    """Return an execution and what its stage did before, newest first, as far as its outcome depends on it.

    That is back to the execution which the stage last succeeded for, and further only those of the same
    commit; nothing that began more than HORIZON before it. One call for the list, and one for the actions of
    each execution that is returned, as no call tells how the stages of an execution ended. Raises KeyError
    for an execution that is not in the history, and botocore's errors.
    """
    found: list[Execution] = []
    reached = False
    for summary in _since(_summaries(client, pipeline), execution_id):
        if reached and _commit(summary) != found[0].commit:
            continue
        found.append(_execution(summary, _actions(client, pipeline, summary["pipelineExecutionId"])))
        before = found[-1].stages.get(stage, ()) if len(found) > 1 else ()
        reached = reached or any(run.status == SUCCEEDED for run in before)
    return found


def _summaries(client: Any, pipeline: str) -> Iterator[Details]:  # noqa: ANN401 - boto3
    """Every execution, newest first."""
    for page in client.get_paginator("list_pipeline_executions").paginate(pipelineName=pipeline):
        yield from page["pipelineExecutionSummaries"]


def _since(summaries: Iterator[Details], execution_id: str) -> Iterator[Details]:
    """The execution of an id, and those that began before it within the horizon."""
    for own in summaries:
        if own["pipelineExecutionId"] == execution_id:
            break
    else:
        raise KeyError(execution_id)
    yield own
    for summary in summaries:
        if summary["startTime"] < own["startTime"] - HORIZON:
            return
        yield summary


def _actions(client: Any, pipeline: str, execution_id: str) -> Sequence[Details]:  # noqa: ANN401 - boto3
    """Every action of an execution, those of former tries included, in the order in which they began."""
    pages = client.get_paginator("list_action_executions").paginate(
        pipelineName=pipeline, filter={"pipelineExecutionId": execution_id}
    )
    found = [action for page in pages for action in page["actionExecutionDetails"]]
    return sorted(found, key=lambda action: action["startTime"].timestamp())


def _execution(summary: Details, actions: Sequence[Details]) -> Execution:
    status = summary["status"]
    names = list(dict.fromkeys(action["stageName"] for action in actions))
    return Execution(
        id=summary["pipelineExecutionId"],
        commit=_commit(summary),
        committed_at=_committed_at(actions),
        began_at=summary["startTime"].timestamp(),
        ended_at=None if status in UNDER_WAY else summary["lastUpdateTime"].timestamp(),
        status=status,
        stages={name: _runs(actions, name, left=name != names[-1], status=status) for name in names},
        rollback=summary.get("executionType") == "ROLLBACK",
    )


def _commit(summary: Details) -> str:
    """The one revision; an execution that failed to fetch it has none."""
    return next((source["revisionId"] for source in summary.get("sourceRevisions", [])), "")


def _committed_at(actions: Sequence[Details]) -> float | None:
    """When the author made the commit, which is all that a connection tells: not when it was committed.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
    """
    for action in actions:
        written = action.get("output", {}).get("outputVariables", {}).get("AuthorDate")
        if action["stageName"] == "Source" and written:
            return datetime.fromisoformat(written).timestamp()
    return None


def _runs(actions: Sequence[Details], stage: str, *, left: bool, status: str) -> Sequence[Run]:
    """The runs of a stage: an action that begins after another one failed is of the next.

    A run whose actions all succeeded is over if the execution `left` the stage for another, or is over.
    """
    tries: list[list[Details]] = [[]]
    for action in actions:
        if action["stageName"] == stage:
            if any(each["lastUpdateTime"] <= action["startTime"] for each in tries[-1] if _failed(each)):
                tries.append([])
            tries[-1].append(action)
    last = len(tries) - 1
    return [
        _run(each, status=SUCCEEDED if left or index < last else status) for index, each in enumerate(tries)
    ]


def _run(actions: Sequence[Details], *, status: str) -> Run:
    """One run; it has the status given if none of its actions failed."""
    if any(map(_failed, actions)):
        status = FAILED
    return Run(
        status=status,
        began_at=actions[0]["startTime"].timestamp(),
        ended_at=max(action["lastUpdateTime"] for action in actions).timestamp()
        if status not in UNDER_WAY
        else None,
    )


def _failed(action: Details) -> bool:
    return bool(action["status"] == FAILED)

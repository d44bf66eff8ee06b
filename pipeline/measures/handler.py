"""Writes the metrics of delivery whenever a stage of the pipeline ended, on AWS."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.session import get_session

from pipeline.measures import history
from pipeline.measures.execution import FAILED, SUCCEEDED, Execution, Run
from pipeline.measures.outcome import Outcome, outcomes

DIMENSIONS = ("Pipeline", "Stage")
# The metrics, each with its unit: see `values` for what each of them counts.
UNITS = {
    "Deployments": "Count",
    "Changes": "Count",
    "FailedChanges": "Count",
    "LeadTime": "Seconds",
    "TimeToRestore": "Seconds",
}
STATES = {"SUCCEEDED": SUCCEEDED, "FAILED": FAILED}


def handle(event: Mapping[str, Any], _context: object) -> None:
    """Write what the end of a stage adds to the measures, as one line of the function's log.

    The event is a "CodePipeline Stage Execution State Change" to SUCCEEDED or FAILED
    (https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html).
    The line is the last thing that is done, and has the time of the event: a try that failed has written
    nothing, and a second delivery of an event writes the same values for the same moment again. EventBridge
    and Lambda deliver at least once; nothing here remembers events, so such a rare one counts twice.
    Raises KeyError for an execution that the history does not have, and botocore's errors.
    """
    detail, at = event["detail"], datetime.fromisoformat(event["time"]).timestamp()
    pipeline, stage = detail["pipeline"], detail["stage"]
    found = history.leading_to(_client(), pipeline=pipeline, stage=stage, execution_id=detail["execution-id"])
    own = _as_told(found[0], stage, status=STATES[detail["state"]], at=at)
    (outcome,) = (
        each
        for each in outcomes([own, *found[1:]], stage=stage)
        if (each.execution_id, each.ended_at) == (own.id, at)
    )
    sys.stdout.write(line(outcome, pipeline=pipeline, stage=stage, namespace=os.environ["METRICS_NAMESPACE"]))


def values(outcome: Outcome) -> Mapping[str, float]:
    """Return the metrics of an outcome, by name.

    Deployments are runs that brought a change; Changes are those that have their first verdict, and
    FailedChanges those that failed or were taken back, so that the sum of these over the sum of
    those is the change failure rate. LeadTime and TimeToRestore are in seconds.
    """
    found = {
        "Deployments": 1 if outcome.deployed else None,
        "Changes": 1 if outcome.judged else None,
        "FailedChanges": 1 if outcome.failed else 0 if outcome.judged else None,
        "LeadTime": outcome.lead,
        "TimeToRestore": outcome.restored,
    }
    return {name: value for name, value in found.items() if value is not None}


def line(outcome: Outcome, *, pipeline: str, stage: str, namespace: str) -> str:
    """Return a line of log that CloudWatch takes metrics from, by its embedded metric format.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    So the function needs no right to put metrics, which would be for every resource.
    """
    metrics = values(outcome)
    told = [{"Name": name, "Unit": UNITS[name]} for name in metrics]
    directive = {"Namespace": namespace, "Dimensions": [DIMENSIONS], "Metrics": told}
    about = {"Pipeline": pipeline, "Stage": stage, "ExecutionId": outcome.execution_id}
    metadata = {"Timestamp": round(outcome.ended_at * 1000), "CloudWatchMetrics": [directive] if told else []}
    return json.dumps({"_aws": metadata, **about, **metrics}) + "\n"


def _as_told(execution: Execution, stage: str, *, status: str, at: float) -> Execution:
    """The execution as it was when the event happened: the history may be ahead of it by now, or behind."""
    runs: Sequence[Run] = [run for run in execution.stages.get(stage, ()) if run.began_at <= at]
    began_at = runs[-1].began_at if runs else at
    told = Run(status=status, began_at=began_at, ended_at=at)
    return replace(execution, stages={**execution.stages, stage: [*runs[:-1], told]})


def _client() -> Any:  # noqa: ANN401 - botocore makes the class at run time
    """Make the client; stages end too seldom to keep one."""
    return get_session().create_client("codepipeline", region_name=os.environ["AWS_REGION"])

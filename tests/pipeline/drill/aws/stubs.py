"""boto3 clients whose answers are recorded, and whose parameters botocore checks."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from botocore.stub import Stubber


def client(service: str, region: str = "eu-west-1") -> tuple[Any, Stubber]:
    """Return a client that speaks to nobody, and what answers for it."""
    made = _session().client(service, region_name=region)
    stubber = Stubber(made)
    stubber.activate()
    return made, stubber


@cache
def _session() -> Any:  # noqa: ANN401 - boto3's
    """One session, which reads the model of a service once."""
    return boto3.session.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - opens nothing
    )


def figures(*points: tuple[float, float]) -> dict[str, Any]:
    """What GetMetricData answers for points of time and value."""
    return {
        "MetricDataResults": [
            {
                "Id": "m",
                "Timestamps": [datetime.fromtimestamp(at, UTC) for at, _ in points],
                "Values": [value for _, value in points],
            }
        ]
    }

"""Which calls CloudTrail saw, as far as they are a failover's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.config import Deployment
from pipeline.drill.timeline import CallMade

# "CloudTrail typically delivers events within an average of about 5 minutes of an API call", which it does
# not promise (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html).
LATE_S = 15 * 60.0
# Where the calls to Route 53 and IAM are logged, from wherever they are made.
GLOBAL_REGION = "us-east-1"
# Services that act for an experiment: what they do is the drill's doing.
OF_EXPERIMENTS = frozenset({"fis.amazonaws.com", "ssm.amazonaws.com"})


def calls(
    clients: Sequence[Any], deployment: Deployment, *, me: str, since: float, until: float
) -> Sequence[CallMade]:
    """Return the calls to control planes by roles of a deployment, and by the drill itself.

    `clients` are of CloudTrail, one for each Region that is asked; `me` is the ARN with which the drill
    calls. What others do in the account, such as people and other services, no failover waits for, so it is
    left out. CloudTrail's history has no calls of data planes. Raises botocore's errors.
    """
    found = []
    for client in clients:
        pages = client.get_paginator("lookup_events").paginate(
            StartTime=datetime.fromtimestamp(since, UTC), EndTime=datetime.fromtimestamp(until, UTC)
        )
        for page in pages:
            for event in page["Events"]:
                call = _call(json.loads(event["CloudTrailEvent"]), event, deployment, me)
                if call is not None and since <= call.at <= until:
                    found.append(call)
    return sorted(found, key=lambda call: call.at)


def _call(
    record: Mapping[str, Any], event: Mapping[str, Any], deployment: Deployment, me: str
) -> CallMade | None:
    """Return a call that counts."""
    identity = record.get("userIdentity", {})
    role = identity.get("sessionContext", {}).get("sessionIssuer", {}).get("userName", "")
    by_drill = (
        identity.get("arn") == me
        or identity.get("invokedBy") in OF_EXPERIMENTS
        or role.startswith(tuple(f"{stage}-Experiments-" for stage in _stages(deployment)))
    )
    if not by_drill and not role.startswith(tuple(f"{stage}-" for stage in _stages(deployment))):
        return None
    return CallMade(
        at=event["EventTime"].timestamp(),
        service=str(record["eventSource"]),
        action=str(record["eventName"]),
        by_drill=by_drill,
    )


def _stages(deployment: Deployment) -> Sequence[str]:
    """Return how the names of the deployment's stacks begin, and with them those of its roles."""
    return [f"{deployment.name.title()}{part}" for part in ("Primary", "Secondary", "Data", "Routing")]

"""Which AWS calls a failover must not depend on.

AWS advises recovery to rest on data planes, which keep working while a control plane is impaired
(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html).
Control planes create, read, update, delete and list resources. What is not known here to be of a data plane
counts as of a control plane, so that a new call is looked at before it is trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from pipeline.drill.finding import Finding, Invariant
from pipeline.drill.timeline import CallMade

# Route 53 and IAM are missing on purpose: all their public actions are of the control plane, in us-east-1
# (appendixes A and B of the paper). So are those of CloudFormation, API Gateway and FIS, which only manage.
DATA_PLANE: Mapping[str, AbstractSet[str]] = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.API.html
    "dynamodb": {
        "BatchExecuteStatement",
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "DescribeStream",
        "ExecuteStatement",
        "ExecuteTransaction",
        "GetItem",
        "GetRecords",
        "GetShardIterator",
        "ListStreams",
        "PutItem",
        "Query",
        "Scan",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    },
    # "Data plane operations" of Lambda, API Gateway, SNS and S3
    # (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html).
    "lambda": {"Invoke", "InvokeAsync", "InvokeWithResponseStream"},
    "execute-api": {"Invoke"},
    "sns": {"Publish", "PublishBatch"},
    "s3": {"DeleteObject", "GetObject", "HeadObject", "PutObject"},
    # Figures go in and out; alarms and dashboards are resources.
    "cloudwatch": {"GetMetricData", "PutMetricData"},
    # Lambda itself opens a stream for each new execution environment.
    "logs": {"CreateLogStream", "PutLogEvents"},
    "events": {"PutEvents"},
    "sqs": {
        "ChangeMessageVisibility",
        "DeleteMessage",
        "DeleteMessageBatch",
        "ReceiveMessage",
        "SendMessage",
    },
    "kms": {"Decrypt", "Encrypt", "GenerateDataKey", "ReEncrypt"},
    "xray": {"PutTelemetryRecords", "PutTraceSegments"},
    # "STS is a data plane-only service" (appendix A of the paper).
    "sts": {"AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetSessionToken"},
    # Routing controls are turned on a cluster of five Regional endpoints, made for that
    # (https://docs.aws.amazon.com/routing-control/latest/APIReference/Welcome.html).
    "route53-recovery-cluster": {
        "GetRoutingControlState",
        "ListRoutingControls",
        "UpdateRoutingControlState",
        "UpdateRoutingControlStates",
    },
}
# Names that differ between an event source or a stream endpoint and the service that owns the actions.
_ALIASES = {"monitoring": "cloudwatch", "streams.dynamodb": "dynamodb", "dynamodbstreams": "dynamodb"}


def is_control_plane(service: str, action: str) -> bool:
    """Tell whether a call is one of a control plane.

    The service is named as it signs its requests (`dynamodb`), or as CloudTrail's event source
    (`dynamodb.amazonaws.com`).
    """
    name = service.lower().removesuffix(".amazonaws.com")
    return action not in DATA_PLANE.get(_ALIASES.get(name, name), frozenset())


def forbidden_calls(calls: Sequence[CallMade], *, start: float, end: float) -> Sequence[Finding]:
    """Return a finding for each call of a control plane from `start` to `end`, seconds since the epoch.

    The drill's own calls are left out: by them it breaks and heals, and no failover waits for them.
    """
    return [
        Finding(
            invariant=Invariant.CONTROL_PLANE,
            sentence=f"{call.service} {call.action} was called {call.at - start:.3f} s after the fault, "
            "before clients were served again.",
            evidence=(f"{call.service}:{call.action}", f"{call.at:.3f}"),
        )
        for call in calls
        if not call.by_drill and start <= call.at <= end and is_control_plane(call.service, call.action)
    ]

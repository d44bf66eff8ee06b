"""The calls that give a restored table, and its new replica, what the synthesized table has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.config import Deployment
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.partition import partition
from pipeline.restore import settings
from pipeline.runbook import Call

WHOLE_TABLE: Sequence[tuple[str, str, Mapping[str, Any]]] = (
    (
        "expire rows of",
        "UpdateTimeToLive",
        {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": settings.EXPIRES}},
    ),
    (
        "stream changes of",
        "UpdateTable",
        {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": settings.STREAM_VIEW}},
    ),
)
EACH_REPLICA: Sequence[tuple[str, str, Mapping[str, Any]]] = (
    (
        "keep the past of",
        "UpdateContinuousBackups",
        {
            "PointInTimeRecoverySpecification": {
                "PointInTimeRecoveryEnabled": True,
                "RecoveryPeriodInDays": settings.RECOVERY_DAYS,
            }
        },
    ),
    ("guard from deletion", "UpdateTable", {"DeletionProtectionEnabled": True}),
)


def calls(deployment: Deployment, role: Role, table: str) -> Sequence[Call]:
    """Return the calls that set up a restored table in the primary Region, or its replica in the secondary.

    A restore brings indexes, billing and encryption along, and no other setting
    (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html); a
    replica is given expiry and the stream, and neither recovery, nor tags, nor protection
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html). A
    stream comes before the replica, which needs one; each UpdateTable waits until the table is `ACTIVE`.
    """
    wanted = (*(WHOLE_TABLE if role is Role.PRIMARY else ()), *EACH_REPLICA)
    found = [
        _call(deployment, role, table, verb, action, {"TableName": table, **parameters})
        for verb, action, parameters in wanted
    ]
    return [*found, _tag(deployment, role, table)]


def replica(deployment: Deployment, role: Role, table: str) -> Sequence[Call]:
    """Return the call to a Region that makes a replica of its table in the other, in an update of its own."""
    other = region_of(deployment, role.peer)
    parameters = {"TableName": table, "ReplicaUpdates": [{"Create": {"RegionName": other}}]}
    return (_call(deployment, role, table, f"replicate to {other}", "UpdateTable", parameters),)


def _tag(deployment: Deployment, role: Role, table: str) -> Call:
    region = region_of(deployment, role)
    arn = f"arn:{partition(region)}:dynamodb:{region}:{deployment.account}:table/{table}"
    tags = [{"Key": key, "Value": value} for key, value in settings.tags(deployment).items()]
    return _call(deployment, role, table, "tag", "TagResource", {"ResourceArn": arn, "Tags": tags})


def _call(
    deployment: Deployment, role: Role, table: str, verb: str, action: str, parameters: Mapping[str, Any]
) -> Call:
    region = region_of(deployment, role)
    return Call(
        purpose=f"{verb} {table} in {region}",
        service="dynamodb",
        action=action,
        region=region,
        parameters=parameters,
    )

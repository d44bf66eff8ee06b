"""Which rights whoever drills a deployment on AWS must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.config import Deployment
from pipeline.partition import partition
from stacks import drills, stop_signal

READ = (
    "cloudtrail:LookupEvents",
    "cloudwatch:GetMetricData",
    "fis:ListExperimentTemplates",
    "fis:ListExperiments",
    "tag:GetResources",
)


def policy(deployment: Deployment) -> Mapping[str, Any]:
    """Return an IAM policy with the rights that a drill uses, and no others, as IAM takes it.

    `*` stands where IAM knows no resources for an action. Whom it is given may break that deployment through
    its experiments alone: the rights to break are those of the experiments' own roles.
    """
    regions = (deployment.primary_region, deployment.secondary_region)
    zone = deployment.api.domain.hosted_zone_id if deployment.api.domain else "*"
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow(READ, ["*"]),
            _allow(
                ["route53:ListResourceRecordSets"],
                [f"arn:{partition(regions[0])}:route53:::hostedzone/{zone}"],
            ),
            *_experiments(deployment, regions),
            _allow(
                ["cloudwatch:PutMetricData"],
                ["*"],
                {"StringEquals": {"cloudwatch:namespace": [stop_signal.NAMESPACE, drills.NAMESPACE]}},
            ),
            *_rows(deployment, regions),
        ],
    }


def _experiments(deployment: Deployment, regions: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """To start, stop and look at experiments of one deployment, and to see whether its functions may run.

    An experiment has the tags that it is started with. The first one of an account has FIS make its own role.
    """
    tagged = {"StringEquals": {"aws:ResourceTag/Deployment": deployment.name}}
    requested = {"StringEquals": {"aws:RequestTag/Deployment": deployment.name}}
    templates = _arns(deployment, regions, "fis", "experiment-template/*")
    experiments = _arns(deployment, regions, "fis", "experiment/*")
    functions = _arns(deployment, regions, "lambda", "function:*")
    return [
        _allow(["fis:StartExperiment"], templates, tagged),
        _allow(["fis:StartExperiment", "fis:TagResource"], experiments, requested),
        _allow(["fis:GetExperiment", "fis:StopExperiment"], experiments, tagged),
        _allow(["lambda:GetFunctionConcurrency"], functions, tagged),
        _allow(
            ["iam:CreateServiceLinkedRole"],
            ["*"],
            {"StringEquals": {"iam:AWSServiceName": "fis.amazonaws.com"}},
        ),
    ]


def _rows(deployment: Deployment, regions: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """To read the users table, and to write the rows that say in which state Regions are."""
    tables = _arns(deployment, regions, "dynamodb", f"table/{deployment.table_name}")
    states = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [f"REGION#{each}" for each in regions]}}
    return [
        _allow(["dynamodb:GetItem", "dynamodb:Scan"], tables),
        _allow(["dynamodb:PutItem"], tables, states),
    ]


def _arns(deployment: Deployment, regions: Sequence[str], service: str, resource: str) -> Sequence[str]:
    return [
        f"arn:{partition(region)}:{service}:{region}:{deployment.account}:{resource}" for region in regions
    ]


def _allow(
    actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return statement if condition is None else {**statement, "Condition": condition}

"""The stack by which a pipeline's account gets into a deployment's, beside CDK's own roles that deploy."""

from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import names
from stacks.constructs.github_role import GithubRole
from stacks.constructs.locks import ACTIONS


class AccessStack(cdk.Stack):
    """Two roles, each for the steps of a pipeline that have a role of one name in the pipeline's account.

    One looks at alarms, at the table and at templates. The other drills, with the rights that `drill` lists
    as IAM takes statements, and there is none where that is empty. Workflows may be let in by one more. Not
    yet run on AWS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        prefix: str,
        table_name: str,
        trusted_account: str,
        regions: Sequence[str],
        drill: Sequence[Mapping[str, Any]],
    ) -> None:
        super().__init__(scope, id)
        self._service = service
        self._trusted = trusted_account
        self._drills = drills = _drills(drill)
        looks = _looks(prefix, table_name, regions)
        self.looking = self._rights("Gate", names.gate_role(service), "gate", looks)
        self.drilling = self._rights("Drill", names.drill_role(service), "drill", drills) if drill else None

    def let_github_drill(self, repository: str, *, deployment: str, locks: str) -> GithubRole:
        """Let workflows drill as the pipeline does, and hold the deployment in a table whose ARN is `locks`.

        The environment of the repository that they must use has the name of the deployment.
        """
        hold = iam.PolicyStatement(
            actions=list(ACTIONS),
            resources=[locks],
            conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [deployment]}},
        )
        role = GithubRole(
            self,
            "Github",
            repository=repository,
            environment=deployment,
            statements=[*self._drills, hold],
            longest=cdk.Duration.hours(2),
        )
        cdk.CfnOutput(self, "DrillRoleArn", value=role.arn)
        cdk.CfnOutput(self, "LocksTableArn", value=locks)
        return role

    def _rights(self, id: str, name: str, part: str, statements: Sequence[iam.PolicyStatement]) -> iam.Policy:
        """The rights of a role that one role of the trusted account may act as.

        That one is named by a condition, since a principal must exist when the role is made. A session that
        is made from another role lasts an hour at most
        (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html, "Role chaining").
        """
        step = names.pipeline_role(self._service, part)
        trusted = f"arn:{cdk.Aws.PARTITION}:iam::{self._trusted}:role/{step}"
        principal = iam.AccountPrincipal(self._trusted).with_conditions(
            {"ArnEquals": {"aws:PrincipalArn": trusted}}
        )
        hour = cdk.Duration.hours(1)
        role = iam.Role(self, f"{id}Role", role_name=name, assumed_by=principal, max_session_duration=hour)
        return iam.Policy(self, f"{id}Rights", roles=[role], statements=list(statements))


def _looks(prefix: str, table_name: str, regions: Sequence[str]) -> Sequence[iam.PolicyStatement]:
    """What gates ask in the Regions of the deployment: how alarms and the table are, and what is deployed."""
    resources = {
        "cloudwatch:DescribeAlarms": "alarm:*",
        "dynamodb:DescribeTable": f"table/{table_name}",
        "cloudformation:GetTemplate": f"stack/{prefix}*/*",
    }

    def arn(service: str, region: str, resource: str) -> str:
        return f"arn:{cdk.Aws.PARTITION}:{service}:{region}:{cdk.Aws.ACCOUNT_ID}:{resource}"

    return [
        iam.PolicyStatement(
            actions=[action],
            resources=[arn(action.partition(":")[0], region, resource) for region in regions],
        )
        for action, resource in resources.items()
    ]


def _drills(statements: Sequence[Mapping[str, Any]]) -> Sequence[iam.PolicyStatement]:
    """What a drill may do, as constructs."""
    return [iam.PolicyStatement.from_json(dict(each)) for each in statements]

"""Who deploys or drills which deployment, kept where the pipeline is."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import names

ACTIONS = ("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem")


class Locks(Construct):
    """A table with one item for each deployment that is held.

    `drilled` are the deployments that are also drilled from outside the pipeline, each with its account:
    whoever that account lets may hold that deployment, and no other. Nothing in it outlives a day, so it is
    deleted with its stack.
    """

    def __init__(self, scope: Construct, id: str, *, drilled: Mapping[str, str]) -> None:
        super().__init__(scope, id)
        self._table = dynamodb.TableV2(
            self,
            "Table",
            table_name=names.LOCKS,
            partition_key=dynamodb.Attribute(name="deployment", type=dynamodb.AttributeType.STRING),
            time_to_live_attribute="ends_at",
            billing=dynamodb.Billing.on_demand(),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        for deployment, account in drilled.items():
            principal = iam.AccountPrincipal(account)
            self._table.add_to_resource_policy(self._statement(deployment, ["*"], principal))

    def grant(self, role: iam.IRole, deployment: str) -> None:
        """Let a role hold and release one deployment."""
        role.add_to_principal_policy(self._statement(deployment, [self._table.table_arn]))

    def _statement(
        self, deployment: str, resources: Sequence[str], principal: iam.IPrincipal | None = None
    ) -> iam.PolicyStatement:
        """The right to the item of one deployment, which is also its key."""
        return iam.PolicyStatement(
            actions=list(ACTIONS),
            resources=list(resources),
            principals=[principal] if principal else None,
            conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [deployment]}},
        )

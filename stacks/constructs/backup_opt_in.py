"""The leave of an account to have DynamoDB backed up in one Region."""

from dataclasses import replace

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import guardrails
from stacks.constructs.users_function import UsersFunction
from stacks.sizing import FunctionPolicy, FunctionSize


class BackupOptIn(Construct):
    """Opts in to AWS Backup's own management of DynamoDB, while the stack is deployed.

    Without it there are no copies in another Region, no vault's key and no lock for backups of a table. It is
    a setting of the account in each Region, and no resource of CloudFormation
    (https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html). It outlives the stack,
    since other stacks of the account may need it.
    """

    def __init__(self, scope: Construct, id: str, *, functions: FunctionPolicy) -> None:
        super().__init__(scope, id)
        setter = UsersFunction(
            self,
            "Setter",
            handler="lambdas.provisioning.backup_opt_in.handler",
            environment={},
            policy=replace(functions, size=FunctionSize(memory_mb=256, timeout_seconds=29)),
        )
        rights = iam.Policy(self, "Rights", roles=[setter.role], statements=[_rights()])
        guardrails.acknowledge(rights, guardrails.REGION_SETTINGS)
        resource = cdk.CustomResource(
            self,
            "Resource",
            resource_type="Custom::BackupOptIn",
            service_token=setter.function.function_arn,
            service_timeout=cdk.Duration.minutes(1),
        )
        resource.node.add_dependency(setter, rights)


def _rights() -> iam.PolicyStatement:
    """The right to the settings of the Region, which are no resource.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
    """
    return iam.PolicyStatement(
        actions=["backup:DescribeRegionSettings", "backup:UpdateRegionSettings"], resources=["*"]
    )

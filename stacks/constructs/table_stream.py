"""The stream of one Region's replica, whose ARN nothing but DynamoDB knows."""

import aws_cdk as cdk
from constructs import Construct

from stacks.bundling import Target
from stacks.constructs.regional_table import RegionalTable
from stacks.constructs.users_function import UsersFunction
from stacks.sizing import FunctionSize, LogPolicy


class TableStream(Construct):
    """Asks DynamoDB, while the stack is deployed, which stream the table has here.

    `AWS::DynamoDB::GlobalTable` returns the stream of the Region of its stack alone, and each replica's has a
    label of its own (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
    aws-resource-dynamodb-globaltable.html). The answer is looked up again when the table's name changes, as
    after a restore.
    """

    def __init__(
        self, scope: Construct, id: str, *, table: RegionalTable, target: Target, logs: LogPolicy
    ) -> None:
        super().__init__(scope, id)
        lookup = UsersFunction(
            self,
            "Lookup",
            handler="lambdas.provisioning.table_stream.handler",
            target=target,
            environment={},
            size=FunctionSize(memory_mb=256, timeout_seconds=29),
            logs=logs,
        )
        table.grant(lookup.role, "dynamodb:DescribeTable")
        resource = cdk.CustomResource(
            self,
            "Resource",
            resource_type="Custom::TableStream",
            service_token=lookup.function.function_arn,
            service_timeout=cdk.Duration.minutes(1),
            properties={"TableName": table.table_name},
        )
        resource.node.add_dependency(lookup)
        self.arn = resource.get_att_string("StreamArn")

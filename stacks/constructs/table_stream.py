"""The stream of one Region's replica, whose ARN nothing but DynamoDB knows."""

from dataclasses import replace

import aws_cdk as cdk
from constructs import Construct

from stacks.constructs.regional_table import RegionalTable
from stacks.constructs.users_function import UsersFunction
from stacks.sizing import FunctionPolicy, FunctionSize


class TableStream(Construct):
    """Asks DynamoDB, while the stack is deployed, which stream the table has here.

    `AWS::DynamoDB::GlobalTable` returns the stream of the Region of its stack alone, and each replica's has a
    label of its own (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
    aws-resource-dynamodb-globaltable.html). The answer is looked up again when the table's name changes, as
    after a restore.
    """

    def __init__(self, scope: Construct, id: str, *, table: RegionalTable, functions: FunctionPolicy) -> None:
        super().__init__(scope, id)
        lookup = UsersFunction(
            self,
            "Lookup",
            handler="lambdas.provisioning.table_stream.handler",
            environment={},
            policy=replace(functions, size=FunctionSize(memory_mb=256, timeout_seconds=29)),
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

"""The leave that an account gives API Gateway to write logs."""

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct


class GatewayAccount(Construct):
    """The role that API Gateway assumes to write logs, for every API of one account in one Region.

    AWS keeps one such setting per account and Region, so both outlive their stack: removing an API must not
    silence the others (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html).
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name(
                    "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
                )
            ],
        )
        self.role.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=self.role.role_arn)
        account.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

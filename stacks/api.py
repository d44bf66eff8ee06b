"""The stack that serves users in one Region."""

import aws_cdk as cdk
from constructs import Construct

from stacks import guardrails
from stacks.bundling import Target
from stacks.constructs.gateway_account import GatewayAccount
from stacks.constructs.regional_table import RegionalTable
from stacks.constructs.users_api import UsersApi
from stacks.constructs.users_function import UsersFunction
from stacks.endpoints import ENDPOINTS
from stacks.request_bodies import request_bodies
from stacks.sizing import FunctionSize, LogPolicy, Throttle


class ApiStack(cdk.Stack):
    """The users API of one Region, over that Region's replica of the table."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table_name: str,
        history_retention_days: int,
        target: Target,
        function_size: FunctionSize,
        throttle: Throttle,
        logs: LogPolicy,
    ) -> None:
        super().__init__(scope, id)
        table = RegionalTable(self, "UsersTable", table_name=table_name)
        account = GatewayAccount(self, "GatewayAccount")
        api = UsersApi(
            self, "UsersApi", account=account, bodies=request_bodies(), throttle=throttle, logs=logs
        )
        for name, endpoint in ENDPOINTS.items():
            function = UsersFunction(
                self,
                f"{name}Function",
                handler=endpoint.handler,
                target=target,
                environment={
                    "TABLE_NAME": table_name,
                    "HISTORY_RETENTION_DAYS": str(history_retention_days),
                },
                size=function_size,
                logs=logs,
            )
            table.grant(function.role, *endpoint.table)
            for action, indexes in endpoint.indexes.items():
                table.grant_index(function.role, action, indexes)
            for path in endpoint.paths:
                api.route(path, function.function)
        cdk.CfnOutput(self, "ApiEndpoint", value=api.rest_api.url)

        guardrails.acknowledge(account.role, guardrails.GATEWAY_ACCOUNT)
        guardrails.acknowledge(api, guardrails.PUBLIC_API)

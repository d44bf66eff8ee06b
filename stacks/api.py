"""The stack that serves users in one Region."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks import guardrails
from stacks.bundling import Target, bundle
from stacks.constructs.gateway_account import GatewayAccount
from stacks.constructs.users_api import UsersApi
from stacks.constructs.users_function import UsersFunction
from stacks.sizing import FunctionSize, LogPolicy, Throttle

ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}


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
        crud = UsersFunction(
            self,
            "CrudFunction",
            handler="lambdas.users.handlers.crud.handler",
            code=lambda_.Code.from_asset(str(bundle(target))),
            architecture=ARCHITECTURES[target.machine],
            environment=_environment(table_name, history_retention_days),
            size=function_size,
            logs=logs,
        )
        self._table_here(table_name).grant(crud.role, "dynamodb:GetItem", "dynamodb:PutItem")

        account = GatewayAccount(self, "GatewayAccount")
        api = UsersApi(self, "UsersApi", account=account, throttle=throttle, logs=logs)
        for path in ("/users", "/users/{user_id}", "/health"):
            api.route(path, crud.function)
        cdk.CfnOutput(self, "ApiEndpoint", value=api.rest_api.url)

        guardrails.acknowledge(account.role, guardrails.GATEWAY_ACCOUNT)
        guardrails.acknowledge(api, guardrails.PUBLIC_API)

    def _table_here(self, table_name: str) -> dynamodb.ITableV2:
        """This Region's replica: a grant on the table itself would name the primary Region in both."""
        arn = self.format_arn(service="dynamodb", resource="table", resource_name=table_name)
        return dynamodb.TableV2.from_table_arn(self, "UsersTable", arn)


def _environment(table_name: str, history_retention_days: int) -> Mapping[str, str]:
    """What the functions read at start."""
    return {
        "TABLE_NAME": table_name,
        "HISTORY_RETENTION_DAYS": str(history_retention_days),
        "POWERTOOLS_SERVICE_NAME": "users",
        "POWERTOOLS_METRICS_NAMESPACE": "Users",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }

"""The stack that serves users in one Region."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks import endpoints, guardrails, names
from stacks.api_metrics import ApiMetrics
from stacks.constructs.gateway_account import GatewayAccount
from stacks.constructs.gradual_release import GradualRelease
from stacks.constructs.regional_domain import RegionalDomain
from stacks.constructs.regional_table import RegionalTable
from stacks.constructs.release_alarms import ReleaseAlarms
from stacks.constructs.releases import Releases
from stacks.constructs.users_api import UsersApi
from stacks.constructs.users_function import UsersFunction
from stacks.constructs.web_acl import WebAcl
from stacks.endpoints import ENDPOINTS
from stacks.objectives import Objectives
from stacks.request_bodies import request_bodies
from stacks.sizing import ApiPolicy, FunctionPolicy


class ApiStack(cdk.Stack):
    """The users API of one Region, over that Region's replica of the table."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table_name: str,
        history_retention_days: int,
        api: ApiPolicy,
        functions: FunctionPolicy,
        objectives: Objectives,
    ) -> None:
        super().__init__(scope, id)
        users_api = self._api(service, api, functions)
        releases = self._releases(service, functions, objectives)
        table = RegionalTable(self, "UsersTable", table_name=table_name)
        environment = {"TABLE_NAME": table_name, "HISTORY_RETENTION_DAYS": str(history_retention_days)}
        for name, endpoint in ENDPOINTS.items():
            function = UsersFunction(
                self,
                f"{name}Function",
                handler=endpoint.handler,
                environment=environment,
                policy=functions,
            )
            table.grant(function.role, *endpoint.table)
            for action, indexes in endpoint.indexes.items():
                table.grant_index(function.role, action, indexes)
            release = GradualRelease(self, f"{name}Release", function=function, releases=releases)
            for path in endpoint.paths:
                users_api.route(path, release.alias)
        if api.domain:
            RegionalDomain(self, "Domain", domain=api.domain, stage=users_api.stage)
        WebAcl(self, "WebAcl", requests_per_address=api.requests_per_address, stage=users_api.stage)
        cdk.CfnOutput(self, "ApiEndpoint", value=users_api.rest_api.url)

    def _api(self, service: str, policy: ApiPolicy, functions: FunctionPolicy) -> UsersApi:
        """Make the API, which has no routes yet."""
        account = GatewayAccount(self, "GatewayAccount")
        guardrails.acknowledge(account.role, guardrails.GATEWAY_ACCOUNT)
        bodies = request_bodies()
        api = UsersApi(
            self,
            "UsersApi",
            name=names.api(service),
            account=account,
            bodies=bodies,
            methods=endpoints.methods(bodies),
            policy=policy,
            logs=functions.logs,
        )
        guardrails.acknowledge(api, guardrails.PUBLIC_API)
        return api

    def _releases(self, service: str, functions: FunctionPolicy, objectives: Objectives) -> Releases:
        """Have releases of all functions stop when the API gets worse."""
        topic_arn = self.format_arn(service="sns", resource=names.alarm_topic(service))
        topic = sns.Topic.from_topic_arn(self, "AlarmTopic", topic_arn)
        metrics = ApiMetrics(name=names.api(service))
        alarms = ReleaseAlarms(self, "ReleaseAlarms", api=metrics, objectives=objectives, topic=topic)
        return Releases(
            self, "Releases", canary_minutes=functions.canary_minutes, alarms=alarms.alarms, topic=topic
        )

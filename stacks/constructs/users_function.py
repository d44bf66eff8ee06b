"""One Lambda function of the users asset."""

from collections.abc import Mapping
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks import guardrails
from stacks.bundling import bundle
from stacks.constructs.expiring_log_group import ExpiringLogGroup
from stacks.constructs.tracing_rights import TracingRights
from stacks.sizing import FunctionPolicy

ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}
# What every function is told about its own log and metrics.
TELEMETRY: Mapping[str, str] = {
    "POWERTOOLS_SERVICE_NAME": "users",
    "POWERTOOLS_METRICS_NAMESPACE": "Users",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}


class UsersFunction(Construct):
    """A handler with a role and a log group of its own, whose calls are traced.

    The role may write that log group and traces, and nothing else; whoever wires the function grants it what
    it needs. A version outlives the stack that made it: CodeDeploy sends calls back to the one before. It has
    a chosen `name` only where somebody calls it by that.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        handler: str,
        environment: Mapping[str, str],
        policy: FunctionPolicy,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        log_group = ExpiringLogGroup(self, "Logs", policy=policy.logs).log_group
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(self.role)
        tracing = TracingRights(self, "Tracing", role=self.role)
        guardrails.acknowledge(tracing, guardrails.TRACING)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=ARCHITECTURES[policy.target.machine],
            handler=handler,
            code=lambda_.Code.from_asset(str(bundle(policy.target))),
            environment={**TELEMETRY, **environment},
            role=self.role,
            log_group=log_group,
            memory_size=policy.size.memory_mb,
            timeout=cdk.Duration.seconds(policy.size.timeout_seconds),
            reserved_concurrent_executions=policy.size.reserved_concurrency,
            current_version_options=lambda_.VersionOptions(removal_policy=cdk.RemovalPolicy.RETAIN),
        )
        _trace(self.function)
        self.function.node.add_dependency(tracing)  # Lambda refuses to trace with a role that may not


def _trace(function: lambda_.Function) -> None:
    """Trace each call; the function's own option would mix these rights with those to the table."""
    resource = cast(lambda_.CfnFunction, function.node.default_child)  # which is what the CDK makes
    resource.tracing_config = lambda_.CfnFunction.TracingConfigProperty(mode="Active")

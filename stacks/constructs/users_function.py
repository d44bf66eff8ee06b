"""One Lambda function of the users asset."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.bundling import Target, bundle
from stacks.constructs.expiring_log_group import ExpiringLogGroup
from stacks.sizing import FunctionSize, LogPolicy

ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}
# What every function is told about its own log and metrics.
TELEMETRY: Mapping[str, str] = {
    "POWERTOOLS_SERVICE_NAME": "users",
    "POWERTOOLS_METRICS_NAMESPACE": "Users",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}


class UsersFunction(Construct):
    """A handler with a role and a log group of its own.

    The role may write that log group and nothing else; whoever wires the function grants it what it needs.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        handler: str,
        target: Target,
        environment: Mapping[str, str],
        size: FunctionSize,
        logs: LogPolicy,
    ) -> None:
        super().__init__(scope, id)
        log_group = ExpiringLogGroup(self, "Logs", policy=logs).log_group
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=ARCHITECTURES[target.machine],
            handler=handler,
            code=lambda_.Code.from_asset(str(bundle(target))),
            environment={**TELEMETRY, **environment},
            role=self.role,
            log_group=log_group,
            memory_size=size.memory_mb,
            timeout=cdk.Duration.seconds(size.timeout_seconds),
            reserved_concurrent_executions=size.reserved_concurrency,
        )

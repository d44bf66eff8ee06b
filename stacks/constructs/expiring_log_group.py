"""Log events that are kept for a chosen time."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.sizing import LOG_RETENTION, LogPolicy


class ExpiringLogGroup(Construct):
    """A log group whose retention is set before its first event, not left at "never expire"."""

    def __init__(self, scope: Construct, id: str, *, policy: LogPolicy) -> None:
        super().__init__(scope, id)
        self.log_group = logs.LogGroup(
            self,
            "LogGroup",
            retention=logs.RetentionDays[LOG_RETENTION[policy.retention_days]],
            removal_policy=cdk.RemovalPolicy.RETAIN if policy.retain else cdk.RemovalPolicy.DESTROY,
        )

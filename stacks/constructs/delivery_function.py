"""The function that measures what a pipeline delivers."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks import guardrails
from stacks.constructs.dead_letters import DeadLetters
from stacks.constructs.expiring_log_group import ExpiringLogGroup
from stacks.constructs.tracing_rights import TracingRights
from stacks.package_asset import package_asset
from stacks.sizing import LogPolicy

NAMESPACE = "UsersDelivery"
PACKAGE = "pipeline.measures"


class DeliveryFunction(Construct):
    """Runs the package `pipeline.measures` for each event of the pipeline that it is told.

    It may read the history of that pipeline, write its own log and traces, and nothing else: CloudWatch makes
    metrics of lines of the log. An event that it could not handle in three tries ends in a queue, from which
    it can be sent again as it was.
    """

    def __init__(
        self, scope: Construct, id: str, *, pipeline: codepipeline.IPipeline, logs: LogPolicy
    ) -> None:
        super().__init__(scope, id)
        dead_letters = DeadLetters(self, "DeadLetters")
        guardrails.acknowledge(dead_letters, guardrails.DEAD_LETTERS)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        role.add_to_policy(_reads(pipeline))
        tracing = TracingRights(self, "Tracing", role=role)
        guardrails.acknowledge(tracing, guardrails.TRACING)
        self.function = self._function(role, logs, dead_letters.queue)
        self.function.node.add_dependency(tracing)  # Lambda refuses to trace with a role that may not
        # The function's own option would mix the rights to trace with the others.
        resource = cast(lambda_.CfnFunction, self.function.node.default_child)  # which is what the CDK makes
        resource.tracing_config = lambda_.CfnFunction.TracingConfigProperty(mode="Active")

    def _function(self, role: iam.Role, logs: LogPolicy, dead_letters: sqs.IQueue) -> lambda_.Function:
        """The function, with a log that forgets."""
        log_group = ExpiringLogGroup(self, "Logs", policy=logs).log_group
        log_group.grant_write(role)
        return lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{PACKAGE}.handler.handle",
            code=lambda_.Code.from_asset(str(package_asset(PACKAGE))),
            environment={"METRICS_NAMESPACE": NAMESPACE},
            role=role,
            log_group=log_group,
            memory_size=256,
            timeout=cdk.Duration.minutes(2),
            dead_letter_queue=dead_letters,
        )


def _reads(pipeline: codepipeline.IPipeline) -> iam.PolicyStatement:
    """The right to the history of one pipeline.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
    """
    return iam.PolicyStatement(
        actions=["codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions"],
        resources=[pipeline.pipeline_arn],
    )

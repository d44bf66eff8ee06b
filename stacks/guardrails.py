"""What every stack is held to: cdk-nag's rules, and each exception with its reason."""

from collections.abc import Mapping

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks
from constructs import Construct, IConstruct

# The role with which API Gateway writes logs. IAM4 is accepted for one policy, by its exact name.
GATEWAY_ACCOUNT: Mapping[str, str] = {
    "AwsSolutions-IAM4["
    "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]": (
        "API Gateway refuses a role without these rights, and AWS keeps this policy for that one purpose; no "
        "request to the API acts with it."
    ),
}
# The API itself, its stage and its methods.
PUBLIC_API: Mapping[str, str] = {
    "AwsSolutions-APIG3": "No web ACL stands before the API yet; the throttle of its stage is its limit.",
    "AwsSolutions-APIG4": "The contract of the API knows no callers: each route answers whoever reaches it.",
    "AwsSolutions-COG4": "The contract of the API knows no callers, so there is no user pool to ask.",
    "AwsSolutions-APIG6": (
        "Execution logs go to a group that API Gateway makes itself and keeps for ever; the access log has a "
        "line for each request, with the error of its integration."
    ),
}
# The queue of a stream's dead letters.
DEAD_LETTERS: Mapping[str, str] = {
    "AwsSolutions-SQS3": (
        "This queue is where dead letters end: nothing consumes it by itself, so nothing of it can die again."
    ),
}


def enforce(app: cdk.App) -> None:
    """Let no stack of the app be synthesized while a rule of AWS Solutions finds fault with one of them."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def tag(scope: IConstruct, *, deployment: str) -> None:
    """Say on each resource which project made it, and for which deployment."""
    cdk.Tags.of(scope).add("Project", "users-platform")
    cdk.Tags.of(scope).add("Deployment", deployment)


def acknowledge(construct: Construct, reasons: Mapping[str, str]) -> None:
    """Accept findings, each with its reason, in one construct and what it contains."""
    cdk.Validations.of(construct).acknowledge(
        *(cdk.Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items())
    )

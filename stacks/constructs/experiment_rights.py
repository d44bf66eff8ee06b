"""What every experiment may do, whatever it breaks."""

from aws_cdk import aws_iam as iam
from constructs import Construct

# As "Logs sent to CloudWatch Logs" lists them for whoever sets up the logging of a service
# (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
LOGGING = (
    "logs:CreateLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
)


class ExperimentRights(Construct):
    """Lets a role have FIS log what it does, and look up what an experiment is aimed at.

    None of these actions has a resource that could be named. Each action of FIS that has targets asks for
    `tag:GetResources` (https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html).
    """

    def __init__(self, scope: Construct, id: str, *, role: iam.IRole) -> None:
        super().__init__(scope, id)
        iam.Policy(
            self,
            "Policy",
            roles=[role],
            statements=[
                # IAM takes neither for a resource: see guardrails.EXPERIMENT.
                iam.PolicyStatement(actions=list(LOGGING), resources=["*"]),
                iam.PolicyStatement(actions=["tag:GetResources"], resources=["*"]),
            ],
        )

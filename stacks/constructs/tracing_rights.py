"""The right to send traces."""

from aws_cdk import aws_iam as iam
from constructs import Construct


class TracingRights(Construct):
    """Lets a role send segments to X-Ray, in a policy of its own: X-Ray has no resource that could be named.

    Both actions are listed without resource types, so `*` is the one resource that IAM takes for them
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html).
    """

    def __init__(self, scope: Construct, id: str, *, role: iam.IRole) -> None:
        super().__init__(scope, id)
        iam.Policy(
            self,
            "Policy",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=["xray:PutTelemetryRecords", "xray:PutTraceSegments"], resources=["*"]
                )
            ],
        )

"""How new versions of one stack's functions are let in."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct


class Releases(Construct):
    """An application of CodeDeploy, its role, and what all releases of a stack have in common.

    A new version takes a tenth of the calls for `canary_minutes`, then all of them. `alarms` stop whichever
    function is being released, and `topic` is told of a version that fails.

    The role may do nothing by itself. Each release lets it move one alias and look at some alarms; AWS's own
    policy for such a role could move the aliases of every function.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        canary_minutes: int,
        alarms: Sequence[cloudwatch.IAlarm],
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, id)
        self.canary = f"CodeDeployDefault.LambdaCanary10Percent{canary_minutes}Minutes"
        self.alarms = alarms
        self.topic = topic
        application = codedeploy.CfnApplication(self, "Application", compute_platform="Lambda")
        self.application_name = application.ref
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"))

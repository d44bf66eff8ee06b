"""The experiment in which no function of the API in this Region may run."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks import guardrails
from stacks.constructs.drill_stops import DrillStops
from stacks.constructs.experiment import Action, Experiment
from stacks.constructs.stop_document import StopDocument
from stacks.drills import FUNCTIONS_STOPPED, Drills

ACTION = "aws:ssm:start-automation-execution"
# For the steps around the one that waits. FIS cancels a document that takes longer, which puts things right.
MARGIN_MINUTES = 2


class FunctionStop(Construct):
    """Takes the concurrency of a stack's functions to 0 by a document that puts it back by itself.

    FIS has no action of its own that would do: those on networks do not reach a function outside a VPC, and
    aws:lambda:invocation-error and its kin act through an extension in the function
    (https://docs.aws.amazon.com/fis/latest/userguide/use-lambda-actions.html), a layer and a bucket that
    every request would depend on for the sake of drills. Not yet run on AWS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stack: str,
        drills: Drills,
        stops: DrillStops,
        log_group: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, id)
        document = StopDocument(self, "Document", stack=stack, minutes=drills.longest_minutes)
        experiment = Experiment(
            self,
            "Experiment",
            fault=FUNCTIONS_STOPPED,
            description=f"No function of {stack} may run.",
            action=Action(
                action_id=ACTION,
                parameters={
                    "documentArn": document.arn("document"),
                    "maxDuration": f"PT{drills.longest_minutes + MARGIN_MINUTES}M",
                },
            ),
            targets={},
            stops=stops,
            log_group=log_group,
        )
        rights = iam.Policy(self, "Rights", roles=[experiment.role], statements=_rights(document))
        guardrails.acknowledge(rights, guardrails.STOP_AUTOMATION)


def _rights(document: StopDocument) -> list[iam.PolicyStatement]:
    """What the action asks for; an execution has an id that nobody knows before."""
    executions = f"arn:{Aws.PARTITION}:ssm:{Aws.REGION}:{Aws.ACCOUNT_ID}:automation-execution/*"
    passed = {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}
    return [
        iam.PolicyStatement(
            actions=["ssm:StartAutomationExecution"],
            resources=[document.arn("document"), f"{document.arn('automation-definition')}:*"],
        ),
        iam.PolicyStatement(
            actions=["ssm:GetAutomationExecution", "ssm:StopAutomationExecution"], resources=[executions]
        ),
        iam.PolicyStatement(actions=["iam:PassRole"], resources=[document.role.role_arn], conditions=passed),
    ]

"""The document by which Systems Manager takes functions out of service for a while."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from stacks import automation, guardrails

SCRIPT = Path(automation.__file__).with_name("concurrency.py")
RUNTIME = "python3.11"
# After a cancellation an automation has two minutes for the step that it goes to.
LONGEST_RESTORE_SECONDS = 100


class StopDocument(Construct):
    """Writes down what the functions of a stack may use, takes it away, waits, and gives it back.

    Whatever fails or is cancelled in between leads to the step that gives back, and so does the time: it is
    Systems Manager that puts things right, not the drill. The functions are found by the tag that
    CloudFormation puts on each, when the document runs, so that no stack has to name them to another; the
    role may touch those alone. Not yet run on AWS.
    """

    def __init__(self, scope: Construct, id: str, *, stack: str, minutes: int) -> None:
        super().__init__(scope, id)
        self.role = iam.Role(self, "Role", assumed_by=_ssm())
        rights = iam.Policy(self, "Rights", roles=[self.role], statements=_rights(stack))
        guardrails.acknowledge(rights, guardrails.STOPPED_FUNCTIONS)
        self._document = ssm.CfnDocument(
            self,
            "Document",
            document_type="Automation",
            document_format="JSON",
            update_method="NewVersion",
            content={
                "schemaVersion": "0.3",
                "description": f"Takes the functions of {stack} out of service for {minutes} minutes.",
                "assumeRole": self.role.role_arn,
                "mainSteps": steps(stack=stack, minutes=minutes),
            },
        )
        self._document.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        self._document.node.add_dependency(rights)

    def arn(self, resource: str) -> str:
        """The ARN of the document as one kind of resource: `document` or `automation-definition`."""
        own = f"{cdk.Aws.PARTITION}:ssm:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}"
        return f"arn:{own}:{resource}/{self._document.ref}"


def steps(*, stack: str, minutes: int) -> list[dict[str, Any]]:
    """The steps of the document, each a mapping as Systems Manager takes it."""
    give_back = {"onFailure": "step:restore", "onCancel": "step:restore"}
    return [
        _script("record", {"Stack": stack})
        | {
            "outputs": [{"Name": "Former", "Selector": "$.Payload.Former", "Type": "String"}],
            "nextStep": "stop",
        },
        _script("stop", {"Former": "{{ record.Former }}"}) | give_back | {"nextStep": "hold"},
        {
            "name": "hold",
            "action": "aws:sleep",
            "inputs": {"Duration": f"PT{minutes}M"},
            "nextStep": "restore",
        }
        | give_back,
        _script("restore", {"Former": "{{ record.Former }}"})
        | {"maxAttempts": 3, "timeoutSeconds": LONGEST_RESTORE_SECONDS, "isEnd": True},
    ]


def _script(handler: str, payload: Mapping[str, str]) -> dict[str, Any]:
    """A step that runs one function of the script."""
    inputs = {
        "Runtime": RUNTIME,
        "Handler": handler,
        "Script": SCRIPT.read_text(),
        "InputPayload": dict(payload),
    }
    return {"name": handler, "action": "aws:executeScript", "inputs": inputs}


def _ssm() -> iam.IPrincipal:
    """Systems Manager, for automations of this account alone.

    As https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html has it.
    """
    own = f"arn:{cdk.Aws.PARTITION}:ssm:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:automation-execution/*"
    conditions = {
        "StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": own},
    }
    return iam.ServicePrincipal("ssm.amazonaws.com", conditions=conditions)


def _rights(stack: str) -> list[iam.PolicyStatement]:
    """What the script does: to find functions by their tags, and to change those of one stack."""
    functions = f"arn:{cdk.Aws.PARTITION}:lambda:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:function:*"
    of_stack = {"StringEquals": {"aws:ResourceTag/aws:cloudformation:stack-name": stack}}
    concurrency = ["lambda:Delete", "lambda:Get", "lambda:Put"]
    return [
        # IAM takes this for no resource, and it only reads names: see guardrails.STOPPED_FUNCTIONS.
        iam.PolicyStatement(actions=["tag:GetResources"], resources=["*"]),
        iam.PolicyStatement(
            actions=[f"{verb}FunctionConcurrency" for verb in concurrency],
            resources=[functions],
            conditions=of_stack,
        ),
    ]

"""A backup stack by itself, with a policy of a test's choice."""

from pathlib import Path

import aws_cdk as cdk

from pipeline.config import BETA
from pipeline.retention import BETA_BACKUPS
from stacks.backup import BackupStack
from stacks.backup_policy import BackupPolicy
from tests.stacks import assembly as assemblies
from tests.stacks.assembly import Resource, Stack


def backup_stack(
    directory: Path, *, policy: BackupPolicy = BETA_BACKUPS, table_name: str = "users-kept"
) -> Stack:
    """Synthesize the stack of a primary Region into a directory."""
    app = cdk.App(outdir=str(directory), analytics_reporting=False)
    stage = cdk.Stage(app, "Kept", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    BackupStack(
        stage,
        "Backup",
        service="users-kept",
        table_name=table_name,
        least_history_days=30,
        copies_to="eu-central-1",
        backups=policy,
        functions=BETA.functions,
    )
    app.synth()
    return assemblies.read(directory).stacks["Kept-Backup"]


def function_of(stack: Stack, handler: str) -> Resource:
    """The properties of the one function of a handler."""
    (properties,) = (
        each["Properties"]
        for each in stack.of_type("AWS::Lambda::Function").values()
        if each["Properties"]["Handler"] == handler
    )
    assert isinstance(properties, dict)
    return properties


def rule_of(stack: Stack, id_: str) -> Resource:
    """The properties of the one rule whose logical id begins so."""
    (properties,) = (
        each["Properties"]
        for name, each in stack.of_type("AWS::Events::Rule").items()
        if name.startswith(id_)
    )
    assert isinstance(properties, dict)
    return properties


def called_by(stack: Stack, rule: Resource) -> str:
    """The handler of the one function that a rule calls."""
    (target,) = rule["Targets"]
    handler = stack.template["Resources"][target["Arn"]["Fn::GetAtt"][0]]["Properties"]["Handler"]
    assert isinstance(handler, str)
    return handler


def table_of(name: str) -> str:
    """The ARN of tables here, as `tests.stacks.grants.rights` has such an expression."""
    account = '{"Ref": "AWS::AccountId"}'
    start = (
        '{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":dynamodb:", {"Ref": "AWS::Region"}, ":", '
    )
    return f'{start}{account}, ":table/{name}"]]}}'

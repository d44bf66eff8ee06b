"""What every stack is held to: cdk-nag's rules, and each exception with its reason."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks
from constructs import Construct, IConstruct

from stacks.refused import Refused
from stacks.table_validation import ReleasedTables

# A finding ends the app, with the report in its last words. The CDK CLI asks to be left to that, and is then
# silent about every stack that it was not asked for by name.
STRICT = {"@aws-cdk/core:failSynthOnValidationErrors": True, "@aws-cdk/core:appMode": "inmemory"}

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
    "AwsSolutions-APIG4": "The contract of the API knows no callers: each route answers whoever reaches it.",
    "AwsSolutions-COG4": "The contract of the API knows no callers, so there is no user pool to ask.",
    "AwsSolutions-APIG6": (
        "Execution logs go to a group that API Gateway makes itself and keeps for ever; the access log has a "
        "line for each request, with the error of its integration."
    ),
}
# The right of a function to send traces, in a policy that says nothing else.
TRACING: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::*]": (
        "X-Ray has no resource that a policy could name: IAM takes both of these actions for `*` alone, and "
        "they add to traces without reading any."
    ),
}
# The queue of a stream's dead letters.
DEAD_LETTERS: Mapping[str, str] = {
    "AwsSolutions-SQS3": (
        "This queue is where dead letters end: nothing consumes it by itself, so nothing of it can die again."
    ),
}
# What every experiment of a drill may do: log, and look up what it is aimed at.
EXPERIMENT: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::*]": (
        "IAM takes none of these actions for a resource: a log is delivered to the one group that the "
        "template names, and what is looked up by tags is only read."
    ),
}
# The right to pause replication; `{table}` is the name of the table.
PAUSED_STREAM: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:"
    "table/{table}/stream/*]": (
        "DynamoDB names a stream by the time at which it was made, which no template knows; the right is to "
        "the policy of the streams of one table, by which FIS pauses replication."
    ),
}
# The right to run the one document that stops functions.
STOP_AUTOMATION: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:"
    "automation-definition/<FunctionStopDocument3E84DCB8>:*]": (
        "These are the versions of one document, which change with its content."
    ),
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:"
    "automation-execution/*]": (
        "An execution gets its id when it starts; to stop one makes its document put right what it broke."
    ),
}
# What that document may do.
STOPPED_FUNCTIONS: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::*]": "IAM takes a search by tags for `*` alone, and it only reads names.",
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:*]": (
        "The functions have generated names in another stack; a condition holds the right to functions with "
        "the tag of that stack, which CloudFormation alone can set."
    ),
}
# A role that AWS Backup acts with; `{policy}` is the name of the one policy that it has.
BACKUP_ROLE: Mapping[str, str] = {
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/{policy}]": (
        "AWS keeps this policy for what AWS Backup does in such a job, and adds what a job comes to need: "
        "with one of ours the first job after that would fail. No one but AWS Backup acts with the role, in "
        "an account that has nothing else to back up."
    ),
}
# The right to say what of an account is backed up in a Region.
REGION_SETTINGS: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::*]": (
        "The settings of a Region are no resource that a policy could name: IAM takes both actions for `*` "
        "alone."
    ),
}
# What the validator may read; `{table}` is the name of the first table.
VALIDATED_TABLES: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:"
    "table/{table}-restored*]": (
        "A table that is restored by hand gets its name when that is needed; these are the tables of one "
        "deployment by how their names begin, and they are only read."
    ),
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:"
    "table/awsbackup-restore-test-*]": (
        "AWS Backup makes up the names of tables that it restores to be tested, and begins them so; they are "
        "only read."
    ),
}
# Where the verdict of the validator goes.
JUDGED_RESTORES: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::*]": (
        "A restore job is no resource that a policy could name: IAM takes a verdict on one for `*` alone."
    ),
}
# What the replayer may read and write; `{table}` is the name of the first table.
REPLAYED_TABLES: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:"
    "table/{table}-restored*]": (
        "A table that is restored by hand gets its name when that is needed; these are the tables of one "
        "deployment by how their names begin."
    ),
}
# What the watch over backups may list, and remove.
WATCHED_BACKUPS: Mapping[str, str] = {
    "AwsSolutions-IAM5[Resource::*]": (
        "IAM takes these lists and the settings of a Region for `*` alone, and they are only read."
    ),
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:"
    "table/awsbackup-restore-test-*]": (
        "AWS Backup makes up the names of tables that it restores to be tested, and begins them so; no table "
        "that serves has such a name."
    ),
}
# What a key policy may say beyond naming a key and an action; no rule of cdk-nag reads one.
KEY_POLICY: Mapping[str, str] = {
    "Resource::*": "In the policy of a key this is that key alone, which has no ARN before it is made.",
    "Action::kms:*": (
        "For the root of the key's own account, so that IAM can pass it on: a key whose policy leaves it "
        "out can be administered by nobody."
    ),
    "Action::kms:GenerateDataKey*": (
        "CloudWatch asks for a data key, with its plain text or without, to write to an encrypted topic; it "
        "may do so for the alarms of this account alone."
    ),
}


def strict_app(*, outdir: str | None, context: Mapping[str, str]) -> cdk.App:
    """An app that no caller can make lenient."""
    return cdk.App(outdir=outdir, context=context, post_cli_context=STRICT, analytics_reporting=False)


def enforce(app: cdk.App, *, deployments: Sequence[str]) -> None:
    """Let no stack be synthesized that breaks a rule of AWS Solutions, or that changes a table unsafely."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ReleasedTables(deployments))


def synthesize(app: cdk.App) -> None:
    """Write the templates of an app; raises Refused with the report if they break a rule."""
    try:
        app.synth()
    except RuntimeError as error:  # the one that jsii knows
        raise Refused(str(error)) from error


def tag(scope: IConstruct, *, deployment: str) -> None:
    """Say on each resource which project made it, and for which deployment."""
    cdk.Tags.of(scope).add("Project", "users-platform")
    cdk.Tags.of(scope).add("Deployment", deployment)


def filled(reasons: Mapping[str, str], **names: str) -> Mapping[str, str]:
    """Fill in names, such as that of a table, in the rules that `{table}` and the like stand in."""
    for placeholder, name in names.items():
        reasons = {rule.replace(f"{{{placeholder}}}", name): reason for rule, reason in reasons.items()}
    return reasons


def acknowledge(construct: Construct, reasons: Mapping[str, str]) -> None:
    """Accept findings, each with its reason, in one construct and what it contains."""
    cdk.Validations.of(construct).acknowledge(
        *(cdk.Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items())
    )

"""The tables that recovery works with, some of which are not there before something is restored."""

from collections.abc import Sequence

from aws_cdk import Aws

from stacks import names

# What AWS Backup begins the name of a table with that it restores to have it tested
# (https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html).
TESTED = "awsbackup-restore-test-"


def table_arn(name: str) -> str:
    """The ARN of tables here whose name matches, where `*` stands for anything."""
    return f"arn:{Aws.PARTITION}:dynamodb:{Aws.REGION}:{Aws.ACCOUNT_ID}:table/{name}"


def served(service: str) -> Sequence[str]:
    """The ARNs of the table of a service, and of those that it is restored into by hand."""
    return [table_arn(service), table_arn(f"{names.restored_table(service)}*")]


def tested() -> str:
    """The ARN of the tables that AWS Backup restores to have them tested."""
    return table_arn(f"{TESTED}*")

"""The stack of a deployment that outlives all the others: its users."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from stacks.backup_policy import backup_tag
from stacks.constructs.users_table import UsersTable

FIRST = "UsersTable"


class DataStack(cdk.Stack):
    """The users tables, made in the primary Region and replicated to the others: after a restore several.

    A restore makes a table beside the one that it is a restore of, and both are kept: the former one is the
    evidence of what went wrong. The first table of a service has the service's name and the logical id that
    was released; each other one has its own name as id, so that none replaces another, whichever serves. The
    last one serves, and it alone has the tag by which it is backed up: backups of a broken one are no good.

    On AWS a restored table is there, with its settings and its replica, before the stack knows of it, and the
    stack takes it in as it is by `cdk deploy --import-existing-resources`, before a commit that names it is
    pushed: the pipeline would try to make it anew, and fail. That asks for a DeletionPolicy and a name of
    one's own choice, which it has, and for a type that can be imported, as AWS::DynamoDB::GlobalTable can by
    its TableName (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
    import-resources-automatically.html, resource-import-supported-resources.html). Not yet run on AWS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        tables: Sequence[str],
        replica_regions: Sequence[str],
    ) -> None:
        super().__init__(scope, id, termination_protection=True)
        for name in tables:
            table = UsersTable(
                self,
                FIRST if name == service else name,
                table_name=name,
                replica_regions=replica_regions,
                removal_policy=cdk.RemovalPolicy.RETAIN,
            )
            if name == tables[-1]:
                for key, value in backup_tag(service).items():
                    cdk.Tags.of(table).add(key, value)

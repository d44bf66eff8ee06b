"""The stack of a deployment that outlives all the others: its users."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from stacks.constructs.users_table import UsersTable


class DataStack(cdk.Stack):
    """The users table, made in the primary Region and replicated to the others."""

    def __init__(self, scope: Construct, id: str, *, table_name: str, replica_regions: Sequence[str]) -> None:
        super().__init__(scope, id, termination_protection=True)
        UsersTable(
            self,
            "UsersTable",
            table_name=table_name,
            replica_regions=replica_regions,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )

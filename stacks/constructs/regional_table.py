"""One Region's replica of the users table, as a stack of that Region names it."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct


class RegionalTable(Construct):
    """The replica here, by the name that all share: a grant on the table itself would name the primary's."""

    def __init__(self, scope: Construct, id: str, *, table_name: str) -> None:
        super().__init__(scope, id)
        self.table_name = table_name
        self._arn = cdk.Stack.of(self).format_arn(
            service="dynamodb", resource="table", resource_name=table_name
        )

    def grant(self, role: iam.Role, *actions: str) -> None:
        """Let a role do these things to the rows of the table, not through an index."""
        role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=[self._arn]))

    def grant_index(self, role: iam.Role, action: str, indexes: Sequence[str]) -> None:
        """Let a role do one thing through each of these indexes, and no other."""
        arns = [f"{self._arn}/index/{index}" for index in indexes]
        role.add_to_policy(iam.PolicyStatement(actions=[action], resources=arns))

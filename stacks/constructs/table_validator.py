"""The function that says whether a table is sound."""

import json
from collections.abc import Sequence

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import guardrails, names, recovery_tables
from stacks.constructs.recovery_function import RecoveryFunction
from stacks.constructs.users_table import INDEXES, KEYS
from stacks.sizing import FunctionPolicy

READ = ("dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:Query", "dynamodb:Scan")
TYPES = {dynamodb.AttributeType.STRING: "S", dynamodb.AttributeType.NUMBER: "N"}


class TableValidator(Construct):
    """Looks at every row of a table that serves, or was restored by hand or to be tested; it only reads.

    It has a name, since it is called out of the runbook. A table with fewer than `least_users` is not sound,
    nor one in which a version of a user is missing that is younger than `least_history_days`, the shortest
    for which versions were ever kept.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        least_users: int,
        least_history_days: int,
        functions: FunctionPolicy,
    ) -> None:
        super().__init__(scope, id)
        function = RecoveryFunction(
            self,
            "Function",
            service=service,
            name=names.validator(service),
            handler="validate",
            environment={
                "LEAST_USERS": str(least_users),
                "HISTORY_RETENTION_DAYS": str(least_history_days),
                "EXPECTED_SCHEMA": _schema(),
            },
            functions=functions,
        )
        self._function, self._role = function.function, function.role
        self._let_read(service)

    def _let_read(self, service: str) -> None:
        """Let it read the tables of a service, and those that are restored to be tested."""
        tables = [*recovery_tables.served(service), recovery_tables.tested()]
        rights = iam.Policy(
            self,
            "Rights",
            roles=[self._role],
            statements=[iam.PolicyStatement(actions=list(READ), resources=tables)],
        )
        guardrails.acknowledge(rights, guardrails.filled(guardrails.VALIDATED_TABLES, table=service))

    def judge_restores(self, plan_arn: str) -> None:
        """Have it called for each restore of a plan that has completed, whose verdict it gives."""
        rule = events.Rule(
            self,
            "Restored",
            event_pattern=events.EventPattern(
                source=["aws.backup"],
                detail_type=["Restore Job State Change"],
                detail={"status": ["COMPLETED"], "restoreTestingPlanArn": [plan_arn]},
            ),
        )
        rule.add_target(targets.LambdaFunction(self._function))
        verdict = iam.PolicyStatement(actions=["backup:PutRestoreValidationResult"], resources=["*"])
        rights = iam.Policy(self, "Verdicts", roles=[self._role], statements=[verdict])
        guardrails.acknowledge(rights, guardrails.JUDGED_RESTORES)


def _schema() -> str:
    """The keys of a sound table and of its indexes, as the function reads them."""
    indexes = {name: _keys(attributes) for name, attributes in INDEXES.items()}
    return json.dumps({"keys": _keys(KEYS), "indexes": indexes}, separators=(",", ":"))


def _keys(attributes: Sequence[dynamodb.Attribute]) -> list[list[str]]:
    """Each key with its kind and its type."""
    return [
        [attribute.name, kind, TYPES[attribute.type]]
        for attribute, kind in zip(attributes, ("HASH", "RANGE"), strict=False)
    ]

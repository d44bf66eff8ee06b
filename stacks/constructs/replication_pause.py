"""The experiment in which nothing is replicated between this Region and the other."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks import guardrails
from stacks.constructs.drill_stops import DrillStops
from stacks.constructs.experiment import Action, Experiment, Target
from stacks.drills import REPLICATION_PAUSED, Drills

ACTION = "aws:dynamodb:global-table-pause-replication"


class ReplicationPause(Construct):
    """Denies replication to the replica here, in both directions, and for no longer than drills may last.

    FIS puts statements into the policies of the table and of its stream that expire by their own condition,
    so they end even if FIS does not remove them
    (https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html). Not yet run on AWS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table_name: str,
        drills: Drills,
        stops: DrillStops,
        log_group: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, id)
        table = f"arn:{Aws.PARTITION}:dynamodb:{Aws.REGION}:{Aws.ACCOUNT_ID}:table/{table_name}"
        experiment = Experiment(
            self,
            "Experiment",
            fault=REPLICATION_PAUSED,
            description=f"Nothing is replicated to or from {table_name} here.",
            action=Action(
                action_id=ACTION,
                parameters={"duration": f"PT{drills.longest_minutes}M"},
                targets={"Tables": "Table"},
            ),
            targets={
                "Table": Target(
                    resource_type="aws:dynamodb:global-table", resource_arns=[table], selection_mode="ALL"
                )
            },
            stops=stops,
            log_group=log_group,
        )
        rights = iam.Policy(self, "Rights", roles=[experiment.role], statements=_rights(table))
        guardrails.acknowledge(rights, guardrails.filled(guardrails.PAUSED_STREAM, table=table_name))


def _rights(table: str) -> list[iam.PolicyStatement]:
    """What the action asks for; the stream has a policy of its own, and a name that DynamoDB chose."""
    policies = ["Delete", "Get", "Put"]
    return [
        iam.PolicyStatement(actions=["dynamodb:DescribeTable"], resources=[table]),
        iam.PolicyStatement(
            actions=[f"dynamodb:{verb}ResourcePolicy" for verb in policies],
            resources=[table, f"{table}/stream/*"],
        ),
    ]

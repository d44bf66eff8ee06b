"""The function that brings a restored table what was acknowledged after its restore point."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import guardrails, names, recovery_tables
from stacks.constructs.recovery_function import RecoveryFunction
from stacks.sizing import FunctionPolicy

# Into which table it writes is said when it is called: tables change their parts with each recovery. A
# transaction needs the rights to its parts, so none is named for it.
REPLAY = ("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Scan")


class TableReplayer(Construct):
    """Reads one table of the service and writes into another; it has a name, for the calls of the runbook."""

    def __init__(self, scope: Construct, id: str, *, service: str, functions: FunctionPolicy) -> None:
        super().__init__(scope, id)
        function = RecoveryFunction(
            self,
            "Function",
            service=service,
            name=names.replayer(service),
            handler="replay",
            environment={},
            functions=functions,
        )
        rights = iam.Policy(
            self,
            "Rights",
            roles=[function.role],
            statements=[
                iam.PolicyStatement(actions=list(REPLAY), resources=list(recovery_tables.served(service)))
            ],
        )
        guardrails.acknowledge(rights, guardrails.filled(guardrails.REPLAYED_TABLES, table=service))

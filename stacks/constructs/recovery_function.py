"""One Lambda function that recovers a table, or looks whether one could be."""

from collections.abc import Mapping
from dataclasses import replace

from constructs import Construct

from stacks.constructs.users_function import UsersFunction
from stacks.sizing import LAMBDA_TIMEOUT_SECONDS, FunctionPolicy, JobSize

# A whole table passes through such a function; memory buys the processor that goes with it as well.
SIZE = JobSize(memory_mb=2048, timeout_seconds=LAMBDA_TIMEOUT_SECONDS)


class RecoveryFunction(UsersFunction):
    """A module of `lambdas.recovery.handlers`, with as much time as there is.

    Its metrics have the service as their dimension, since an emulated account has more than one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        handler: str,
        environment: Mapping[str, str],
        functions: FunctionPolicy,
        name: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            id,
            handler=f"lambdas.recovery.handlers.{handler}.handler",
            environment={"POWERTOOLS_SERVICE_NAME": service, **environment},
            policy=replace(functions, size=SIZE),
            name=name,
        )

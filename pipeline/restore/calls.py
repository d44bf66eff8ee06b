"""The calls to AWS of each step of a restore: sent by a drill, and shown by the runbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline import runbook
from pipeline.config import Deployment
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.restore import marks, table_settings
from pipeline.restore.facts import Facts
from pipeline.restore.invocation import invocation
from pipeline.restore.step import Do, Step
from pipeline.runbook import Call
from stacks import names

Make = Callable[[Deployment, Role, Facts], Sequence[Call]]


def calls(step: Step, deployment: Deployment, facts: Facts) -> Sequence[Call]:
    """Return the calls of a step, in their order, each with the Region that it is sent to.

    A step that is none of AWS's, such as a request to the API, has none. After a call that changes or makes
    a table the next has to wait until that is `ACTIVE` again.
    """
    make = MAKES.get(step.do)
    return make(deployment, step.role or Role.PRIMARY, facts) if make else ()


def verify(deployment: Deployment, role: Role, table: str, *, least_users: int | None = None) -> Call:
    """Return the call of a Region's validator, which looks at a table of that Region.

    `least_users` is how many it has to have at the least, as many as is configured where that is None.
    """
    region = region_of(deployment, role)
    floor = {} if least_users is None else {"least_users": least_users}
    return invocation(
        f"verify {table} in {region}", names.validator(deployment.service), region, {"table": table} | floor
    )


def replay(deployment: Deployment, role: Role, facts: Facts) -> Call:
    """Return the call of a Region's replayer, from the former table into the restored one."""
    region = region_of(deployment, role)
    corrupt = {"field": facts.field, "pattern": facts.pattern} if facts.pattern else None
    return invocation(
        f"replay {facts.former} into {facts.restored} in {region}",
        names.replayer(deployment.service),
        region,
        {"from": facts.former, "to": facts.restored, "corrupt": corrupt},
    )


def describe(deployment: Deployment, role: Role, table: str) -> Call:
    """Return the call that tells the state of a table, of its indexes and of its replicas."""
    return _dynamodb("describe", "DescribeTable", deployment, role, table)


def _window(deployment: Deployment, role: Role, facts: Facts) -> Sequence[Call]:
    """Ask to which seconds the table may be restored."""
    return (_dynamodb("ask the window of", "DescribeContinuousBackups", deployment, role, facts.former),)


def _restore(deployment: Deployment, role: Role, facts: Facts) -> Sequence[Call]:
    region = region_of(deployment, role)
    call = Call(
        purpose=f"restore {facts.former} into {facts.restored} in {region}",
        service="dynamodb",
        action="RestoreTableToPointInTime",
        region=region,
        parameters={
            "SourceTableName": facts.former,
            "TargetTableName": facts.restored,
            "RestoreDateTime": facts.restore_point,
        },
    )
    return (call,)


def _fence(deployment: Deployment, role: Role, facts: Facts) -> Sequence[Call]:
    """Both tables: a function of either configuration then refuses."""
    region = region_of(deployment, role)
    tables = (facts.restored, facts.former)
    return [runbook.fence(deployment, region, at=facts.at, table=table) for table in tables]


def _unfence(deployment: Deployment, role: Role, facts: Facts) -> Sequence[Call]:
    region = region_of(deployment, role)
    return (runbook.unfence(deployment, region, at=facts.at, table=facts.restored),)


def _dynamodb(verb: str, action: str, deployment: Deployment, role: Role, table: str) -> Call:
    """A call that takes the name of a table and nothing else."""
    region = region_of(deployment, role)
    parameters: Mapping[str, Any] = {"TableName": table}
    return Call(
        purpose=f"{verb} {table} in {region}",
        service="dynamodb",
        action=action,
        region=region,
        parameters=parameters,
    )


MAKES: Mapping[Do, Make] = {
    Do.NOTE: _window,
    Do.RESTORE: _restore,
    Do.AWAIT_RESTORED: lambda deployment, role, facts: (describe(deployment, role, facts.restored),),
    Do.SETTINGS: lambda deployment, role, facts: table_settings.calls(deployment, role, facts.restored),
    Do.REPLICATE: lambda deployment, role, facts: table_settings.replica(deployment, role, facts.restored),
    Do.AWAIT_REPLICATED: lambda deployment, role, facts: (describe(deployment, role, facts.restored),),
    Do.VERIFY: lambda deployment, role, facts: (
        verify(deployment, role, facts.restored, least_users=facts.least_users),
    ),
    Do.FENCE: _fence,
    Do.AWAIT_DRAINED: lambda deployment, role, facts: marks.calls(deployment, role, facts.former, facts.at),
    Do.REPLAY: lambda deployment, role, facts: (replay(deployment, role, facts),),
    Do.UNFENCE: _unfence,
    Do.AWAIT_CONVERGED: lambda deployment, _role, facts: [
        call for role in Role for call in marks.calls(deployment, role, facts.restored, facts.at)
    ],
}

"""Which drills can be performed on AWS, and what stands in for those that cannot."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.drill.faults import FaultError
from pipeline.drill.flow import CONVERGED, break_, heal, move, outage, work
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import ALWAYS_UNTRIED, NO_FUNCTIONS, PARTIAL, PAUSED, PRIMARY, SCENARIOS, named
from pipeline.drill.step import FaultKind, Role

# Each fault that nobody can inject into a serverless Region, with the reason.
IMPOSSIBLE: Mapping[FaultKind, str] = {
    FaultKind.REGION_FROZEN: "nobody can freeze a Region of AWS, or cut it off",
    FaultKind.REGION_LOST: "nobody can lose a Region of AWS on purpose",
    FaultKind.TABLE_UNREACHABLE: (
        "functions outside a VPC reach DynamoDB through no network that could be cut, and nothing puts a "
        "policy that denies them the table right by itself"
    ),
    FaultKind.REPLICATION_DELAYED: "DynamoDB replicates or is paused, and cannot be told to be slow",
}
# The scenario to perform instead, by the one that was asked for.
NEAREST: Mapping[str, str] = {
    "region-outage": "api-outage",
    "region-loss": "api-outage",
    "table-outage": "api-outage",
    "replication-lag": "replication-pause",
    "flapping": "api-outage",
    "drill-killed": "api-outage",
}
BOTH_WAYS = "Replication that is paused in one direction alone: FIS denies it to the replica in both."
STOPPED = "No function of the API in the primary Region may run."
WHOLE_REGION = (
    "A Region that is gone as a whole: its table, and the control planes in it, are well all the time."
)

# Where others have a Region that freezes, these have functions that are stopped.
_ALL = (
    SCENARIOS["api-outage"],
    SCENARIOS["planned-switchover"],
    Scenario(
        name="replication-pause",
        hypothesis=(
            "Nothing has left the primary Region for a while when its functions are stopped: clients "
            "move, and nothing is lost."
        ),
        steps=outage(
            NO_FUNCTIONS,
            STOPPED,
            before=(break_(PAUSED, "Nothing leaves the primary Region."), work(20)),
            after=(heal(PAUSED),),
        ),
        not_tested=(
            BOTH_WAYS,
            WHOLE_REGION,
            "A pause of 20 hours, after which DynamoDB gives a replica up.",
            *ALWAYS_UNTRIED,
        ),
    ),
    Scenario(
        name="failback",
        hypothesis="After an outage traffic is led back on purpose, and no write is lost.",
        steps=(
            *outage(NO_FUNCTIONS, STOPPED),
            *move(PRIMARY.peer, begins=False),
            work(),
            CONVERGED,
        ),
        not_tested=(
            "A Region that dies while the other is fenced.",
            WHOLE_REGION,
            PARTIAL,
            *ALWAYS_UNTRIED,
        ),
    ),
)
AWS_SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in _ALL}


def scenario_on_aws(name: str) -> Scenario:
    """Return a scenario as it is performed on AWS.

    Raises:
        UnknownScenario: there is none of this name anywhere.
        FaultError: it cannot be performed there; the message says why, and which one comes nearest.
    """
    if name in AWS_SCENARIOS:
        return AWS_SCENARIOS[name]
    asked = named(name)
    reasons = [IMPOSSIBLE[fault.kind] for fault in asked.faults if fault.kind in IMPOSSIBLE]
    raise FaultError(
        f"{name} cannot be performed on AWS: {reasons[0] if reasons else 'nobody has tried it there'}. "
        f"The nearest is {NEAREST.get(name, 'api-outage')}; there are {', '.join(AWS_SCENARIOS)}."
    )


def require(kind: FaultKind, role: Role) -> None:
    """Raise FaultError for a fault that AWS cannot have, with the scenarios that can be performed."""
    if kind in IMPOSSIBLE:
        raise FaultError(
            f"{kind} ({role}) cannot be had on AWS: {IMPOSSIBLE[kind]}. What can be performed there is "
            f"{', '.join(AWS_SCENARIOS)}."
        )

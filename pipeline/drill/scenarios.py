"""The drills that there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.drill.flow import BEGINNING, CONVERGED, break_, heal, move, outage, work
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Do, Fault, FaultKind, Role, Step

PRIMARY = Role.PRIMARY
FROZEN = Fault(kind=FaultKind.REGION_FROZEN, role=PRIMARY)
LOST = Fault(kind=FaultKind.REGION_LOST, role=PRIMARY)
NO_FUNCTIONS = Fault(kind=FaultKind.FUNCTIONS_STOPPED, role=PRIMARY)
NO_TABLE = Fault(kind=FaultKind.TABLE_UNREACHABLE, role=PRIMARY)
LAGGING = Fault(kind=FaultKind.REPLICATION_DELAYED, role=PRIMARY, delay_ms=2_000)
PAUSED = Fault(kind=FaultKind.REPLICATION_PAUSED, role=PRIMARY)

OTHER_CLIENTS = "Clients other than these three kinds, such as those that retry nothing."
PARTIAL = "A Region that is slow, or fails some requests and not others."
BAD_WRITES = (
    "A bad write that is acknowledged: it is in both Regions within a second, and only a restore helps."
)
ALWAYS_UNTRIED = (OTHER_CLIENTS, BAD_WRITES)


class UnknownScenario(ValueError):
    """There is no scenario of this name."""


def named(name: str) -> Scenario:
    """Return the scenario of a name; raises UnknownScenario, which names those that there are."""
    if name not in SCENARIOS:
        raise UnknownScenario(f"There is no scenario {name!r}; known are {', '.join(SCENARIOS)}.")
    return SCENARIOS[name]


def _flap() -> Sequence[Step]:
    """Fail for less long than a health check takes to see it, and recover."""
    return (
        break_(FROZEN, "The primary Region freezes, not for long enough to be found dead."),
        work(12, "Clients wait for it.", least_seconds=4),  # a probe and a client lose their patience
        heal(FROZEN, "It goes on."),
        work(20),
    )


_ALL = (
    Scenario(
        name="region-outage",
        hypothesis="The primary Region stops answering, its disk survives: clients move, nothing is lost.",
        steps=outage(FROZEN, "The primary Region freezes: connections are accepted, and nothing answers."),
        not_tested=(PARTIAL, *ALWAYS_UNTRIED),
    ),
    Scenario(
        name="region-loss",
        hypothesis=(
            "The primary Region is gone with its disk: clients move, and what is lost is what had not been "
            "replicated yet, each write of it known."
        ),
        steps=outage(
            LOST,
            "The primary Region is killed, and its disk is wiped.",
            before=(break_(LAGGING, "Replication is slow, so that there is something to lose."), work(20)),
            after=(heal(LAGGING),),
        ),
        not_tested=("A Region that comes back with an old disk.", *ALWAYS_UNTRIED),
        loses_disk=True,
    ),
    Scenario(
        name="api-outage",
        hypothesis="The functions of the primary Region fail while its table is well: clients move.",
        steps=outage(NO_FUNCTIONS, "No function of the API in the primary Region may run."),
        not_tested=(PARTIAL, *ALWAYS_UNTRIED),
    ),
    Scenario(
        name="table-outage",
        hypothesis="The primary Region cannot reach its table while its functions run: clients move.",
        steps=outage(NO_TABLE, "No call to the table of the primary Region is answered."),
        not_tested=("A table that answers reads and refuses writes.", *ALWAYS_UNTRIED),
    ),
    Scenario(
        name="replication-lag",
        hypothesis="The primary Region freezes while the other is seconds behind: nothing is lost.",
        steps=outage(
            FROZEN,
            "The primary Region freezes.",
            before=(break_(LAGGING, "What leaves the primary Region takes seconds."), work(20)),
            after=(heal(LAGGING),),
        ),
        not_tested=ALWAYS_UNTRIED,
    ),
    Scenario(
        name="replication-pause",
        hypothesis="Nothing has left the primary Region for a while when it freezes: nothing is lost.",
        steps=outage(
            FROZEN,
            "The primary Region freezes.",
            before=(break_(PAUSED, "Nothing leaves the primary Region."), work(20)),
            after=(heal(PAUSED),),
        ),
        not_tested=("A pause of 20 hours, after which DynamoDB gives a replica up.", *ALWAYS_UNTRIED),
    ),
    Scenario(
        name="flapping",
        hypothesis="The primary Region comes and goes before it stays away: nothing is lost.",
        steps=outage(FROZEN, "The primary Region freezes for good.", before=(*_flap(), *_flap())),
        not_tested=ALWAYS_UNTRIED,
    ),
    Scenario(
        name="planned-switchover",
        hypothesis="Traffic is led to the secondary Region: no write is lost, or refused for long.",
        steps=(
            *BEGINNING,
            *move(PRIMARY, begins=True),
            work(),
            CONVERGED,
        ),
        not_tested=("A Region that dies while the other is fenced.", *ALWAYS_UNTRIED),
        gate=False,
        longest_refusal_seconds=60,
    ),
    Scenario(
        name="failback",
        hypothesis="After an outage traffic is led back on purpose, and no write is lost.",
        steps=(
            *outage(FROZEN, "The primary Region freezes."),
            *move(Role.SECONDARY, begins=False),
            work(),
            CONVERGED,
        ),
        not_tested=("A Region that dies while the other is fenced.", *ALWAYS_UNTRIED),
    ),
    Scenario(
        name="drill-killed",
        hypothesis="The drill dies while the primary Region is frozen: the watchdog heals, nothing is lost.",
        steps=(
            *BEGINNING,
            break_(FROZEN, "The primary Region freezes.", begins=True),
            work(20, "Clients suffer."),
            Step(do=Do.DIE, why="The drill is killed with signal 9, its clients with it."),
        ),
        not_tested=("A watchdog that dies too.", *ALWAYS_UNTRIED),
        gate=False,
    ),
)
SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in _ALL}

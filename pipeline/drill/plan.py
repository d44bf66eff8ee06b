"""What a drill would do, step by step, without doing any of it: what `--dry-run` prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline import runbook
from pipeline.config import Deployment
from pipeline.drill.faults import FaultError
from pipeline.drill.place import FENCE_SETTLES_S
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Do, Fault, FaultKind, Role, Step

# How a step that breaks or mends something is done, as lines for a shell or for people.
Breaks = Callable[[Step, Fault], Sequence[str]]
# The calls of the runbook that a step sends, by what it does.
CALLS: Mapping[Do, Callable[[Deployment, str], runbook.Call]] = {
    Do.STOP: runbook.stop,
    Do.START: runbook.start,
    Do.FENCE: lambda deployment, region: runbook.fence(deployment, region, at=runbook.SHELL_NOW),
    Do.UNFENCE: lambda deployment, region: runbook.unfence(deployment, region, at=runbook.SHELL_NOW),
}
AROUND: Mapping[Do, str] = {
    Do.START: "# in a minute of its own, since the highest value of a minute counts",
    Do.FENCE: f"# {FENCE_SETTLES_S:g} s, until every function has noticed",
}

ON_THIS_MACHINE: Mapping[FaultKind, str] = {
    FaultKind.REGION_FROZEN: "the process of the Region is stopped by SIGSTOP, and goes on by SIGCONT",
    FaultKind.REGION_LOST: "the Region is killed and its state wiped, and it is rebuilt from the other",
    FaultKind.FUNCTIONS_STOPPED: "the functions of the Region refuse to run, and run again",
    FaultKind.TABLE_UNREACHABLE: "the Region answers no call to its table, and answers again",
    FaultKind.REPLICATION_DELAYED: "what leaves the Region waits, and waits no more",
    FaultKind.REPLICATION_PAUSED: "nothing leaves the Region, and all of it does",
}


def plan(
    scenario: Scenario,
    deployment: Deployment,
    breaks: Breaks,
    *,
    endpoints: Mapping[str, str] | None = None,
) -> Sequence[str]:
    """Return what a drill of a deployment would do: lines that are comments, or commands for a shell.

    Nothing is called, and nothing has to be there: neither credentials nor a platform. `endpoints` are URLs
    by Region, where those are not AWS's own. Raises FaultError for a deployment without a domain.
    """
    if deployment.api.domain is None:
        raise FaultError(f"{deployment.name} has no domain, so nothing leads elsewhere in a drill.")
    lines = [f"# {scenario.name}, {deployment.name}: {scenario.hypothesis}"]
    for number, step in enumerate(scenario.steps, start=1):
        mark = " The outage begins." if step.begins_outage else " It ends." if step.ends_outage else ""
        lines += ["", f"# {number}/{len(scenario.steps)} {step.do}: {step.why}{mark}"]
        if step.fault is not None:
            lines += breaks(step, step.fault)
        else:
            lines += _lines(step, deployment, endpoints or {})
    return [*lines, "", "# Not tested:", *(f"#   {each}" for each in scenario.not_tested)]


def local_plan(
    scenario: Scenario, deployment: Deployment, *, endpoints: Mapping[str, str], time_scale: float = 1
) -> Sequence[str]:
    """Return what a drill on this machine would do; `endpoints` are URLs of its emulated Regions by name.

    Raises FaultError as `plan` does.
    """

    def breaks(_step: Step, fault: Fault) -> Sequence[str]:
        return [f"# {fault}: {ON_THIS_MACHINE[fault.kind]}"]

    head = [
        f"# On this machine, where time runs {time_scale:g} times as fast.",
        "# A watchdog, a process of its own, mends what the drill leaves, and ends one that takes too long.",
    ]
    return [*head, *plan(scenario, deployment, breaks, endpoints=endpoints)]


def region_of(deployment: Deployment, role: Role) -> str:
    """Return the name of a Region by its part."""
    return deployment.primary_region if role is Role.PRIMARY else deployment.secondary_region


def _lines(step: Step, deployment: Deployment, endpoints: Mapping[str, str]) -> Sequence[str]:
    """Return what a step does that neither breaks nor mends, after its own line."""
    found = [AROUND[step.do]] if step.do in AROUND else []
    if step.role is not None and step.do in CALLS:
        call = CALLS[step.do](deployment, region_of(deployment, step.role))
        endpoint = endpoints.get(call.region)
        found.append(f"AWS_ENDPOINT_URL={endpoint} {call.command}" if endpoint else call.command)
    elif step.seconds:
        most = "" if step.do is Do.CARRY_ON else " at the most"
        found.append(f"# {step.seconds:g} s{most}")
    return found

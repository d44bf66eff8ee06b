"""What a drill on AWS would do, with the calls and the rights that it needs; nothing is called."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipeline.config import Deployment
from pipeline.drill.aws import fis_calls
from pipeline.drill.aws.permission import permit
from pipeline.drill.aws.rights import policy
from pipeline.drill.aws.scenarios import require
from pipeline.drill.plan import plan, region_of
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Do, Fault, Role, Step


def aws_plan(scenario: Scenario, deployment: Deployment) -> Sequence[str]:
    """Return the plan of a drill on AWS: comments, commands for a shell, and at the end an IAM policy.

    Raises FaultError for a deployment that has no drills or no domain, or a fault that AWS cannot have.
    """
    minutes = permit(deployment).longest_minutes
    for fault in scenario.faults:
        require(fault.kind, fault.role)
    aborts = [fis_calls.abort(deployment, region_of(deployment, role)).command for role in Role]
    return [
        f"# On AWS, account {deployment.account}, with real TTLs. Not yet run there.",
        f"# Each experiment ends by itself after {minutes} minutes, or by its stop alarms in its own Region.",
        "# A watchdog, a process of its own, mends what the drill leaves: experiments, stops and fences.",
        *plan(scenario, deployment, lambda step, fault: _breaks(step, fault, deployment)),
        "",
        "# At any time, to call off every experiment:",
        *aborts,
        "",
        "# The role that drills is one of the account's own; it needs these rights. Each experiment acts",
        "# with a role of the Experiments stack, which its template names.",
        *(f"# {line}" for line in json.dumps(policy(deployment), indent=2).splitlines()),
    ]


def _breaks(step: Step, fault: Fault, deployment: Deployment) -> Sequence[str]:
    region = region_of(deployment, fault.role)
    lookup = fis_calls.template_lookup(deployment, fault.kind, region)
    if step.do is Do.BREAK:
        return [lookup, fis_calls.start(deployment, fault.kind, region).command]
    return [lookup, fis_calls.experiment_lookup(region), fis_calls.stop(fault.kind, region).command]

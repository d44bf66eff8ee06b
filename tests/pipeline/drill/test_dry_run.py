"""What `--dry-run` prints of a drill on this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline import runbook
from pipeline.config import LOCAL
from pipeline.drill.faults import FaultError
from pipeline.drill.plan import ON_THIS_MACHINE, local_plan
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import SCENARIOS
from pipeline.drill.step import Do, FaultKind

ENDPOINTS = {LOCAL.primary_region: "http://127.0.0.1:1", LOCAL.secondary_region: "http://127.0.0.1:2"}
ALL = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: str(each.name))


@ALL
def test_each_step_is_told_in_order(scenario: Scenario) -> None:
    lines = local_plan(scenario, LOCAL, endpoints=ENDPOINTS, time_scale=10)
    told = [line for line in lines if line[2:].split(" ")[0].endswith(f"/{len(scenario.steps)}")]
    assert [line.split(": ")[0] for line in told] == [
        f"# {number}/{len(scenario.steps)} {step.do}" for number, step in enumerate(scenario.steps, start=1)
    ]
    assert "10 times as fast" in lines[0]


@ALL
def test_each_signal_and_each_fence_is_the_call_of_the_runbook_to_the_endpoint_here(
    scenario: Scenario,
) -> None:
    commands = [line for line in local_plan(scenario, LOCAL, endpoints=ENDPOINTS) if " aws " in line]
    assert len(commands) == sum(
        step.do in (Do.STOP, Do.START, Do.FENCE, Do.UNFENCE) for step in scenario.steps
    )
    known = {f"AWS_ENDPOINT_URL={ENDPOINTS[call.region]} {call.command}" for call in runbook.calls(LOCAL)}
    assert set(commands) <= known


@ALL
def test_the_outage_begins_once_and_the_reader_sees_where(scenario: Scenario) -> None:
    text = "\n".join(local_plan(scenario, LOCAL, endpoints=ENDPOINTS))
    assert text.count("The outage begins.") == 1
    assert text.count("It ends.") == 1 - scenario.dies


def test_every_fault_is_explained() -> None:
    assert set(ON_THIS_MACHINE) == set(FaultKind)


def test_without_a_domain_there_is_no_plan() -> None:
    with pytest.raises(FaultError, match="has no domain"):
        local_plan(
            SCENARIOS["region-outage"], replace(LOCAL, api=replace(LOCAL.api, domain=None)), endpoints={}
        )

"""Which drills AWS can perform, and what is said of the others."""

import pytest

from pipeline.config import BETA
from pipeline.drill.aws.scenarios import AWS_SCENARIOS, IMPOSSIBLE, NEAREST, require, scenario_on_aws
from pipeline.drill.faults import FaultError
from pipeline.drill.place import FENCE_SETTLES_S
from pipeline.drill.scenarios import SCENARIOS, UnknownScenario
from pipeline.drill.step import Do, FaultKind, Role


def test_no_fault_of_a_drill_on_aws_is_one_that_aws_cannot_have() -> None:
    assert {fault.kind for scenario in AWS_SCENARIOS.values() for fault in scenario.faults} == {
        FaultKind.FUNCTIONS_STOPPED,
        FaultKind.REPLICATION_PAUSED,
    }


def test_every_fault_is_either_had_or_refused_with_a_reason() -> None:
    had = {FaultKind.FUNCTIONS_STOPPED, FaultKind.REPLICATION_PAUSED}
    assert set(IMPOSSIBLE) | had == set(FaultKind)
    for kind in had:
        require(kind, Role.PRIMARY)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_is_performed_or_refused_with_the_nearest(name: str) -> None:
    if name in AWS_SCENARIOS:
        assert scenario_on_aws(name).name == name
        return
    with pytest.raises(
        FaultError, match=f"{name} cannot be performed on AWS: .* nearest is {NEAREST[name]};"
    ):
        scenario_on_aws(name)
    assert NEAREST[name] in AWS_SCENARIOS


def test_a_scenario_that_is_nowhere_is_unknown() -> None:
    with pytest.raises(UnknownScenario, match="no scenario 'flood'"):
        scenario_on_aws("flood")


@pytest.mark.parametrize("scenario", AWS_SCENARIOS.values(), ids=lambda each: str(each.name))
def test_whatever_is_broken_is_mended_before_an_experiment_ends_by_itself(scenario: object) -> None:
    """An experiment that ends first would end the outage, and the drill would not have."""
    steps, open_since, most = getattr(scenario, "steps", ()), {}, 0.0
    at = 0.0
    for step in steps:
        if step.do is Do.BREAK:
            open_since[step.fault] = at
            at += 408 if step.fault.kind is FaultKind.REPLICATION_PAUSED else 90
        if step.do is Do.HEAL:
            most = max(most, at - open_since.pop(step.fault))
        at += step.seconds + (FENCE_SETTLES_S if step.do is Do.FENCE else 0)
    assert open_since == {}
    assert BETA.drills
    assert most < BETA.drills.longest_minutes * 60

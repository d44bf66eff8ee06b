"""The drills that there are: each can be judged, and leaves nothing broken."""

from __future__ import annotations

import dataclasses
import re

import pytest

from pipeline.drill.flow import work
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import FROZEN, PAUSED, SCENARIOS, UnknownScenario, named
from pipeline.drill.step import Do, Fault, FaultKind, Role, Step

EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: str(scenario.name))


def test_there_is_one_for_each_way_in_which_a_region_is_lost_or_left() -> None:
    assert list(SCENARIOS) == [
        "region-outage",
        "region-loss",
        "api-outage",
        "table-outage",
        "replication-lag",
        "replication-pause",
        "flapping",
        "planned-switchover",
        "failback",
        "drill-killed",
    ]


@EVERY
def test_it_mends_what_it_breaks_unless_it_dies(scenario: Scenario) -> None:
    broken: list[Fault] = []
    for step in scenario.steps:
        if step.do is Do.BREAK and step.fault:
            assert step.fault not in broken
            broken.append(step.fault)
        elif step.do is Do.HEAL and step.fault:
            broken.remove(step.fault)
    assert bool(broken) is scenario.dies


@EVERY
def test_no_two_regions_are_fenced_for_longer_than_it_takes_to_drain_one(scenario: Scenario) -> None:
    fenced: set[Role] = set()
    for step in scenario.steps:
        if step.do is Do.FENCE and step.role:
            fenced.add(step.role)
        elif step.do is Do.UNFENCE and step.role:
            fenced.remove(step.role)
        elif fenced == set(Role):
            assert step.do is Do.AWAIT_DRAINED
    assert fenced == set()


@EVERY
def test_a_region_is_only_fenced_where_the_other_stops_before_it_starts(scenario: Scenario) -> None:
    """Never do both take writes while DNS leads to the one and then to the other."""
    fenced: set[Role] = set()
    for step in scenario.steps:
        if step.do is Do.FENCE and step.role:
            fenced.add(step.role)
        if step.do is Do.UNFENCE and step.role and step.role.peer in fenced:
            fenced.remove(step.role)
        if scenario.name == "planned-switchover" and step.do in (Do.STOP, Do.AWAIT_ANSWERED):
            assert fenced


@EVERY
def test_it_says_what_it_believes_and_what_it_does_not_try(scenario: Scenario) -> None:
    assert scenario.hypothesis.endswith(".")
    assert scenario.not_tested
    assert all(step.why.endswith(".") for step in scenario.steps)


@EVERY
def test_what_waits_has_a_limit(scenario: Scenario) -> None:
    for step in scenario.steps:
        assert (step.seconds > 0) is (step.do is Do.CARRY_ON or step.do.startswith("await"))


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(
        UnknownScenario, match=r"no scenario .earthquake.; known are region-outage, .*drill-killed"
    ):
        named("earthquake")


def test_an_outage_begins_once() -> None:
    scenario = named("region-outage")
    for steps in ([work()], [*scenario.steps, *scenario.steps]):
        with pytest.raises(
            ValueError, match="region-outage must have exactly one step that begins the outage"
        ):
            dataclasses.replace(scenario, steps=steps)


def test_an_outage_ends_unless_the_drill_dies() -> None:
    scenario = named("region-outage")
    unended = [dataclasses.replace(step, ends_outage=False) for step in scenario.steps]
    with pytest.raises(
        ValueError, match="region-outage must have exactly one step that ends the outage, or die"
    ):
        dataclasses.replace(scenario, steps=unended)
    dying = [*unended, Step(do=Do.DIE, why="It dies.")]
    assert dataclasses.replace(scenario, steps=dying).dies


def test_faults_are_listed_once_in_their_order() -> None:
    assert named("flapping").faults == [FROZEN]
    assert named("replication-pause").faults == [PAUSED, FROZEN]


@pytest.mark.parametrize(
    ("do", "fields", "message"),
    [
        (Do.BREAK, {}, "A step that does break must name a fault, and no other may."),
        (Do.CARRY_ON, {"fault": FROZEN, "seconds": 1}, "A step that does carry-on must name a fault"),
        (Do.STOP, {}, "A step that does stop must have a role."),
        (Do.AWAIT_CONVERGED, {"role": Role.PRIMARY}, "A step that does await-converged has no role."),
        (Do.CARRY_ON, {}, "A step that carries on must say for how many seconds."),
    ],
)
def test_a_step_that_lacks_something_is_refused(do: Do, fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Step(do=do, why="It cannot be.", **fields)  # type: ignore[arg-type]


def test_a_fault_is_named_with_its_region() -> None:
    fault = Fault(kind=FaultKind.TABLE_UNREACHABLE, role=Role.SECONDARY)
    assert str(fault) == "table-unreachable (secondary)"

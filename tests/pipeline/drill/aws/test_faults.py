"""Faults on AWS: what is broken when a call returns, what is mended, and what is refused before."""

import pytest

from pipeline.config import BETA
from pipeline.drill.aws.faults import AwsFaults
from pipeline.drill.faults import FaultError
from pipeline.drill.step import Fault, FaultKind, Role
from tests.pipeline.drill.aws.account import CAP_S, EFFECT_S, PAUSE_TAKES_S, START_S, World

STOPPED = Fault(kind=FaultKind.FUNCTIONS_STOPPED, role=Role.PRIMARY)
PAUSED = Fault(kind=FaultKind.REPLICATION_PAUSED, role=Role.PRIMARY)
BOTH = pytest.mark.parametrize("fault", [STOPPED, PAUSED], ids=str)


@pytest.fixture
def world() -> World:
    return World()


def faults(world: World) -> AwsFaults:
    return AwsFaults(BETA, world.regions, sleep=world.sleep, clock=lambda: world.now)


def broken(world: World, fault: Fault) -> bool:
    return world.broken(fault.kind, world.regions[fault.role].name)


@BOTH
def test_it_is_broken_when_that_returns_and_not_in_the_other_region(world: World, fault: Fault) -> None:
    at = faults(world)
    at.prepare(fault)
    at.inject(fault)
    assert broken(world, fault)
    assert not broken(world, Fault(kind=fault.kind, role=Role.SECONDARY))
    (experiment,) = world.experiments
    assert experiment.tags == {"Deployment": "beta", "Fault": fault.kind}


@pytest.mark.parametrize(("fault", "takes"), [(STOPPED, EFFECT_S), (PAUSED, PAUSE_TAKES_S)], ids=str)
def test_the_outage_does_not_count_from_before_anything_broke(
    world: World, fault: Fault, takes: float
) -> None:
    began, at = world.now, faults(world)
    struck_at = at.inject(fault)
    broke = began + START_S + takes
    assert struck_at is not None
    assert broke - 20 <= struck_at <= broke


def test_the_outage_counts_from_the_first_function_that_stopped(world: World) -> None:
    world.slow = {"a-Query-3": 30}
    began = world.now
    struck_at = faults(world).inject(STOPPED)
    assert struck_at is not None
    assert began + START_S <= struck_at <= began + START_S + EFFECT_S
    assert world.now >= began + START_S + EFFECT_S + 30


@BOTH
def test_what_was_not_seen_to_be_well_since_counts_from_when_it_was_begun(world: World, fault: Fault) -> None:
    faults(world).inject(fault)
    at = faults(world)
    began = world.now
    struck_at = at.inject(fault)
    assert struck_at == began


@BOTH
def test_it_is_whole_when_that_returns(world: World, fault: Fault) -> None:
    at = faults(world)
    at.inject(fault)
    at.undo(fault)
    world.sleep(10)
    assert not broken(world, fault)
    assert [world.state(each) for each in world.experiments] == ["stopped"]


def test_functions_are_in_service_when_that_returns_though_the_experiment_ended_before(world: World) -> None:
    at = faults(world)
    at.inject(STOPPED)
    at.undo(STOPPED)
    assert not broken(world, STOPPED)


@BOTH
def test_another_process_mends_what_this_one_broke(world: World, fault: Fault) -> None:
    faults(world).inject(fault)
    faults(world).undo(fault)
    assert [world.state(each) for each in world.experiments] == ["stopped"]


@BOTH
def test_to_mend_what_is_whole_changes_nothing(world: World, fault: Fault) -> None:
    faults(world).undo(fault)
    assert world.experiments == []


@BOTH
def test_what_ended_by_itself_is_left_alone(world: World, fault: Fault) -> None:
    faults(world).inject(fault)
    world.sleep(CAP_S + 60)
    faults(world).undo(fault)
    assert [(each.stopped_at, world.state(each)) for each in world.experiments] == [(None, "completed")]


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.REGION_FROZEN,
        FaultKind.REGION_LOST,
        FaultKind.TABLE_UNREACHABLE,
        FaultKind.REPLICATION_DELAYED,
    ],
)
def test_what_aws_cannot_have_is_refused_before_anything_is_broken(world: World, kind: FaultKind) -> None:
    fault, at = Fault(kind=kind, role=Role.PRIMARY), faults(world)
    for act in (at.prepare, at.inject, at.undo):
        with pytest.raises(FaultError, match=rf"{kind} \(primary\) cannot be had on AWS: .*api-outage"):
            act(fault)
    assert world.experiments == []


@pytest.mark.parametrize("count", [0, 2])
def test_without_exactly_one_template_nothing_begins(world: World, count: int) -> None:
    templates = world.templates[BETA.primary_region]
    world.templates[BETA.primary_region] = [
        t for t in templates if t["tags"]["Fault"] == STOPPED.kind
    ] * count
    with pytest.raises(FaultError, match=f"has {count} experiment templates for functions-stopped of beta"):
        faults(world).prepare(STOPPED)


def test_a_template_of_another_deployment_is_not_taken(world: World) -> None:
    for template in world.templates[BETA.primary_region]:
        template["tags"]["Deployment"] = "gamma"
    with pytest.raises(FaultError, match="has 0 experiment templates"):
        faults(world).prepare(PAUSED)


@BOTH
def test_one_that_is_under_way_is_not_begun_again(world: World, fault: Fault) -> None:
    faults(world).inject(fault)
    with pytest.raises(FaultError, match="EXP0 is under way already"):
        faults(world).prepare(fault)


def test_functions_that_nobody_put_back_are_found_before_a_drill_with_the_calls_that_do(world: World) -> None:
    faults(world).inject(STOPPED)
    world.restores = False
    world.sleep(CAP_S + 60)
    with pytest.raises(FaultError, match=r"put-function-concurrency --region eu-west-1 .*a-Crud-1"):
        faults(world).prepare(STOPPED)


def test_functions_that_stay_out_of_service_are_told_with_the_calls_that_put_them_back(world: World) -> None:
    at = faults(world)
    at.inject(STOPPED)
    world.restores = False
    with pytest.raises(FaultError, match=r'By hand: aws lambda .*"ReservedConcurrentExecutions":20') as told:
        at.undo(STOPPED)
    assert str(told.value).count("aws lambda put-function-concurrency") == 3


@pytest.mark.parametrize("status", ["failed", "stopped", "cancelled"])
def test_an_experiment_that_does_not_run_is_told_with_its_reason(world: World, status: str) -> None:
    world.ends_in = status
    with pytest.raises(FaultError, match=rf"EXP0 for functions-stopped in eu-west-1 is {status} \(because\)"):
        faults(world).inject(STOPPED)


@BOTH
def test_an_experiment_that_breaks_nothing_is_told(world: World, fault: Fault) -> None:
    world.works = False
    with pytest.raises(FaultError, match="the experiment runs, and nothing broke"):
        faults(world).inject(fault)


def test_where_fis_is_deaf_the_stop_alarm_is_signalled_and_the_end_is_told(world: World) -> None:
    at = faults(world)
    at.inject(PAUSED)
    world.deaf.add("fis")
    with pytest.raises(FaultError, match=r"called off by its stop alarm.* 20 minutes after it began"):
        at.undo(PAUSED)
    ((region, sent),) = world.signals
    assert (region, sent["Namespace"]) == ("eu-west-1", "UsersDrills")
    (datum,) = sent["MetricData"]
    assert (datum["MetricName"], datum["Value"]) == ("Abort", 1)
    assert {each["Name"]: each["Value"] for each in datum["Dimensions"]} == {
        "Service": "users-beta",
        "Region": "eu-west-1",
    }


def test_where_nothing_answers_the_call_is_told_that_calls_it_off(world: World) -> None:
    world.deaf |= {"fis", "cloudwatch"}
    with pytest.raises(FaultError, match=r"Nor could it be called off .*aws cloudwatch put-metric-data"):
        faults(world).undo(PAUSED)


@BOTH
def test_what_cannot_be_looked_at_is_not_broken(world: World, fault: Fault) -> None:
    world.deaf.add("fis")
    with pytest.raises(FaultError, match="cannot be prepared"):
        faults(world).prepare(fault)
    with pytest.raises(FaultError, match="cannot be injected"):
        faults(world).inject(fault)

"""The checks of experiments find each planted fault."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from stacks import drills
from tests.stacks.assembly import Assembly
from tests.stacks.breaking import experiments, faults


@pytest.fixture
def sound(assembly: Assembly) -> dict[str, Any]:
    return copy.deepcopy(dict(assembly.stacks["BetaPrimary-Experiments"].template))


def experiment(template: dict[str, Any], fault: str) -> dict[str, Any]:
    found = experiments(template)[fault]
    assert isinstance(found, dict)
    return found


def steps(template: dict[str, Any]) -> list[dict[str, Any]]:
    (document,) = [each for each in template["Resources"].values() if each["Type"] == "AWS::SSM::Document"]
    found: list[dict[str, Any]] = document["Properties"]["Content"]["mainSteps"]
    return found


def without_stops(template: dict[str, Any]) -> None:
    experiment(template, drills.REPLICATION_PAUSED)["StopConditions"] = [{"Source": "none"}]


def stopped_from_elsewhere(template: dict[str, Any]) -> None:
    arn = "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:users-beta-stop-eu-west-1"
    experiment(template, drills.REPLICATION_PAUSED)["StopConditions"][0]["Value"] = arn


def too_long(template: dict[str, Any]) -> None:
    (action,) = experiment(template, drills.REPLICATION_PAUSED)["Actions"].values()
    action["Parameters"]["duration"] = "PT21H"


def without_a_cap(template: dict[str, Any]) -> None:
    (action,) = experiment(template, drills.FUNCTIONS_STOPPED)["Actions"].values()
    del action["Parameters"]["maxDuration"]


def not_logged(template: dict[str, Any]) -> None:
    del experiment(template, drills.FUNCTIONS_STOPPED)["LogConfiguration"]


def untagged(template: dict[str, Any]) -> None:
    del experiment(template, drills.FUNCTIONS_STOPPED)["Tags"]["Deployment"]


def leaves_on_cancel(template: dict[str, Any]) -> None:
    del steps(template)[2]["onCancel"]


def leaves_on_failure(template: dict[str, Any]) -> None:
    steps(template)[1]["onFailure"] = "Abort"


def never_restores(template: dict[str, Any]) -> None:
    steps(template).pop()


def waits_too_long(template: dict[str, Any]) -> None:
    steps(template)[2]["inputs"]["Duration"] = "PT3H"


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (without_stops, "is stopped by no alarm."),
        (stopped_from_elsewhere, "alarm of another Region, with which it does not start."),
        (too_long, "may last for longer than 20 minutes."),
        (without_a_cap, "may last for longer than 20 minutes."),
        (not_logged, "is not logged."),
        (untagged, "cannot be found by its tags."),
        (leaves_on_cancel, "puts nothing right onCancel of hold."),
        (leaves_on_failure, "puts nothing right onFailure of stop."),
        (never_restores, "puts nothing right at its end."),
        (waits_too_long, "waits for longer than 20 minutes."),
    ],
)
def test_a_planted_fault_is_found(
    sound: dict[str, Any], plant: Callable[[dict[str, Any]], None], told: str
) -> None:
    plant(sound)
    (found,) = faults(sound, region="eu-west-1", longest_minutes=20)
    assert found.endswith(told)

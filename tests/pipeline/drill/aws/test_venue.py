"""AWS as a venue of drills."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pipeline.config import BETA, PROD, Deployment
from pipeline.drill.aws.plan import aws_plan
from pipeline.drill.aws.scenarios import AWS_SCENARIOS
from pipeline.drill.aws.venue import AwsVenue
from pipeline.drill.faults import FaultError
from pipeline.drill.performance import Folder
from pipeline.drill.scenarios import named
from pipeline.drill.whole import Venue
from tests.pipeline.drill.aws.test_place import Account, record

VENUE: Venue = AwsVenue(deployment=BETA)


def test_it_performs_what_aws_can_and_says_how_to_run_it_again() -> None:
    assert VENUE.scenario("failback") is AWS_SCENARIOS["failback"]
    with pytest.raises(FaultError, match="nearest is api-outage"):
        VENUE.scenario("region-outage")
    assert VENUE.command == "make drill ON=beta"
    assert VENUE.usual in AWS_SCENARIOS


def test_its_plan_is_that_of_aws() -> None:
    scenario = AWS_SCENARIOS["planned-switchover"]
    assert VENUE.plan(scenario) == aws_plan(scenario, BETA)


def test_it_is_opened_after_a_look_at_what_is_there(tmp_path: Path) -> None:
    account = Account(record("eu-west-1"), record("eu-central-1"))
    with AwsVenue(deployment=BETA, connect=account.connect).opened(Folder(path=tmp_path / "drill")) as place:
        assert place.deployment is BETA


@pytest.mark.parametrize(
    ("deployment", "time_scale", "says"),
    [(BETA, 10, "one scale"), (PROD, 1, "prod is not to be drilled on AWS")],
)
def test_what_must_not_be_drilled_is_refused_before_any_call(
    deployment: Deployment, time_scale: float, says: str
) -> None:
    account = Account()
    with pytest.raises(FaultError, match=says):
        AwsVenue(deployment=deployment, time_scale=time_scale, connect=account.connect)
    assert account.made == []


def test_no_drill_dies_there_on_purpose(tmp_path: Path) -> None:
    with pytest.raises(FaultError, match="no drill is killed on purpose"):
        asyncio.run(VENUE.perform_and_die(named("drill-killed"), Folder(path=tmp_path), print))

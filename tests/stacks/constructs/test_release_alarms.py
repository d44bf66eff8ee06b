"""What sends a release of any function of the API back: too many 5xx, or answers that take too long."""

from tests.stacks.assembly import Resource
from tests.stacks.constructs.conftest import PlacedApi
from tests.stacks.watched import watched

METRICS = ("5XXError", "Latency")


def alarm(placed: PlacedApi, metric: str) -> Resource:
    """The alarm on a metric of API Gateway."""
    alarms = placed.stack.of_type("AWS::CloudWatch::Alarm").values()
    (found,) = (
        each for each in alarms if (watched(each).namespace, watched(each).name) == ("AWS/ApiGateway", metric)
    )
    return found


def test_both_watch_the_stage_of_this_api(placed: PlacedApi) -> None:
    name = placed.stack.only("AWS::ApiGateway::RestApi")["Properties"]["Name"]
    stage = placed.stack.only("AWS::ApiGateway::Stage")["Properties"]["StageName"]
    for metric in METRICS:
        assert watched(alarm(placed, metric)).dimensions == {"ApiName": name, "Stage": stage}


def test_the_api_is_named_as_its_alarms_look_for_it(placed: PlacedApi) -> None:
    assert placed.stack.only("AWS::ApiGateway::RestApi")["Properties"]["Name"] == placed.deployment.service


def test_a_seventh_of_a_canary_that_fails_is_enough(placed: PlacedApi) -> None:
    errors = alarm(placed, "5XXError")
    assert watched(errors).statistic == "Average"
    canary_share = 0.1
    assert 0.1 < errors["Properties"]["Threshold"] / canary_share < 1 / 6
    budget = 1 - placed.deployment.objectives.availability_percent / 100
    assert (
        errors["Properties"]["Threshold"] > 10 * budget
    )  # and it is no alarm on a day that keeps the promise


def test_the_latency_that_is_promised_is_the_one_that_is_watched(placed: PlacedApi) -> None:
    latency = alarm(placed, "Latency")
    assert watched(latency).statistic == "p99"
    assert latency["Properties"]["Threshold"] == placed.deployment.objectives.latency_ms


def test_they_decide_within_the_canary(placed: PlacedApi) -> None:
    for metric in METRICS:
        found = alarm(placed, metric)
        seconds = watched(found).period * found["Properties"]["EvaluationPeriods"]
        assert seconds < placed.deployment.functions.canary_minutes * 60
        assert found["Properties"]["TreatMissingData"] == "notBreaching"


def test_people_are_told_as_well(placed: PlacedApi) -> None:
    topic = f"arn:aws:sns:{placed.region}:{placed.deployment.account}:{placed.deployment.service}-alarms"
    for each in placed.stack.of_type("AWS::CloudWatch::Alarm").values():
        assert each["Properties"]["AlarmActions"] == [topic]

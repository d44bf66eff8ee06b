"""The alarm on functions that Lambda did not start."""

from tests.stacks.alarms import watched
from tests.stacks.assembly import Assembly


def test_all_functions_of_the_region_are_watched_whatever_their_names(assembly: Assembly) -> None:
    stack = assembly.stacks["BetaPrimary-Observability"]
    (alarm,) = (
        each["Properties"]
        for id_, each in stack.of_type("AWS::CloudWatch::Alarm").items()
        if id_.startswith("FunctionThrottles")
    )
    (metric,) = watched(alarm)
    assert (metric["Namespace"], metric["MetricName"], metric["Dimensions"]) == (
        "AWS/Lambda",
        "Throttles",
        {},
    )
    assert (metric["Stat"], metric["Period"]) == ("Sum", 60)
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (10, 5, 3)

"""A failover rests on data planes."""

from __future__ import annotations

import pytest

from pipeline.drill.control_plane import DATA_PLANE, forbidden_calls, is_control_plane
from pipeline.drill.timeline import CallMade
from tests.pipeline.drill.made import T


@pytest.mark.parametrize(
    ("service", "action"),
    [
        ("route53", "ChangeResourceRecordSets"),
        ("route53", "UpdateHealthCheck"),
        ("route53", "CreateHealthCheck"),
        ("route53.amazonaws.com", "ListResourceRecordSets"),
        ("iam", "CreateRole"),
        ("iam", "GetRole"),
        ("cloudformation", "UpdateStack"),
        ("lambda", "UpdateFunctionConfiguration"),
        ("lambda", "PutFunctionConcurrency"),
        ("lambda", "CreateFunction"),
        ("dynamodb", "CreateTable"),
        ("dynamodb", "UpdateTable"),
        ("dynamodb.amazonaws.com", "DescribeTable"),
        ("cloudwatch", "PutMetricAlarm"),
        ("apigateway", "POST"),
        ("something-new", "DoIt"),
    ],
)
def test_what_manages_resources_is_a_control_plane(service: str, action: str) -> None:
    assert is_control_plane(service, action)


@pytest.mark.parametrize(
    ("service", "action"),
    [
        ("dynamodb", "TransactWriteItems"),
        ("DynamoDB", "GetItem"),
        ("streams.dynamodb.amazonaws.com", "GetRecords"),
        ("lambda.amazonaws.com", "Invoke"),
        ("cloudwatch", "PutMetricData"),
        ("monitoring.amazonaws.com", "PutMetricData"),
        ("sts", "AssumeRole"),
        ("route53-recovery-cluster", "UpdateRoutingControlStates"),
    ],
)
def test_what_serves_requests_is_a_data_plane(service: str, action: str) -> None:
    assert not is_control_plane(service, action)


def test_no_action_of_a_global_control_plane_is_allowed() -> None:
    assert DATA_PLANE.keys().isdisjoint({"route53", "iam", "cloudformation", "apigateway", "fis"})


def test_calls_between_fault_and_recovery_are_found_and_others_are_not() -> None:
    def bad(at: float) -> CallMade:
        return CallMade(at=at, service="route53", action="ChangeResourceRecordSets")

    calls = [
        bad(T - 0.1),
        bad(T + 4),
        CallMade(at=T + 5, service="dynamodb", action="PutItem"),
        CallMade(at=T + 6, service="lambda", action="PutFunctionConcurrency", by_drill=True),
        bad(T + 10.1),
    ]
    (found,) = forbidden_calls(calls, start=T, end=T + 10)
    assert found.evidence == ("route53:ChangeResourceRecordSets", f"{T + 4:.3f}")
    assert "4.000 s after the fault" in found.sentence

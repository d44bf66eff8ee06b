"""Sizes that AWS would refuse are refused here, by a sentence that names the field."""

import dataclasses
import re
from typing import Any

import pytest

from pipeline.config import BETA
from stacks.sizing import (
    CANARY_MINUTES,
    LOWEST_RATE,
    ApiPolicy,
    FunctionPolicy,
    FunctionSize,
    JobSize,
    LogPolicy,
    Throttle,
)


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (FunctionSize, {"memory_mb": 127, "timeout_seconds": 1}, "memory_mb must be between 128 and 10240"),
        (
            FunctionSize,
            {"memory_mb": 10_241, "timeout_seconds": 1},
            "memory_mb must be between 128 and 10240",
        ),
        (FunctionSize, {"memory_mb": 128, "timeout_seconds": 0}, "timeout_seconds must be between 1 and 29"),
        (FunctionSize, {"memory_mb": 128, "timeout_seconds": 30}, "timeout_seconds must be between 1 and 29"),
        (
            FunctionSize,
            {"memory_mb": 128, "timeout_seconds": 1, "reserved_concurrency": -1},
            "reserved_concurrency must be at least 0, not -1.",
        ),
        (JobSize, {"memory_mb": 128, "timeout_seconds": 901}, "timeout_seconds must be between 1 and 900"),
        (JobSize, {"memory_mb": 127, "timeout_seconds": 900}, "memory_mb must be between 128 and 10240"),
        (Throttle, {"requests_per_second": 0, "burst": 1}, "requests_per_second must be at least 1, not 0."),
        (Throttle, {"requests_per_second": 1, "burst": 0}, "burst must be at least 1, not 0."),
        (LogPolicy, {"retention_days": 0, "retain": True}, "retention_days must be one of 1, 3, 5, 7,"),
        (LogPolicy, {"retention_days": 8, "retain": True}, "retention_days must be one of 1, 3, 5, 7,"),
    ],
)
def test_an_impossible_size_is_refused(kind: type[Any], values: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        kind(**values)


def test_a_function_may_be_stopped_by_reserving_nothing() -> None:
    assert FunctionSize(memory_mb=128, timeout_seconds=1, reserved_concurrency=0).reserved_concurrency == 0


def test_what_no_client_waits_for_may_run_for_as_long_as_lambda_lets_it() -> None:
    assert JobSize(memory_mb=128, timeout_seconds=900).timeout_seconds == 900


@pytest.mark.parametrize("minutes", [0, 1, 7, 60])
def test_a_canary_that_codedeploy_does_not_know_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match=f"canary_minutes must be one of 5, 10, 15, 30, not {minutes}."):
        dataclasses.replace(BETA.functions, canary_minutes=minutes)


@pytest.mark.parametrize("minutes", CANARY_MINUTES)
def test_the_canaries_of_codedeploy_are_accepted(minutes: int) -> None:
    policy: FunctionPolicy = dataclasses.replace(BETA.functions, canary_minutes=minutes)
    assert policy.canary_minutes == minutes


def test_a_rate_that_waf_does_not_count_is_refused() -> None:
    policy: ApiPolicy = dataclasses.replace(BETA.api, requests_per_address=LOWEST_RATE)
    assert policy.requests_per_address == 10
    with pytest.raises(ValueError, match=r"requests_per_address must be at least 10, not 9\."):
        dataclasses.replace(policy, requests_per_address=LOWEST_RATE - 1)

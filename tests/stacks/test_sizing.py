"""Sizes that AWS would refuse are refused here, by a sentence that names the field."""

import re
from typing import Any

import pytest

from stacks.sizing import FunctionSize, LogPolicy, Throttle


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

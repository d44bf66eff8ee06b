"""The log of calls is bounded, and says what it no longer has."""

from __future__ import annotations

from pipeline.local.emulator.call_log import Call, CallLog
from pipeline.local.emulator.operation import Operation

GET = Operation("dynamodb", "GetItem")


def log_of(*times: float, limit: int = 3) -> CallLog:
    log = CallLog(began=0.5, limit=limit)
    for at in times:
        log.add(at, GET, "users")
    return log


def test_calls_are_found_by_time_both_ends_included() -> None:
    assert log_of(1, 2, 3).between(1, 2) == [
        Call(1, "dynamodb", "GetItem", "users"),
        Call(2, "dynamodb", "GetItem", "users"),
    ]


def test_nothing_is_known_from_before_it_began() -> None:
    assert log_of(1, 2, 3).complete_since == 0.5


def test_the_oldest_call_makes_room_and_that_is_said() -> None:
    log = log_of(1, 2, 3, 4, 5)
    assert [call.at for call in log.between(0, 9)] == [3, 4, 5]
    assert log.complete_since == 3


def test_a_log_of_one_call_says_so_too() -> None:
    assert log_of(1, 2, limit=1).complete_since == 2

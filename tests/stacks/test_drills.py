"""How long anything may be broken on purpose."""

import re

import pytest

from stacks.drills import LONGEST_MINUTES, AbortSignal, Drills


@pytest.mark.parametrize("minutes", [0, -1, LONGEST_MINUTES + 1, 20 * 60])
def test_a_time_that_is_none_or_that_could_cost_a_replica_is_refused(minutes: int) -> None:
    message = f"longest_minutes must be between 1 and 60, not {minutes}."
    with pytest.raises(ValueError, match=re.escape(message)):
        Drills(longest_minutes=minutes)


@pytest.mark.parametrize("minutes", [1, 20, LONGEST_MINUTES])
def test_a_time_in_between_is_taken(minutes: int) -> None:
    assert Drills(longest_minutes=minutes).longest_minutes == minutes


def test_a_signal_is_of_one_service_and_one_region() -> None:
    signal = AbortSignal(service="users-beta", region="eu-west-1")
    assert signal.dimensions == {"Service": "users-beta", "Region": "eu-west-1"}

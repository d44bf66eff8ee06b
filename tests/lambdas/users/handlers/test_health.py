from collections.abc import Callable
from typing import Any

from lambdas.users.adapters.register import MemoryRegister
from lambdas.users.domain.region_state import RegionState


def test_a_healthy_region_says_which_it_is(call: Callable[..., Any]) -> None:
    answer = call("GET", "/health")
    assert answer.status == 200
    assert answer.json == {"status": "ok", "region": "eu-west-1"}


def test_a_fenced_region_is_healthy(call: Callable[..., Any], register: MemoryRegister) -> None:
    register.change(RegionState.FENCED)
    assert call("GET", "/health").status == 200

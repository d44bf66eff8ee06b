from collections.abc import Callable
from typing import Any


def test_a_healthy_region_says_which_it_is(call: Callable[..., Any]) -> None:
    answer = call("GET", "/health")
    assert answer.status == 200
    assert answer.json == {"status": "ok", "region": "eu-west-1"}

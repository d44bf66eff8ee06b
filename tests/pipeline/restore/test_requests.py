"""The requests by which one user is put back: to the API alone, by its name or that of a Region."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.config import PROD
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.restore.facts import Facts
from pipeline.restore.requests import HttpCall, requests
from pipeline.restore.scenarios import named
from pipeline.restore.step import Do
from tests.pipeline.restore.sending import commands_of

FACTS = Facts(
    former="users-prod",
    restored="",
    user_id="ada",
    version_id="2030-01-01T12:00:00.000000Z#eu-west-1",
    profile='{"name":"Ada","age":36,"phone":null}',
)
STEPS = [*named("user-restore").steps, *named("table-restore").steps]


def of(do: Do, role: Role | None = None, facts: Facts = FACTS) -> Sequence[HttpCall]:
    found = [step for step in STEPS if step.do is do and step.role is role]
    return requests(found[0], PROD, facts)


def test_the_history_is_asked_of_whichever_region_serves() -> None:
    (call,) = of(Do.FIND)
    assert (call.method, call.host, call.region) == ("GET", "users.example.com", None)
    assert call.path == "/query?operation=query_user_history&user_id=ada&limit=100"


def test_a_profile_is_put_back_only_over_the_version_that_was_seen() -> None:
    (call,) = of(Do.PUT_BACK)
    assert (call.method, call.host, call.path) == ("PUT", "users.example.com", "/users/ada")
    assert call.headers["If-Match"] == '"2030-01-01T12:00:00.000000Z#eu-west-1"'
    assert call.body == FACTS.profile


@pytest.mark.parametrize("role", Role)
def test_a_user_is_read_by_the_name_of_a_region(role: Role) -> None:
    (call,) = of(Do.COMPARE, role)
    region = region_of(PROD, role)
    assert (call.host, call.path, call.region) == (f"{region}.users.example.com", "/users/ada", region)


def test_whether_a_region_serves_is_asked_of_its_health() -> None:
    (call,) = of(Do.AWAIT_SERVED, Role.PRIMARY)
    assert (call.host, call.path) == ("eu-west-1.users.example.com", "/health")


def test_steps_of_aws_request_nothing() -> None:
    assert [of(Do.FENCE, Role.PRIMARY), of(Do.CUT_OVER), of(Do.NOTE)] == [[], [], []]


def test_an_api_without_a_name_cannot_be_asked() -> None:
    nameless = replace(PROD, api=replace(PROD.api, domain=None))
    (step, *_) = [step for step in STEPS if step.do is Do.FIND]
    with pytest.raises(ValueError, match="prod has no domain, so its API has no name to ask"):
        requests(step, nameless, FACTS)


def test_a_shell_sends_just_that() -> None:
    (call,) = of(Do.PUT_BACK)
    ((program, *words),) = commands_of([call.command], {})
    assert program == "curl"
    assert words[words.index("-X") + 1] == "PUT"
    assert 'If-Match: "2030-01-01T12:00:00.000000Z#eu-west-1"' in words
    assert json.loads(words[words.index("--data") + 1]) == {"name": "Ada", "age": 36, "phone": None}
    assert words[-1] == "https://users.example.com/users/ada"

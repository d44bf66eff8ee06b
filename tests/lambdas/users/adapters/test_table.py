"""How a table is asked again, and what is made of it when it does not answer."""

from typing import Any

import pytest

from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from lambdas.users.adapters.table import LONGEST_PAUSE, Table, as_failure, pauses
from lambdas.users.domain.errors import RepositoryUnavailable
from tests.lambdas.users.adapters.road import Road


def test_every_page_is_read_from_where_the_last_one_ended() -> None:
    key = {"user_id": {"S": "ada"}}
    road = Road({"Items": [1], "LastEvaluatedKey": key}, {"Items": [2]})
    pages = Table("users", road).read("Query", {"Limit": 1})
    assert [page["Items"] for page in pages] == [[1], [2]]
    first: dict[str, Any] = {"TableName": "users", "Limit": 1}
    assert [request for _, request in road.requests] == [first, {**first, "ExclusiveStartKey": key}]


def test_no_page_is_read_that_nobody_looks_at() -> None:
    road = Road({"Items": [1], "LastEvaluatedKey": {}})
    pages = Table("users", road).read("Query", {})
    assert next(pages)["Items"] == [1]
    assert len(road.requests) == 1


def test_pauses_are_random_and_grow_up_to_a_second() -> None:
    many = [list(pauses()) for _ in range(200)]
    longest = [max(pause) for pause in zip(*many, strict=True)]
    assert longest == sorted(longest)
    assert max(longest) <= LONGEST_PAUSE
    assert len({pause for some in many for pause in some}) == 200 * len(longest)


def test_a_fault_of_ours_has_no_cause_but_itself() -> None:
    fault = DynamoError("AccessDeniedException")
    assert as_failure(fault) is fault
    with pytest.raises(DynamoError) as raised:
        Table("users", Road(fault)).ask("GetItem", {})
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_what_may_pass_remembers_why() -> None:
    error = DynamoError(NO_ANSWER)
    failure = as_failure(error)
    assert isinstance(failure, RepositoryUnavailable)
    assert failure.__cause__ is error

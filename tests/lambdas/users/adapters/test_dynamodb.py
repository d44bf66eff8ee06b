"""How users use the road to DynamoDB, and what they make of every way in which it can fail."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from lambdas.users.adapters.dynamodb import CONFLICT_PAUSES, DynamoUsers
from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    RepositoryUnavailable,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.domain.user import User

CANCELLED = "TransactionCanceledException"
FAILED = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"


class Road:
    """A DynamoCall that remembers requests, and gives its answers in turn and then the last one for ever."""

    def __init__(self, *answers: dict[str, Any] | DynamoError) -> None:
        self.requests: list[tuple[str, Mapping[str, Any]]] = []
        self._answers = list(answers)

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        self.requests.append((operation, request))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, DynamoError):
            raise answer
        return answer


def on(road: Road, pauses: list[float] | None = None) -> DynamoUsers:
    return DynamoUsers(
        table="users",
        region="eu-west-1",
        retention=timedelta(days=30),
        call=road,
        probe=road,
        pause=([] if pauses is None else pauses).append,
    )


def cancelled(*reasons: str) -> DynamoError:
    return DynamoError(CANCELLED, reasons)


def test_a_create_is_one_transaction_of_the_user_its_version_and_its_claim(made: Callable[..., User]) -> None:
    road = Road({})
    on(road).create(made("ada"))
    ((operation, request),) = road.requests
    puts = [write["Put"] for write in request["TransactItems"]]
    assert operation == "TransactWriteItems"
    assert [(put["Item"]["user_id"]["S"], put["Item"]["timestamp"]["S"]) for put in puts] == [
        ("ada", "CURRENT"),
        ("ada", "2030-01-01T12:00:00.000000Z#eu-west-1"),
        ("EMAIL#ada@example.com", "CLAIM"),
    ]
    assert {put["TableName"] for put in puts} == {"users"}
    assert {put["ConditionExpression"] for put in puts} == {"attribute_not_exists(user_id)"}


@pytest.mark.parametrize(
    ("reasons", "refusal"),
    [
        ((FAILED, "None", "None"), UserAlreadyExists),
        (("None", FAILED, "None"), UserAlreadyExists),
        (("None", "None", FAILED), EmailAlreadyInUse),
        ((FAILED, "None", FAILED), UserAlreadyExists),
        ((CONFLICT, "None", FAILED), EmailAlreadyInUse),
    ],
)
def test_the_position_of_a_failed_condition_tells_what_is_taken(
    reasons: tuple[str, ...], refusal: type[Exception], made: Callable[..., User]
) -> None:
    road = Road(cancelled(*reasons))
    with pytest.raises(refusal):
        on(road).create(made())
    assert len(road.requests) == 1


def test_a_transaction_that_met_another_one_is_repeated(made: Callable[..., User]) -> None:
    road, pauses = Road(cancelled("None", "None", CONFLICT), cancelled("None", "None", FAILED)), list[float]()
    with pytest.raises(EmailAlreadyInUse):
        on(road, pauses).create(made())
    assert (len(road.requests), pauses) == (2, [CONFLICT_PAUSES[0]])


def test_a_transaction_that_always_meets_another_one_is_given_up(made: Callable[..., User]) -> None:
    road, pauses = Road(cancelled(CONFLICT, "None", "None")), list[float]()
    with pytest.raises(RepositoryUnavailable):
        on(road, pauses).create(made())
    assert (len(road.requests), pauses) == (3, list(CONFLICT_PAUSES))


@pytest.mark.parametrize(
    "failure",
    [
        DynamoError(NO_ANSWER),
        DynamoError("ThrottlingException"),
        DynamoError("ProvisionedThroughputExceededException"),
        DynamoError("RequestLimitExceeded"),
        DynamoError("InternalServerError"),
        DynamoError("TransactionInProgressException"),
        cancelled("None", "ThrottlingError", "None"),
        cancelled("ProvisionedThroughputExceeded", "None", "None"),
    ],
    ids=repr,
)
def test_what_may_pass_is_unavailability_once_the_road_has_given_up(
    failure: DynamoError, made: Callable[..., User]
) -> None:
    with pytest.raises(RepositoryUnavailable) as unavailable:
        on(Road(failure)).create(made())
    assert unavailable.value.__cause__ is failure


@pytest.mark.parametrize(
    "failure", [DynamoError("AccessDeniedException"), cancelled("ValidationError", "None", "None")], ids=repr
)
def test_what_is_a_fault_of_ours_stays_what_it_is(failure: DynamoError, made: Callable[..., User]) -> None:
    with pytest.raises(DynamoError) as fault:
        on(Road(failure)).create(made())
    assert fault.value is failure
    assert fault.value.__cause__ is None


def test_a_get_is_one_consistent_read_of_the_current_row() -> None:
    road = Road({})
    with pytest.raises(UserNotFound):
        on(road).get("ada")
    key = {"user_id": {"S": "ada"}, "timestamp": {"S": "CURRENT"}}
    assert road.requests == [("GetItem", {"TableName": "users", "Key": key, "ConsistentRead": True})]


def test_a_get_without_an_answer_is_unavailability() -> None:
    with pytest.raises(RepositoryUnavailable):
        on(Road(DynamoError(NO_ANSWER))).get("ada")


def test_a_ping_is_one_read_of_one_row() -> None:
    road = Road({})
    on(road).ping()
    key = {"user_id": {"S": "REGION#eu-west-1"}, "timestamp": {"S": "STATE"}}
    assert road.requests == [("GetItem", {"TableName": "users", "Key": key})]


@pytest.mark.parametrize("code", [NO_ANSWER, "AccessDeniedException", "ResourceNotFoundException"])
def test_a_ping_fails_whatever_the_reason(code: str) -> None:
    with pytest.raises(RepositoryUnavailable):
        on(Road(DynamoError(code))).ping()

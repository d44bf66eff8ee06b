"""How users use the road to DynamoDB, and what they make of every way in which it can fail."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from lambdas.users.adapters.item import current_row, receipt_row
from lambdas.users.adapters.transaction import CONFLICT_PAUSES
from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    RepositoryUnavailable,
    RequestRepeated,
    Superseded,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.user import User, deletion, next_version
from lambdas.users.domain.validation import changed_profile
from tests.lambdas.users.adapters.road import CONFLICT, FAILED, Road, cancelled, on

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
RECEIPT = Receipt(key="k", digest="d", at="2030-01-01T12:00:00.000000Z", region="eu-west-1")
METERED = {"ReturnConsumedCapacity": "TOTAL"}


def changed(user: User, **fields: object) -> User:
    return next_version(user, changed_profile(user.profile, fields), at=NOON, region="eu-west-1")


def parts(road: Road) -> list[tuple[str, str, str]]:
    """What the one transaction does: the action, and the key of its row."""
    ((operation, request),) = road.requests
    assert operation == "TransactWriteItems"
    assert request.items() >= METERED.items()
    actions = [next(iter(item.items())) for item in request["TransactItems"]]
    rows = [(action, part.get("Item") or part.get("Key")) for action, part in actions]
    return [(action, row["user_id"]["S"], row["timestamp"]["S"]) for action, row in rows]


FIRST_ROWS = [
    ("Put", "ada", "CURRENT"),
    ("Put", "ada", "2030-01-01T12:00:00.000000Z#eu-west-1"),
    ("Put", "EMAIL#ada@example.com", "CLAIM"),
]


def test_a_create_is_one_transaction_of_the_user_its_version_and_its_claim(made: Callable[..., User]) -> None:
    road = Road({})
    on(road).create(made("ada"))
    assert parts(road) == FIRST_ROWS
    for item in road.requests[0][1]["TransactItems"]:
        assert item["Put"]["TableName"] == "users"
        assert item["Put"]["ConditionExpression"].startswith("attribute_not_exists(user_id)")


def test_a_receipt_is_part_of_the_transaction(made: Callable[..., User]) -> None:
    road = Road({})
    on(road).create(made("ada"), receipt=RECEIPT)
    assert parts(road) == [("Put", "REQUEST#k", "REQUEST"), *FIRST_ROWS]
    first = road.requests[0][1]["TransactItems"][0]["Put"]
    assert first["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD"


def test_an_update_is_one_transaction_of_the_user_and_its_version(made: Callable[..., User]) -> None:
    road = Road({})
    on(road).update(changed(made("ada"), age=36), former_email="ada@example.com")
    assert parts(road) == [
        ("Put", "ada", "CURRENT"),
        ("Put", "ada", "2030-01-01T12:00:00.000001Z#eu-west-1"),
    ]


def test_an_update_of_the_email_moves_the_claim_in_the_same_transaction(made: Callable[..., User]) -> None:
    road = Road({})
    on(road).update(changed(made("ada"), email="new@example.com"), former_email="ada@example.com")
    assert parts(road)[2:] == [
        ("Put", "EMAIL#new@example.com", "CLAIM"),
        ("Delete", "EMAIL#ada@example.com", "CLAIM"),
    ]


def test_a_delete_is_one_transaction_and_then_its_versions_are_looked_for(made: Callable[..., User]) -> None:
    ada = made("ada")
    transaction, versions = Road({}), Road({"Items": []})

    def road(operation: str, request: Any) -> dict[str, Any]:  # noqa: ANN401  # a request
        return (transaction if operation == "TransactWriteItems" else versions)(operation, request)

    assert on(road).delete(ada, deletion=deletion(ada, at=NOON, region="eu-west-1")) == 0
    assert parts(transaction) == [
        ("Delete", "ada", "CURRENT"),
        ("Put", "ada", "2030-01-01T12:00:00.000001Z#eu-west-1"),
        ("Delete", "EMAIL#ada@example.com", "CLAIM"),
    ]
    assert versions.operations == ["Query"]


@pytest.mark.parametrize(
    ("reasons", "refusal"),
    [
        ((FAILED, "None", "None", "None"), RequestRepeated),
        ((FAILED, FAILED, "None", FAILED), RequestRepeated),
        (("None", FAILED, "None", FAILED), UserAlreadyExists),
        (("None", "None", "None", FAILED), EmailAlreadyInUse),
    ],
)
def test_a_repeat_is_a_repeat_whatever_else_is_in_its_way(
    reasons: tuple[str, ...], refusal: type[Exception], made: Callable[..., User]
) -> None:
    first = Receipt(
        key="k", digest="other", at="2030-01-01T11:00:00.000000Z", region="eu-central-1", refused={7: "why"}
    )
    rows = (receipt_row(first) if reasons[0] == FAILED else None, None, None, None)
    road = Road(cancelled(*reasons, rows=rows))
    with pytest.raises(refusal) as refused:
        on(road).create(made(), receipt=RECEIPT)
    assert len(road.requests) == 1
    if isinstance(refused.value, RequestRepeated):
        assert refused.value.first == first


@pytest.mark.parametrize(
    ("reasons", "is_there", "refusal"),
    [
        ((FAILED, "None", "None", "None"), True, Superseded),
        ((FAILED, "None", "None", "None"), False, UserNotFound),
        ((FAILED, "None", FAILED, FAILED), True, Superseded),
        (("None", FAILED, "None", "None"), False, Superseded),
        (("None", "None", FAILED, "None"), False, EmailAlreadyInUse),
        (("None", "None", FAILED, FAILED), False, EmailAlreadyInUse),
        ((CONFLICT, "None", FAILED, "None"), False, EmailAlreadyInUse),
    ],
)
def test_what_stands_in_the_way_of_an_update_is_told_by_its_position(
    reasons: tuple[str, ...], is_there: bool, refusal: type[Exception], made: Callable[..., User]
) -> None:
    ada = made("ada")
    met = (current_row(ada) if is_there else None, None, None, None)
    road = Road(cancelled(*reasons, rows=met))
    with pytest.raises(refusal):
        on(road).update(changed(ada, email="new@example.com"), former_email="ada@example.com")
    assert len(road.requests) == 1


def test_a_claim_of_somebody_else_is_left_alone_and_the_rest_is_done(made: Callable[..., User]) -> None:
    road = Road(cancelled("None", "None", "None", FAILED), {})
    on(road).update(changed(made("ada"), email="new@example.com"), former_email="ada@example.com")
    first, second = (request["TransactItems"] for _, request in road.requests)
    assert second == first[:3]


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
    request = {"TableName": "users", "Key": key, "ConsistentRead": True, **METERED}
    assert road.requests == [("GetItem", request)]


def test_a_get_without_an_answer_is_unavailability() -> None:
    with pytest.raises(RepositoryUnavailable):
        on(Road(DynamoError(NO_ANSWER))).get("ada")


def test_a_ping_is_one_read_of_one_row() -> None:
    road = Road({})
    on(road).ping()
    key = {"user_id": {"S": "REGION#eu-west-1"}, "timestamp": {"S": "STATE"}}
    assert road.requests == [("GetItem", {"TableName": "users", "Key": key, **METERED})]


@pytest.mark.parametrize("code", [NO_ANSWER, "AccessDeniedException", "ResourceNotFoundException"])
def test_a_ping_fails_whatever_the_reason(code: str) -> None:
    with pytest.raises(RepositoryUnavailable):
        on(Road(DynamoError(code))).ping()

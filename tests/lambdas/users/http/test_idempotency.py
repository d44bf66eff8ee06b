from datetime import UTC, datetime

import pytest

from lambdas.users.domain.receipt import Receipt
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.idempotency import IdempotencyKey, key_of, same
from lambdas.users.http.requests import Request

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
KEY = IdempotencyKey("a key")


def receipt(
    document: object, *, method: str = "POST", resource: str = "/users", region: str = "r"
) -> Receipt:
    return KEY.receipt(Request(id="r", method=method, resource=resource), document, at=NOON, region=region)


def test_a_receipt_keeps_neither_key_nor_document() -> None:
    kept = receipt({"name": "Ada"})
    assert not {"a key", "Ada"} & set(repr(kept).split("'"))
    assert (kept.at, kept.region, kept.refused) == ("2030-01-01T12:00:00.000000Z", "r", {})


@pytest.mark.parametrize("other", [{"age": 1}, {"name": "Ada", "x": None}, {}, {"name": "ada"}])
def test_another_document_is_another_request(other: object) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        same(receipt({"name": "Ada"}), receipt(other))
    assert refusal.value.status == 422


@pytest.mark.parametrize("place", [{"method": "PUT"}, {"resource": "/batch"}])
def test_another_place_is_another_request(place: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest):
        same(receipt({}), receipt({}, **place))


def test_the_order_of_members_and_the_region_make_no_difference() -> None:
    first = receipt({"a": {"b": 1, "c": 2}, "d": 10**30}, region="r")
    assert same(first, receipt({"d": 10**30, "a": {"c": 2, "b": 1}}, region="s")) is first


def test_ids_of_a_batch_meet_no_id_of_a_user() -> None:
    ids = {IdempotencyKey(text).user_id(index) for text in ("a", "a0", "a1") for index in (None, 0, 1)}
    assert len(ids) == 9


def test_an_id_is_the_same_wherever_it_is_made() -> None:
    assert KEY.user_id() == "b2ec0a84-947e-53d1-9e25-04c8c67b3a75"


def test_a_request_without_the_header_has_no_key() -> None:
    assert key_of(Request(id="r", method="POST", resource="/users")) is None
